package session_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

func TestRefresh(t *testing.T) {
	w := newWorld()
	first := w.start(t, ana)
	w.now = first.ExpiresAt.Add(time.Hour) // the token expired; the session can still be refreshed
	second, err := w.Refresh(t.Context(), scope, first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if second.SessionID != first.SessionID || second.Token == first.Token || second.RefreshToken == first.RefreshToken {
		t.Errorf("got %+v", second)
	}
	v, err := w.verify(t, second.Token)
	if err != nil || !strings.Contains(string(v.Data), "very secret") || v.Identifier != keyedID("default", "u_1") {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := w.Refresh(t.Context(), scope, second.RefreshToken); err != nil {
		t.Error(err)
	}
}

func TestAnOldRefreshTokenRevokesTheSession(t *testing.T) {
	w := newWorld()
	first := w.start(t, ana)
	second, err := w.Refresh(t.Context(), scope, first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.verify(t, second.Token); err != nil {
		t.Fatal(err)
	}
	_, err = w.Refresh(t.Context(), scope, first.RefreshToken)
	wantCode(t, err, ductape.CodeSessionRevoked)
	if !strings.Contains(err.Error(), "was used before") {
		t.Error(err)
	}
	for _, token := range []string{first.Token, second.Token} {
		_, err := w.verify(t, token)
		wantCode(t, err, ductape.CodeSessionRevoked)
	}
	_, err = w.Refresh(t.Context(), scope, second.RefreshToken)
	wantCode(t, err, ductape.CodeSessionRevoked)
}

func TestRefreshAtOnce(t *testing.T) {
	w := newWorld()
	first := w.start(t, ana)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.Refresh(t.Context(), scope, first.RefreshToken) })
	}
	wg.Wait()
	good := 0
	for _, err := range errs {
		if err == nil {
			good++
			continue
		}
		wantCode(t, err, ductape.CodeSessionRevoked)
	}
	if good > 1 {
		t.Errorf("%d refreshes with one token", good)
	}
	_, err := w.verify(t, first.Token)
	wantCode(t, err, ductape.CodeSessionRevoked)
}

// Text that was never a refresh token must not end anybody's session.
func TestMadeUpRefreshTokens(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	for i := range len(s.RefreshToken) {
		for _, c := range []byte{s.RefreshToken[i] ^ 1, 'A', '.', '\n'} {
			if c == s.RefreshToken[i] {
				continue
			}
			_, err := w.Refresh(t.Context(), scope, s.RefreshToken[:i]+string(rune(c))+s.RefreshToken[i+1:])
			if ductape.CodeOf(err) != ductape.CodeSessionInvalid {
				t.Fatalf("byte %d as %q: %v", i, c, err)
			}
		}
	}
	for _, token := range []string{"", ".", s.SessionID, s.SessionID + ".", s.Token, strings.Repeat("a", 1000)} {
		_, err := w.Refresh(t.Context(), scope, token)
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
	for _, change := range []func(*session.Scope){
		func(s *session.Scope) { s.Workspace = "other" }, func(s *session.Scope) { s.Product = "other" },
		func(s *session.Scope) { s.Env = "prd" }, func(s *session.Scope) { s.Type.Tag = "other" },
	} {
		elsewhere := scope
		change(&elsewhere)
		_, err := w.Refresh(t.Context(), elsewhere, s.RefreshToken)
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
	if _, err := w.verify(t, s.Token); err != nil {
		t.Error(err)
	}
	if _, err := w.Refresh(t.Context(), scope, s.RefreshToken); err != nil {
		t.Error(err)
	}
}

func TestRefreshTooLate(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	w.now = w.now.AddDate(0, 0, 31)
	_, err := w.Refresh(t.Context(), scope, s.RefreshToken)
	wantCode(t, err, ductape.CodeSessionExpired)
}

func TestRefreshOfAForgottenSession(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	clear(w.rows.kept)
	_, err := w.Refresh(t.Context(), scope, s.RefreshToken)
	wantCode(t, err, ductape.CodeSessionInvalid)
}

func TestTheStoreKeepsNothingReadable(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	for _, row := range w.rows.kept {
		text := string(row.Sealed) + string(row.Refresh) + row.Identifier
		if strings.Contains(text, "secret") || strings.Contains(text, "u_1") || strings.Contains(text, s.RefreshToken) {
			t.Errorf("%q", text)
		}
	}
}

// A shorter expiry since the start must not let a revoked token of before back in.
func TestRevokedUntilTheLastTokenExpires(t *testing.T) {
	w := newWorld()
	first := w.start(t, ana)
	short := scope
	short.Type.Expiry = 1
	if _, err := w.Refresh(t.Context(), short, first.RefreshToken); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Revoke(t.Context(), "default", first.SessionID, ""); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 2)
	w.rows.version++
	_, err := w.verify(t, first.Token)
	wantCode(t, err, ductape.CodeSessionRevoked)
}

// overtaking is a store in which something happens after the next look at a
// session.
type overtaking struct {
	*rows
	then func()
}

func (o *overtaking) Session(ctx context.Context, ws, id string) (*store.SessionRow, error) {
	row, err := o.rows.Session(ctx, ws, id)
	if then := o.then; then != nil {
		o.then = nil
		then()
	}
	return row, err
}

// A revocation that comes while a session is refreshed wins. The session's token
// had expired, so that it is on no list of revoked ones that servers have read.
func TestRefreshOvertakenByRevocation(t *testing.T) {
	w := newWorld()
	first := w.start(t, ana)
	other := w.start(t, `{"user": {"id": "u_2"}}`)
	w.now = first.ExpiresAt.Add(time.Hour)
	slow := &overtaking{rows: w.rows}
	slow.then = func() {
		if n, err := w.Revoke(t.Context(), "default", first.SessionID); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if second, err := w.Refresh(t.Context(), scope, other.RefreshToken); err != nil {
			t.Fatal(err)
		} else if _, err := w.verify(t, second.Token); err != nil { // reads the list
			t.Fatal(err)
		}
	}
	service := session.New(session.Config{Store: slow, Keys: keys{}, Version: w.rows.Version, Now: func() time.Time { return w.now }})
	second, err := service.Refresh(t.Context(), scope, first.RefreshToken)
	wantCode(t, err, ductape.CodeSessionRevoked)
	if err != nil && strings.Contains(err.Error(), "used before") {
		t.Error(err)
	}
	if second != nil {
		if _, err := w.verify(t, second.Token); err == nil {
			t.Error("a revoked session came back to life")
		}
	}
}
