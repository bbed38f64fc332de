package vault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

const ws = ductape.DefaultWorkspace

const setUp = `
apps:
  - tag: shop
    envs: [ { slug: live, base_url: UPSTREAM, allow_private: true } ]
    auths: [ { tag: token, type: bearer } ]
    actions: [ { tag: get, method: GET, resource: /get } ]
products:
  - tag: product
    envs: [ live ]
    apps:
      - access_tag: shop
        app: shop
        envs: [ { product_env: live, app_env: live, auth: { token: { token: "$Secret{KEY}" } } } ]
`

// A world is a data folder, an API that it calls, and what the operator of its
// server set.
type world struct {
	*embedded.Ductape
	t      *testing.T
	api    *httptest.Server
	sent   atomic.Pointer[string] // the last Authorization that the API was sent
	passed atomic.Int64           // how far the clock is ahead
	env    map[string]string
	cfg    embedded.Config
}

func newWorld(t *testing.T, s *server, token string) *world {
	t.Helper()
	w := &world{t: t, env: map[string]string{"VAULT_ADDR": s.URL, "VAULT_TOKEN": token}}
	w.api = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		credential := r.Header.Get("Authorization")
		w.sent.Store(&credential)
		fmt.Fprint(rw, `{}`)
	}))
	t.Cleanup(w.api.Close)
	w.cfg = embedded.Config{
		Data: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(time.Duration(w.passed.Load())) },
		External: embedded.External{VaultPrefix: "secret/shop", Getenv: func(name string) string { return w.env[name] }},
	}
	return w
}

// open opens the data folder with a master key, as a server that starts does.
func (w *world) open(master string) error {
	cfg := w.cfg
	cfg.MasterKey = master
	d, err := embedded.Open(w.t.Context(), cfg)
	if err == nil {
		w.Ductape = d
	}
	return err
}

func (w *world) mustOpen(master string) {
	w.t.Helper()
	if err := w.open(master); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	w.t.Helper()
	if err := w.Close(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) apply() {
	w.t.Helper()
	file := strings.ReplaceAll(setUp, "UPSTREAM", w.api.URL)
	if _, err := w.Catalog.Apply(w.t.Context(), ws, catalog.ApplyRequest{Location: "ductape.yaml", File: []byte(file)}); err != nil {
		w.t.Fatal(err)
	}
}

// from makes KEY a reference.
func (w *world) from(ref string) error {
	_, err := w.Catalog.SetSecretFrom(w.t.Context(), ws, "KEY", ref, catalog.SecretScope{})
	return err
}

// call runs the action, and returns the credential that the API got.
func (w *world) call() (string, error) {
	none := ""
	w.sent.Store(&none)
	_, err := w.Run(context.Background(), ductape.Call{Product: "product", Env: "live", App: "shop", Event: "get"})
	return *w.sent.Load(), err
}

// wants runs the action and compares: the credential that the API got, or the
// error and a part of its message, in which nothing of Vault's may stand.
func (w *world) wants(credential string, code ductape.Code, part string) {
	w.t.Helper()
	got, err := w.call()
	if got != credential || ductape.CodeOf(err) != code {
		w.t.Errorf("sent %q, %v (%s); want %q, %s", got, err, ductape.CodeOf(err), credential, code)
		return
	}
	if err == nil {
		return
	}
	var e *ductape.Error
	if text := err.Error(); !errors.As(err, &e) || !strings.Contains(text, part) || strings.Contains(text, w.env["VAULT_TOKEN"]) {
		w.t.Errorf("%s; want %q in it, and no token", text, part)
	}
}

func (w *world) pass(d time.Duration) { w.passed.Add(int64(d)) }
