package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ductape-go/ductape/store"
)

func sessionsEnded(t *testing.T, f fixture) {
	for i, id := range []string{"a", "b", "c"} {
		ok(t, f.PutSession(f.ctx, ws, session(id, sessionStart.Add(time.Duration(i)*time.Minute))))
	}
	must(f.RevokeSessions(f.ctx, ws, "c", "", sessionStart.Add(10*time.Minute)))(t)
	filter := store.SessionFilter{Now: sessionStart.Add(time.Hour), Identifier: "ab12"} // the first one has just expired
	for _, c := range []struct {
		ended bool
		want  string
	}{{false, "b"}, {true, "cba"}} {
		filter.Ended = c.ended
		got := ""
		for _, s := range must(f.ListSessions(f.ctx, ws, filter))(t) {
			got += s.ID
		}
		same(t, fmt.Sprint("ended ", c.ended), got, c.want)
	}
	same(t, "active", must(f.CountSessions(f.ctx, ws, filter))(t), 1)
}

func sessionKept(t *testing.T, f fixture) {
	first := session("s", sessionStart)
	first.Refresh, first.Sealed, first.RefreshBy = nil, nil, time.Time{}
	same(t, "kept", must(f.KeepSession(f.ctx, ws, first))(t), first)
	at := sessionStart.Add(time.Minute)
	must(f.RevokeSessions(f.ctx, ws, "s", "", at))(t)

	later := *first
	later.Product, later.StartedAt, later.SeenAt, later.ExpiresAt = "other", at, at, first.ExpiresAt.Add(time.Hour)
	want := *first
	want.SeenAt, want.ExpiresAt, want.RevokedAt = later.SeenAt, later.ExpiresAt, &at
	same(t, "grown, and still revoked", must(f.KeepSession(f.ctx, ws, &later))(t), want)
	same(t, "an older one", must(f.KeepSession(f.ctx, ws, first))(t), want)
}

func sessionUsers(t *testing.T, f fixture) {
	for i := range 12 {
		s := session(fmt.Sprintf("s%02d", i), sessionStart.Add(time.Duration(i)*time.Minute))
		s.Identifier = fmt.Sprintf("u%d", i%5)
		if i == 11 {
			s.Identifier = ""
		}
		ok(t, f.PutSession(f.ctx, ws, s))
	}
	must(f.RevokeSessions(f.ctx, ws, "s05", "", sessionStart))(t)
	ok(t, f.RotateSession(f.ctx, ws, "s02", []byte{1, 0, 2}, []byte{3}, sessionStart.Add(30*time.Minute), sessionStart.Add(2*time.Hour), sessionStart.Add(3*time.Hour)))

	filter := store.SessionFilter{Now: sessionStart.Add(time.Hour), Limit: 2}
	got := ""
	for {
		page := must(f.SessionUsers(f.ctx, ws, filter))(t)
		if len(page) == 0 {
			break
		}
		for _, u := range page {
			got += fmt.Sprintf("%s:%d/%d ", u.Identifier, u.Active, u.Sessions)
		}
		filter.Before = page[len(page)-1].Identifier
	}
	// u2 was refreshed last; s00 has just expired and s05 was revoked.
	same(t, "users", got, "u2:2/2 u0:1/3 u4:2/2 u3:2/2 u1:2/2 ")
	one := must(f.SessionUsers(f.ctx, ws, store.SessionFilter{Now: sessionStart, Identifier: "u2"}))(t)
	same(t, "one", one, []store.SessionUser{{Identifier: "u2", Sessions: 2, Active: 2, FirstAt: sessionStart.Add(2 * time.Minute), SeenAt: sessionStart.Add(30 * time.Minute)}})
	same(t, "of another product", len(must(f.SessionUsers(f.ctx, ws, store.SessionFilter{Now: sessionStart, Product: "other"}))(t)), 0)
}

func sessionDays(t *testing.T, f fixture) {
	day := time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC)
	for i, at := range []time.Duration{-time.Hour, 0, time.Hour, 23*time.Hour + 30*time.Minute, 26 * time.Hour} {
		ok(t, f.PutSession(f.ctx, ws, session(fmt.Sprint(i), day.Add(at)))) // each lasts an hour
	}
	must(f.RevokeSessions(f.ctx, ws, "2", "", day.Add(90*time.Minute)))(t)
	must(f.RevokeSessions(f.ctx, ws, "1", "", day.Add(90*time.Minute)))(t) // had expired by then
	now := day.Add(26*time.Hour + time.Minute)
	got := must(f.SessionDays(f.ctx, ws, store.SessionFilter{Now: now}, day))(t)
	same(t, "days", got, []store.SessionDay{
		{Day: day, Started: 3, Expired: 2, Revoked: 1}, // 0 expired at the day's first moment
		{Day: day.Add(24 * time.Hour), Started: 1, Expired: 1},
	})
	same(t, "filtered", len(must(f.SessionDays(f.ctx, ws, store.SessionFilter{Now: now, Env: "prd"}, day))(t)), 0)
}
