package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// names are what an endpoint's path and body can name.
type names struct {
	product, app, action, secret, cache, session, run, keyID, sessionID, token, refresh, user string
}

// requestOf says, for each operation of the API, how it is asked about things by
// their names. An operation that is not here fails the test.
var requestOf = map[string]func(n names) (path, body string){
	"list-apps":     func(n names) (string, string) { return "/v1/apps", "" },
	"get-app":       func(n names) (string, string) { return "/v1/apps/" + n.app, "" },
	"put-app":       func(n names) (string, string) { return "/v1/apps/" + n.app, `{"name":"x","actions":null}` },
	"delete-app":    func(n names) (string, string) { return "/v1/apps/" + n.app, "" },
	"import-app":    func(n names) (string, string) { return "/v1/apps/import", importOf(n.app, false) },
	"list-actions":  func(n names) (string, string) { return "/v1/apps/" + n.app + "/actions", "" },
	"get-action":    func(n names) (string, string) { return "/v1/apps/" + n.app + "/actions/" + n.action, "" },
	"sample-action": func(n names) (string, string) { return "/v1/apps/" + n.app + "/actions/" + n.action + "/sample", "" },
	"put-action": func(n names) (string, string) {
		return "/v1/apps/" + n.app + "/actions/" + n.action, `{"method":"GET","resource":"/x"}`
	},
	"delete-action": func(n names) (string, string) { return "/v1/apps/" + n.app + "/actions/" + n.action, "" },

	"list-products":    func(n names) (string, string) { return "/v1/products", "" },
	"get-product":      func(n names) (string, string) { return "/v1/products/" + n.product, "" },
	"put-product":      func(n names) (string, string) { return "/v1/products/" + n.product, productOf(n.app, n.secret) },
	"delete-product":   func(n names) (string, string) { return "/v1/products/" + n.product, "" },
	"get-connection":   func(n names) (string, string) { return "/v1/products/" + n.product + "/apps/" + n.app, "" },
	"get-cache":        func(n names) (string, string) { return "/v1/products/" + n.product + "/caches/" + n.cache, "" },
	"get-session-type": func(n names) (string, string) { return "/v1/products/" + n.product + "/sessions/" + n.session, "" },
	"put-connection": func(n names) (string, string) {
		return "/v1/products/" + n.product + "/apps/x", connectionOf(n.app, n.secret)
	},
	"delete-connection": func(n names) (string, string) { return "/v1/products/" + n.product + "/apps/" + n.app, "" },
	"put-cache": func(n names) (string, string) {
		return "/v1/products/" + n.product + "/caches/" + n.cache, `{"expiry":1000}`
	},
	"delete-cache": func(n names) (string, string) { return "/v1/products/" + n.product + "/caches/" + n.cache, "" },
	"put-session-type": func(n names) (string, string) {
		return "/v1/products/" + n.product + "/sessions/" + n.session, `{"expiry":1,"period":"hours"}`
	},
	"delete-session-type": func(n names) (string, string) { return "/v1/products/" + n.product + "/sessions/" + n.session, "" },

	"list-secrets":         func(n names) (string, string) { return "/v1/secrets", "" },
	"get-secret":           func(n names) (string, string) { return "/v1/secrets/" + n.secret, "" },
	"list-secret-versions": func(n names) (string, string) { return "/v1/secrets/" + n.secret + "/versions", "" },
	"rotate-secret":        func(n names) (string, string) { return "/v1/secrets/" + n.secret + "/rotate", `{"value":"mine"}` },
	"put-secret":           func(n names) (string, string) { return "/v1/secrets/" + n.secret, `{"value":"mine"}` },
	"delete-secret":        func(n names) (string, string) { return "/v1/secrets/" + n.secret, "" },

	"start-session": func(n names) (string, string) {
		return "/v1/sessions/start", sessionOf(n, `"data":{"user":{"id":"1"}}`)
	},
	"verify-session": func(n names) (string, string) {
		return "/v1/sessions/verify", sessionOf(n, fmt.Sprintf(`"token":%q`, n.token))
	},
	"decrypt-session": func(n names) (string, string) {
		return "/v1/sessions/decrypt", sessionOf(n, fmt.Sprintf(`"token":%q`, n.token))
	},
	"list-sessions":      func(n names) (string, string) { return "/v1/sessions?ended=true&product=" + n.product, "" },
	"list-session-users": func(n names) (string, string) { return "/v1/sessions/users?product=" + n.product, "" },
	"session-stats":      func(n names) (string, string) { return "/v1/sessions/stats?product=" + n.product, "" },
	"refresh-session": func(n names) (string, string) {
		return "/v1/sessions/refresh", sessionOf(n, fmt.Sprintf(`"refreshToken":%q`, n.refresh))
	},
	"revoke-session": func(n names) (string, string) {
		return "/v1/sessions/revoke", fmt.Sprintf(`{"sessionId":%q}`, n.sessionID)
	},

	"list-runs":          func(n names) (string, string) { return "/v1/runs?product=" + n.product, "" },
	"get-run":            func(n names) (string, string) { return "/v1/runs/" + n.run, "" },
	"list-keys":          func(n names) (string, string) { return "/v1/keys", "" },
	"create-key":         func(n names) (string, string) { return "/v1/keys", `{"name":1}` },        // names nothing
	"rotate-session-key": func(n names) (string, string) { return "/v1/keys/rotate-session", `[]` }, // names nothing
	"revoke-key":         func(n names) (string, string) { return "/v1/keys/" + n.keyID, "" },
	"apply": func(n names) (string, string) {
		return "/v1/apply", fmt.Sprintf(`{"file":"products: [ { tag: mine, envs: [prd], apps: [ { access_tag: x, app: %s, envs: [ { product_env: prd, app_env: live } ] } ] } ]"}`, n.app)
	},
	"run-action": func(n names) (string, string) {
		return "/v1/actions/run", fmt.Sprintf(`{"env":"prd","product":%q,"app":%q,"event":%q,"input":{"params":{"id":"1"}}}`, n.product, n.app, n.action)
	},
}

