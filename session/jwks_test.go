package session_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// A flood of made-up kids reads the issuer's keys once a minute, and nobody with
// a good token notices.
func TestAFloodOfUnknownKids(t *testing.T) {
	f := newForeign(t)
	good := f.token("ec", f.claims(map[string]any{"exp": f.now.Add(24 * time.Hour).Unix()}))
	stranger := newIssuer(t)
	const minutes = 5
	for range minutes {
		var wg sync.WaitGroup
		for i := range 50 {
			kid := fmt.Sprintf("made-up-%d", i)
			token := stranger.signed(kid, jose.ES256, stranger.keys["ec"], f.claims(nil), "JWT")
			wg.Go(func() {
				_, err := f.check(token)
				wantCode(t, err, ductape.CodeSessionInvalid)
				if _, err := f.check(good); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		f.advance(time.Minute)
	}
	if n := f.fetched(); n > minutes {
		t.Errorf("the keys were read %d times in %d minutes", n, minutes)
	}
}

// What one workspace has read of an issuer serves no other: neither does the other
// learn of it, nor can it use up the minute.
func TestWorkspacesReadTheirOwnKeys(t *testing.T) {
	f := newForeign(t)
	token := f.token("ec", f.claims(nil))
	for i, ws := range []string{"default", "other"} {
		ref := ductape.SessionRef{Tag: "login", Token: token}
		if _, err := f.Verify(t.Context(), ws, "my-product", "dev", ref); err != nil {
			t.Error(err)
		}
		if n := f.fetched(); n != i+1 {
			t.Errorf("%s: the keys were read %d times", ws, n)
		}
	}
}

func TestTheIssuerRotatesItsKeys(t *testing.T) {
	f := newForeign(t)
	long := map[string]any{"exp": f.now.Add(24 * time.Hour).Unix()}
	old := f.token("ec", f.claims(long))
	if _, err := f.check(old); err != nil {
		t.Fatal(err)
	}
	f.add("ec-2", jose.ES256)
	next := f.token("ec-2", f.claims(long))
	_, err := f.check(next) // asked a moment ago
	wantCode(t, err, ductape.CodeSessionInvalid)
	f.advance(time.Minute)
	for _, token := range []string{next, old} {
		if _, err := f.check(token); err != nil {
			t.Error(err)
		}
	}
	f.remove("ec")
	f.advance(11 * time.Minute)
	for deadline := time.Now().Add(10 * time.Second); ; { // the keys are read again behind a run that needs none
		f.rows.version++
		if _, err = f.check(old); err != nil || time.Now().After(deadline) {
			break
		}
	}
	wantCode(t, err, ductape.CodeSessionInvalid)
	if _, err := f.check(next); err != nil {
		t.Error(err)
	}
}

func TestTheIssuerDoesNotAnswer(t *testing.T) {
	f := newForeign(t)
	token := f.token("ec", f.claims(map[string]any{"exp": f.now.Add(1000 * time.Hour).Unix()}))
	f.failWith(ductape.NewError(ductape.CodeBlockedAddress, "10.0.0.1 is a private address"))
	_, err := f.check(token)
	wantCode(t, err, ductape.CodeUpstreamUnreachable)
	if err == nil || !strings.Contains(err.Error(), "private address") {
		t.Error(err)
	}
	f.failWith(nil)
	f.advance(5 * time.Second)
	if _, err := f.check(token); err != nil {
		t.Fatal(err)
	}
	f.failWith(errors.New("down"))
	f.advance(23 * time.Hour) // what was known serves on
	if _, err := f.check(token); err != nil {
		t.Error(err)
	}
	f.advance(2 * time.Hour) // but not for ever
	_, err = f.check(token)
	wantCode(t, err, ductape.CodeUpstreamUnreachable)
}

func TestKeysThatAreNotTrusted(t *testing.T) {
	f := newForeign(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip(err) // this Go makes none
	}
	f.extra = []jose.JSONWebKey{
		{KeyID: "weak", Key: weak.Public()},
		{KeyID: "enc", Key: rsaKey().Public(), Use: "enc"},
		{KeyID: "shared", Key: []byte(shared)},
		{KeyID: "bound", Key: rsaKey().Public(), Algorithm: "PS256"},
	}
	f.remove("rsa")
	f.typ.Algorithms = []string{"RS256", "HS256"} // the latter is passed over: keys are published
	for kid, token := range map[string]string{
		"weak":   f.signed("weak", jose.RS256, weak, f.claims(nil), "JWT"),
		"enc":    f.signed("enc", jose.RS256, rsaKey(), f.claims(nil), "JWT"),
		"shared": f.signed("shared", jose.HS256, []byte(shared), f.claims(nil), "JWT"),
		"bound":  f.signed("bound", jose.RS256, rsaKey(), f.claims(nil), "JWT"),
	} {
		if _, err := f.check(token); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Errorf("%s: %v", kid, err)
		}
	}
}

// A session of another issuer is listed, and can be revoked: also the tokens that
// the issuer makes for it later.
func TestRevokingSessionsFromElsewhere(t *testing.T) {
	f := newForeign(t)
	first := f.token("ec", f.claims(map[string]any{"sid": "s1", "jti": "1"}))
	v, err := f.check(first)
	if err != nil {
		t.Fatal(err)
	}
	other := f.service()
	ref := ductape.SessionRef{Tag: "login", Token: first}
	if w, err := other.Verify(t.Context(), "default", "my-product", "dev", ref); err != nil || w.ID != v.ID {
		t.Fatal(w, err)
	}
	all, err := f.List(t.Context(), "default", store.SessionFilter{Identifier: keyedID("default", "auth0|42")})
	if err != nil || len(all) != 1 || all[0].SessionID != v.ID || all[0].Tag != "login" {
		t.Fatalf("%+v, %v", all, err)
	}
	if n, err := f.Revoke(t.Context(), "default", v.ID, ""); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	later := f.token("ec", f.claims(map[string]any{"sid": "s1", "jti": "2", "exp": f.now.Add(5 * time.Hour).Unix()}))
	another := f.token("ec", f.claims(map[string]any{"sid": "s2", "jti": "3"}))
	for _, s := range []*session.Service{f.Service, other} {
		for _, token := range []string{first, later} {
			_, err := s.Verify(t.Context(), "default", "my-product", "dev", ductape.SessionRef{Tag: "login", Token: token})
			wantCode(t, err, ductape.CodeSessionRevoked)
		}
		_, err := s.Verify(t.Context(), "default", "my-product", "dev", ductape.SessionRef{Tag: "login", Token: another})
		wantCode(t, err, "")
	}
}

func TestTokensFromElsewhereReadNoDatabase(t *testing.T) {
	f := newForeign(t)
	token := f.token("ec", f.claims(nil))
	if _, err := f.check(token); err != nil {
		t.Fatal(err)
	}
	reads, products := f.rows.reads, f.products
	for range 100 {
		f.advance(10 * time.Second)
		if _, err := f.check(token); err != nil {
			t.Fatal(err)
		}
	}
	if f.rows.reads != reads || f.products != products {
		t.Errorf("%d reads of sessions, %d of products", f.rows.reads-reads, f.products-products)
	}
}

func FuzzForeignToken(f *testing.F) {
	w := newForeign(f)
	w.typ.JWKSURL, w.typ.Keys = "", []byte(`"$Secret{SHARED}"`)
	f.Add(w.token("ec", w.claims(nil)))
	f.Add(`eyJhbGciOiJIUzI1NiJ9.e30.AA`)
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := w.check(token); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Fatalf("%q: %v", token, err)
		}
	})
}

// FuzzForeignClaims reads payloads that are signed well.
func FuzzForeignClaims(f *testing.F) {
	w := newForeign(f)
	w.typ.JWKSURL, w.typ.Keys = "", []byte(`"$Secret{SHARED}"`)
	f.Add(`{"alg":"HS256"}`, `{"iss":"https://issuer.example/","aud":["my-api"],"exp":1e10,"sub":"a"}`)
	f.Fuzz(func(t *testing.T, header, payload string) {
		v, err := w.check(hs256By([]byte(shared), header, payload))
		if err == nil && (v.Data.Kind() != '{' || v.Identifier == "" || !w.now.Before(v.ExpiresAt)) {
			t.Fatalf("%q %q: %+v", header, payload, v)
		}
	})
}
