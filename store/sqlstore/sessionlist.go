package sqlstore

import (
	"context"

	"github.com/ductape-go/ductape/store"
)

// A sessionQuery is a statement about the sessions of a workspace that a filter
// narrows, as it grows.
type sessionQuery struct {
	text string
	args []any
}

func sessionsWhere(columns, workspace string, f store.SessionFilter) *sessionQuery {
	q := &sessionQuery{text: "SELECT " + columns + " FROM sessions WHERE workspace = ?", args: []any{workspace}}
	for _, n := range []struct{ column, value string }{
		{"product", f.Product}, {"env", f.Env}, {"tag", f.Tag}, {"identifier", f.Identifier},
	} {
		if n.value != "" {
			q.add(" AND "+n.column+" = ?", n.value)
		}
	}
	return q
}

func (q *sessionQuery) add(text string, args ...any) *sessionQuery {
	q.text, q.args = q.text+text, append(q.args, args...)
	return q
}

const isActive = "revoked_at IS NULL AND expires_at > ?"

// ListSessions lists sessions, newest first: the active ones or, with f.Ended,
// all.
func (s *Store) ListSessions(ctx context.Context, workspace string, f store.SessionFilter) ([]store.SessionRow, error) {
	q := sessionsWhere(sessionColumns, workspace, f)
	if !f.Ended {
		q.add(" AND "+isActive, f.Now.UnixMicro())
	}
	if f.Before != "" { // ids need not sort by time: begin behind that session's place in the order
		q.add(" AND (started_at, id) < (SELECT started_at, id FROM sessions WHERE workspace = ? AND id = ?)", workspace, f.Before)
	}
	q.add(" ORDER BY started_at DESC, id DESC LIMIT ?", pageSize(f.Limit))
	all, err := sessionsOf(ctx, s.read.querier(), q.text, q.args...)
	return about(all, err, "sessions")
}

func sessionsOf(ctx context.Context, q querier, text string, args ...any) ([]store.SessionRow, error) {
	all := []store.SessionRow{}
	err := q.each(ctx, func(scan func(...any) error) error {
		var r store.SessionRow
		var started, expires, refreshBy, revoked, seen *int64
		err := scan(&r.ID, &r.Product, &r.Env, &r.Tag, &r.Identifier, &r.Refresh, &r.Sealed, &started, &expires, &refreshBy, &revoked, &seen)
		r.StartedAt, r.ExpiresAt, r.RefreshBy, r.RevokedAt, r.SeenAt = timeOf(started), timeOf(expires), timeOf(refreshBy), timePtr(revoked), timeOf(seen)
		if seen == nil {
			r.SeenAt = r.StartedAt
		}
		all = append(all, r)
		return err
	}, text, args...)
	return all, err
}

// CountSessions returns how many are active.
func (s *Store) CountSessions(ctx context.Context, workspace string, f store.SessionFilter) (n int64, err error) {
	q := sessionsWhere("COUNT(*)", workspace, f).add(" AND "+isActive, f.Now.UnixMicro())
	err = s.read.querier().row(ctx, []any{&n}, q.text, q.args...)
	return about(n, err, "count sessions")
}
