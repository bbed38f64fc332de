package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

func (w *world) started() time.Time { return time.Unix(0, 0) }

// What was put is what is got, and a second put of it changes nothing.
func TestPutGet(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		path, body string
		has        []string
	}{
		{
			"/v1/apps/mail", `{"name":"Mail","envs":[{"slug":"live","base_url":"https://mail.example.com","hosts":["up.example.com"]}],
			"auths":[{"tag":"login","type":"basic"}],"variables":[{"key":"v","default":1.10}],"constants":[{"key":"c","value":12345678901234567890}],
			"settings":{"nesting":"indices","validate":"strict"}}`,
			[]string{`"tag":"mail"`, `"hosts":["up.example.com"]`, `1.10`, `12345678901234567890`, `"nesting":"indices"`},
		},
		{
			"/v1/apps/mail/actions/send", `{"method":"POST","resource":"/send/{to}","params":[{"name":"to","in":"path","required":true}],"body":{"contents":[{"type":"application/json"}]},"security":[]}`,
			[]string{`"tag":"send"`, `"resource":"/send/{to}"`, `"security":[]`},
		},
		{
			"/v1/products/blog", `{"name":"Blog","envs":[{"slug":"prd"},{"slug":"old","active":false}],"apps":[{"access_tag":"m","app":"mail","envs":[{"product_env":"prd","app_env":"live","auth":{"login":{"username":"u","password":"$Secret{TOKEN}"}},"variables":{"v":2.50}}]}],
			"caches":[{"tag":"c","expiry":1000}],"sessions":[{"tag":"s","expiry":1,"period":"days"}]}`,
			[]string{`"active":false`, `$Secret{TOKEN}`, `2.50`, `"expiry":1000`},
		},
	} {
		w.good("PUT", c.path, c.body)
		first := w.good("GET", c.path, "")
		for _, text := range c.has {
			if !strings.Contains(first, text) {
				t.Errorf("%s: %s lacks %s", c.path, first, text)
			}
		}
		w.good("PUT", c.path, first)
		if second := w.good("GET", c.path, ""); second != first {
			t.Errorf("%s: putting what was got changed it:\n%s\n%s", c.path, first, second)
		}
	}
	w.parts()
}

// parts puts and deletes the parts of a product one by one.
func (w *world) parts() {
	for _, c := range []struct{ path, body, has string }{
		{"/v1/products/blog/caches/extra", `{"expiry":5}`, `"tag":"extra"`},
		{"/v1/products/blog/sessions/extra-s", `{"expiry":5,"period":"hours"}`, `"tag":"extra-s"`},
		{"/v1/products/blog/apps/extra-a", `{"app":"mail","envs":[{"product_env":"prd","app_env":"live"}]}`, `"access_tag":"extra-a"`},
	} {
		before := w.good("GET", "/v1/products/blog", "")
		w.good("PUT", c.path, c.body)
		if got := w.good("GET", "/v1/products/blog", ""); !strings.Contains(got, c.has) {
			w.t.Errorf("%s: not in %s", c.path, got)
		}
		w.good("DELETE", c.path, "")
		if after := w.good("GET", "/v1/products/blog", ""); after != before {
			w.t.Errorf("%s: after its deletion\n%s\nbefore\n%s", c.path, after, before)
		}
		if r := w.ask(w.key, "DELETE", c.path, ""); r.status != 404 {
			w.t.Errorf("%s: deleted again: %d %s", c.path, r.status, r.body)
		}
	}
}

