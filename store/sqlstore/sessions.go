package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape/store"
)

const sessionColumns = "id, product, env, tag, identifier, refresh, sealed, started_at, expires_at, refresh_by, revoked_at"

// PutSession creates or replaces a session.
func (s *Store) PutSession(ctx context.Context, workspace string, r *store.SessionRow) error {
	err := s.write.transact(ctx, func(q querier) error {
		_, err := q.exec(ctx, `INSERT INTO sessions (workspace, `+sessionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (workspace, id) DO UPDATE SET product = excluded.product, env = excluded.env, tag = excluded.tag,
			identifier = excluded.identifier, refresh = excluded.refresh, sealed = excluded.sealed, started_at = excluded.started_at,
			expires_at = excluded.expires_at, refresh_by = excluded.refresh_by, revoked_at = excluded.revoked_at`,
			workspace, r.ID, r.Product, r.Env, r.Tag, r.Identifier, r.Refresh, r.Sealed,
			r.StartedAt.UnixMicro(), r.ExpiresAt.UnixMicro(), micros(r.RefreshBy), microsOf(r.RevokedAt))
		return err
	})
	return aboutErr(err, "session %q", r.ID)
}

// Session returns a session.
func (s *Store) Session(ctx context.Context, workspace, id string) (*store.SessionRow, error) {
	all, err := s.sessions(ctx, "SELECT "+sessionColumns+" FROM sessions WHERE workspace = ? AND id = ?", workspace, id)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return about((*store.SessionRow)(nil), err, "session %q", id)
	}
	return &all[0], nil
}

// RotateSession replaces the refresh hash and the expiries, if the hash is old.
func (s *Store) RotateSession(ctx context.Context, workspace, id string, old, next []byte, expires, refreshBy time.Time) error {
	err := s.write.transact(ctx, func(q querier) error {
		n, err := q.exec(ctx, `UPDATE sessions SET refresh = ?, expires_at = ?, refresh_by = ?
			WHERE workspace = ? AND id = ? AND refresh = ?`, next, expires.UnixMicro(), micros(refreshBy), workspace, id, old)
		if err != nil || n > 0 {
			return err
		}
		var one int
		if err := q.row(ctx, []any{&one}, "SELECT 1 FROM sessions WHERE workspace = ? AND id = ?", workspace, id); err != nil {
			return err
		}
		return fmt.Errorf("%w: it was refreshed with another token", store.ErrConflict)
	})
	return aboutErr(err, "session %q", id)
}

// RevokeSessions revokes by id, or all of an identifier when id is empty. With
// both empty it revokes none.
func (s *Store) RevokeSessions(ctx context.Context, workspace, id, identifier string, at time.Time) (n int64, err error) {
	column, value := "id", id
	if id == "" {
		column, value = "identifier", identifier
	}
	if value == "" {
		return 0, nil
	}
	err = s.change(ctx, workspace, func(q querier) (err error) {
		n, err = q.exec(ctx, "UPDATE sessions SET revoked_at = ? WHERE workspace = ? AND "+column+" = ? AND revoked_at IS NULL",
			at.UnixMicro(), workspace, value)
		return err
	})
	return about(n, err, "revoke sessions")
}

// RevokedSessions lists, in order, the ids of revoked sessions that have not
// expired.
func (s *Store) RevokedSessions(ctx context.Context, workspace string, now time.Time) ([]string, error) {
	ids := []string{}
	err := s.read.querier().each(ctx, func(scan func(...any) error) error {
		ids = append(ids, "")
		return scan(&ids[len(ids)-1])
	}, "SELECT id FROM sessions WHERE workspace = ? AND revoked_at IS NOT NULL AND expires_at > ? ORDER BY id", workspace, now.UnixMicro())
	return about(ids, err, "revoked sessions")
}

// ActiveSessions lists sessions that are neither expired nor revoked, newest
// first.
func (s *Store) ActiveSessions(ctx context.Context, workspace string, f store.SessionFilter) ([]store.SessionRow, error) {
	text := "SELECT " + sessionColumns + " FROM sessions WHERE workspace = ? AND revoked_at IS NULL AND expires_at > ?"
	args := []any{workspace, f.Now.UnixMicro()}
	for _, n := range []struct{ column, value string }{
		{"product", f.Product}, {"env", f.Env}, {"tag", f.Tag}, {"identifier", f.Identifier},
	} {
		if n.value != "" {
			text, args = text+" AND "+n.column+" = ?", append(args, n.value)
		}
	}
	if f.Before != "" { // ids need not sort by time: begin behind that session's place in the order
		text += " AND (started_at, id) < (SELECT started_at, id FROM sessions WHERE workspace = ? AND id = ?)"
		args = append(args, workspace, f.Before)
	}
	all, err := s.sessions(ctx, text+" ORDER BY started_at DESC, id DESC LIMIT ?", append(args, pageSize(f.Limit))...)
	return about(all, err, "active sessions")
}

func (s *Store) sessions(ctx context.Context, text string, args ...any) ([]store.SessionRow, error) {
	all := []store.SessionRow{}
	err := s.read.querier().each(ctx, func(scan func(...any) error) error {
		var r store.SessionRow
		var started, expires, refreshBy, revoked *int64
		err := scan(&r.ID, &r.Product, &r.Env, &r.Tag, &r.Identifier, &r.Refresh, &r.Sealed, &started, &expires, &refreshBy, &revoked)
		r.StartedAt, r.ExpiresAt, r.RefreshBy, r.RevokedAt = timeOf(started), timeOf(expires), timeOf(refreshBy), timePtr(revoked)
		all = append(all, r)
		return err
	}, text, args...)
	return all, err
}
