package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ductape-go/ductape/store"
)

var sessionTests = []check{
	{"a session comes back as it was", sessionComesBack},
	{"a refresh token works once", sessionRotates},
	{"sessions are revoked by id and by identifier", sessionsRevoked},
	{"revoked sessions are listed until they expire", sessionsRevokedListed},
	{"active sessions are listed newest first, by pages", sessionsActive},
	{"filters of active sessions", sessionFilters},
	{"all sessions are listed with those that ended", sessionsEnded},
	{"a session is kept once and only grows", sessionKept},
	{"users are listed last seen first, by pages", sessionUsers},
	{"days are counted, and each session ends once", sessionDays},
	{"what is not there is ErrNotFound", sessionNotFound},
}

func session(id string, started time.Time) *store.SessionRow {
	return &store.SessionRow{
		ID: id, Product: "shop", Env: "dev", Tag: "user", Identifier: "ab12", Refresh: []byte{1, 0, 2}, Sealed: []byte{0xff, 0},
		StartedAt: started.UTC(), SeenAt: started.UTC(), ExpiresAt: started.Add(time.Hour).UTC(), RefreshBy: started.Add(24 * time.Hour).UTC(),
	}
}

var sessionStart = time.UnixMicro(1_800_000_000_000_123).UTC()

func sessionComesBack(t *testing.T, f fixture) {
	full := session("s", sessionStart)
	revoked := sessionStart.Add(time.Minute)
	full.RevokedAt = &revoked
	least := &store.SessionRow{ID: "l", StartedAt: sessionStart, SeenAt: sessionStart, ExpiresAt: sessionStart}
	for _, s := range []*store.SessionRow{full, least} {
		ok(t, f.PutSession(f.ctx, ws, s))
		same(t, s.ID, must(f.Session(f.ctx, ws, s.ID))(t), s)
	}
	if got := must(f.Session(f.ctx, ws, "l"))(t); got.Refresh != nil || !got.RefreshBy.IsZero() {
		t.Errorf("a session that cannot be refreshed came back with %v, %v", got.Refresh, got.RefreshBy)
	}
}

func sessionRotates(t *testing.T, f fixture) {
	ok(t, f.PutSession(f.ctx, ws, session("s", sessionStart)))
	seen := sessionStart.Add(time.Minute)
	next, until, by := []byte("next"), sessionStart.Add(2*time.Hour), sessionStart.Add(48*time.Hour)
	ok(t, f.RotateSession(f.ctx, ws, "s", []byte{1, 0, 2}, next, seen, until, by))
	want := session("s", sessionStart)
	want.Refresh, want.SeenAt, want.ExpiresAt, want.RefreshBy = next, seen, until, by
	same(t, "rotated", must(f.Session(f.ctx, ws, "s"))(t), want)
	is(t, "the old token", f.RotateSession(f.ctx, ws, "s", []byte{1, 0, 2}, []byte("x"), seen, until, by), store.ErrConflict)
	same(t, "unchanged", must(f.Session(f.ctx, ws, "s"))(t), want)
	revoked := must(f.RevokeSessions(f.ctx, ws, "s", "", seen))(t)
	same(t, "revoked", revoked, 1)
	is(t, "a revoked session", f.RotateSession(f.ctx, ws, "s", next, []byte("x"), seen, until, by), store.ErrConflict)
	want.RevokedAt = &seen
	same(t, "unchanged", must(f.Session(f.ctx, ws, "s"))(t), want)

	fixed := session("fixed", sessionStart)
	fixed.Refresh = nil
	ok(t, f.PutSession(f.ctx, ws, fixed))
	for _, old := range [][]byte{nil, {}, {1}} {
		is(t, "without a refresh token", f.RotateSession(f.ctx, ws, "fixed", old, next, seen, until, by), store.ErrConflict)
	}
}

