package session

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// Refresh takes a refresh token and returns new tokens for the same session,
// with the same data. The refresh token is used up: when it comes again,
// somebody has a copy, so the session is revoked and the error is
// session_revoked. Other errors are session_invalid and session_expired.
func (s *Service) Refresh(ctx context.Context, scope Scope, refreshToken string) (*ductape.StartedSession, error) {
	if err := startable(scope.Type); err != nil {
		return nil, err
	}
	p := scope.place()
	keys, err := s.ring(ctx, scope.Workspace)
	if err != nil {
		return nil, err
	}
	id, until, ok := readRefreshToken(p, refreshToken, keys)
	if !ok {
		return nil, invalid("the refresh token is not one of this product, environment and session type")
	}
	row, err := s.store.Session(ctx, scope.Workspace, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalid("the session does not exist any more").WithHint("start a new session")
	}
	if err != nil {
		return nil, internal("the session cannot be read", err)
	}
	if !until.IsZero() && until.Before(row.RefreshBy) { // the row may have been changed, the token not
		row.RefreshBy = until
	}
	if err := s.refreshable(ctx, scope.Workspace, row, refreshToken); err != nil {
		return nil, err
	}
	return s.rotate(ctx, scope, keys, row, refreshToken)
}

// refreshable says why the session cannot be refreshed with the token.
func (s *Service) refreshable(ctx context.Context, workspace string, row *store.SessionRow, refreshToken string) error {
	switch {
	case row.RevokedAt != nil:
		return errRevoked()
	case subtle.ConstantTimeCompare(row.Refresh, hashToken(refreshToken)) != 1:
		return s.reused(ctx, workspace, row.ID)
	case !s.now().Before(row.RefreshBy):
		return ductape.NewError(ductape.CodeSessionExpired, "the session could be refreshed until "+row.RefreshBy.UTC().Format(time.RFC3339)).
			WithHint("start a new session")
	}
	return nil
}

// reused revokes a session whose old refresh token came again.
func (s *Service) reused(ctx context.Context, workspace, id string) error {
	if _, err := s.Revoke(ctx, workspace, id, ""); err != nil {
		return err
	}
	return ductape.NewError(ductape.CodeSessionRevoked, "the refresh token was used before, so the session is revoked").
		WithHint("keep the refresh token of the last answer only; start a new session")
}

// rotate makes the new tokens and uses up the old refresh token.
func (s *Service) rotate(ctx context.Context, scope Scope, keys []Key, row *store.SessionRow, old string) (*ductape.StartedSession, error) {
	p := scope.place()
	data, err := openRow(scope, row, keys)
	if err != nil {
		return nil, err
	}
	now := s.now()
	expires, refreshBy, err := lifetimes(now, scope.Type)
	if err != nil {
		return nil, err
	}
	if refreshBy.IsZero() {
		return nil, invalid("sessions of this type can no longer be refreshed").WithHint("start a new session")
	}
	issue := issue{place: p, id: row.ID, identifier: current(keys, row.Identifier), data: data, now: now, expires: expires}
	started, err := issue.session(keys[0], refreshBy)
	if err != nil {
		return nil, err
	}
	err = s.store.RotateSession(ctx, scope.Workspace, row.ID, row.Refresh, hashToken(started.RefreshToken), now, latest(expires, row.ExpiresAt), refreshBy)
	switch {
	case errors.Is(err, store.ErrConflict):
		return nil, s.overtaken(ctx, scope.Workspace, row.ID)
	case errors.Is(err, store.ErrNotFound):
		return nil, invalid("the session does not exist any more").WithHint("start a new session")
	case err != nil:
		return nil, internal("the session cannot be kept", err)
	}
	return started, nil
}

// overtaken says what came between reading a session and rotating it: its
// revocation, or another refresh with the same token.
func (s *Service) overtaken(ctx context.Context, workspace, id string) error {
	row, err := s.store.Session(ctx, workspace, id)
	if err == nil && row.RevokedAt != nil {
		return errRevoked()
	}
	return s.reused(ctx, workspace, id)
}

// latest keeps a session on the list of revoked ones until the last of its
// tokens has expired: a type's expiry may have become shorter since the start.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// openRow opens the data kept for a refresh, by whichever key sealed it. A row
// that was changed outside this program does not open.
func openRow(scope Scope, row *store.SessionRow, keys []Key) ([]byte, error) {
	p := scope.place()
	if row.Product != p.product || row.Env != p.env || row.Tag != p.tag {
		return nil, changed(nil)
	}
	var failed error
	for _, key := range keys {
		data, err := key.Seal.Open(row.Sealed, p.bindRow(row))
		if err == nil {
			return data, nil
		}
		failed = err
		if data, err = key.Seal.Open(row.Sealed, p.bind("row", row.ID)); err == nil {
			return data, sameUser(scope, row, data)
		}
	}
	return nil, changed(failed)
}

// sameUser checks the identifier of a row that was sealed before identifiers
// were bound to it.
func sameUser(scope Scope, row *store.SessionRow, data []byte) error {
	if plain, err := plainIdentifier(scope, data); err != nil || plain != row.Identifier {
		return changed(err)
	}
	return nil
}

func changed(cause error) error {
	e := invalid("what is kept of the session was changed since, and does not open").WithHint("start a new session")
	e.Cause = cause
	return e
}
