package client_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/client"
)

func wantCode(t *testing.T, err error, code ductape.Code) {
	t.Helper()
	if got := ductape.CodeOf(err); err == nil || got != code {
		t.Errorf("got %q (%v), want %q", got, err, code)
	}
}

func start(t *testing.T, c *client.Client, user string) *ductape.StartedSession {
	t.Helper()
	s, err := c.StartSession(t.Context(), "p", "dev", "visitor", map[string]any{"user": map[string]string{"id": user}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ref(s *ductape.StartedSession) ductape.SessionRef {
	return ductape.SessionRef{Tag: "visitor", Token: s.Token}
}

func TestSessionFromStartToEnd(t *testing.T) {
	c, ctx := serve(t), t.Context()
	s := start(t, c, "42")
	v, err := c.VerifySession(ctx, "p", "dev", ref(s))
	if err != nil || v.SessionID != s.SessionID || v.Tag != "visitor" || !v.ExpiresAt.Equal(s.ExpiresAt) || string(v.Data) != `{"user":{"id":"42"}}` {
		t.Fatalf("%+v, %v", v, err)
	}
	var data struct{ User struct{ ID string } }
	if err := c.DecryptSession(ctx, "p", "dev", ref(s), &data); err != nil || data.User.ID != "42" {
		t.Errorf("%+v, %v", data, err)
	}
	_, err = c.VerifySession(ctx, "p", "dev", ductape.SessionRef{Tag: "visitor", Token: s.Token + "x"})
	wantCode(t, err, ductape.CodeSessionInvalid)
	_, err = c.VerifySession(ctx, "p", "dev", ductape.SessionRef{Tag: "visitr", Token: s.Token})
	wantCode(t, err, ductape.CodeUnknownSession)

	renewed, err := c.RefreshSession(ctx, "p", "dev", "visitor", s.RefreshToken)
	if err != nil || renewed.SessionID != s.SessionID || renewed.RefreshToken == s.RefreshToken {
		t.Fatalf("%+v, %v", renewed, err)
	}
	_, err = c.RefreshSession(ctx, "p", "dev", "visitor", s.RefreshToken)
	wantCode(t, err, ductape.CodeSessionRevoked)
	wantCode(t, c.DecryptSession(ctx, "p", "dev", ref(renewed), new(json.RawMessage)), ductape.CodeSessionRevoked)
}

func TestSessionsOfUsers(t *testing.T) {
	c, ctx := serve(t), t.Context()
	first, second, other := start(t, c, "42"), start(t, c, "42"), start(t, c, "7")
	if _, err := c.Run(ctx, ductape.Call{Product: "p", Env: "dev", App: "files", Event: "echo", Input: []byte(`{"a":1}`), Session: &ductape.SessionRef{Tag: "visitor", Token: second.Token}}); err != nil {
		t.Fatal(err)
	}
	if n, err := c.RevokeSession(ctx, first.SessionID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := c.RevokeSession(ctx, first.SessionID); n != 0 || err != nil {
		t.Error(n, err)
	}
	_, err := c.RevokeSession(ctx, "nope")
	wantCode(t, err, ductape.CodeUnknownSession)

	list := func(f client.SessionFilter) string {
		t.Helper()
		all, err := c.Sessions(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range all {
			out = append(out, s.SessionID+" "+s.State)
		}
		return strings.Join(out, ", ")
	}
	for _, tt := range []struct {
		f    client.SessionFilter
		want string
	}{
		{client.SessionFilter{}, other.SessionID + " active, " + second.SessionID + " active"},
		{client.SessionFilter{Limit: 1}, other.SessionID + " active"},
		{client.SessionFilter{Before: other.SessionID, Product: "p", Env: "dev", Tag: "visitor"}, second.SessionID + " active"},
		{client.SessionFilter{Identifier: "42", Ended: true}, second.SessionID + " active, " + first.SessionID + " revoked"},
		{client.SessionFilter{Tag: "other"}, ""},
	} {
		if got := list(tt.f); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.f, got, tt.want)
		}
	}
	_, err = c.Sessions(ctx, client.SessionFilter{Before: "nope"})
	wantCode(t, err, ductape.CodeInvalidInput)

	users, err := c.SessionUsers(ctx, client.SessionFilter{})
	if err != nil || len(users) != 2 || users[1].Sessions != 2 || users[1].Active != 1 || users[0].Identifier == users[1].Identifier {
		t.Fatalf("%+v, %v", users, err)
	}
	if page, err := c.SessionUsers(ctx, client.SessionFilter{Before: users[0].Identifier}); err != nil || len(page) != 1 || page[0] != users[1] {
		t.Errorf("%+v, %v", page, err)
	}
	if runs, err := c.Runs(ctx, url.Values{"user": {users[1].Identifier}}); err != nil || len(runs) != 1 || runs[0].Session != second.SessionID {
		t.Errorf("%+v, %v", runs, err)
	}
	stats, err := c.SessionStats(ctx, client.SessionFilter{Product: "p"}, 2)
	if err != nil || stats.Started != 3 || stats.Active != 2 || stats.Revoked != 1 || len(stats.Days) != 2 || stats.Days[1].Active != 2 {
		t.Errorf("%+v, %v", stats, err)
	}
	_, err = c.SessionStats(ctx, client.SessionFilter{}, 0)
	wantCode(t, err, ductape.CodeInvalidInput)
	if n, err := c.RevokeUser(ctx, "42"); n != 1 || err != nil {
		t.Error(n, err)
	}
	if n, err := c.RevokeUser(ctx, users[0].Identifier); n != 1 || err != nil {
		t.Error(n, err)
	}
}
