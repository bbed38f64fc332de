package session_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// rows is a store.Sessions in memory.
type rows struct {
	mu      sync.Mutex
	version int64
	kept    map[string]*store.SessionRow // workspace/id -> row
	reads   int                          // calls other than Version
	fail    error                        // what every call returns
	users   []store.SessionUser
	days    []store.SessionDay
}

func (r *rows) lock() func() {
	r.mu.Lock()
	r.reads++
	return r.mu.Unlock
}

func (r *rows) Version(context.Context, string) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version, nil
}

func (r *rows) PutSession(_ context.Context, ws string, s *store.SessionRow) error {
	defer r.lock()()
	row := *s
	r.kept[ws+"/"+s.ID] = &row
	return r.fail
}

func (r *rows) Session(_ context.Context, ws, id string) (*store.SessionRow, error) {
	defer r.lock()()
	row, ok := r.kept[ws+"/"+id]
	if !ok {
		return nil, store.ErrNotFound
	}
	found := *row
	return &found, r.fail
}

func (r *rows) RotateSession(_ context.Context, ws, id string, old, next []byte, seen, expires, refreshBy time.Time) error {
	defer r.lock()()
	row, ok := r.kept[ws+"/"+id]
	if !ok {
		return store.ErrNotFound
	}
	if !bytes.Equal(row.Refresh, old) || row.RevokedAt != nil {
		return store.ErrConflict
	}
	row.Refresh, row.SeenAt, row.ExpiresAt, row.RefreshBy = next, seen, expires, refreshBy
	return r.fail
}

func (r *rows) RevokeSessions(_ context.Context, ws, id, identifier string, at time.Time) (n int64, err error) {
	defer r.lock()()
	for key, row := range r.kept {
		mine := key == ws+"/"+row.ID && (row.ID == id || id == "" && row.Identifier == identifier)
		if mine && row.RevokedAt == nil {
			row.RevokedAt = &at
			n++
		}
	}
	r.version++
	return n, r.fail
}

func (r *rows) RevokedSessions(_ context.Context, ws string, now time.Time) (ids []string, err error) {
	defer r.lock()()
	for key, row := range r.kept {
		if key == ws+"/"+row.ID && row.RevokedAt != nil && row.ExpiresAt.After(now) {
			ids = append(ids, row.ID)
		}
	}
	return ids, r.fail
}

func (r *rows) ListSessions(_ context.Context, ws string, f store.SessionFilter) (list []store.SessionRow, err error) {
	defer r.lock()()
	for key, row := range r.kept {
		if key == ws+"/"+row.ID && (f.Ended || row.RevokedAt == nil && row.ExpiresAt.After(f.Now)) && (f.Identifier == "" || f.Identifier == row.Identifier) {
			list = append(list, *row)
		}
	}
	slices.SortFunc(list, func(a, b store.SessionRow) int { return cmp.Compare(b.ID, a.ID) })
	return list, r.fail
}

func (r *rows) KeepSession(_ context.Context, ws string, s *store.SessionRow) (*store.SessionRow, error) {
	defer r.lock()()
	row, ok := r.kept[ws+"/"+s.ID]
	if !ok {
		made := *s
		row = &made
		r.kept[ws+"/"+s.ID] = row
	}
	if s.ExpiresAt.After(row.ExpiresAt) {
		row.ExpiresAt = s.ExpiresAt
	}
	found := *row
	return &found, r.fail
}

func (r *rows) CountSessions(ctx context.Context, ws string, f store.SessionFilter) (int64, error) {
	list, err := r.ListSessions(ctx, ws, f)
	return int64(len(list)), err
}

func (r *rows) SessionUsers(context.Context, string, store.SessionFilter) ([]store.SessionUser, error) {
	return r.users, r.fail
}

func (r *rows) SessionDays(context.Context, string, store.SessionFilter, time.Time) ([]store.SessionDay, error) {
	return r.days, r.fail
}

// sealer is AES-256-GCM with a random nonce before the text.
type sealer struct{ aead cipher.AEAD }

func newSealer(name string) sealer {
	key := sha256.Sum256([]byte("seal " + name))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return sealer{aead}
}

func (s sealer) Seal(plain, ad []byte) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize())
	_, _ = rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, plain, ad), nil
}

func (s sealer) Open(sealed, ad []byte) ([]byte, error) {
	if len(sealed) < s.aead.NonceSize() {
		return nil, errors.New("too short")
	}
	return s.aead.Open(nil, sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():], ad)
}

// keys gives every workspace one key of its own.
type keys struct{}

func (keys) SessionKey(_ context.Context, ws string) ([]byte, session.Sealer, error) {
	sum := sha256.Sum256([]byte("sign " + ws))
	return sum[:], newSealer(ws), nil
}

// ring is keys that are rotated.
type ring struct {
	keys
	ids []string
}

func (r *ring) SessionKeys(_ context.Context, ws string) ([]session.Key, error) {
	var list []session.Key
	for _, id := range r.ids {
		sum := sha256.Sum256([]byte("sign " + ws + id))
		list = append(list, session.Key{ID: id, Signing: sum[:], Seal: newSealer(ws + id)})
	}
	return list, nil
}

// world is a service with its store and its clock.
type world struct {
	*session.Service
	rows *rows
	now  time.Time
}

func newWorld() *world {
	w := &world{rows: &rows{kept: map[string]*store.SessionRow{}}, now: time.Date(2026, 2, 3, 4, 5, 6, 700_000_000, time.UTC)}
	w.Service = w.another(keys{})
	return w
}

// another is a service of another process over the same store.
func (w *world) another(k session.Keys) *session.Service {
	return session.New(session.Config{Store: w.rows, Keys: k, Version: w.rows.Version, Now: func() time.Time { return w.now }})
}

var userSession = ductape.SessionType{Tag: "user-session", Selector: "$Session{user}{id}", Expiry: 7, Period: "days", RefreshExpiry: 30}

var scope = session.Scope{Workspace: "default", Product: "my-product", Env: "dev", Type: userSession}

const ana = `{"user": {"id": "u_1", "name": "Ana, very secret"}}`

func (w *world) start(t testing.TB, data string) *ductape.StartedSession {
	t.Helper()
	s, err := w.Start(t.Context(), scope, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) verify(t testing.TB, token string) (*session.Verified, error) {
	t.Helper()
	return w.Verify(t.Context(), "default", "my-product", "dev", ductape.SessionRef{Tag: "user-session", Token: token})
}

func wantCode(t testing.TB, err error, code ductape.Code) {
	t.Helper()
	if got := ductape.CodeOf(err); got != code {
		t.Errorf("got %q (%v), want %q", got, err, code)
	}
}

// keyedID is the identifier of a value in the workspace of keys.
func keyedID(ws, value string) string {
	id, err := newWorld().Identifier(context.Background(), ws, value)
	if err != nil {
		panic(err)
	}
	return id
}
