package run_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

// Each test here was a hole once.

func (w *world) scoped(key, value string) {
	w.t.Helper()
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, key, secret.New(value), catalog.SecretScope{Apps: []string{"sample"}}); err != nil {
		w.t.Fatal(err)
	}
}

// What a user chooses must not become the structure of a URL.
func TestUserValuesDoNotShapeTheURL(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "filled", Method: "GET", Resource: "/users/$Session{user}{id}/data"})
	w.app.Envs[1].BaseURL = "http://$Input{query}{host}/"
	w.save()
	call := w.call("filled", `{}`)
	call.Session = w.startSession("dev", `{"user":{"id":"../../admin"}}`)
	if got := w.refused(call, ductape.CodeInvalidPlaceholder); !strings.Contains(got, "resource") {
		t.Error(got)
	}
	call = w.call("public", `{"query":{"host":"evil.example.com/x?"}}`)
	call.Env = "prd"
	w.refused(call, ductape.CodeInvalidPlaceholder)

	// Not by way of a variable either.
	w.app.Actions[len(w.app.Actions)-1].Resource = "/users/$Variable{api}{who}"
	w.pro.Apps[0].Envs[0].Variables["who"] = json.RawMessage(`"$Session{user}{id}"`)
	w.save()
	call = w.call("filled", `{}`)
	call.Session = w.startSession("dev", `{"user":{"id":"../../admin"}}`)
	w.refused(call, ductape.CodeInvalidPlaceholder)
}

// A secret that the input puts into a header or a query stays with its host.
func TestSecretsOfTheInputDoNotFollowRedirects(t *testing.T) {
	w := newWorld(t)
	w.scoped("IN_INPUT", "in-input-s3cret")
	other := newWorld(t)
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, other.api.URL+"/elsewhere?"+r.URL.RawQuery, http.StatusFound)
	}
	for _, ref := range []string{"$Secret{IN_INPUT}", "$Auth{token_access}{token}"} {
		if _, err := w.run("get_thing", `{"params":{"id":"1"},"headers":{"X-Trace":"`+ref+`"},"query":{"pin":"`+ref+`"}}`); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range other.api.requests() {
		if strings.Contains(got, "s3cret") {
			t.Errorf("another host got %s", got)
		}
	}
}

// A function could change a secret so that nobody can tell it in a text.
func TestFunctionsDoNotChangeSecretsOfTheInput(t *testing.T) {
	w := newWorld(t)
	w.scoped("IN_INPUT", "in-input-s3cret")
	for _, value := range []string{"$Uppercase($Secret{IN_INPUT})", "$Substring($Auth{token_access}{token}, 1)", "$Split($Secret{IN_INPUT}, \\\"-\\\")", "$Concat([\\\"x\\\", $Secret{IN_INPUT}], \\\"\\\")"} {
		got := w.refused(w.call("create_thing", `{"body":{"v":"`+value+`"}}`), ductape.CodeInvalidPlaceholder)
		if !strings.Contains(got, "into a function") {
			t.Error(got)
		}
	}
	// In the operator's own configuration it may; what comes out is hidden too.
	w.pro.Apps[0].Envs[0].Variables["shout"] = json.RawMessage(`"$Uppercase($Secret{IN_INPUT})"`)
	w.save()
	p, err := w.Runner.Preview(context.Background(), w.call("create_thing", `{"body":{"v":"$Variable{api}{shout}"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Body, "S3CRET") {
		t.Error(p.Body)
	}
}

// Two calls whose files differ are two, though their inputs are the same: nobody
// gets the answer to another's file.
func TestFilesAreNotMistakenInACache(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "read_file", Method: "POST", Resource: "/read", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/octet-stream"}}}})
	w.save()
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		all := w.api.requests()
		_, _ = io.WriteString(rw, "you sent "+all[len(all)-1][strings.LastIndexByte(all[len(all)-1], '\n')+1:])
	}
	for _, content := range []string{"the file of one", "the file of another"} {
		call := w.call("read_file", `{"body":{"file":"a"}}`)
		call.Cache, call.Files = "short", map[string]ductape.File{"a": ductape.FileBytes("a", []byte(content))}
		if got, err := w.runCall(call); err != nil || got != "you sent "+content {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// What an API tells back of the credential it was given is hidden in errors,
// which end in logs.
func TestErrorsDoNotRepeatWhatAnAPITellsBack(t *testing.T) {
	w := newWorld(t)
	w.scoped("IN_INPUT", `in "input" s3cret/+`)
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Told", r.Header.Get("Authorization"))
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusUnauthorized)
		all := w.api.requests()
		body, _ := json.Marshal(map[string]string{"error": "bad key", "got": all[len(all)-1], "twice": url.QueryEscape(r.Header.Get("Authorization"))})
		_, _ = rw.Write(body)
	}
	_, err := w.run("create_thing", `{"body":{"email":"$Secret{IN_INPUT}"}}`)
	var e *ductape.Error
	if !errors.As(err, &e) || e.Upstream == nil {
		t.Fatal(err)
	}
	if text := string(e.Upstream.Body); strings.Contains(text, "s3cret") || !strings.Contains(text, "bad key") || !json.Valid(e.Upstream.Body) {
		t.Error(text)
	}
	if got := e.Upstream.Headers.Get("X-Told"); got != "Bearer [redacted]" {
		t.Error(got)
	}
}

// How long a secret is, or what it is not, is not told by a strict check.
func TestSchemasTellNothingOfSecrets(t *testing.T) {
	w := strictWorld(t)
	w.app.Actions[0].Body.Contents[0].Schema = []byte(`{"type":"object","properties":{"email":{"type":"string","maxLength":3},"a b":{"type":"array","items":{"anyOf":[{"type":"string","maxLength":3},{"type":"string","pattern":"^z"}]}}}}`)
	w.app.Actions[1].Params[2].Schema = []byte(`{"type":"string","maxLength":4}`)
	w.save()
	w.scoped("IN_INPUT", "in-input-s3cret")
	for event, input := range map[string]string{
		"create_thing": `{"body":{"email":"$Secret{IN_INPUT}","a b":["x","-$Auth{token_access}{token}"]}}`,
		"get_thing":    `{"params":{"id":"1"},"headers":{"X-Trace":"$Secret{IN_INPUT}"}}`,
	} {
		got := w.refused(w.call(event, input), ductape.CodeInvalidInput)
		if strings.Contains(got, "15") || strings.Contains(got, "17") || !strings.Contains(got, "no more is told") {
			t.Error(got)
		}
	}
	// Of anything else it is.
	if got := w.refused(w.call("create_thing", `{"body":{"email":"abcde"}}`), ductape.CodeInvalidInput); !strings.Contains(got, "not 5") {
		t.Error(got)
	}
}

// Records wait in memory to be written, so that what a call says must not make
// one large.
func TestRecordsAreSmall(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("é", 1<<19)
	for _, call := range []ductape.Call{
		{Env: long, Product: long, App: long, Event: long},
		w.call("get_thing", `{"params":{"id":"`+long+`"}}`),
		w.call("get_thing", `{"params":{"id":"1","`+long+`":1}}`),
	} {
		_, _ = w.runCall(call)
		r := w.record()
		if n := len(r.Product) + len(r.Env) + len(r.App) + len(r.Event) + len(r.URL) + len(r.Message); n > 16<<10 || !utf8.ValidString(r.URL+r.Message+r.Event) {
			t.Errorf("%s: the record has %d bytes", r.Outcome, n)
		}
	}
}
