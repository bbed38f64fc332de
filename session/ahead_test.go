package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

// A token from the future is refused, whichever of its times says so; a few
// seconds are the clock of another server.
func TestTokensFromTheFuture(t *testing.T) {
	w := newWorld()
	_, payload := decode(t, w.start(t, ana).Token)
	now := w.now.Unix()
	for _, claim := range []string{"iat", "nbf"} {
		for ahead, code := range map[int64]ductape.Code{0: "", 5: "", 6: ductape.CodeSessionInvalid, 3600: ductape.CodeSessionInvalid} {
			changed := strings.Replace(payload, fmt.Sprintf("%q:%d", claim, now), fmt.Sprintf("%q:%d", claim, now+ahead), 1)
			if ahead > 0 && changed == payload {
				t.Fatalf("no %s in %s", claim, payload)
			}
			if _, err := w.verify(t, hs256(`{"alg":"HS256","kid":"1","typ":"JWT"}`, changed)); ductape.CodeOf(err) != code {
				t.Errorf("%s %d s ahead: %v, want %q", claim, ahead, err, code)
			}
		}
	}
}

// Where two keys have one id, a token that names it names none.
func TestTwoKeysOfOneID(t *testing.T) {
	w := newWorld()
	w.Service = w.another(&ring{ids: []string{"a", "b"}})
	token := w.start(t, ana).Token
	for want, ids := range map[ductape.Code][]string{"": {"b", "a"}, ductape.CodeSessionInvalid: {"a", "b", "a"}} {
		w.Service = w.another(&ring{ids: ids})
		if _, err := w.verify(t, token); ductape.CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", ids, err, want)
		}
	}
}

// Sessions of two users are two, also where an issuer gives both one sid or jti.
func TestSessionsFromElsewhereAreTheirUsers(t *testing.T) {
	f := newForeign(t)
	for _, claim := range []string{"sid", "jti"} {
		ids := map[string]bool{}
		for _, sub := range []string{"ana", "bo", "ana"} {
			v, err := f.check(f.token("ec", f.claims(map[string]any{claim: "same", "sub": sub, "iat": f.now.Add(-time.Duration(len(ids)) * time.Second).Unix()})))
			if err != nil {
				t.Fatal(err)
			}
			ids[v.ID] = true
		}
		if len(ids) != 2 {
			t.Errorf("%s: the sessions %v of two users", claim, ids)
		}
	}
}
