package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/client"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/server"
)

const file = `
apps:
  - tag: files
    envs: [ { slug: dev, base_url: "BASE", allow_private: true } ]
    actions:
      - { tag: echo, method: POST, resource: /echo, body: { type: application/json } }
      - { tag: put, method: PUT, resource: "/raw/{name}", params: [ { name: name, in: path } ], body: { type: application/octet-stream } }
      - { tag: gone, method: GET, resource: /gone }
products:
  - tag: p
    envs: [ dev ]
    apps: [ { access_tag: files, app: files, envs: [ { product_env: dev, app_env: dev } ] } ]
    sessions: [ { tag: visitor, selector: "$Session{user}{id}", expiry: 1, period: days, refresh_expiry: 7 } ]
`

// serve starts a server over an API that answers with what it got.
func serve(t *testing.T) *client.Client {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
			io.WriteString(w, `{"why":"moved"}`)
			return
		}
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		io.Copy(w, r.Body)
	}))
	t.Cleanup(api.Close)
	d, err := embedded.Open(t.Context(), embedded.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Catalog.Apply(t.Context(), ductape.DefaultWorkspace, catalog.ApplyRequest{File: []byte(strings.ReplaceAll(file, "BASE", api.URL))}); err != nil {
		t.Fatal(err)
	}
	key, err := d.Catalog.CreateKey(t.Context(), ductape.DefaultWorkspace, "test")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server.New(server.Config{Runner: d.Runner, Catalog: d.Catalog, Sessions: d.Sessions, Store: d.Store, Flush: d.Queue.Flush, Version: "test"}))
	t.Cleanup(s.Close)
	return client.New(s.URL+"/", key.Text)
}

func call(event string, input any) ductape.Call {
	return ductape.Call{Product: "p", Env: "dev", App: "files", Event: event, Input: input}
}

func TestRun(t *testing.T) {
	c := serve(t)
	res, err := c.Run(t.Context(), call("echo", ductape.Input{Body: map[string]any{"html": "<b>"}}))
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ HTML string }
	if err := res.Decode(&got); err != nil || got.HTML != "<b>" {
		t.Errorf("%+v, %v", got, err)
	}
	if res.Status != 200 || res.Attempts != 1 || res.Cache != "none" || !strings.HasPrefix(res.RunID, "run_") {
		t.Errorf("%+v", res)
	}
	runs, err := c.Runs(t.Context(), nil)
	if err != nil || len(runs) != 1 || runs[0].ID != res.RunID {
		t.Errorf("%+v, %v", runs, err)
	}
}

// exact is a body that any reader and writer on the way would change.
const exact = "{\n  \"a\" : 1,\t\"text\":\"\\u0041\\/\\u00e9 é <&> \\u2028\",\r\n\"big\": 1e400, \"n\":12345678901234567890.10,\"e\":{ } }"

// JSON that a caller gives as such goes out byte for byte. A file beside it, which
// JSON cannot hold, is not dropped.
func TestRawInputStaysAsItIs(t *testing.T) {
	c := serve(t)
	for name, input := range map[string]any{
		"raw input":        json.RawMessage("{ \"body\" : " + exact + " }"),
		"bytes":            []byte(`{"body":` + exact + `}`),
		"a jsontext value": jsontext.Value(`{"body":` + exact + `}`),
		"an Input":         ductape.Input{Body: json.RawMessage(exact)},
		"a pointer to one": &ductape.Input{Body: jsontext.Value(exact)},
		"a map":            map[string]any{"body": json.RawMessage(exact), "query": map[string]int{"n": 1}},
		"flat":             json.RawMessage(exact),
	} {
		in := call("echo", input)
		in.Retries, in.IdempotencyKey, in.TimeoutMS = 1, "}", 60_000
		res, err := c.Run(t.Context(), in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := res.Bytes(); err != nil || string(got) != exact {
			t.Errorf("%s: the API got\n%s\nwant\n%s\n%v", name, got, exact, err)
		}
		in.Files = map[string]ductape.File{"unused": ductape.FileBytes("a", []byte("a"))}
		var e *ductape.Error
		if _, err := c.Run(t.Context(), in); !errors.As(err, &e) || len(e.Problems) != 1 || e.Problems[0].Where != "files.unused" {
			t.Errorf("%s with a file: %v", name, err)
		}
	}
}

// Raw JSON cannot reach into the call around it.
func TestBadRawInput(t *testing.T) {
	c := serve(t)
	for _, input := range []any{
		json.RawMessage(`{"body":{}},"env":"prd"`), []byte(`{"body":`), jsontext.Value("x"),
		ductape.Input{Body: json.RawMessage(`{}},"env":"prd","x":{"a":{}`)},
		map[string]any{"body": json.RawMessage("[")},
	} {
		_, err := c.Run(t.Context(), call("echo", input))
		var e *ductape.Error
		if !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput || len(e.Problems) != 1 || !strings.HasPrefix(e.Problems[0].Where, "input") {
			t.Errorf("%s: %#v", input, err)
		}
	}
}

func TestNoInput(t *testing.T) {
	c := serve(t)
	for _, input := range []any{nil, json.RawMessage(nil), []byte{}, json.RawMessage("null"), ductape.Input{}, ductape.Input{Body: json.RawMessage(nil)}, (*ductape.Input)(nil), map[string]any(nil)} {
		res, err := c.Run(t.Context(), call("echo", input))
		if err != nil {
			t.Errorf("%#v: %v", input, err)
			continue
		}
		if got, err := res.Bytes(); err != nil || len(got) != 0 {
			t.Errorf("%#v: %q, %v", input, got, err)
		}
	}
}

func TestFiles(t *testing.T) {
	c := serve(t)
	big := strings.Repeat("0123456789abcdef", 400_000) // past what a server holds in memory
	in := call("put", map[string]any{"params": map[string]any{"name": "x"}, "body": map[string]any{"file": "a"}})
	in.Files = map[string]ductape.File{"a": ductape.FileBytes("big.bin", []byte(big))}
	res, err := c.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := res.Bytes(); err != nil || string(got) != big {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestErrors(t *testing.T) {
	c := serve(t)
	_, err := c.Run(t.Context(), call("gone", nil))
	var e *ductape.Error
	if !errors.As(err, &e) || e.Code != ductape.CodeUpstreamStatus || e.Upstream == nil || e.Upstream.Status != 410 || string(e.Upstream.Body) != `{"why":"moved"}` || e.RunID == "" {
		t.Errorf("%#v", err)
	}
	_, err = c.Run(t.Context(), call("ech", nil))
	if !errors.As(err, &e) || e.Code != ductape.CodeUnknownAction || !strings.Contains(e.Hint, "echo") {
		t.Errorf("%#v", err)
	}
	_, err = client.New("http://127.0.0.1:1", "k").Run(t.Context(), call("echo", nil))
	if !errors.As(err, &e) || e.Hint == "" {
		t.Errorf("%#v", err)
	}
	_, err = c.Run(t.Context(), call("echo", func() {}))
	if ductape.CodeOf(err) != ductape.CodeInvalidInput {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = c.Run(ctx, call("echo", nil)); ductape.CodeOf(err) != ductape.CodeCancelled {
		t.Errorf("%v", err)
	}
}