func sessionsRevoked(t *testing.T, f fixture) {
	for _, id := range []string{"a", "b", "c", "d"} {
		s := session(id, sessionStart)
		if id == "d" {
			s.Identifier = ""
		}
		ok(t, f.PutSession(f.ctx, ws, s))
	}
	at := sessionStart.Add(time.Minute)
	same(t, "one", must(f.RevokeSessions(f.ctx, ws, "a", "", at))(t), 1)
	same(t, "again", must(f.RevokeSessions(f.ctx, ws, "a", "", at.Add(time.Hour)))(t), 0)
	same(t, "the first time stays", must(f.Session(f.ctx, ws, "a"))(t).RevokedAt, at)
	same(t, "by identifier", must(f.RevokeSessions(f.ctx, ws, "", "ab12", at))(t), 2)
	same(t, "nobody's", must(f.RevokeSessions(f.ctx, ws, "", "", at))(t), 0)
	same(t, "unknown", must(f.RevokeSessions(f.ctx, ws, "x", "", at))(t), 0)
	if s := must(f.Session(f.ctx, ws, "d"))(t); s.RevokedAt != nil {
		t.Error("a session without an identifier was revoked with the others")
	}
}

func sessionsRevokedListed(t *testing.T, f fixture) {
	for i, id := range []string{"a", "b", "c"} {
		ok(t, f.PutSession(f.ctx, ws, session(id, sessionStart.Add(time.Duration(i)*time.Hour))))
	}
	same(t, "none", len(must(f.RevokedSessions(f.ctx, ws, sessionStart))(t)), 0)
	must(f.RevokeSessions(f.ctx, ws, "a", "", sessionStart))(t)
	must(f.RevokeSessions(f.ctx, ws, "c", "", sessionStart))(t)
	same(t, "both", must(f.RevokedSessions(f.ctx, ws, sessionStart))(t), []string{"a", "c"})
	same(t, "one expired", must(f.RevokedSessions(f.ctx, ws, sessionStart.Add(time.Hour)))(t), []string{"c"})
}

func sessionsActive(t *testing.T, f fixture) {
	for i := range 25 {
		// The ids do not sort as the times do.
		ok(t, f.PutSession(f.ctx, ws, session(fmt.Sprintf("s%02d", i*7%25), sessionStart.Add(time.Duration(i)*time.Second))))
	}
	must(f.RevokeSessions(f.ctx, ws, "s00", "", sessionStart))(t)
	filter := store.SessionFilter{Now: sessionStart.Add(time.Hour), Limit: 10} // the first one has just expired
	var last time.Time
	n := 0
	for {
		page := must(f.ListSessions(f.ctx, ws, filter))(t)
		if len(page) == 0 {
			break
		}
		for _, s := range page {
			if n > 0 && !s.StartedAt.Before(last) {
				t.Errorf("%s is not older than the one before", s.ID)
			}
			last = s.StartedAt
			n++
		}
		filter.Before = page[len(page)-1].ID
	}
	same(t, "active", n, 24)
	same(t, "all expired", len(must(f.ListSessions(f.ctx, ws, store.SessionFilter{Now: sessionStart.Add(48 * time.Hour)}))(t)), 0)
}

func sessionFilters(t *testing.T, f fixture) {
	for i, id := range []string{"0", "1", "2", "3", "4"} {
		s := session(id, sessionStart.Add(time.Duration(i)*time.Second))
		switch i {
		case 1:
			s.Product = "other"
		case 2:
			s.Env = "prd"
		case 3:
			s.Tag = "admin"
		case 4:
			s.Identifier = "ff"
		}
		ok(t, f.PutSession(f.ctx, ws, s))
	}
	for _, c := range []struct {
		filter store.SessionFilter
		want   string
	}{
		{store.SessionFilter{}, "43210"},
		{store.SessionFilter{Product: "other"}, "1"},
		{store.SessionFilter{Env: "prd"}, "2"},
		{store.SessionFilter{Tag: "admin"}, "3"},
		{store.SessionFilter{Identifier: "ff"}, "4"},
		{store.SessionFilter{Product: "shop", Env: "dev", Tag: "user"}, "40"},
		{store.SessionFilter{Before: "2"}, "10"},
	} {
		c.filter.Now = sessionStart
		got := ""
		for _, s := range must(f.ListSessions(f.ctx, ws, c.filter))(t) {
			got += s.ID
		}
		same(t, fmt.Sprintf("%+v", c.filter), got, c.want)
	}
}

func sessionNotFound(t *testing.T, f fixture) {
	gone, err := f.Session(f.ctx, ws, "x")
	missing(t, "Session", gone, err)
	is(t, "RotateSession", f.RotateSession(f.ctx, ws, "x", []byte{1}, []byte{2}, sessionStart, sessionStart, sessionStart), store.ErrNotFound)
}
