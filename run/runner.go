package run

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/cache"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// Secrets opens secrets for runs.
type Secrets interface {
	// OpenSecret returns a secret's value, or a *ductape.Error:
	// unknown_secret, secret_not_allowed, secret_expired.
	OpenSecret(ctx context.Context, workspace, key string, use ductape.SecretUse) (secret.Value, error)
}

// Sessions verifies session tokens. *session.Service does.
type Sessions interface {
	// Verify returns what the token holds, or a *ductape.Error:
	// session_invalid, session_expired, session_revoked.
	Verify(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (*session.Verified, error)
	// Whose returns the session and the user that a token can be trusted to
	// belong to, good or not; else empty texts. It sends nothing.
	Whose(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (id, identifier string)
}

// A Sender sends one request and follows redirects within the policy.
// *egress.Client is one.
type Sender interface {
	Do(req *http.Request, p egress.Policy) (*http.Response, error)
}

// A Recorder keeps what happened. Record may wait for room, never drops.
type Recorder interface {
	Record(rec ductape.RunRecord)
}

// Config is what a Runner needs.
type Config struct {
	Catalog  store.Catalog
	Secrets  Secrets
	Sessions Sessions
	Cache    cache.Cache
	Sender   Sender
	Recorder Recorder
	Limits   Limits
	Now      func() time.Time                      // nil: time.Now
	Jitter   func(max time.Duration) time.Duration // nil: uniform in [0, max)
}

// Limits bound what one run may take. Zero fields take the default.
type Limits struct {
	Run        time.Duration // the whole run: 2 minutes
	Attempt    time.Duration // one attempt, until the answer's headers: 60 seconds
	Retries    int           // most retries a call may ask for: 10
	Wait       time.Duration // longest wait between two attempts: 30 seconds
	Response   int64         // bytes of an answer: 100 MB
	ErrorBody  int64         // bytes kept of an error's body: 1 MB
	Buffer     int64         // bytes of an answer read before it is handed on: 1 MB; what is larger streams
	Hold       time.Duration // how long an answer of unknown length is held back to be read whole: half a second
	Shared     int64         // bytes of an answer to a call that names a cache: 16 MB
	CacheEntry int64         // bytes of an answer that is cached: 1 MB
}

func (l Limits) withDefaults() Limits {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	bytes := func(n *int64, v int64) {
		if *n <= 0 {
			*n = v
		}
	}
	def(&l.Run, 2*time.Minute)
	def(&l.Attempt, time.Minute)
	def(&l.Wait, 30*time.Second)
	def(&l.Hold, time.Second/2)
	bytes(&l.Response, 100<<20)
	bytes(&l.ErrorBody, 1<<20)
	bytes(&l.Buffer, 1<<20)
	bytes(&l.Shared, 16<<20)
	bytes(&l.CacheEntry, 1<<20)
	if l.Retries <= 0 {
		l.Retries = 10
	}
	return l
}

// A Runner performs calls. It is safe for concurrent use.
type Runner struct {
	cfg    Config
	plans  plans
	flight cache.Group[*stored]
}

// New returns a Runner.
func New(cfg Config) *Runner {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Jitter == nil {
		cfg.Jitter = fullJitter
	}
	return &Runner{cfg: cfg}
}

// A run is one execution of a call, from begin to its record.
type run struct {
	r          *Runner
	call       ductape.Call
	id         string
	started    time.Time
	alarm      *alarm
	plan       *plan
	session    *session.Verified
	parts      *parts
	credential *credential
	request    *request
	eval       *placeholder.Evaluation // of every reference; nil until there is one
	opened     []secret.Value          // every secret this run has seen, and what was made of them
	known      map[string]struct{}     // the texts of opened
	short      bool                    // one of them is too short to be told by its value alone
	secretAt   [][]string              // the places of texts in which a secret stands (stepsOf)
	rec        ductape.RunRecord
	looked     int  // bytes that $Input references have read
	quiet      bool // a preview: not recorded
	whole      bool // the answer must be read to its end: it will be shared
}

func (r *Runner) begin(ctx context.Context, call ductape.Call) (context.Context, *run, error) {
	if call.Caller.Workspace == "" {
		call.Caller.Workspace = ductape.DefaultWorkspace
	}
	now := r.cfg.Now()
	one := &run{r: r, call: call, id: newID(now), started: now}
	limit := r.cfg.Limits.Run
	if d := time.Duration(call.TimeoutMS) * time.Millisecond; d > 0 && d < limit {
		limit = d
	}
	one.alarm = newAlarm(ctx, limit, r.cfg.Limits.Attempt)
	one.rec = ductape.RunRecord{
		ID: one.id, Workspace: call.Caller.Workspace, KeyID: call.Caller.KeyID, StartedAt: now,
		Product: call.Product, Env: call.Env, App: call.App, Event: call.Event, Cache: "none",
	}
	return one.alarm, one, checkCall(call, r.cfg.Limits)
}

// checkCall refuses a call that names nothing or asks for too much.
func checkCall(call ductape.Call, limits Limits) error {
	var problems []ductape.Problem
	need := func(where, value string) {
		if value == "" {
			problems = append(problems, ductape.Problem{Where: where, Message: "is required"})
		} else if len(value) > 512 {
			problems = append(problems, ductape.Problem{Where: where, Message: "is longer than 512 bytes"})
		}
	}
	need("env", call.Env)
	need("product", call.Product)
	need("app", call.App)
	need("event", call.Event)
	if call.Retries < 0 || call.Retries > limits.Retries {
		problems = append(problems, ductape.Problem{Where: "retries", Message: "must be between 0 and " + itoa(limits.Retries)})
	}
	if call.TimeoutMS < 0 {
		problems = append(problems, ductape.Problem{Where: "timeout_ms", Message: "must not be negative"})
	}
	if !validHeaderValue(call.IdempotencyKey) || len(call.IdempotencyKey) > 255 {
		problems = append(problems, ductape.Problem{Where: "idempotency_key", Message: "must be at most 255 printable characters"})
	}
	return invalid("resolve", problems)
}

// newID returns an identifier that sorts by time, and in the order of this
// process's runs: 48 bits of milliseconds, 16 that count within one, and 64 of
// chance, in base 32.
func newID(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], tick(uint64(now.UnixMilli())<<16))
	rand.Read(b[8:])
	return string(idEncoding.AppendEncode(append(make([]byte, 0, 32), "run_"...), b[:]))
}

var lastTick atomic.Uint64

// tick returns a number larger than every one before it.
func tick(now uint64) uint64 {
	for {
		last := lastTick.Load()
		next := max(now, last+1)
		if lastTick.CompareAndSwap(last, next) {
			return next
		}
	}
}

// idEncoding keeps the order of the bytes it encodes: base32hex of RFC 4648,
// section 7, in small letters.
var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
