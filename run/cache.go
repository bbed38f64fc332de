package run

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/ductape-go/ductape"
)

// A stored answer is what a cache keeps and what equal calls in flight share.
type stored struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`

	attempts int
}

// cached answers from the cache the call names, or asks and remembers. Equal
// calls in flight share one request. What a file holds is not known before it is
// sent, so that no two calls with files are equal.
func (r *Runner) cached(ctx context.Context, run *run) (*ductape.Result, error) {
	policy := run.cachePolicy()
	if policy == nil {
		return nil, run.unknownCache()
	}
	if run.request.streams() {
		return r.fetch(ctx, run)
	}
	key := run.cacheKey()
	if s := r.look(ctx, key); s != nil {
		run.rec.Cache = "hit"
		return run.from(s), nil
	}
	s, shared, err := r.flight.Do(ctx, key, func(ctx context.Context) (*stored, error) {
		ctx, cancel := context.WithTimeout(ctx, r.cfg.Limits.Run)
		defer cancel()
		own := run.apart()
		s, err := r.fetchWhole(ctx, own)
		if err == nil {
			r.remember(ctx, key, s, policy)
		}
		return s, err
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ended("send", context.Cause(ctx))
		}
		return nil, err
	}
	run.rec.Cache = "miss"
	if shared {
		run.rec.Cache = "hit"
	} else {
		run.rec.Attempts = s.attempts
	}
	return run.from(s), nil
}

// apart is a run whose state the work may change while the caller that began it
// goes away.
func (one *run) apart() *run {
	copied := *one
	copied.whole = true
	return &copied
}

// fetchWhole asks the API and reads the answer to its end: what is shared must
// be bytes.
func (r *Runner) fetchWhole(ctx context.Context, run *run) (*stored, error) {
	res, err := r.fetch(ctx, run)
	if err != nil {
		return nil, err
	}
	body, err := res.Bytes()
	if err != nil {
		return nil, brokenBody(run, err)
	}
	return &stored{Status: res.Status, Header: res.Header, Body: body, attempts: run.rec.Attempts}, nil
}

func (one *run) from(s *stored) *ductape.Result {
	one.rec.Status = s.Status
	return &ductape.Result{
		RunID: one.id, Status: s.Status, Header: s.Header.Clone(), Attempts: one.rec.Attempts, Cache: one.rec.Cache,
		Body: newWhole(s.Body),
	}
}

func (r *Runner) look(ctx context.Context, key string) *stored {
	if r.cfg.Cache == nil {
		return nil
	}
	raw, ok, err := r.cfg.Cache.Get(ctx, key)
	if !ok || err != nil { // a cache that cannot be asked is a miss
		return nil
	}
	s, err := decodeStored(raw)
	if err != nil {
		return nil
	}
	return s
}

func (r *Runner) remember(ctx context.Context, key string, s *stored, policy *ductape.CachePolicy) {
	if r.cfg.Cache == nil || int64(len(s.Body)) > r.cfg.Limits.CacheEntry {
		return
	}
	if raw, err := encodeStored(s); err == nil {
		// The answer is here: that it could not be kept is no reason to fail.
		_ = r.cfg.Cache.Set(ctx, key, raw, policy.TTL())
	}
}

// encodeStored writes the head as JSON, its length before it, and the body
// after it as it is.
func encodeStored(s *stored) ([]byte, error) {
	head, err := json.Marshal(stored{Status: s.Status, Header: s.Header})
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 4+len(head)+len(s.Body))
	out = binary.BigEndian.AppendUint32(out, uint32(len(head)))
	out = append(out, head...)
	return append(out, s.Body...), nil
}

func decodeStored(raw []byte) (*stored, error) {
	if len(raw) < 4 {
		return nil, fmt.Errorf("cached answer of %d bytes", len(raw))
	}
	n := binary.BigEndian.Uint32(raw)
	if uint64(n) > uint64(len(raw)-4) {
		return nil, fmt.Errorf("cached answer breaks off")
	}
	s := new(stored)
	if err := json.Unmarshal(raw[4:4+n], s); err != nil {
		return nil, err
	}
	s.Body = raw[4+n:]
	return s, nil
}

func (one *run) cachePolicy() *ductape.CachePolicy {
	for i := range one.plan.product.Caches {
		if c := &one.plan.product.Caches[i]; c.Tag == one.call.Cache {
			return c
		}
	}
	return nil
}

func (one *run) unknownCache() error {
	names := make([]string, len(one.plan.product.Caches))
	for i, c := range one.plan.product.Caches {
		names[i] = c.Tag
	}
	return unknown(ductape.CodeUnknownCache, fmt.Sprintf("%s has no cache %q", one.plan.product.Tag, one.call.Cache), one.call.Cache, names)
}

// cacheKey is made of everything that may change the answer: where the call
// stands, the request as it would go out unsigned, whose credential it gets,
// and whose session it is. Two lists of parts cannot give one key.
func (one *run) cacheKey() string {
	h := sha256.New()
	p := one.plan
	for _, part := range []string{
		one.call.Caller.Workspace, p.product.Tag, p.connEnv.ProductEnv, p.conn.AccessTag, p.app.Tag, p.appEnv.Slug, p.action.Tag,
		one.call.Cache, one.request.method, one.request.url.String(), one.credential.id, one.sessionOwner(),
	} {
		writePart(h, []byte(part))
	}
	writePart(h, one.request.canonicalHeader())
	writePart(h, one.request.canonicalBody())
	return hex.EncodeToString(h.Sum(nil))
}

// sessionOwner keeps one user's answers from another, also where the request
// does not tell them apart.
func (one *run) sessionOwner() string {
	switch {
	case one.session == nil:
		return ""
	case one.session.Identifier != "":
		return "user " + one.session.Tag + " " + one.session.Identifier
	}
	return "session " + one.session.ID
}

func writePart(h hash.Hash, part []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(part)))
	h.Write(n[:])
	h.Write(part)
}

// digest is a fixed-length name for text that must not be shown.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func newWhole(b []byte) *whole {
	w := &whole{bytes: b}
	w.Reset(b)
	return w
}
