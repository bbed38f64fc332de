package session_test

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

func TestStats(t *testing.T) {
	w := newWorld() // 3 February 2026, 04:05:06 UTC
	w.start(t, ana)
	w.start(t, ana)
	day := func(d int) time.Time { return time.Date(2026, 2, d, 0, 0, 0, 0, time.UTC) }
	w.rows.days = []store.SessionDay{{Day: day(1), Started: 5, Revoked: 1}, {Day: day(3), Started: 2, Expired: 4, Revoked: 1}}
	s, err := w.Stats(t.Context(), "default", store.SessionFilter{}, 3)
	if err != nil {
		t.Fatal(err)
	}
	want := []session.Day{
		{Day: "2026-02-01", Started: 5, Revoked: 1, Active: 5},
		{Day: "2026-02-02", Active: 5},
		{Day: "2026-02-03", Started: 2, Expired: 4, Revoked: 1, Active: 2},
	}
	if s.Active != 2 || s.Started != 7 || s.Expired != 4 || s.Revoked != 2 || len(s.Days) != len(want) {
		t.Fatalf("%+v", s)
	}
	for i := range want {
		if s.Days[i] != want[i] {
			t.Errorf("%+v, want %+v", s.Days[i], want[i])
		}
	}
	for _, days := range []int{-1, 0, 367} {
		_, err := w.Stats(t.Context(), "default", store.SessionFilter{}, days)
		wantCode(t, err, ductape.CodeInvalidInput)
	}
}