func importOf(app string, update bool) string {
	return fmt.Sprintf(`{"tag":%q,"location":"a.json","update":%v,"dry_run":true,"description":%q}`, app, update, `{"openapi":"3.0.0","info":{"title":"A","version":"1"},"paths":{"/a":{"get":{}}}}`)
}

func connectionOf(app, secret string) string {
	return fmt.Sprintf(`{"access_tag":"x","app":%q,"envs":[{"product_env":"prd","app_env":"live","auth":{"token_access":{"token":"$Secret{%s}"}}}]}`, app, secret)
}

func productOf(app, secret string) string {
	return `{"envs":[{"slug":"prd"}],"apps":[` + connectionOf(app, secret) + `]}`
}

func sessionOf(n names, more string) string {
	return fmt.Sprintf(`{"product":%q,"env":"prd","tag":%q,%s}`, n.product, n.session, more)
}

// Things of another workspace get exactly the answer of things that do not
// exist, from every endpoint (OWASP API1:2023), and nothing of them changes.
func TestAnotherWorkspaceIsNotThere(t *testing.T) {
	shared := newPair(t)
	for _, op := range shared.operations() {
		t.Run(op.id, func(t *testing.T) {
			request := requestOf[op.id]
			if request == nil {
				t.Fatalf("say in requestOf how %s is asked about another workspace's things", op.id)
			}
			p := shared
			if op.method == http.MethodPut { // makes what was missing
				p = newPair(t)
			}
			p.askBoth(t, op, request)
			if after := p.all(p.theirKey); after != p.before {
				t.Errorf("the other workspace changed:\n%s\nwas:\n%s", after, p.before)
			}
		})
	}
	if strings.Contains(shared.before, token) {
		t.Error("a listing holds the secret's value")
	}
}

// A pair is a world with things of another workspace in it.
type pair struct {
	*world
	theirKey string
	theirs   names
	before   string // everything that the other workspace sees of itself
}

func newPair(t *testing.T) *pair {
	p := &pair{world: newWorld(t)}
	k := p.newKey("other")
	p.setUp("other", "theirs", "theirapi")
	p.theirKey, p.theirs = k.Text, p.their(k.Text, k.ID)
	p.before = p.all(k.Text)
	return p
}

// askBoth asks about another workspace's things, then about what does not
// exist, and wants the same answer.
func (p *pair) askBoth(t *testing.T, op operation, request func(names) (string, string)) {
	t.Helper()
	theirs, missing := p.theirs, p.theirs.missing()
	answers := [2]string{}
	for i, n := range []names{theirs, missing} {
		path, body := request(n)
		r := p.ask(p.key, op.method, path, body)
		answers[i] = fmt.Sprint(r.status, " ", missing.hide(theirs.hide(r.body)))
		if strings.Contains(r.body, token) || strings.Contains(theirs.hide(r.body), "their") {
			t.Errorf("the answer tells of the other workspace: %s", r.body)
		}
	}
	if answers[0] != answers[1] {
		t.Errorf("asked about another workspace's:\n%s\nabout what does not exist:\n%s", answers[0], answers[1])
	}
}

