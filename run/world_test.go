package run_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// A world is a Ductape with one product connected to an API that writes down
// what it gets.
type world struct {
	*embedded.Ductape
	t   *testing.T
	api *api
	app *ductape.App
	pro *ductape.Product
}

// An api is an upstream that writes down every request, as text.
type api struct {
	*httptest.Server
	mu      sync.Mutex
	seen    []string
	handler http.HandlerFunc // after writing down; nil: 200 {"ok":true}
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.seen = append(a.seen, wireText(r, body))
	a.mu.Unlock()
	if a.handler != nil {
		a.handler(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"ok":true}`)
}

func (a *api) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.seen...)
}

// wireText is a request as it came: method and target, the headers that are not
// the transport's, and the body.
func wireText(r *http.Request, body []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.Method, r.RequestURI)
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		switch name {
		case "User-Agent", "Content-Length", "Accept", "Accept-Encoding":
		default:
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(r.Header[name], ", "))
	}
	if len(body) > 0 {
		b.WriteString("\n" + string(body))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func newWorld(t *testing.T) *world { return newWorldWith(t, embedded.Config{}) }

func newWorldWith(t *testing.T, cfg embedded.Config) *world {
	t.Helper()
	d, err := embedded.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	a := &api{}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	w := &world{Ductape: d, t: t, api: a}
	w.app = sampleApp(a.URL)
	w.pro = sampleProduct()
	w.secret("API_TOKEN", "tok_s3cret_value")
	w.save()
	return w
}

func (w *world) secret(key, value string) { w.t.Helper(); w.secretFor(key, value) }

// secretFor sets a secret whose scope names the apps; without any, all.
func (w *world) secretFor(key, value string, apps ...string) {
	w.t.Helper()
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, key, secret.New(value), catalog.SecretScope{Apps: apps}); err != nil {
		w.t.Fatal(err)
	}
}

// save keeps the app and the product as they are now.
func (w *world) save() {
	w.t.Helper()
	ctx := context.Background()
	err := w.Store.Change(ctx, ductape.DefaultWorkspace, func(tx store.Tx) error {
		if err := tx.PutApp(ctx, w.app); err != nil {
			return err
		}
		return tx.PutProduct(ctx, w.pro)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) call(event, input string) ductape.Call {
	return ductape.Call{Env: "dev", Product: "shop", App: "api", Event: event, Input: json.RawMessage(input)}
}

func (w *world) run(event, input string) (string, error) {
	return w.runCall(w.call(event, input))
}

func (w *world) runCall(call ductape.Call) (string, error) {
	res, err := w.Run(context.Background(), call)
	if err != nil {
		return "", err
	}
	body, err := res.Bytes()
	return string(body), err
}

// sent runs an action that must succeed and returns the last request.
func (w *world) sent(event, input string) string {
	w.t.Helper()
	if _, err := w.run(event, input); err != nil {
		w.t.Fatal(err)
	}
	all := w.api.requests()
	return all[len(all)-1]
}

// refused runs a call that must fail with a code before anything is sent, and
// returns the error's text.
func (w *world) refused(call ductape.Call, code ductape.Code) string {
	w.t.Helper()
	before := len(w.api.requests())
	_, err := w.runCall(call)
	if got := ductape.CodeOf(err); got != code {
		w.t.Fatalf("code %q, want %q: %v", got, code, err)
	}
	if len(w.api.requests()) != before {
		w.t.Fatalf("a request was sent: %v", w.api.requests()[before:])
	}
	return err.Error()
}

func (w *world) startSession(env, data string) *ductape.SessionRef {
	w.t.Helper()
	s, err := w.Sessions.Start(context.Background(), session.Scope{Workspace: ductape.DefaultWorkspace, Product: "shop", Env: env, Type: w.pro.Sessions[0]}, json.RawMessage(data))
	if err != nil {
		w.t.Fatal(err)
	}
	return &ductape.SessionRef{Tag: w.pro.Sessions[0].Tag, Token: s.Token}
}

// record is the latest run's.
func (w *world) record() ductape.RunRecord {
	w.t.Helper()
	w.Queue.Flush()
	runs, err := w.Store.Runs(context.Background(), ductape.DefaultWorkspace, store.RunFilter{Limit: 1})
	if err != nil || len(runs) != 1 {
		w.t.Fatalf("%d runs, %v", len(runs), err)
	}
	return runs[0]
}

func sampleApp(url string) *ductape.App {
	object := []ductape.Content{{Type: "application/json", Fields: []ductape.Field{{Name: "email", Type: "string"}, {Name: "id", Type: "string"}}}}
	return &ductape.App{
		Tag:       "sample",
		Envs:      []ductape.AppEnv{{Slug: "test", BaseURL: url + "/base", AllowPrivate: true}, {Slug: "live", BaseURL: url + "/live", AllowPrivate: true}},
		Auths:     []ductape.Auth{{Tag: "token_access", Type: ductape.AuthBearer}, {Tag: "key", Type: ductape.AuthAPIKey, In: ductape.InHeader, Name: "X-Api-Key"}},
		Variables: []ductape.Variable{{Key: "region", Default: json.RawMessage(`"eu"`)}},
		Constants: []ductape.Constant{{Key: "version", Value: json.RawMessage(`7`)}, {Key: "agent", Value: json.RawMessage(`"v$Constant{sample}{version}"`)}, {Key: "loop", Value: json.RawMessage(`"$Constant{sample}{loop}"`)}},
		Actions: []ductape.Action{
			{Tag: "create_thing", Method: "POST", Resource: "/things", OperationID: "CreateThing", Body: &ductape.Body{Contents: object}},
			{Tag: "get_thing", Method: "GET", Resource: "/things/{id}", Params: []ductape.Param{
				{Name: "id", In: ductape.InPath, Required: true, Type: "string"},
				{Name: "limit", In: ductape.InQuery, Type: "integer"},
				{Name: "X-Trace", In: ductape.InHeader, Type: "string"},
				{Name: "tags", In: ductape.InQuery, Type: "array"},
				{Name: "sid", In: ductape.InCookie, Type: "string"},
			}},
			{Tag: "update_thing", Method: "PUT", Resource: "/things/{id}", Params: []ductape.Param{{Name: "id", In: ductape.InPath, Required: true}}, Body: &ductape.Body{Contents: object}},
			{Tag: "form_thing", Method: "POST", Resource: "/form", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/x-www-form-urlencoded"}}}},
			{Tag: "upload", Method: "POST", Resource: "/upload", Body: &ductape.Body{Contents: []ductape.Content{{Type: "multipart/form-data"}}}},
			{Tag: "raw", Method: "POST", Resource: "/raw", Body: &ductape.Body{Contents: []ductape.Content{{Type: "text/plain"}}}},
			{Tag: "search", Method: "GET", Resource: "/search", Params: []ductape.Param{{Name: "query", In: ductape.InQuery, Type: "string"}}},
			{Tag: "public", Method: "GET", Resource: "/public", Security: []ductape.SecurityAlternative{}},
			{Tag: "keyed", Method: "GET", Resource: "/keyed", Security: []ductape.SecurityAlternative{{{Auth: "key"}}, {{Auth: "token_access"}}}},
		},
	}
}

func sampleProduct() *ductape.Product {
	return &ductape.Product{
		Tag:  "shop",
		Envs: []ductape.ProductEnv{{Slug: "dev"}, {Slug: "prd"}, {Slug: "off", Active: new(bool)}, {Slug: "bare"}},
		Apps: []ductape.Connection{{AccessTag: "api", App: "sample", Envs: []ductape.ConnectionEnv{
			{ProductEnv: "dev", AppEnv: "test", Auth: map[string]map[string]string{"token_access": {"token": "$Secret{API_TOKEN}"}}, Variables: map[string]json.RawMessage{"region": json.RawMessage(`"dev-$Constant{api}{version}"`)}},
			{ProductEnv: "prd", AppEnv: "live", Auth: map[string]map[string]string{"token_access": {"token": "live"}, "key": {"value": "k-$Variable{api}{region}"}}},
		}}},
		Caches:   []ductape.CachePolicy{{Tag: "short", Expiry: int64(time.Minute / time.Millisecond)}},
		Sessions: []ductape.SessionType{{Tag: "user-session", Selector: "$Session{user}{id}", Expiry: 1, Period: "hours"}},
	}
}
