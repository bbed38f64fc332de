package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

// start begins a session of a user and runs once with it.
func (w *world) start(user string) ductape.StartedSession {
	w.t.Helper()
	s := decode[ductape.StartedSession](w.t, w.good("POST", "/v1/sessions/start",
		fmt.Sprintf(`{"product":"shop","env":"prd","tag":"visitor","data":{"user":{"id":%q}}}`, user)))
	w.good("POST", "/v1/actions/run", call("list_items", fmt.Sprintf(`,"session":%q`, "visitor:"+s.Token)))
	return s
}

// What a user's sessions and calls did can be found again, by the user's id or by
// the hash that listings show.
func TestAUsersSessionsAndRuns(t *testing.T) {
	w := newWorld(t)
	first, second, other := w.start("42"), w.start("42"), w.start("7")
	w.good("POST", "/v1/actions/run", call("list_items", ""))
	w.good("POST", "/v1/sessions/revoke", fmt.Sprintf(`{"sessionId":%q}`, first.SessionID))

	ids := func(query string) string {
		t.Helper()
		var all []string
		for _, s := range decode[[]session.Info](t, w.good("GET", "/v1/sessions?"+query, "")) {
			all = append(all, s.SessionID+" "+string(s.State))
		}
		return strings.Join(all, ", ")
	}
	hash := decode[[]session.Info](t, w.good("GET", "/v1/sessions?identifier=42", ""))[0].Identifier
	for query, want := range map[string]string{
		"":                                      other.SessionID + " active, " + second.SessionID + " active",
		"identifier=42":                         second.SessionID + " active",
		"ended=true&identifier=42":              second.SessionID + " active, " + first.SessionID + " revoked",
		"ended=true&identifier=" + hash:         second.SessionID + " active, " + first.SessionID + " revoked",
		"ended=true&before=" + second.SessionID: first.SessionID + " revoked",
		"limit=1":                               other.SessionID + " active",
		"product=shop&env=bare":                 "",
		"tag=other":                             "",
	} {
		if got := ids(query); got != want {
			t.Errorf("?%s: %s, want %s", query, got, want)
		}
	}

	users := decode[[]session.User](t, w.good("GET", "/v1/sessions/users", ""))
	if len(users) != 2 || users[1].Identifier != hash || users[1].Sessions != 2 || users[1].Active != 1 || users[0].Active != 1 {
		t.Errorf("users: %+v", users)
	}
	if page := decode[[]session.User](t, w.good("GET", "/v1/sessions/users?before="+users[0].Identifier, "")); len(page) != 1 || page[0] != users[1] {
		t.Errorf("the second page: %+v", page)
	}
	stats := decode[session.Stats](t, w.good("GET", "/v1/sessions/stats?product=shop&env=prd&days=3", ""))
	if stats.Active != 2 || stats.Started != 3 || stats.Revoked != 1 || stats.Expired != 0 || len(stats.Days) != 3 || stats.Days[2].Active != 2 {
		t.Errorf("stats: %+v", stats)
	}

	runs := func(query string) int {
		t.Helper()
		return len(decode[[]ductape.RunRecord](t, w.good("GET", "/v1/runs?"+query, "")))
	}
	for query, want := range map[string]int{"": 4, "user=42": 2, "user=" + hash: 2, "user=7": 1, "user=" + url.QueryEscape("nobody"): 0, "session=" + first.SessionID: 1, "user=7&session=" + first.SessionID: 0} {
		if got := runs(query); got != want {
			t.Errorf("/v1/runs?%s: %d, want %d", query, got, want)
		}
	}
	if got := w.good("POST", "/v1/sessions/revoke", fmt.Sprintf(`{"identifier":%q}`, hash)); !strings.Contains(got, `"revoked":1`) {
		t.Errorf("revoked by the hash: %s", got)
	}
}

