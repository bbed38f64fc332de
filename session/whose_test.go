package session_test

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

func (w *world) whose(t testing.TB, product, env, tag, token string) [2]string {
	t.Helper()
	id, user := w.Whose(t.Context(), "default", product, env, ductape.SessionRef{Tag: tag, Token: token})
	return [2]string{id, user}
}

// A token that this server signed is its session's, however little it may still
// do; one that it did not sign is nobody's.
func TestWhose(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	want := [2]string{s.SessionID, keyedID("default", "u_1")}
	here := func(token string) [2]string { return w.whose(t, "my-product", "dev", "user-session", token) }
	if got := here(s.Token); got != want {
		t.Errorf("a good token: %q, want %q", got, want)
	}
	if _, err := w.Revoke(t.Context(), "default", s.SessionID, ""); err != nil {
		t.Fatal(err)
	}
	if got := here(s.Token); got != want {
		t.Errorf("a revoked token: %q", got)
	}
	w.now = w.now.Add(30 * 24 * time.Hour)
	if got := here(s.Token); got != want {
		t.Errorf("an expired token: %q", got)
	}
	if got := w.whose(t, "another", "prd", "no-such-type", s.Token); got != want {
		t.Errorf("elsewhere in the workspace: %q", got)
	}
	if id, user := w.Whose(t.Context(), "other", "my-product", "dev", ductape.SessionRef{Tag: "user-session", Token: s.Token}); id != "" || user != "" {
		t.Errorf("in another workspace: %q, %q", id, user)
	}
	forged := s.Token[:len(s.Token)-8] + "AAAAAAAA"
	for _, token := range []string{"", "x", "a.b.c", forged, s.Token + "x", s.RefreshToken} {
		if got := here(token); got != [2]string{} {
			t.Errorf("%q: %q", token, got)
		}
	}
	if reads := w.rows.reads; reads != 2 { // Start and Revoke
		t.Errorf("%d calls to the store", reads)
	}
}

// The same for tokens of another issuer, whose keys are not fetched for it.
func TestWhoseFromElsewhere(t *testing.T) {
	f := newForeign(t)
	token := f.token("ec", f.claims(nil))
	ref := ductape.SessionRef{Tag: f.typ.Tag, Token: token}
	whose := func(ref ductape.SessionRef) [2]string {
		id, user := f.Whose(t.Context(), "default", "my-product", "dev", ref)
		return [2]string{id, user}
	}
	if got := whose(ref); got != [2]string{} || f.fetched() != 0 {
		t.Errorf("before the keys are known: %q, %d fetched", got, f.fetched())
	}
	v, err := f.check(token)
	if err != nil {
		t.Fatal(err)
	}
	want := [2]string{v.ID, v.Identifier}
	if got := whose(ref); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.now = f.now.Add(23 * time.Hour)
	if _, err := f.check(token); ductape.CodeOf(err) != ductape.CodeSessionExpired {
		t.Fatal(err)
	}
	if got := whose(ref); got != want {
		t.Errorf("expired: %q, want %q", got, want)
	}
	for name, change := range map[string]map[string]any{"another audience": {"aud": "another"}, "another issuer": {"iss": "https://another.example/"}} {
		if got := whose(ductape.SessionRef{Tag: f.typ.Tag, Token: f.token("ec", f.claims(change))}); got != [2]string{} {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := whose(ductape.SessionRef{Tag: f.typ.Tag, Token: token[:len(token)-8] + "AAAAAAAA"}); got != [2]string{} {
		t.Errorf("forged: %q", got)
	}
}