func TestControlRefuses(t *testing.T) {
	w := newWorld(t)
	for _, s := range []scenario{
		{name: "malformed JSON", method: "PUT", path: "/v1/products/x", body: `{"tag":`, status: 400, code: "invalid_input"},
		{name: "an unknown field", method: "PUT", path: "/v1/products/x", body: `{"envz":[]}`, status: 400, code: "invalid_input", has: []string{"envz"}},
		{name: "a body of another name", method: "PUT", path: "/v1/products/x", body: `{"tag":"y","envs":[{"slug":"prd"}]}`, status: 400, code: "invalid_input"},
		{name: "a connection to no app", method: "PUT", path: "/v1/products/x", body: `{"envs":[{"slug":"prd"}],"apps":[{"access_tag":"a","app":"aip","envs":[]}]}`, status: 400, code: "invalid_input", has: []string{"api"}},
		{name: "a broken reference in configuration", method: "PUT", path: "/v1/products/x", body: `{"envs":[{"slug":"prd"}],"apps":[{"access_tag":"api","app":"api","envs":[{"product_env":"prd","app_env":"live","auth":{"token_access":{"token":"$Secret{TOKEN"}}}]}]}`, status: 400, code: "invalid_input", has: []string{"token_access"}},
		{name: "a secret without a value", method: "PUT", path: "/v1/secrets/A", body: `{}`, status: 400, code: "invalid_input", has: []string{"value"}},
		{name: "a secret of a bad name", method: "PUT", path: "/v1/secrets/A%7DB", body: `{"value":"x"}`, status: 400, code: "invalid_input"},
		{name: "an unknown secret", method: "GET", path: "/v1/secrets/NONE", status: 404, code: "unknown_secret"},
		{name: "an unknown app", method: "GET", path: "/v1/apps/aip", status: 404, code: "unknown_app", has: []string{"api"}},
		{name: "an unknown product", method: "GET", path: "/v1/products/shpo", status: 404, code: "unknown_product", has: []string{"shop"}},
		{name: "an unknown action", method: "GET", path: "/v1/apps/api/actions/get_itm", status: 404, code: "unknown_action", has: []string{"get_item"}},
		{name: "an app in use", method: "DELETE", path: "/v1/apps/api", status: 409, code: "conflict", has: []string{"shop"}},
		{name: "too many runs at once", method: "GET", path: "/v1/runs?limit=1001", status: 400, code: "invalid_input", has: []string{"limit"}},
		{name: "neither session nor user", method: "POST", path: "/v1/sessions/revoke", body: `{}`, status: 400, code: "invalid_input"},
		{name: "a session of no type", method: "POST", path: "/v1/sessions/start", body: `{"product":"shop","env":"prd","tag":"vistor","data":{}}`, status: 404, code: "unknown_session", has: []string{"did you mean visitor?"}},
		{name: "session data that is no object", method: "POST", path: "/v1/sessions/start", body: `{"product":"shop","env":"prd","tag":"visitor","data":[1]}`, status: 400, code: "invalid_input"},
		{name: "an empty file", method: "POST", path: "/v1/apply", body: `{"file":""}`, status: 400, code: "invalid_input"},
		{name: "an alias bomb to apply", method: "POST", path: "/v1/apply", body: fmt.Sprintf(`{"file":%q}`, bomb("products: *z\n")), status: 400, code: "invalid_input"},
	} {
		w.play(s)
	}
}

// bomb is YAML whose aliases would become ten to the ninth values.
func bomb(end string) string {
	var b strings.Builder
	b.WriteString("x-a: &a [\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\"]\n")
	last := "a"
	for _, next := range []string{"b", "c", "d", "e", "f", "g", "h", "i", "z"} {
		fmt.Fprintf(&b, "x-%s: &%s [%s]\n", next, next, strings.TrimSuffix(strings.Repeat("*"+last+",", 10), ","))
		last = next
	}
	return b.String() + end
}

// A file is applied whole or not at all.
func TestApplyAllOrNothing(t *testing.T) {
	w := newWorld(t)
	before := w.good("GET", "/v1/apps", "") + w.good("GET", "/v1/products", "")
	file := "apps: [ { tag: fine, envs: [ { slug: live, base_url: 'https://a.example' } ] } ]\nproducts: [ { tag: bad, envs: [prd], apps: [ { access_tag: x, app: nowhere, envs: [] } ] } ]"
	r := w.ask(w.key, "POST", "/v1/apply", fmt.Sprintf(`{"file":%q}`, file))
	if r.status != 400 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if after := w.good("GET", "/v1/apps", "") + w.good("GET", "/v1/products", ""); after != before {
		t.Errorf("a refused file left something:\n%s", after)
	}
}

// A run is recorded whatever became of it.
func TestRunsAreRecorded(t *testing.T) {
	w := newWorld(t)
	for _, event := range []string{"list_items", "fail", "reset", "nowhere"} {
		w.ask(w.key, "POST", "/v1/actions/run", call(event, ""))
	}
	records := decode[[]ductape.RunRecord](t, w.good("GET", "/v1/runs", ""))
	var outcomes []string
	for _, r := range records {
		outcomes = append(outcomes, string(r.Outcome))
		one := decode[ductape.RunRecord](t, w.good("GET", "/v1/runs/"+r.ID, ""))
		if one != r {
			t.Errorf("%+v alone, %+v in the list", one, r)
		}
	}
	if got := strings.Join(outcomes, " "); got != "unknown_action upstream_unreachable upstream_status ok" {
		t.Errorf("newest first: %s", got)
	}
	for query, want := range map[string]int{"outcome=ok": 1, "outcome=error": 3, "event=fail": 1, "product=none": 0, "limit=2": 2, "before=" + records[1].ID: 2} {
		if got := decode[[]ductape.RunRecord](t, w.good("GET", "/v1/runs?"+query, "")); len(got) != want {
			t.Errorf("%s: %d, want %d", query, len(got), want)
		}
	}
}
