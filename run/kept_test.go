package run_test

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/run"
)

// A credential is kept for a second, but never one that is a user's.
func TestACredentialMadeOfASessionIsItsUsers(t *testing.T) {
	for _, value := range []string{"$Session{user}{key}", "$Variable{api}{region}"} {
		w := newWorld(t)
		dev := &w.pro.Apps[0].Envs[0]
		dev.Auth["token_access"]["token"] = value
		dev.Variables["region"] = json.RawMessage(`"$Session{user}{key}"`)
		w.save()
		for _, key := range []string{"key-of-ana", "key-of-bo", "key-of-ana"} {
			call := w.call("get_thing", `{"params":{"id":"1"}}`)
			call.Session = w.startSession("dev", `{"user":{"id":"`+key+`","key":"`+key+`"}}`)
			if _, err := w.runCall(call); err != nil {
				t.Fatal(err)
			}
			if all := w.api.requests(); !strings.Contains(all[len(all)-1], "Authorization: Bearer "+key) {
				t.Errorf("%s, %s: %s", value, key, all[len(all)-1])
			}
		}
	}
}

// A secret that expires ends the credential that was made of it.
func TestAKeptCredentialEndsWithItsSecret(t *testing.T) {
	now := time.Now()
	w := newWorldWith(t, embedded.Config{Now: func() time.Time { return now }})
	until := now.Add(time.Minute)
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "API_TOKEN", secret.New("tok_s3cret_value"), catalog.SecretScope{ExpiresAt: &until}); err != nil {
		t.Fatal(err)
	}
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	now = until.Add(time.Second)
	w.refused(call, ductape.CodeSecretExpired)
}

// What a connection's literal values are does not show in the record of a run,
// in the first or in one that finds the credential made.
func TestLiteralCredentialsAreNotRecorded(t *testing.T) {
	w := newWorld(t)
	basic := base64.RawURLEncoding.EncodeToString([]byte("some-user:pw"))
	w.app.Auths = append(w.app.Auths, ductape.Auth{Tag: "login", Type: ductape.AuthBasic})
	w.app.Actions[1].Security = []ductape.SecurityAlternative{{{Auth: "token_access"}, {Auth: "login"}}}
	w.pro.Apps[0].Envs[0].Auth = map[string]map[string]string{
		"token_access": {"token": "literal-token-1234"},
		"login":        {"username": "some-user", "password": "pw"}, // which is too short to be told by itself
	}
	w.save()
	for range 2 {
		for _, text := range []string{"literal-token-1234", basic} {
			if _, err := w.run("get_thing", `{"params":{"id":"`+text+`"}}`); err != nil {
				t.Fatal(err)
			}
			if rec := w.record(); strings.Contains(rec.URL, text) || !strings.Contains(rec.URL, "/base/things/") {
				t.Errorf("recorded %s", rec.URL)
			}
		}
	}
}

