package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/cache"
	"github.com/ductape-go/ductape/cache/memory"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/server"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// newCountedWorld is newWorld with every part behind the server counting its
// work: store, secrets, sessions and their keys, cache, and the way out. Run
// records are written at once, so that they stand in order too.
func newCountedWorld(t *testing.T, api *api) (*world, *work) {
	t.Helper()
	kept, err := sqlstore.OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	did := new(work)
	counted := &countedStore{kept, did}
	keyring, _, err := catalog.OpenKeyring(context.Background(), counted, secret.MasterKeyOptions{Env: strings.Repeat("1f2e3d4c", 8)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, api: api, log: new(text)}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	w.Ductape = wired(t, counted, keyring, logger)
	w.http = httptest.NewServer(server.New(server.Config{
		Runner: w.Runner, Catalog: w.Catalog, Sessions: w.Sessions, Store: counted, Log: logger, Version: "test",
	}))
	t.Cleanup(w.http.Close)
	return w, did
}

func wired(t *testing.T, counted *countedStore, keyring *catalog.Keyring, log *slog.Logger) *embedded.Ductape {
	did := counted.work
	out, err := egress.New(egress.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	answers, err := memory.New(memory.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answers.Close() })
	d := &embedded.Ductape{Store: counted}
	d.Catalog = catalog.New(catalog.Config{Store: counted, Keyring: keyring, Log: log, Fetch: func(_ context.Context, url string) ([]byte, string, error) {
		return nil, "", did.done("fetch", io.ErrUnexpectedEOF, url)
	}})
	t.Cleanup(func() { d.Catalog.Close() })
	d.Sessions = session.New(session.Config{
		Store: counted, Keys: countedKeys{keyring, did}, Version: counted.Version, Product: counted.Product,
		Fetch: func(_ context.Context, url string, _ bool) ([]byte, error) {
			return nil, did.done("fetch keys", io.ErrUnexpectedEOF, url)
		},
		Secret: func(ctx context.Context, workspace, env, key string) (string, error) {
			v, err := countedSecrets{d.Catalog, did}.OpenSecret(ctx, workspace, key, ductape.SecretUse{Env: env})
			return v.Expose(), err
		},
	})
	began := time.Now()
	d.Runner = run.New(run.Config{
		Catalog: counted, Secrets: countedSecrets{d.Catalog, did}, Sessions: countedSessions{d.Sessions, did},
		Cache: countedCache{answers, did}, Sender: countedSender{out, did}, Recorder: atOnce{counted},
		Now: func() time.Time { return began }, // what is kept for a second is kept for the whole test, however slow
	})
	return d
}

type countedKeys struct {
	in   *catalog.Keyring
	work *work
}

func (k countedKeys) SessionKey(ctx context.Context, workspace string) ([]byte, session.Sealer, error) {
	k.work.add("SessionKey " + workspace)
	return k.in.SessionKey(ctx, workspace)
}

func (k countedKeys) SessionKeys(ctx context.Context, workspace string) ([]session.Key, error) {
	return told[[]session.Key](k.work, "SessionKeys", workspace)(k.in.SessionKeys(ctx, workspace))
}

type countedSecrets struct {
	in   *catalog.Catalog
	work *work
}

func (s countedSecrets) OpenSecret(ctx context.Context, workspace, key string, use ductape.SecretUse) (secret.Value, error) {
	return told[secret.Value](s.work, "OpenSecret", workspace, key)(s.in.OpenSecret(ctx, workspace, key, use))
}

type countedSessions struct {
	in   *session.Service
	work *work
}

func (s countedSessions) Verify(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (*session.Verified, error) {
	return told[*session.Verified](s.work, "Verify", workspace, product, env, ref.Tag)(s.in.Verify(ctx, workspace, product, env, ref))
}

func (s countedSessions) Whose(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (id, identifier string) {
	id, identifier = s.in.Whose(ctx, workspace, product, env, ref)
	s.work.add(fmt.Sprint("Whose ", workspace, product, env, ref.Tag, id != "", identifier != ""))
	return id, identifier
}

type countedSender struct {
	in   run.Sender
	work *work
}

func (s countedSender) Do(req *http.Request, p egress.Policy) (*http.Response, error) {
	return told[*http.Response](s.work, "Do", req.Method)(s.in.Do(req, p))
}

type countedCache struct {
	in   cache.Cache
	work *work
}

func (c countedCache) Get(ctx context.Context, key string) ([]byte, bool, error) {
	value, ok, err := c.in.Get(ctx, key)
	return value, ok, c.work.done("cache Get", err, ok)
}

func (c countedCache) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return c.work.done("cache Set", c.in.Set(ctx, key, value, ttl), len(value))
}

func (c countedCache) Delete(ctx context.Context, key string) error {
	return c.work.done("cache Delete", c.in.Delete(ctx, key))
}

func (c countedCache) DeletePrefix(ctx context.Context, prefix string) error {
	return c.work.done("cache DeletePrefix", c.in.DeletePrefix(ctx, prefix))
}

// atOnce keeps run records as they come.
type atOnce struct{ store store.Runs }

func (a atOnce) Record(rec ductape.RunRecord) {
	_ = a.store.AppendRuns(context.Background(), []ductape.RunRecord{rec}) // counted
}
