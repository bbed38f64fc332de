package server_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// A name that is nearly another workspace's brings no hint of it, from any
// endpoint: what is suggested is the caller's own.
func TestHintsNameNothingOfAnotherWorkspace(t *testing.T) {
	r := newRival(t, newAPI(t))
	near := r.theirs
	tags := []string{"product", "app", "action", "secret", "cache", "session"}
	for _, f := range tags {
		name := near.fields()[f]
		*name = (*name)[:len(*name)-1] + "z"
	}
	for _, op := range r.sorted() {
		for i, request := range requestsOf(op) {
			for _, field := range usedBy(request) {
				if !slices.Contains(tags, field) {
					continue
				}
				path, body := request(r.own.with(near, field))
				a := r.ask(r.key, op.method, path, body)
				for _, f := range tags {
					if strings.Contains(a.body, *r.theirs.fields()[f]) {
						t.Errorf("%s, request %d, %v: %s", op.id, i+1, field, a.body)
					}
				}
				if a.status < 300 && op.method != http.MethodGet {
					r = newRival(t, r.api)
				}
			}
		}
	}
	if a := r.ask(r.key, "GET", "/v1/products/shoq", ""); !strings.Contains(a.body, "did you mean shop?") {
		t.Errorf("there are no hints at all: %s", a.body)
	}
}

// What answers without a key names nothing that anybody has set up.
func TestOpenEndpointsNameNothing(t *testing.T) {
	r := newRival(t, newAPI(t))
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/nowhere"} {
		a := r.ask("", "GET", path, "")
		for f, name := range r.theirs.fields() {
			if strings.Contains(a.body, *name) || strings.Contains(fmt.Sprint(a.header), *name) {
				t.Errorf("%s names the %s %s", path, f, *name)
			}
		}
	}
}

// Two workspaces that call everything the same share nothing: not an answer
// kept, not a session, not a secret's value, not a run.
func TestTheSameNamesInTwoWorkspaces(t *testing.T) {
	w, did := newCountedWorld(t, newAPI(t))
	keys, ns := map[string]string{}, map[string]names{}
	for _, ws := range []string{ductape.DefaultWorkspace, "other"} {
		k := w.newKey(ws)
		keys[ws], ns[ws] = k.Text, w.furnish(ws, k, ownNames)
	}
	own, other := ns[ductape.DefaultWorkspace], ns["other"]
	if own.user == other.user || own.sessionID == other.sessionID {
		t.Error("a user is the same in two workspaces")
	}

	for ws, n := range ns {
		for i, want := range []string{"miss", "hit"} {
			a := w.ask(keys[ws], "POST", "/v1/actions/run", runOf(n, `"cache":"items"`))
			if got := a.header.Get("Ductape-Cache"); got != want {
				t.Errorf("%s, call %d: %s, want %s", ws, i+1, got, want)
			}
		}
		a := w.ask(keys[ws], "GET", "/v1/runs", "")
		for _, rec := range decode[[]ductape.RunRecord](t, a.body) {
			if rec.Workspace != ws {
				t.Errorf("%s lists a run of %s", ws, rec.Workspace)
			}
		}
	}

	forged := own.with(other.gone(), "token")
	var work [2][]string
	for i, n := range []names{own.with(other, "token"), forged} {
		did.take()
		a := w.ask(keys[ductape.DefaultWorkspace], "POST", "/v1/sessions/verify", sessionOf(n, fmt.Sprintf(`"token":%q`, n.token)))
		work[i] = append(did.take(), a.body)
		if a.status != http.StatusUnauthorized {
			t.Errorf("a token of another workspace is taken: %d %s", a.status, a.body)
		}
	}
	if !slices.Equal(work[0], work[1]) {
		t.Errorf("another workspace's token:\n%s\na forged one:\n%s", work[0], work[1])
	}
	if n, err := w.Sessions.Revoke(context.Background(), ductape.DefaultWorkspace, other.sessionID, ""); n != 0 || ductape.CodeOf(err) != ductape.CodeUnknownSession {
		t.Errorf("%d sessions of another workspace were revoked, %v", n, err)
	}
}
