package session_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

func TestRevoke(t *testing.T) {
	w := newWorld()
	one, two, bob := w.start(t, ana), w.start(t, ana), w.start(t, `{"user":{"id":"bob"}}`)
	other := w.another(keys{}) // another process
	ref := func(s *ductape.StartedSession) ductape.SessionRef {
		return ductape.SessionRef{Tag: "user-session", Token: s.Token}
	}
	for _, s := range []*ductape.StartedSession{one, two, bob} {
		if _, err := other.Verify(t.Context(), "default", "my-product", "dev", ref(s)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.Revoke(t.Context(), "default", one.SessionID, ""); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	for _, service := range []*session.Service{w.Service, other} {
		_, err := service.Verify(t.Context(), "default", "my-product", "dev", ref(one))
		wantCode(t, err, ductape.CodeSessionRevoked)
		_, err = service.Verify(t.Context(), "default", "my-product", "dev", ref(two))
		wantCode(t, err, "")
	}
	if n, err := w.Revoke(t.Context(), "default", "", keyedID("default", "u_1")); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	_, err := other.Verify(t.Context(), "default", "my-product", "dev", ref(two))
	wantCode(t, err, ductape.CodeSessionRevoked)
	_, err = other.Verify(t.Context(), "default", "my-product", "dev", ref(bob))
	wantCode(t, err, "")
	for _, wrong := range [][2]string{{"", ""}, {"a", "b"}} {
		_, err := w.Revoke(t.Context(), "default", wrong[0], wrong[1])
		wantCode(t, err, ductape.CodeInvalidInput)
	}
	if n, err := w.Revoke(t.Context(), "other", bob.SessionID, ""); n != 0 || ductape.CodeOf(err) != ductape.CodeUnknownSession {
		t.Error("revoked from another workspace", n, err)
	}
}

func TestVerifyReadsNoDatabase(t *testing.T) {
	w := newWorld()
	tokens := []string{w.start(t, ana).Token, w.start(t, ana).Token}
	if _, err := w.verify(t, tokens[0]); err != nil {
		t.Fatal(err)
	}
	before := w.rows.reads
	for range 100 {
		for _, token := range tokens {
			if _, err := w.verify(t, token); err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.rows.reads != before {
		t.Errorf("%d reads", w.rows.reads-before)
	}
}

// When nobody can say what was revoked, nobody comes in.
func TestTheStoreFails(t *testing.T) {
	w := newWorld()
	token := w.start(t, ana).Token
	w.rows.fail = errors.New("disk on fire")
	_, err := w.verify(t, token)
	wantCode(t, err, ductape.CodeInternal)
	_, err = w.Start(t.Context(), scope, []byte(ana))
	wantCode(t, err, ductape.CodeInternal)
	if strings.Contains(err.Error(), "fire") || !errors.Is(err, w.rows.fail) {
		t.Error(err)
	}
}

func TestList(t *testing.T) {
	w := newWorld()
	one := w.start(t, ana)
	w.now = w.now.Add(time.Second)
	two := w.start(t, `{"user":{"id":"bob"}}`)
	list, err := w.List(t.Context(), "default", store.SessionFilter{})
	if err != nil || len(list) != 2 || list[0].SessionID != two.SessionID || list[1].SessionID != one.SessionID {
		t.Fatalf("%+v, %v", list, err)
	}
	text, err := json.Marshal(list)
	if err != nil || strings.Contains(string(text), "secret") || strings.Contains(strings.ToLower(string(text)), "sealed") {
		t.Errorf("%s, %v", text, err)
	}
	list, err = w.List(t.Context(), "default", store.SessionFilter{Identifier: keyedID("default", "bob")})
	if err != nil || len(list) != 1 || list[0].SessionID != two.SessionID {
		t.Errorf("%+v, %v", list, err)
	}
	for _, limit := range []int{-1, 1001} {
		_, err := w.List(t.Context(), "default", store.SessionFilter{Limit: limit})
		wantCode(t, err, ductape.CodeInvalidInput)
	}
	w.now = w.now.AddDate(1, 0, 0)
	if list, err = w.List(t.Context(), "default", store.SessionFilter{}); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}
