package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// A scenario is one request and what its answer must and must not hold.
type scenario struct {
	name   string
	method string // POST when empty
	path   string // /v1/actions/run when empty
	key    string // "" is the world's, "-" is none
	body   string
	status int
	code   ductape.Code // of the problem; "" when there is none
	has    []string     // texts of the body
	hasNot []string
	header map[string]string
	sent   int // requests that reach the API
}

// call is the text of a call of the product shop in prd.
func call(event, more string) string {
	return fmt.Sprintf(`{"env":"prd","product":"shop","app":"api","event":%q%s}`, event, more)
}

func (w *world) play(s scenario) {
	w.t.Run(s.name, func(t *testing.T) {
		if s.method == "" {
			s.method = http.MethodPost
		}
		if s.path == "" {
			s.path = "/v1/actions/run"
		}
		key := s.key
		switch key {
		case "":
			key = w.key
		case "-":
			key = ""
		}
		before := len(w.api.requests())
		got := w.ask(key, s.method, s.path, s.body)
		s.check(t, got)
		if sent := len(w.api.requests()) - before; sent != s.sent {
			t.Errorf("%d requests reached the API, want %d", sent, s.sent)
		}
	})
}

func (s scenario) check(t *testing.T, got reply) {
	if got.status != s.status {
		t.Errorf("status %d, want %d", got.status, s.status)
	}
	if s.code != "" {
		checkProblem(t, got, s.code)
	}
	for _, text := range s.has {
		if !strings.Contains(got.body, text) {
			t.Errorf("the answer does not hold %q", text)
		}
	}
	for _, text := range append(s.hasNot, token) {
		if strings.Contains(got.body, text) {
			t.Errorf("the answer holds %q", text)
		}
	}
	for name, want := range s.header {
		if v := got.header.Get(name); v != want && (want != "*" || v == "") {
			t.Errorf("header %s is %q, want %q", name, v, want)
		}
	}
	if t.Failed() {
		t.Logf("%d %v\n%s", got.status, got.header, got.body)
	}
}

// checkProblem wants the shape of RFC 9457 (section 3.1), with our code.
func checkProblem(t *testing.T, got reply, code ductape.Code) {
	t.Helper()
	if ct := got.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("Content-Type %q", ct)
	}
	var p struct {
		Type, Title, Detail string
		Status              int
		Code                ductape.Code
	}
	if err := json.Unmarshal([]byte(got.body), &p); err != nil {
		t.Errorf("not JSON: %v", err)
		return
	}
	if p.Code != code || p.Status != got.status || p.Status != code.Status() || p.Title == "" || p.Detail == "" || p.Type != "urn:ductape:error:"+string(code) {
		t.Errorf("problem %+v, want code %s", p, code)
	}
}

func TestRun(t *testing.T) {
	w := newWorld(t)
	json200 := map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Ductape-Run-Id": "*", "Ductape-Upstream-Status": "200", "Ductape-Attempts": "1", "Ductape-Cache": "none",
	}
	for _, s := range []scenario{
		{
			name: "the API's own bytes", body: call("get_item", `,"input":{"params":{"id":"7"}}`), status: 200, sent: 1, header: json200,
			has: []string{`{"id":1,"price":1.10,"big":12345678901234567890}`},
		},
		{name: "flat input", body: call("get_item", `,"input":{"id":"7","limit":3}`), status: 200, sent: 1},
		{name: "the older names", body: `{"env":"prd","product_tag":"shop","app":"api","action":"get_item","input":{"id":"7"}}`, status: 200, sent: 1},
		{name: "METHOD /path as name", body: call("GET /items/{id}", `,"input":{"id":"7"}`), status: 200, sent: 1},
		{name: "null, empty and missing parts are the same", body: call("list_items", `,"input":{"query":null,"params":{},"headers":{}}`), status: 200, sent: 1},
		{name: "no body", body: call("empty", ""), status: 204, sent: 1, header: map[string]string{"Ductape-Upstream-Status": "204", "Content-Type": ""}},
		{
			name: "where what was made is", body: call("accepted", ""), status: 204, sent: 1,
			header: map[string]string{"Ductape-Upstream-Status": "202", "Location": "/jobs/7", "Retry-After": "5"},
		},
		{name: "text passes through", body: call("text", ""), status: 200, sent: 1, has: []string{"plain text"}, header: map[string]string{"Content-Type": "text/plain; charset=utf-8"}},
		{name: "cache miss", body: call("get_item", `,"cache":"items","input":{"id":"9"}`), status: 200, sent: 1, header: map[string]string{"Ductape-Cache": "miss", "Ductape-Attempts": "1"}},
		{
			name: "cache hit", body: call("get_item", `,"cache":"items","input":{"id":"9"}`), status: 200, sent: 0, header: map[string]string{"Ductape-Cache": "hit", "Ductape-Attempts": "0"},
			has: []string{`"big":12345678901234567890`},
		},
		{
			name: "dry run", path: "/v1/actions/run?dry_run=true", body: call("get_item", `,"input":{"params":{"id":"7"},"query":{"limit":2}}`), status: 200, sent: 0,
			has: []string{`"method":"GET"`, "/items/7?limit=2", "input.params.id", "input.query.limit", `"Authorization"`},
		},
		{
			name: "an error of the API", body: call("fail", ""), status: 424, code: ductape.CodeUpstreamStatus, sent: 1,
			has:    []string{`"upstream":{"status":422`, `"body":{"error":{"code":"card_declined","amount":1.10}}`},
			header: map[string]string{"Ductape-Upstream-Status": "422", "Ductape-Run-Id": "*"},
		},
		{name: "an error page of the API", body: call("fail_page", ""), status: 424, code: ductape.CodeUpstreamStatus, sent: 1, has: []string{"Bad gateway", `"status":502`}},
	} {
		w.play(s)
	}
}

