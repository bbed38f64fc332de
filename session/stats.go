package session

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxDays bounds how far back Stats counts.
const maxDays = 366

// Stats are the numbers of a dashboard.
type Stats struct {
	Active  int64 `json:"active"`  // now
	Started int64 `json:"started"` // in all the days
	Expired int64 `json:"expired"`
	Revoked int64 `json:"revoked"`
	Days    []Day `json:"days"` // oldest first, the last one today
}

// A Day is what happened on one day of UTC. Each session ends once: it was
// revoked, or it expired.
type Day struct {
	Day     string `json:"day"` // 2006-01-02
	Started int64  `json:"started"`
	Expired int64  `json:"expired"`
	Revoked int64  `json:"revoked"`
	Active  int64  `json:"active"` // at the day's end; today: now
}

// Stats counts the sessions of the last days, today among them.
func (s *Service) Stats(ctx context.Context, workspace string, f store.SessionFilter, days int) (*Stats, error) {
	if days < 1 || days > maxDays {
		return nil, ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("days: must be between 1 and %d", maxDays))
	}
	f.Now = s.now().UTC()
	today := f.Now.Truncate(24 * time.Hour) // since the zero time, which is the start of a day of UTC
	first := today.AddDate(0, 0, 1-days)
	active, err := s.store.CountSessions(ctx, workspace, f)
	if err != nil {
		return nil, internal("the sessions cannot be counted", err)
	}
	counted, err := s.store.SessionDays(ctx, workspace, f, first)
	if err != nil {
		return nil, internal("the sessions cannot be counted", err)
	}
	return summed(active, first, days, counted), nil
}

// summed lays the counts out by day. How many were active at a day's end follows
// from those of the day after, back from now.
func summed(active int64, first time.Time, days int, counted []store.SessionDay) *Stats {
	sum := &Stats{Active: active, Days: make([]Day, days)}
	for i := range sum.Days {
		sum.Days[i].Day = first.AddDate(0, 0, i).Format(time.DateOnly)
	}
	for _, c := range counted {
		at := int(c.Day.Sub(first) / (24 * time.Hour))
		if at < 0 || at >= days {
			continue
		}
		d := &sum.Days[at]
		d.Started, d.Expired, d.Revoked = c.Started, c.Expired, c.Revoked
		sum.Started, sum.Expired, sum.Revoked = sum.Started+c.Started, sum.Expired+c.Expired, sum.Revoked+c.Revoked
	}
	for i := days - 1; i >= 0; i-- {
		d := &sum.Days[i]
		d.Active = active
		active += d.Expired + d.Revoked - d.Started
	}
	return sum
}
