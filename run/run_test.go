package run_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// What goes out for an input, as the API sees it.
func TestRequestOnTheWire(t *testing.T) {
	w := newWorld(t)
	const auth = "\nAuthorization: Bearer tok_s3cret_value"
	for _, c := range []struct{ name, event, input, want string }{
		{"structured body passes through byte for byte", "create_thing", `{"body":{"n": 1e400, "a":1.0,"z":[ ]}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"n": 1e400, "a":1.0,"z":[ ]}`},
		{"flat goes to the body", "create_thing", `{"email":"a@b","n":12345678901234567890}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"email":"a@b","n":12345678901234567890}`},
		{"operationId resolves", "CreateThing", `{"body":{"x":1}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"x":1}`},
		{"method and path resolve", "POST /things", `{"body":{"x":1}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"x":1}`},
		{"path, query, header, cookie", "get_thing", `{"params":{"id":"a b/c","sid":"s1"},"query":{"limit":"10","tags":["x","y,z"]},"headers":{"x-trace":"t"}}`, "GET /base/things/a%20b%2Fc?limit=10&tags=x&tags=y%2Cz" + auth + "\nCookie: sid=s1\nX-Trace: t"},
		{"percent signs are data", "get_thing", `{"params":{"id":"%2e%2E"}}`, "GET /base/things/%252e%252E" + auth},
		{"flat by the description", "get_thing", `{"id":5,"limit":3,"X-Trace":"t"}`, "GET /base/things/5?limit=3" + auth + "\nX-Trace: t"},
		{"a parameter named like a group", "search", `{"query":"a:b"}`, "GET /base/search?query=a%3Ab" + auth},
		{"that parameter in its group", "search", `{"query":{"query":"a:b"}}`, "GET /base/search?query=a%3Ab" + auth},
		{"flat with prefixes", "update_thing", `{"params:id":"1","body:id":"2"}`, "PUT /base/things/1" + auth + "\nContent-Type: application/json\n\n" + `{"id":"2"}`},
		{"nothing where nothing is needed", "create_thing", `{}`, "POST /base/things" + auth},
		{"null and {} are the same as missing", "create_thing", `{"query":null,"params":{},"body":{},"headers":null}`, "POST /base/things" + auth},
		{"an unknown query parameter is sent", "get_thing", `{"params":{"id":"1"},"query":{"extra":{"gte":1}}}`, "GET /base/things/1?extra%5Bgte%5D=1" + auth},
		{"form", "form_thing", `{"body":{"a":"x y","b":{"c":1}}}`, "POST /base/form" + auth + "\nContent-Type: application/x-www-form-urlencoded\n\na=x+y&b=%7B%22c%22%3A1%7D"},
		{"raw text", "raw", `{"body":"line\nmore"}`, "POST /base/raw" + auth + "\nContent-Type: text/plain\n\nline\nmore"},
		{"the caller's Authorization wins", "get_thing", `{"params":{"id":"1"},"headers":{"Authorization":"Token mine"}}`, "GET /base/things/1\nAuthorization: Token mine"},
		{"$Auth gives the credential's field", "get_thing", `{"params":{"id":"1"},"headers":{"Authorization":"$Auth{token_access}{token}"}}`, "GET /base/things/1\nAuthorization: tok_s3cret_value"},
		{"an action without security gets none", "public", `{}`, "GET /base/public"},
		{"the alternative that is covered", "keyed", `{}`, "GET /base/keyed" + auth},
		{"a constant that refers to another", "create_thing", `{"body":{"v":"$Constant{sample}{agent}"}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"v":"v7"}`},
		{"references, whole and inside text", "create_thing", `{"body":{"v":"$Constant{sample}{version}","r":"r=$Variable{api}{region}","i":"$Input{body}{v2}","v2":[1,"$5"],"t":"$$Now"}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"v":7,"r":"r=dev-7","i":[1,"$5"],"v2":[1,"$5"],"t":"$Now"}`},
		{"$Input of text that is none", "create_thing", `{"body":{"v":"$Literal{YSRi}","w":"$$Now","i":"mail $Input{body}{v}","j":"$Input{body}{w}","u":"$Uppercase($Input{body}{v})","o":"$Input{body}{p}","p":["$Literal{YSRi}",1.0],"t":"$Input{body}{i}"}}`, "POST /base/things" + auth + "\nContent-Type: application/json\n\n" + `{"v":"a$b","w":"$Now","i":"mail a$b","j":"$Now","u":"A$B","o":["a$b",1.0],"p":["a$b",1.0],"t":"mail $Input{body}{v}"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			if got := w.sent(c.event, c.input); got != c.want {
				t.Errorf("sent\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestGoValuesAreWrittenPlainly(t *testing.T) {
	w := newWorld(t)
	call := w.call("create_thing", "")
	call.Input = ductape.Input{Body: map[string]any{"html": "<b>&</b>", "n": json.Number("1.50")}}
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	if got := w.api.requests()[0]; !strings.HasSuffix(got, `{"html":"<b>&</b>","n":1.50}`) {
		t.Error(got)
	}
}

func TestEnvironmentSwitchesEverything(t *testing.T) {
	w := newWorld(t)
	call := w.call("keyed", `{"query":{"r":"$Variable{api}{region}"}}`)
	call.Env = "prd"
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	if got, want := w.api.requests()[0], "GET /live/keyed?r=eu\nX-Api-Key: k-eu"; got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
}

// Bad input gets a clear error, and nothing is sent.
func TestRefused(t *testing.T) {
	w := newWorld(t)
	call := func(change func(*ductape.Call)) ductape.Call {
		c := w.call("get_thing", `{"params":{"id":"1"}}`)
		change(&c)
		return c
	}
	input := func(event, in string) ductape.Call { return w.call(event, in) }
	for _, c := range []struct {
		name string
		call ductape.Call
		code ductape.Code
		says string
	}{
		{"unknown product", call(func(c *ductape.Call) { c.Product = "shpo" }), ductape.CodeUnknownProduct, "shpo"},
		{"unknown env", call(func(c *ductape.Call) { c.Env = "stg" }), ductape.CodeUnknownEnv, "stg"},
		{"inactive env", call(func(c *ductape.Call) { c.Env = "off" }), ductape.CodeEnvInactive, "off"},
		{"env without connection", call(func(c *ductape.Call) { c.Env = "bare" }), ductape.CodeNotConnected, "bare"},
		{"unknown app", call(func(c *ductape.Call) { c.App = "ap" }), ductape.CodeNotConnected, "ap"},
		{"unknown action", call(func(c *ductape.Call) { c.Event = "get_thin" }), ductape.CodeUnknownAction, "get_thin"},
		{"unknown cache", call(func(c *ductape.Call) { c.Cache = "shrt" }), ductape.CodeUnknownCache, "shrt"},
		{"other workspace", call(func(c *ductape.Call) { c.Caller.Workspace = "other" }), ductape.CodeUnknownProduct, "shop"},
		{"empty call", ductape.Call{}, ductape.CodeInvalidInput, "event: is required"},
		{"too many retries", call(func(c *ductape.Call) { c.Retries = 11 }), ductape.CodeInvalidInput, "retries"},
		{"missing path parameter", input("get_thing", `{}`), ductape.CodeInvalidInput, "input.params.id: is required"},
		{"null path parameter", input("get_thing", `{"params":{"id":null}}`), ductape.CodeInvalidInput, "input.params.id"},
		{"empty path parameter", input("get_thing", `{"params":{"id":""}}`), ductape.CodeInvalidInput, "input.params.id"},
		{"dots in the path", input("get_thing", `{"params":{"id":".."}}`), ductape.CodeInvalidInput, "input.params.id"},
		{"one dot in the path", input("get_thing", `{"params":{"id":"."}}`), ductape.CodeInvalidInput, "input.params.id"},
		{"a path parameter nobody knows", input("get_thing", `{"params":{"id":"1","idd":"2"}}`), ductape.CodeInvalidInput, "did you mean id"},
		{"line break in a header", input("get_thing", `{"params":{"id":"1"},"headers":{"X-Trace":"a\r\nEvil: 1"}}`), ductape.CodeInvalidInput, "input.headers.X-Trace"},
		{"bad header name", input("get_thing", `{"params":{"id":"1"},"headers":{"X Trace":"a"}}`), ductape.CodeInvalidInput, "header name"},
		{"a header of the connection", input("get_thing", `{"params":{"id":"1"},"headers":{"Transfer-Encoding":"chunked"}}`), ductape.CodeInvalidInput, "Transfer-Encoding"},
		{"body for an action without one", input("get_thing", `{"params":{"id":"1"},"body":{"a":1}}`), ductape.CodeInvalidInput, "input.body: GET /things/{id} takes no body"},
		{"flat key that nothing takes", input("get_thing", `{"id":"1","limt":2}`), ductape.CodeInvalidInput, "did you mean limit"},
		{"flat key that fits two places", input("update_thing", `{"id":"1","email":"x"}`), ductape.CodeInvalidInput, "params and body"},
		{"wrong type", input("get_thing", `{"params":{"id":"1"},"query":{"limit":"ten"}}`), ductape.CodeInvalidInput, "input.query.limit: must be an integer"},
		{"every problem at once", input("get_thing", `{"params":{"idd":1},"query":[]}`), ductape.CodeInvalidInput, "input.query: must be an object"},
		{"missing and wrong together", input("get_thing", `{"query":{"limit":"ten"}}`), ductape.CodeInvalidInput, "input.params.id: is required; input.query.limit: must be an integer"},
		{"input that is no object", input("get_thing", `[1]`), ductape.CodeInvalidInput, "input"},
		{"broken input", input("get_thing", `{"params":{"id":`), ductape.CodeInvalidInput, "input"},
		{"a name twice", input("get_thing", `{"params":{"id":1,"id":2}}`), ductape.CodeInvalidInput, "duplicate"},
		{"flat and prefixed", input("get_thing", `{"id":"1","params:id":"2"}`), ductape.CodeInvalidInput, "input.params:id: is given by input.id already"},
		{"a query parameter twice", input("get_thing", `{"id":"1","query:limit":1,"limit":2}`), ductape.CodeInvalidInput, "input.limit: is given by input.query:limit already"},
		{"a cookie twice", input("get_thing", `{"id":"1","sid":"a","params:sid":"b"}`), ductape.CodeInvalidInput, "input.params:sid: is given by input.sid already"},
		{"a header in two spellings", input("get_thing", `{"params":{"id":"1"},"headers":{"X-Trace":"a","x-trace":"b"}}`), ductape.CodeInvalidInput, "input.headers.x-trace: is given by input.headers.X-Trace already"},
		{"an unknown header in two spellings", input("get_thing", `{"params":{"id":"1"},"headers":{"cookie":"a","Cookie":"b"}}`), ductape.CodeInvalidInput, "input.headers.Cookie"},
		{"a body's field twice", input("create_thing", `{"role":"user","body:role":"admin"}`), ductape.CodeInvalidInput, "input.body:role: is given by input.role already"},
		{"unresolved reference", input("get_thing", `{"params":{"id":"$Session{user}{id}"}}`), ductape.CodeUnresolvedPlaceholder, "input.params.id"},
		{"unresolved inside a body", input("create_thing", `{"body":{"a":[{"b":"$Variable{api}{nope}"}]}}`), ductape.CodeUnresolvedPlaceholder, "input.body.a[0].b"},
		{"a configuration that refers to itself", input("create_thing", `{"body":{"v":"$Constant{sample}{loop}"}}`), ductape.CodeUnresolvedPlaceholder, "refers to itself"},
		{"broken reference", input("create_thing", `{"body":{"a":"$Session{user"}}`), ductape.CodeInvalidPlaceholder, "input.body.a"},
		{"a secret whose scope does not name the app", input("create_thing", `{"body":{"a":"$Secret{API_TOKEN}"}}`), ductape.CodeSecretNotAllowed, "API_TOKEN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			if got := w.refused(c.call, c.code); !strings.Contains(got, c.says) {
				t.Errorf("error %q does not say %q", got, c.says)
			}
			if rec := w.recordOf(c.call); rec != "" && rec != string(c.code) {
				t.Errorf("recorded as %q", rec)
			}
		})
	}
}

func (w *world) recordOf(c ductape.Call) string {
	if c.Caller.Workspace != "" {
		return ""
	}
	return string(w.record().Outcome)
}

func TestUnknownNamesSuggest(t *testing.T) {
	w := newWorld(t)
	_, err := w.run("creat_thing", `{}`)
	if e := err.(*ductape.Error); !strings.Contains(e.Hint, "create_thing") {
		t.Errorf("hint %q", e.Hint)
	}
}

// Text that came from a user stays text, wherever it is filled in.
func TestSessionValuesAreNotTemplates(t *testing.T) {
	w := newWorld(t)
	call := w.call("update_thing", `{"params":{"id":"$Session{user}{id}"},"body":{"name":"hi $Session{user}{name}","all":"$Session{user}","tagged":"$Session{user-session}{user}{id}"}}`)
	call.Session = w.startSession("dev", `{"user":{"id":"42","name":"$Secret{API_TOKEN} $Now {{x}}"}}`)
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	want := "PUT /base/things/42\nAuthorization: Bearer tok_s3cret_value\nContent-Type: application/json\n\n" +
		`{"name":"hi $Secret{API_TOKEN} $Now {{x}}","all":{"id":"42","name":"$Secret{API_TOKEN} $Now {{x}}"},"tagged":"42"}`
	if got := w.api.requests()[0]; got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
	if rec := w.record(); rec.Session == "" {
		t.Error("the record does not name the session")
	}
}

func TestBadSessionStopsBeforeSending(t *testing.T) {
	w := newWorld(t)
	good := w.startSession("dev", `{"user":{"id":"1"}}`)
	for name, ref := range map[string]ductape.SessionRef{
		"garbage":         {Tag: "user-session", Token: "not-a-token"},
		"changed":         {Tag: "user-session", Token: good.Token[:len(good.Token)-2] + "AA"},
		"another tag":     {Tag: "other", Token: good.Token},
		"for another env": *w.startSession("prd", `{"user":{"id":"1"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			call := w.call("create_thing", `{"body":{"plain":1}}`)
			call.Session = &ref
			code := ductape.CodeSessionInvalid
			if ref.Tag == "other" {
				code = ductape.CodeUnknownSession
			}
			w.refused(call, code)
		})
	}
}

func TestRecordTellsWhatHappened(t *testing.T) {
	w := newWorld(t)
	if _, err := w.run("create_thing", `{"body":{"a":1}}`); err != nil {
		t.Fatal(err)
	}
	rec := w.record()
	if rec.Outcome != ductape.OutcomeOK || rec.Event != "create_thing" || rec.Status != 200 || rec.Attempts != 1 || rec.BytesIn != 11 || rec.BytesOut != 7 || rec.Method != "POST" || !strings.HasSuffix(rec.URL, "/base/things") {
		t.Errorf("%+v", rec)
	}
}

func TestPreviewShowsAndHides(t *testing.T) {
	w := newWorld(t)
	call := w.call("get_thing", `{"params":{"id":"$Session{user}{id}"},"query":{"limit":3}}`)
	call.Session = w.startSession("dev", `{"user":{"id":"7"}}`)
	p, err := w.Runner.Preview(context.Background(), call)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(p.URL, "/base/things/7?limit=3") || p.Headers["Authorization"] != "Bearer [redacted]" {
		t.Errorf("%+v", p)
	}
	from := map[string]string{}
	for _, o := range p.Origins {
		from[o.Part] = o.From
	}
	if from["path.id"] != "input.params.id = $Session{user}{id}" || !strings.Contains(from["header.Authorization"], "$Secret{API_TOKEN}") {
		t.Errorf("%v", from)
	}
	if len(w.api.requests()) != 0 {
		t.Error("a preview sent something")
	}
}

// A credential is hidden by its place: one of three letters cannot be told by
// its value.
func TestPreviewHidesShortCredentials(t *testing.T) {
	w := newWorld(t)
	w.app.Auths[1] = ductape.Auth{Tag: "key", Type: ductape.AuthAPIKey, In: ductape.InQuery, Name: "api key"}
	w.pro.Apps[0].Envs[0].Auth = map[string]map[string]string{"token_access": {"token": "sek"}, "key": {"value": "abc"}}
	w.save()
	for event, want := range map[string]string{"create_thing": "Bearer [redacted]", "keyed": ""} {
		p, err := w.Runner.Preview(context.Background(), w.call(event, `{}`))
		if err != nil {
			t.Fatal(err)
		}
		if p.Headers["Authorization"] != want || strings.Contains(p.URL, "abc") {
			t.Errorf("%+v", p)
		}
	}
	p, err := w.Runner.Preview(context.Background(), w.call("create_thing", `{"headers:Authorization":"mine"}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Headers["Authorization"] != "[redacted]" || len(p.Origins) != 3 {
		t.Errorf("%+v", p)
	}
}
