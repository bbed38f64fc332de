package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/ductape-go/ductape/store"
)

const lastSeen = "MAX(COALESCE(seen_at, started_at))"

// SessionUsers lists who had sessions, last seen first. It reads all sessions
// that the filter lets through.
func (s *Store) SessionUsers(ctx context.Context, workspace string, f store.SessionFilter) ([]store.SessionUser, error) {
	q := sessionsWhere("identifier, COUNT(*), MIN(started_at), "+lastSeen+", COUNT(CASE WHEN "+isActive+" THEN 1 END)", workspace, f)
	q.args = append([]any{f.Now.UnixMicro()}, q.args...)
	q.add(" AND identifier <> '' GROUP BY identifier")
	if f.Before != "" {
		last := sessionsWhere(lastSeen, workspace, f).add(" AND identifier = ?", f.Before)
		q.add(" HAVING ("+lastSeen+", identifier) < (("+last.text+"), ?)", append(last.args, f.Before)...)
	}
	q.add(" ORDER BY "+lastSeen+" DESC, identifier DESC LIMIT ?", pageSize(f.Limit))
	all := []store.SessionUser{}
	err := s.read.querier().each(ctx, func(scan func(...any) error) error {
		var u store.SessionUser
		var first, seen int64
		err := scan(&u.Identifier, &u.Sessions, &first, &seen, &u.Active)
		u.FirstAt, u.SeenAt = timeOf(&first), timeOf(&seen)
		all = append(all, u)
		return err
	}, q.text, q.args...)
	return about(all, err, "session users")
}

// day is in microseconds; perDay is the same in SQL.
const (
	day    = 24 * 3600 * 1_000_000
	perDay = "86400000000"
)

// SessionDays counts by day of UTC what happened from since until f.Now.
func (s *Store) SessionDays(ctx context.Context, workspace string, f store.SessionFilter, since time.Time) ([]store.SessionDay, error) {
	days := map[int64]*store.SessionDay{}
	for _, c := range []struct {
		column, which string
		to            func(*store.SessionDay) *int64
	}{
		{"started_at", "", func(d *store.SessionDay) *int64 { return &d.Started }},
		{"expires_at", " AND (revoked_at IS NULL OR revoked_at >= expires_at)", func(d *store.SessionDay) *int64 { return &d.Expired }},
		{"revoked_at", " AND revoked_at IS NOT NULL AND revoked_at < expires_at", func(d *store.SessionDay) *int64 { return &d.Revoked }},
	} {
		q := sessionsWhere(c.column+" / "+perDay+" AS day, COUNT(*)", workspace, f)
		q.add(" AND "+c.column+" >= ? AND "+c.column+" <= ?"+c.which+" GROUP BY day", since.UnixMicro(), f.Now.UnixMicro())
		err := s.read.querier().each(ctx, func(scan func(...any) error) error {
			var at, n int64
			if err := scan(&at, &n); err != nil {
				return err
			}
			if days[at] == nil {
				days[at] = &store.SessionDay{Day: time.UnixMicro(at * day).UTC()}
			}
			*c.to(days[at]) = n
			return nil
		}, q.text, q.args...)
		if err != nil {
			return about([]store.SessionDay(nil), err, "session days")
		}
	}
	return inOrder(days), nil
}

func inOrder(days map[int64]*store.SessionDay) []store.SessionDay {
	all := make([]store.SessionDay, 0, len(days))
	for _, d := range days {
		all = append(all, *d)
	}
	slices.SortFunc(all, func(a, b store.SessionDay) int { return a.Day.Compare(b.Day) })
	return all
}
