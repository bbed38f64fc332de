package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ductape-go/ductape"
)

// A VerifiedSession is what a good token holds.
type VerifiedSession struct {
	SessionID string          `json:"sessionId"`
	Tag       string          `json:"tag"` // of its session type
	ExpiresAt time.Time       `json:"expiresAt"`
	Data      json.RawMessage `json:"data"` // the user's, a JSON object
}

// A Session is what may be known of a session: never its data or its tokens.
type Session struct {
	SessionID  string     `json:"sessionId"`
	Product    string     `json:"product"`
	Env        string     `json:"env"`
	Tag        string     `json:"tag"`                  // of its session type
	Identifier string     `json:"identifier,omitempty"` // stands for the user; empty where the type has no selector
	State      string     `json:"state"`                // active, expired or revoked
	StartedAt  time.Time  `json:"startedAt"`
	SeenAt     time.Time  `json:"seenAt"` // last start or refresh
	ExpiresAt  time.Time  `json:"expiresAt"`
	RefreshBy  *time.Time `json:"refreshBy,omitempty"` // nil: cannot be refreshed
	RevokedAt  *time.Time `json:"revokedAt,omitempty"`
}

// A SessionUser is what is known of all sessions of one user.
type SessionUser struct {
	Identifier string    `json:"identifier"`
	Sessions   int64     `json:"sessions"` // how many there were
	Active     int64     `json:"active"`
	FirstAt    time.Time `json:"firstAt"`
	SeenAt     time.Time `json:"seenAt"` // last start or refresh
}

// SessionStats are the numbers of a dashboard.
type SessionStats struct {
	Active  int64        `json:"active"`  // now
	Started int64        `json:"started"` // in all the days
	Expired int64        `json:"expired"`
	Revoked int64        `json:"revoked"`
	Days    []SessionDay `json:"days"` // oldest first, the last one today
}

// A SessionDay is what happened on one day of UTC. Each session ends once: it was
// revoked, or it expired.
type SessionDay struct {
	Day     string `json:"day"` // 2006-01-02
	Started int64  `json:"started"`
	Expired int64  `json:"expired"`
	Revoked int64  `json:"revoked"`
	Active  int64  `json:"active"` // at the day's end; today: now
}

// A SessionFilter narrows a listing of sessions or users. Empty fields do not
// narrow.
type SessionFilter struct {
	Product, Env, Tag string
	Identifier        string // of a user: the selector's value, or what listings show
	Ended             bool   // list those sessions too that expired or were revoked
	Before            string // the SessionID, or of users the Identifier, of the last of the page you have
	Limit             int    // 0 means 50; at most 1000
}

func (f SessionFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"product": f.Product, "env": f.Env, "tag": f.Tag, "identifier": f.Identifier, "before": f.Before} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Limit != 0 {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	return q
}

type sessionToken struct {
	Product string `json:"product"`
	Env     string `json:"env"`
	Tag     string `json:"tag"`
	Token   string `json:"token"`
}

// VerifySession checks a token where it is to be used, and reads its data. The
// error is session_invalid, session_expired or session_revoked; unknown_session
// where the product has no such type.
func (c *Client) VerifySession(ctx context.Context, product, env string, ref ductape.SessionRef) (*VerifiedSession, error) {
	out := new(VerifiedSession)
	if err := c.Do(ctx, http.MethodPost, "/v1/sessions/verify", sessionToken{product, env, ref.Tag, ref.Token}, out); err != nil {
		return nil, err
	}
	return out, nil
}

// DecryptSession checks a token as VerifySession does, and reads its data alone
// into data.
func (c *Client) DecryptSession(ctx context.Context, product, env string, ref ductape.SessionRef, data any) error {
	return c.Do(ctx, http.MethodPost, "/v1/sessions/decrypt", sessionToken{product, env, ref.Tag, ref.Token}, data)
}

// RefreshSession renews a session. The old refresh token is spent: keep the new
// one. Used again, it ends the session, with session_revoked.
func (c *Client) RefreshSession(ctx context.Context, product, env, tag, refreshToken string) (*ductape.StartedSession, error) {
	in := map[string]string{"product": product, "env": env, "tag": tag, "refreshToken": refreshToken}
	out := new(ductape.StartedSession)
	if err := c.Do(ctx, http.MethodPost, "/v1/sessions/refresh", in, out); err != nil {
		return nil, err
	}
	return out, nil
}

// RevokeSession ends one session before it expires. It returns how many it ended:
// 0 for one that was revoked before. The error is unknown_session where there is
// none of that id.
func (c *Client) RevokeSession(ctx context.Context, sessionID string) (int64, error) {
	return c.revoke(ctx, map[string]string{"sessionId": sessionID})
}

// RevokeUser ends all sessions of a user, by the selector's value or by the
// identifier that listings show, and returns how many it ended.
func (c *Client) RevokeUser(ctx context.Context, identifier string) (int64, error) {
	return c.revoke(ctx, map[string]string{"identifier": identifier})
}

func (c *Client) revoke(ctx context.Context, which map[string]string) (int64, error) {
	var out struct {
		Revoked int64 `json:"revoked"`
	}
	err := c.Do(ctx, http.MethodPost, "/v1/sessions/revoke", which, &out)
	return out.Revoked, err
}

// Sessions lists a page of sessions, newest first: the active ones or, with
// f.Ended, all. With f.Identifier and f.Ended it is a user's history; what the
// user's calls did is Runs with user.
func (c *Client) Sessions(ctx context.Context, f SessionFilter) ([]Session, error) {
	q := f.query()
	if f.Ended {
		q.Set("ended", "true")
	}
	var out []Session
	err := c.Do(ctx, http.MethodGet, "/v1/sessions?"+q.Encode(), nil, &out)
	return out, err
}

// SessionUsers lists a page of those who had sessions, last seen first. f.Ended
// is of no use here: it counts all sessions.
func (c *Client) SessionUsers(ctx context.Context, f SessionFilter) ([]SessionUser, error) {
	var out []SessionUser
	err := c.Do(ctx, http.MethodGet, "/v1/sessions/users?"+f.query().Encode(), nil, &out)
	return out, err
}

// SessionStats counts sessions by day, over the last days of UTC, today among
// them: 1 to 366. Of f it takes Product, Env and Tag.
func (c *Client) SessionStats(ctx context.Context, f SessionFilter, days int) (*SessionStats, error) {
	q := SessionFilter{Product: f.Product, Env: f.Env, Tag: f.Tag}.query()
	q.Set("days", strconv.Itoa(days))
	out := new(SessionStats)
	if err := c.Do(ctx, http.MethodGet, "/v1/sessions/stats?"+q.Encode(), nil, out); err != nil {
		return nil, err
	}
	return out, nil
}
