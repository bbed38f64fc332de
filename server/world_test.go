package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/server"
)

// A world is a server over an empty store, with one workspace set up, an API
// that misbehaves on demand, and a second workspace with things of its own.
type world struct {
	*embedded.Ductape
	t     *testing.T
	api   *api
	other *api // another host, for redirects
	http  *httptest.Server
	log   *text
	key   string
}

const token = "tok-S3cret/value+1"

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldIn(t, "")
}

// newWorldIn keeps everything in a data folder, "" for memory.
func newWorldIn(t *testing.T, folder string) *world {
	t.Helper()
	w := &world{t: t, log: new(text), api: newAPI(t), other: newAPI(t)}
	w.api.elsewhere = w.other.URL
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d, err := embedded.Open(context.Background(), embedded.Config{Data: folder, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Ductape = d
	w.http = httptest.NewServer(server.New(server.Config{
		Runner: d.Runner, Catalog: d.Catalog, Sessions: d.Sessions, Store: d.Store, Flush: d.Queue.Flush, Log: logger, Version: "test",
	}))
	t.Cleanup(w.http.Close)
	w.setUp(ductape.DefaultWorkspace, "shop", "api")
	w.key = w.newKey(ductape.DefaultWorkspace).Text
	return w
}

func (w *world) newKey(workspace string) *catalog.NewKey {
	w.t.Helper()
	k, err := w.Catalog.CreateKey(context.Background(), workspace, "test")
	if err != nil {
		w.t.Fatal(err)
	}
	return k
}

// setUp makes an app and a product in a workspace.
func (w *world) setUp(workspace, product, app string) {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.Catalog.SetSecret(ctx, workspace, "TOKEN", secret.New(token), catalog.SecretScope{}); err != nil {
		w.t.Fatal(err)
	}
	file := strings.NewReplacer("UPSTREAM", w.api.URL, "PRODUCT", product, "APP", app).Replace(setUpFile)
	if _, err := w.Catalog.Apply(ctx, workspace, catalog.ApplyRequest{Location: "ductape.yaml", File: []byte(file)}); err != nil {
		w.t.Fatal(err)
	}
}

const setUpFile = `
apps:
  - tag: APP
    envs:
      - { slug: live, base_url: UPSTREAM, allow_private: true }
      - { slug: guarded, base_url: UPSTREAM }
      - { slug: nobody, base_url: "http://127.0.0.1:1", allow_private: true }
    auths: [ { tag: token_access, type: bearer } ]
    variables: [ { key: region, default: "eu" } ]
    constants: [ { key: version, value: 7 } ]
    actions:
      - tag: get_item
        method: GET
        resource: /items/{id}
        params:
          - { name: id, in: path, required: true, type: string }
          - { name: limit, in: query, type: integer }
          - { name: X-Trace, in: header, type: string }
      - { tag: list_items, method: GET, resource: /items }
      - { tag: create_item, method: POST, resource: /items, body: { type: application/json } }
      - { tag: empty, method: GET, resource: /empty }
      - { tag: accepted, method: GET, resource: /accepted }
      - { tag: text, method: GET, resource: /text }
      - { tag: hang, method: GET, resource: /hang }
      - { tag: reset, method: GET, resource: /reset }
      - { tag: garbage, method: GET, resource: /garbage }
      - { tag: redirect, method: GET, resource: /redirect }
      - { tag: fail, method: GET, resource: /fail }
      - { tag: fail_page, method: GET, resource: /fail-page }
products:
  - tag: PRODUCT
    envs: [prd, guarded, nobody, { slug: old, active: false }, bare]
    apps:
      - access_tag: APP
        app: APP
        envs:
          - { product_env: prd, app_env: live, auth: { token_access: { token: '$Secret{TOKEN}' } } }
          - { product_env: guarded, app_env: guarded, auth: { token_access: { token: '$Secret{TOKEN}' } } }
          - { product_env: nobody, app_env: nobody, auth: { token_access: { token: '$Secret{TOKEN}' } } }
    caches: [ { tag: items, expiry: 60000 } ]
    sessions: [ { tag: visitor, selector: '$Session{user}{id}', expiry: 1, period: hours, refresh_expiry: 2 } ]
`

// An api writes down what it gets, and misbehaves by path.
type api struct {
	*httptest.Server
	elsewhere string
	mu        sync.Mutex
	seen      []string
}

func newAPI(t *testing.T) *api {
	a := new(api)
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.seen = append(a.seen, fmt.Sprintf("%s %s %v\n%s", r.Method, r.RequestURI, r.Header, body))
	a.mu.Unlock()
	switch r.URL.Path {
	case "/empty":
		w.WriteHeader(http.StatusNoContent)
	case "/accepted":
		w.Header().Set("Location", "/jobs/7")
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusAccepted)
	case "/text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "plain text")
	case "/hang":
		<-r.Context().Done()
	case "/reset":
		panic(http.ErrAbortHandler)
	case "/garbage":
		a.garbage(w)
	case "/redirect":
		http.Redirect(w, r, a.elsewhere+"/landed", http.StatusFound)
	case "/fail":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		io.WriteString(w, `{"error":{"code":"card_declined","amount":1.10}}`)
	case "/fail-page":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "<h1>Bad gateway</h1>")
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		io.WriteString(w, `{"id":1,"price":1.10,"big":12345678901234567890}`)
	}
}

func (a *api) garbage(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		io.WriteString(conn, "\x16\x03\x01 this is not HTTP\r\n\r\n")
		conn.Close()
	}
}

func (a *api) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.seen...)
}

// text is what a log has been told.
type text struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *text) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A reply is what the server answered.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends one request with a key, "" for none.
func (w *world) ask(key, method, path, body string) reply {
	w.t.Helper()
	req, err := http.NewRequest(method, w.http.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return w.do(req)
}

func (w *world) do(req *http.Request) reply {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(raw)}
}

// good is ask with the world's key, which must succeed.
func (w *world) good(method, path, body string) string {
	w.t.Helper()
	r := w.ask(w.key, method, path, body)
	if r.status < 200 || r.status > 299 {
		w.t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	}
	return r.body
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not the JSON expected: %v\n%s", err, text)
	}
	return v
}