// What a listing or a revocation cannot find, it says.
func TestSessionsThatAreNotThere(t *testing.T) {
	w := newWorld(t)
	w.start("42")
	for _, path := range []string{"/v1/sessions?before=nope", "/v1/sessions/users?before=nope"} {
		w.play(scenario{name: path, method: "GET", path: path, status: 400, code: "invalid_input", has: []string{`"before"`}})
	}
	w.play(scenario{name: "revoke", method: "POST", path: "/v1/sessions/revoke", body: `{"sessionId":"nope"}`, status: 404, code: "unknown_session"})
	if got := w.good("POST", "/v1/sessions/revoke", `{"identifier":"nobody"}`); !strings.Contains(got, `"revoked":0`) {
		t.Error(got)
	}
	// An unknown type is the same error in a run and where a token is checked.
	w.play(scenario{name: "run", method: "POST", path: "/v1/actions/run", body: call("list_items", `,"session":"visitr:a.b.c"`), status: 404, code: "unknown_session", has: []string{"did you mean visitor?"}})
	w.play(scenario{name: "verify", method: "POST", path: "/v1/sessions/verify", body: `{"product":"shop","env":"prd","tag":"visitr","token":"a.b.c"}`, status: 404, code: "unknown_session", has: []string{"did you mean visitor?"}})
}

// A user whose id is itself 64 hex digits is meant by it.
func TestAUserWhoseIDLooksLikeAHash(t *testing.T) {
	w := newWorld(t)
	s := w.start(strings.Repeat("0a", 32))
	got := decode[[]session.Info](t, w.good("GET", "/v1/sessions?identifier="+strings.Repeat("0a", 32), ""))
	if len(got) != 1 || got[0].SessionID != s.SessionID {
		t.Errorf("%+v", got)
	}
}

func TestDecrypt(t *testing.T) {
	w := newWorld(t)
	s := w.start("42")
	for _, c := range [][2]string{{"visitor", s.Token}, {"", "visitor:" + s.Token}, {"visitor", "visitor:" + s.Token}} {
		body := fmt.Sprintf(`{"product":"shop","env":"prd","tag":%q,"token":%q}`, c[0], c[1])
		if got := strings.TrimSpace(w.good("POST", "/v1/sessions/decrypt", body)); got != `{"user":{"id":"42"}}` {
			t.Errorf("%s gave %s", body, got)
		}
	}
	w.play(scenario{
		name: "tags that differ", method: "POST", path: "/v1/sessions/decrypt",
		body: fmt.Sprintf(`{"product":"shop","env":"prd","tag":"other","token":"visitor:%s"}`, s.Token), status: 404, code: "unknown_session",
	})
}

func TestRotateSessionKey(t *testing.T) {
	w := newWorld(t)
	before := w.start("42")
	if got := w.good("POST", "/v1/keys/rotate-session", ""); !strings.Contains(got, `"keyId":"2"`) {
		t.Fatal(got)
	}
	after := w.start("42")
	for _, s := range []ductape.StartedSession{before, after} {
		w.good("POST", "/v1/sessions/verify", fmt.Sprintf(`{"product":"shop","env":"prd","tag":"visitor","token":%q}`, s.Token))
	}
	renewed := decode[ductape.StartedSession](t, w.good("POST", "/v1/sessions/refresh", fmt.Sprintf(`{"product":"shop","env":"prd","tag":"visitor","refreshToken":%q}`, before.RefreshToken)))
	if renewed.SessionID != before.SessionID {
		t.Errorf("%+v", renewed)
	}
}

// What is wrong with a session type is told when it is saved.
func TestSessionTypesAreChecked(t *testing.T) {
	w := newWorld(t)
	const path = "/v1/products/shop/sessions/login"
	const good = `{"issuer":"https://issuer.example/","audience":"my-api","jwks_url":"https://issuer.example/jwks","algorithms":["ES256"],"schema":{"required":["email"]}}`
	w.good("PUT", path, good)
	shop := w.good("GET", "/v1/products/shop", "")
	if !strings.Contains(shop, `"audience":"my-api"`) || !strings.Contains(shop, `"schema":{"required":["email"]}`) {
		t.Error(shop)
	}
	for field, body := range map[string]string{
		"audience":      strings.Replace(good, `"audience":"my-api",`, "", 1),
		"jwks_url":      strings.Replace(good, "https://issuer.example/jwks", "http://127.0.0.1/jwks", 1),
		"algorithms[0]": strings.Replace(good, "ES256", "HS256", 1),
		"schema":        strings.Replace(good, `{"required":["email"]}`, `{"required":"email"}`, 1),
	} {
		w.play(scenario{name: field, method: "PUT", path: path, body: body, status: 400, code: "invalid_input", has: []string{"products.shop.sessions.login." + field}})
	}
	w.play(scenario{
		name: "started here", method: "POST", path: "/v1/sessions/start", body: `{"product":"shop","env":"prd","tag":"login","data":{}}`,
		status: 400, code: "invalid_input", has: []string{"https://issuer.example/"},
	})
}