func TestRunRefuses(t *testing.T) {
	w := newWorld(t)
	const nothing = "nothing was sent"
	big := call("create_item", `,"input":{"body":{"x":"`+strings.Repeat("a", 20<<20)+`"}}`)
	in := func(event, input string) string { return call(event, `,"input":`+input) }
	at := func(env, product, app string) string {
		return fmt.Sprintf(`{"env":%q,"product":%q,"app":%q,"event":"list_items"}`, env, product, app)
	}
	for _, s := range []scenario{
		{name: "malformed JSON", body: `{"env":"prd",`, status: 400, code: "invalid_input", has: []string{nothing, `"hint"`}},
		{name: "no body at all", body: "", status: 400, code: "invalid_input"},
		{name: "not an object", body: `[1,2]`, status: 400, code: "invalid_input"},
		{name: "two documents", body: call("list_items", "") + "{}", status: 400, code: "invalid_input"},
		{name: "invalid UTF-8", body: call("list_items", ",\"input\":{\"query\":{\"a\":\"\xff\"}}"), status: 400, code: "invalid_input"},
		{name: "a name given twice", body: `{"env":"prd","env":"prd","product":"shop","app":"api","event":"list_items"}`, status: 400, code: "invalid_input"},
		{name: "deep nesting", body: in("create_item", `{"body":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`), status: 400, code: "invalid_input"},
		{name: "20 MB", body: big, status: 400, code: "invalid_input", has: []string{"10485760", nothing}},
		{name: "a misspelled field", body: call("list_items", `,"inputs":{}`), status: 400, code: "invalid_input", has: []string{"did you mean input?"}},
		{name: "a wrong type", body: call("list_items", `,"retries":"x"`), status: 400, code: "invalid_input", has: []string{`"where":"retries"`}},
		{name: "retries below zero", body: call("list_items", `,"retries":-1`), status: 400, code: "invalid_input", has: []string{"retries"}},
		{name: "a time below zero", body: call("list_items", `,"timeout_ms":-1`), status: 400, code: "invalid_input", has: []string{"timeout_ms"}},
		{name: "missing names", body: `{}`, status: 400, code: "invalid_input", has: []string{`"where":"env"`, `"where":"product"`, `"where":"app"`, `"where":"event"`}},
		{name: "input is a list", body: in("list_items", `[1]`), status: 400, code: "invalid_input", has: []string{`"where":"input"`}},

		{name: "no key", key: "-", body: call("list_items", ""), status: 401, code: "unauthenticated", header: map[string]string{"Www-Authenticate": `Bearer realm="ductape"`}},
		{name: "a wrong key", key: "dk_" + strings.Repeat("0", 43), body: call("list_items", ""), status: 401, code: "unauthenticated"},
		{name: "a key that is none", key: "hello", body: call("list_items", ""), status: 401, code: "unauthenticated", hasNot: []string{"hello"}},

		{name: "unknown product", body: at("prd", "shpo", "api"), status: 404, code: "unknown_product", has: []string{"did you mean shop?"}},
		{name: "unknown env", body: at("prod", "shop", "api"), status: 404, code: "unknown_env", has: []string{"did you mean prd"}},
		{name: "inactive env", body: at("old", "shop", "api"), status: 404, code: "env_inactive"},
		{name: "unknown app", body: at("prd", "shop", "apy"), status: 404, code: "not_connected", has: []string{"did you mean api?"}},
		{name: "not connected in the env", body: at("bare", "shop", "api"), status: 404, code: "not_connected"},
		{name: "unknown event", body: call("get_itme", ""), status: 404, code: "unknown_action", has: []string{"get_item"}},
		{name: "unknown cache", body: call("list_items", `,"cache":"itmes"`), status: 404, code: "unknown_cache", has: []string{"items"}},

		{name: "missing path parameter", body: in("get_item", `{}`), status: 400, code: "invalid_input", has: []string{`"where":"input.params.id"`, nothing}},
		{name: "null path parameter", body: in("get_item", `{"params":{"id":null}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "empty path parameter", body: in("get_item", `{"params":{"id":""}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "path parameter ..", body: in("get_item", `{"params":{"id":".."}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "path parameter .", body: in("get_item", `{"params":{"id":"."}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "path parameter of a wrong type", body: in("get_item", `{"params":{"id":{"a":1}}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "several problems at once", body: in("get_item", `{"params":{},"query":{"limit":"many"}}`), status: 400, code: "invalid_input", has: []string{"input.params.id"}},
		{name: "query of a wrong type", body: in("get_item", `{"params":{"id":"1"},"query":{"limit":"many"}}`), status: 400, code: "invalid_input", has: []string{"input.query.limit", "integer"}},
		{name: "CR LF in a header", body: in("get_item", `{"params":{"id":"1"},"headers":{"X-Trace":"a\r\nX-Evil: 1"}}`), status: 400, code: "invalid_input", has: []string{"input.headers.X-Trace"}},
		{name: "LF in a header's name", body: in("get_item", `{"params":{"id":"1"},"headers":{"X-Tr\nace":"a"}}`), status: 400, code: "invalid_input"},
		{name: "NUL in a header", body: in("get_item", `{"params":{"id":"1"},"headers":{"X-Trace":"a\u0000b"}}`), status: 400, code: "invalid_input"},
		{name: "a body for an action without one", body: in("list_items", `{"body":{"a":1}}`), status: 400, code: "invalid_input", has: []string{"input.body"}},

		{name: "unresolved reference", body: in("get_item", `{"params":{"id":"$Session{user}{id}"}}`), status: 400, code: "unresolved_placeholder", has: []string{"$Session{user}{id}", "input.params.id"}},
		{name: "unresolved variable", body: in("get_item", `{"params":{"id":"$Variable{api}{regoin}"}}`), status: 400, code: "unresolved_placeholder", has: []string{"input.params.id"}},
		{name: "a broken reference", body: in("get_item", `{"params":{"id":"$Session{user"}}`), status: 400, code: "invalid_placeholder", has: []string{"input.params.id"}},
		{name: "a secret without scope in the input", body: in("get_item", `{"params":{"id":"$Secret{TOKEN}"}}`), status: 403, code: "secret_not_allowed"},
		{name: "an unknown secret in the input", body: in("get_item", `{"params":{"id":"$Secret{NONE}"}}`), status: 404, code: "unknown_secret"},

		{name: "an invalid session", body: call("list_items", `,"session":{"tag":"visitor","token":"eyJhbGciOiJub25lIn0.e30."}`), status: 401, code: "session_invalid"},
		{name: "a session without a token", body: call("list_items", `,"session":{"tag":"visitor"}`), status: 400, code: "invalid_input", has: []string{`"where":"session"`}},
	} {
		w.play(s)
	}
}

// What a placeholder-free slash in a path value is, is one segment, escaped.
func TestSlashInPathStaysOneSegment(t *testing.T) {
	w := newWorld(t)
	r := w.ask(w.key, "POST", "/v1/actions/run", call("get_item", `,"input":{"params":{"id":"a/b"}}`))
	seen := w.api.requests()
	if r.status == 400 && len(seen) == 0 {
		return
	}
	if r.status != 200 || len(seen) != 1 || !strings.HasPrefix(seen[0], "GET /items/a%2Fb ") {
		t.Errorf("%d %s\n%q", r.status, r.body, seen)
	}
}

func TestUpstreamMisbehaves(t *testing.T) {
	w := newWorld(t)
	at := func(env string) string {
		return fmt.Sprintf(`{"env":%q,"product":"shop","app":"api","event":"list_items"}`, env)
	}
	for _, s := range []scenario{
		{name: "hangs", body: call("hang", `,"timeout_ms":300`), status: 504, code: "upstream_timeout", sent: 1},
		{name: "resets", body: call("reset", ""), status: 502, code: "upstream_unreachable", sent: 1},
		{name: "sends garbage", body: call("garbage", ""), status: 502, code: "upstream_unreachable", sent: 1, hasNot: []string{"this is not HTTP"}},
		{name: "nobody listens", body: at("nobody"), status: 502, code: "upstream_unreachable"},
		{name: "private address without permission", body: at("guarded"), status: 502, code: "blocked_address", has: []string{"allow_private"}},
	} {
		w.play(s)
	}
}

// A redirect to another host does not carry our credential there.
func TestRedirectKeepsTheCredentialHome(t *testing.T) {
	w := newWorld(t)
	r := w.ask(w.key, "POST", "/v1/actions/run", call("redirect", ""))
	if home := w.api.requests(); len(home) != 1 || !strings.Contains(home[0], "Bearer "+token) {
		t.Fatalf("the API saw %q", home)
	}
	for _, seen := range w.other.requests() {
		if strings.Contains(seen, token) || strings.Contains(seen, "Authorization") {
			t.Errorf("the other host saw %s", seen)
		}
	}
	if r.status != 200 && r.status != 424 && r.status != 502 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestRevokedKey(t *testing.T) {
	w := newWorld(t)
	k := w.newKey(ductape.DefaultWorkspace)
	if r := w.ask(k.Text, "POST", "/v1/actions/run", call("list_items", "")); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	w.good("DELETE", "/v1/keys/"+k.ID, "")
	for _, path := range []string{"POST /v1/actions/run", "GET /v1/products", "GET /v1/secrets/TOKEN", "PUT /v1/products/x", "POST /v1/apply"} {
		method, path, _ := strings.Cut(path, " ")
		w.play(scenario{name: path, method: method, path: path, key: k.Text, body: call("list_items", ""), status: 401, code: "unauthenticated", hasNot: []string{k.Text}})
	}
}

// Text that looks like a reference, inside a session's data, stays text.
func TestSessionDataIsNoTemplate(t *testing.T) {
	w := newWorld(t)
	started := decode[ductape.StartedSession](t, w.good("POST", "/v1/sessions/start", `{"product":"shop","env":"prd","tag":"visitor","data":{"user":{"id":"$Secret{TOKEN}"}}}`))
	session := fmt.Sprintf(`,"session":{"tag":"visitor","token":%q}`, started.Token)
	w.good("POST", "/v1/actions/run", call("create_item", session+`,"input":{"body":{"name":"$Session{user}{id}","twice":"<$Session{user}{id}>"}}`))
	seen := w.api.requests()
	if len(seen) != 1 || !strings.HasSuffix(seen[0], `{"name":"$Secret{TOKEN}","twice":"<$Secret{TOKEN}>"}`) {
		t.Errorf("the API saw %q", seen)
	}
}

// A session is good for its own product, environment and tag only.
func TestSessionStops(t *testing.T) {
	w := newWorld(t)
	body := `{"product":"shop","env":"prd","tag":"visitor","data":{"user":{"id":"1"}}}`
	started := decode[ductape.StartedSession](t, w.good("POST", "/v1/sessions/start", body))
	foreign := decode[ductape.StartedSession](t, w.good("POST", "/v1/sessions/start", strings.Replace(body, "prd", "guarded", 1)))
	with := func(tag, token string) string {
		return call("list_items", fmt.Sprintf(`,"session":{"tag":%q,"token":%q}`, tag, token))
	}
	tampered := started.Token[:len(started.Token)-4] + "AAAA"
	for _, s := range []scenario{
		{name: "good", body: with("visitor", started.Token), status: 200, sent: 1},
		{name: "tag:token", body: call("list_items", fmt.Sprintf(`,"session":%q`, "visitor:"+started.Token)), status: 200, sent: 1},
		{name: "of another env", body: with("visitor", foreign.Token), status: 401, code: "session_invalid"},
		{name: "of another tag", body: with("other", started.Token), status: 404, code: "unknown_session"},
		{name: "tampered with", body: with("visitor", tampered), status: 401, code: "session_invalid"},
	} {
		w.play(s)
	}
	w.good("POST", "/v1/sessions/revoke", fmt.Sprintf(`{"sessionId":%q}`, started.SessionID))
	w.play(scenario{name: "revoked", body: with("visitor", started.Token), status: 401, code: "session_revoked"})
}