// A caller's own Authorization stands in for a credential that is missing, in
// whatever letters.
func TestTheCallersOwnAuthorization(t *testing.T) {
	w := newWorld(t)
	w.pro.Apps[0].Envs[0].Auth = nil
	w.save()
	w.refused(w.call("keyed", `{}`), ductape.CodeCredentialMissing)
	for _, name := range []string{"Authorization", "authorization", "AUTHORIZATION"} {
		if got := w.sent("keyed", `{"headers":{"`+name+`":"mine"}}`); !strings.Contains(got, "Authorization: mine") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A key in the query is masked by its place, however short it is.
func TestAShortKeyInTheQueryIsMasked(t *testing.T) {
	w := newWorld(t)
	w.app.Auths = []ductape.Auth{{Tag: "token_access", Type: ductape.AuthAPIKey, In: ductape.InQuery, Name: "k"}}
	w.pro.Apps[0].Envs[0].Auth = map[string]map[string]string{"token_access": {"value": "7z"}}
	w.save()
	p, err := w.Runner.Preview(context.Background(), w.call("get_thing", `{"params":{"id":"1"},"query":{"limit":2}}`))
	if err != nil || !strings.HasSuffix(p.URL, "?limit=2&k=[redacted]") {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestWhenAnIdempotencyKeyIsMade(t *testing.T) {
	w := newWorld(t)
	w.app.Settings.Idempotency = &ductape.IdempotencyKey{In: "header", Name: "X-Idem", Quoted: true}
	w.save()
	if got := w.sent("create_thing", `{"body":{"a":1}}`); strings.Contains(got, "X-Idem") {
		t.Errorf("without retries: %s", got)
	}
	call := w.call("create_thing", `{"body":{"a":1}}`)
	call.IdempotencyKey = `a"b\c`
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	if got := w.api.requests()[1]; !strings.Contains(got, `X-Idem: "a\"b\\c"`) {
		t.Error(got)
	}
}

// A call may ask for less time than the limit, not for more.
func TestTheLimitHoldsForACallThatAsksForMore(t *testing.T) {
	w := newWorldWith(t, embedded.Config{Limits: run.Limits{Run: 50 * time.Millisecond}})
	w.api.handler = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.TimeoutMS = 5000
	begun := time.Now()
	_, err := w.runCall(call)
	if ductape.CodeOf(err) != ductape.CodeUpstreamTimeout || time.Since(begun) >= 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
}

func TestTypesOfParameters(t *testing.T) {
	w := newWorld(t)
	w.app.Actions[1].Params[2].Type = "integer" // X-Trace
	w.save()
	for input, good := range map[string]bool{
		`{"params":{"id":true}}`:                           true,
		`{"params":{"id":[1]}}`:                            false,
		`{"params":{"id":"1"},"query":{"limit":"1.0"}}`:    true,
		`{"params":{"id":"1"},"query":{"limit":1.5}}`:      false,
		`{"params":{"id":"1"},"headers":{"x-trace":"12"}}`: true,
		`{"params":{"id":"1"},"headers":{"x-trace":"ab"}}`: false,
	} {
		_, err := w.run("get_thing", input)
		if got := ductape.CodeOf(err); (got == "") != good || !good && got != ductape.CodeInvalidInput {
			t.Errorf("%s: %v", input, err)
		}
	}
}

// A redirect that is refused is refused again: it is not a failure to retry.
func TestRefusedRedirectsAreNotRetried(t *testing.T) {
	w := newWorld(t)
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, r.URL.Path, http.StatusFound) }
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Retries = 2
	if _, err := w.runCall(call); ductape.CodeOf(err) != ductape.CodeUpstreamUnreachable {
		t.Error(err)
	}
	if n := len(w.api.requests()); n != 6 {
		t.Errorf("%d requests, want the first and 5 redirects", n)
	}
}

// The headers of an answer that was decompressed are those of what the caller
// gets.
func TestHeadersOfADecompressedAnswer(t *testing.T) {
	w := newWorld(t)
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		var packed strings.Builder
		z := gzip.NewWriter(&packed)
		_, _ = z.Write([]byte("plain text"))
		_ = z.Close()
		rw.Header().Set("Content-Encoding", "gzip")
		_, _ = rw.Write([]byte(packed.String()))
	}
	res, err := w.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	body, err := res.Bytes()
	if err != nil || string(body) != "plain text" || res.Header.Get("Content-Encoding") != "" || res.Header.Get("Content-Length") != "" {
		t.Errorf("%q, %v, %v", body, res.Header, err)
	}
}

// An action that its description puts on another server goes there in the
// environment that the description gave, and nowhere but where the operator says
// in every other.
func TestAnActionOfAnotherServer(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	w.app.Source = &ductape.Source{BaseURL: w.api.URL + "/base"}
	w.app.Actions[1].BaseURL = other.api.URL + "/elsewhere"
	w.save()
	for env, there := range map[string]int{"dev": 1, "prd": 0} {
		before := len(other.api.requests())
		call := w.call("get_thing", `{"params":{"id":"1"}}`)
		call.Env = env
		if _, err := w.runCall(call); err != nil {
			t.Fatal(err)
		}
		if n := len(other.api.requests()) - before; n != there {
			t.Errorf("%s: %d requests to the action's own server, want %d", env, n, there)
		}
	}
	if all := w.api.requests(); len(all) != 1 || !strings.HasPrefix(all[0], "GET /live/things/1\n") {
		t.Errorf("the operator's server got %q", all)
	}
}

// Where no credential is asked for but one is taken, the one there is goes along.
func TestAnOptionalCredentialIsSent(t *testing.T) {
	w := newWorld(t)
	w.app.Actions[1].Security = []ductape.SecurityAlternative{{}, {{Auth: "token_access"}}}
	w.app.Auths = append(w.app.Auths, ductape.Auth{Tag: "login", Type: ductape.AuthBasic})
	w.pro.Apps[0].Envs[0].Auth["login"] = map[string]string{"username": "ana"} // two, so that none is the only one
	w.save()
	if got := w.sent("get_thing", `{"params":{"id":"1"}}`); !strings.Contains(got, "Authorization: Bearer tok_s3cret_value") {
		t.Error(got)
	}
}

func TestAnswersTooLargeToKeep(t *testing.T) {
	for limit, requests := range map[int64]int{11: 1, 10: 2} { // {"ok":true}
		w := newWorldWith(t, embedded.Config{Limits: run.Limits{CacheEntry: limit}})
		call := w.call("get_thing", `{"params":{"id":"1"}}`)
		call.Cache = "short"
		for range 2 {
			if _, err := w.runCall(call); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.api.requests()); n != requests {
			t.Errorf("at most %d bytes: %d requests, want %d", limit, n, requests)
		}
	}
}

// The idempotent methods (RFC 9110, 9.2.2, and the QUERY method's own draft) are
// retried, the others are not.
func TestMethodsThatAreRetried(t *testing.T) {
	w := newWorld(t)
	methods := map[string]int{"GET": 2, "HEAD": 2, "OPTIONS": 2, "TRACE": 2, "PUT": 2, "DELETE": 2, "QUERY": 2, "POST": 1, "PATCH": 1, "LINK": 1}
	for method := range methods {
		w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "by_" + method, Method: method, Resource: "/things"})
	}
	w.save()
	for method, requests := range methods {
		s := &script{answers: []any{503}}
		call := w.call("by_"+method, `{}`)
		call.Retries = 1
		_, err := scripted(w, s, run.Limits{}).Run(context.Background(), call)
		if len(s.seen) != requests || (err == nil) != (requests == 2) {
			t.Errorf("%s: %d requests, %v", method, len(s.seen), err)
		}
	}
}

// No name is so long, so nothing is looked up under one.
func TestNamesThatAreTooLong(t *testing.T) {
	w := newWorld(t)
	for length, code := range map[int]ductape.Code{512: ductape.CodeUnknownAction, 513: ductape.CodeInvalidInput} {
		w.refused(w.call(strings.Repeat("a", length), `{}`), code)
	}
}
