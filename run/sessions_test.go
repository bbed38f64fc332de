package run_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// A token of another issuer, whose keys are read by the way out that calls take,
// fills $Session; the run is tied to its session and its user.
func TestATokenFromElsewhereIsASession(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var reads atomic.Int64
	jwks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reads.Add(1)
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{KeyID: "k", Key: key.Public()}}})
	}))
	t.Cleanup(jwks.Close)
	token := signed(t, key, map[string]any{
		"iss": "https://issuer.example/", "aud": []string{"my-api"}, "sub": "auth0|42", "name": "Ana", "exp": time.Now().Add(time.Hour).Unix(),
	})
	w := newWorld(t)
	login := ductape.SessionType{Tag: "login", Issuer: "https://issuer.example/", Audience: "my-api", JWKSURL: jwks.URL}
	call := func() error {
		c := w.call("update_thing", `{"params":{"id":"1"},"body":{"name":"$Session{name}"}}`)
		c.Session = &ductape.SessionRef{Tag: "login", Token: token}
		_, err := w.Run(context.Background(), c)
		return err
	}
	w.pro.Sessions = append(w.pro.Sessions, login)
	w.save()
	if err := call(); ductape.CodeOf(err) != ductape.CodeUpstreamUnreachable || !strings.Contains(err.Error(), "the address is refused") {
		t.Errorf("a private address was read: %v", err)
	}
	w.pro.Sessions[len(w.pro.Sessions)-1].AllowPrivate = true
	w.save()
	for range 3 {
		if err := call(); err != nil {
			t.Fatal(err)
		}
	}
	if reads.Load() != 1 || !strings.Contains(w.api.requests()[0], `"name":"Ana"`) {
		t.Errorf("%d reads of the keys; %s", reads.Load(), w.api.requests()[0])
	}

	w.Queue.Flush()
	user, err := w.Sessions.Identifier(context.Background(), ductape.DefaultWorkspace, "auth0|42")
	if err != nil {
		t.Fatal(err)
	}
	runs, err := w.Store.Runs(context.Background(), ductape.DefaultWorkspace, store.RunFilter{User: user})
	if err != nil || len(runs) != 3 || runs[0].Identifier != user {
		t.Fatalf("%+v, %v", runs, err)
	}
	again, err := w.Store.Runs(context.Background(), ductape.DefaultWorkspace, store.RunFilter{Session: runs[0].Session})
	if err != nil || len(again) != 3 {
		t.Errorf("%+v, %v", again, err)
	}
	if n, err := w.Sessions.Revoke(context.Background(), ductape.DefaultWorkspace, "", user); n != 1 || err != nil {
		t.Errorf("%d revoked, %v", n, err)
	}
	if err := call(); ductape.CodeOf(err) != ductape.CodeSessionRevoked {
		t.Error(err)
	}
}

func signed(t *testing.T, key *ecdsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k").WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(claims)
	s, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
