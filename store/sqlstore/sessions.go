package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape/store"
)

const sessionColumns = "id, product, env, tag, identifier, refresh, sealed, started_at, expires_at, refresh_by, revoked_at, seen_at"

const insertSession = `INSERT INTO sessions (workspace, ` + sessionColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (workspace, id)`

func sessionArgs(workspace string, r *store.SessionRow) []any {
	return []any{
		workspace, r.ID, r.Product, r.Env, r.Tag, r.Identifier, r.Refresh, r.Sealed,
		r.StartedAt.UnixMicro(), r.ExpiresAt.UnixMicro(), micros(r.RefreshBy), microsOf(r.RevokedAt), micros(r.SeenAt),
	}
}

// PutSession creates or replaces a session.
func (s *Store) PutSession(ctx context.Context, workspace string, r *store.SessionRow) error {
	err := s.write.transact(ctx, func(q querier) error {
		_, err := q.exec(ctx, insertSession+` DO UPDATE SET product = excluded.product, env = excluded.env, tag = excluded.tag,
			identifier = excluded.identifier, refresh = excluded.refresh, sealed = excluded.sealed, started_at = excluded.started_at,
			expires_at = excluded.expires_at, refresh_by = excluded.refresh_by, revoked_at = excluded.revoked_at,
			seen_at = excluded.seen_at`, sessionArgs(workspace, r)...)
		return err
	})
	return aboutErr(err, "session %q", r.ID)
}

// KeepSession keeps a session unless it is there; then its expiry and when it was
// seen only grow.
func (s *Store) KeepSession(ctx context.Context, workspace string, r *store.SessionRow) (kept *store.SessionRow, err error) {
	err = s.write.transact(ctx, func(q querier) error {
		_, err := q.exec(ctx, insertSession+` DO UPDATE SET
			expires_at = CASE WHEN excluded.expires_at > sessions.expires_at THEN excluded.expires_at ELSE sessions.expires_at END,
			seen_at = CASE WHEN sessions.seen_at >= excluded.seen_at THEN sessions.seen_at ELSE excluded.seen_at END`, sessionArgs(workspace, r)...)
		if err != nil {
			return err
		}
		all, err := sessionsOf(ctx, q, sessionByID, workspace, r.ID)
		if err == nil && len(all) == 0 {
			err = store.ErrNotFound
		}
		if err == nil {
			kept = &all[0]
		}
		return err
	})
	return about(kept, err, "session %q", r.ID)
}

const sessionByID = "SELECT " + sessionColumns + " FROM sessions WHERE workspace = ? AND id = ?"

// Session returns a session.
func (s *Store) Session(ctx context.Context, workspace, id string) (*store.SessionRow, error) {
	all, err := sessionsOf(ctx, s.read.querier(), sessionByID, workspace, id)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return about((*store.SessionRow)(nil), err, "session %q", id)
	}
	return &all[0], nil
}

// RotateSession replaces the refresh hash, the expiries and when it was seen, if
// the hash is old and the session was not revoked.
func (s *Store) RotateSession(ctx context.Context, workspace, id string, old, next []byte, seen, expires, refreshBy time.Time) error {
	err := s.write.transact(ctx, func(q querier) error {
		n, err := q.exec(ctx, `UPDATE sessions SET refresh = ?, expires_at = ?, refresh_by = ?, seen_at = ?
			WHERE workspace = ? AND id = ? AND refresh = ? AND revoked_at IS NULL`, next, expires.UnixMicro(), micros(refreshBy), micros(seen), workspace, id, old)
		if err != nil || n > 0 {
			return err
		}
		var one int
		if err := q.row(ctx, []any{&one}, "SELECT 1 FROM sessions WHERE workspace = ? AND id = ?", workspace, id); err != nil {
			return err
		}
		return fmt.Errorf("%w: it was refreshed with another token, or revoked", store.ErrConflict)
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