// missing is names of what does not exist, of the same kind and length.
func (n names) missing() names {
	return names{
		product: "gonezz", app: "gonezapi", action: "gone_zzz", secret: "GONEZZ", cache: "gonez", session: "gonezzz",
		run: "run_" + strings.Repeat("0", len(n.run)-4), keyID: "key_" + strings.Repeat("0", len(n.keyID)-4), sessionID: strings.Repeat("0", len(n.sessionID)),
		token: n.token, refresh: n.refresh, // there is no token of what does not exist
	}
}

// A key does not work for a workspace that the request names and that is not
// its own.
func TestNamedWorkspaceMustBeTheKeys(t *testing.T) {
	w := newWorld(t)
	for name, want := range map[string]int{ductape.DefaultWorkspace: 200, "other": 403, "nowhere": 403} {
		req, err := http.NewRequest("GET", w.http.URL+"/v1/products", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+w.key)
		req.Header.Set("Ductape-Workspace", name)
		if r := w.do(req); r.status != want {
			t.Errorf("workspace %s: %d %s", name, r.status, r.body)
		}
	}
}

// their is what there is in the other workspace.
func (w *world) their(key, keyID string) names {
	w.t.Helper()
	n := names{product: "theirs", app: "theirapi", action: "get_item", secret: "THEIRS", cache: "items", session: "visitor", keyID: keyID}
	if r := w.ask(key, "PUT", "/v1/secrets/THEIRS", `{"value":"`+token+`"}`); r.status != 200 {
		w.t.Fatal(r.body)
	}
	r := w.ask(key, "POST", "/v1/sessions/start", sessionOf(n, `"data":{"user":{"id":"1"}}`))
	s := decode[ductape.StartedSession](w.t, r.body)
	n.sessionID, n.token, n.refresh = s.SessionID, s.Token, s.RefreshToken
	r = w.ask(key, "POST", "/v1/actions/run", fmt.Sprintf(`{"env":"prd","product":"theirs","app":"theirapi","event":"list_items","session":{"tag":"visitor","token":%q}}`, s.Token))
	if n.run = r.header.Get("Ductape-Run-Id"); r.status != 200 || n.run == "" {
		w.t.Fatalf("%d %s", r.status, r.body)
	}
	return n
}

var changing = regexp.MustCompile(`run_[0-9A-Za-z]+|\d{4}-\d\d-\d\dT[0-9:.]+Z|pk_\w+|user_\w+|usr_\w+|"key":"dk_\w+"|"duration_us":\d+`)

// hide takes out of an answer what was asked for, and what differs each time.
func (n names) hide(body string) string {
	for _, name := range []string{n.product, n.app, n.action, n.secret, n.cache, n.session, n.run, n.keyID, n.sessionID} {
		body = strings.ReplaceAll(body, name, "Y")
	}
	return changing.ReplaceAllString(body, "Y")
}

// all is everything that a workspace's own key can see.
func (w *world) all(key string) string {
	w.t.Helper()
	w.Queue.Flush()
	var b strings.Builder
	for _, path := range []string{"/v1/apps", "/v1/apps/theirapi", "/v1/apps/theirapi/actions", "/v1/products", "/v1/secrets", "/v1/runs", "/v1/keys"} {
		r := w.ask(key, "GET", path, "")
		if r.status != 200 {
			w.t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
		b.WriteString(r.body)
	}
	active, err := w.Store.RevokedSessions(context.Background(), "other", w.started())
	if err != nil {
		w.t.Fatal(err)
	}
	fmt.Fprint(&b, "revoked sessions: ", len(active))
	return b.String()
}

// An operation is one endpoint of the API's own description.
type operation struct{ id, method, path string }

func (w *world) operations() (all []operation) {
	w.t.Helper()
	doc := decode[struct {
		Paths map[string]map[string]json.RawMessage
	}](w.t, w.ask("", "GET", "/openapi.json", "").body)
	for path, item := range doc.Paths {
		for method, raw := range item {
			op := decode[struct {
				OperationID string `json:"operationId"`
				Security    *[]any
			}](w.t, string(raw))
			if op.Security != nil && len(*op.Security) == 0 {
				continue // open to everybody: it tells nothing of anybody
			}
			all = append(all, operation{op.OperationID, strings.ToUpper(method), path})
		}
	}
	if len(all) < 30 {
		w.t.Fatalf("only %d operations", len(all))
	}
	return all
}
