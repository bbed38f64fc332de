package session

import (
	"context"
	"encoding/json"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
	"github.com/go-json-experiment/json/jsontext"
)

// Start begins a session of the scope's type with the user's data, a JSON
// object of at most MaxData bytes. There is a refresh token when the type has a
// refresh expiry. The error is invalid_input when the data or the type is wrong,
// or the data lacks what the selector asks for.
func (s *Service) Start(ctx context.Context, scope Scope, data json.RawMessage) (*ductape.StartedSession, error) {
	if err := startable(scope.Type); err != nil {
		return nil, err
	}
	v, err := readData(data)
	if err != nil {
		return nil, err
	}
	if problems := s.fits(scope.Workspace, scope.Type, v); len(problems) > 0 {
		e := ductape.NewError(ductape.CodeInvalidInput, "the session's data does not fit the schema of "+scope.Type.Tag)
		e.Problems = problems
		return nil, e
	}
	keys, err := s.ring(ctx, scope.Workspace)
	if err != nil {
		return nil, err
	}
	identifier, err := identify(keys, scope, v)
	if err != nil {
		return nil, err
	}
	now := s.now()
	expires, refreshBy, err := lifetimes(now, scope.Type)
	if err != nil {
		return nil, err
	}
	issue := issue{place: scope.place(), id: newID(now), identifier: identifier, data: v, now: now, expires: expires}
	started, err := issue.session(keys[0], refreshBy)
	if err != nil {
		return nil, err
	}
	row, err := issue.row(keys[0], started.RefreshToken, refreshBy)
	if err != nil {
		return nil, err
	}
	if err := s.store.PutSession(ctx, scope.Workspace, row); err != nil {
		return nil, internal("the session cannot be kept", err)
	}
	return started, nil
}

// startable refuses the types whose tokens are made elsewhere.
func startable(typ ductape.SessionType) error {
	if !typ.IsExternal() {
		return nil
	}
	return wrongType(typ, "its tokens come from "+typ.Issuer+": get them there, and pass them to runs as they are")
}

// lifetimes returns until when a token is good, and until when it can be
// refreshed: zero when it cannot.
func lifetimes(now time.Time, typ ductape.SessionType) (expires, refreshBy time.Time, err error) {
	expires, err = expiry(now, typ.Expiry, typ, "expiry")
	if err != nil || typ.RefreshExpiry == 0 {
		return expires, time.Time{}, err
	}
	refreshBy, err = expiry(now, typ.RefreshExpiry, typ, "refresh_expiry")
	return expires, refreshBy, err
}

// An issue is a token about to be made.
type issue struct {
	place      place
	id         string
	identifier string
	data       jsontext.Value
	now        time.Time
	expires    time.Time
}

// session makes the tokens; none for a refresh when refreshBy is zero.
func (i issue) session(key Key, refreshBy time.Time) (*ductape.StartedSession, error) {
	sealed, err := key.Seal.Seal(i.data, i.place.bind("token", i.id))
	if err != nil {
		return nil, internal("the session's data cannot be sealed", err)
	}
	token, err := sign(claims{
		Issuer:    issuer,
		Audience:  i.place.audience(),
		Subject:   i.identifier,
		ID:        i.id,
		IssuedAt:  i.now.Unix(),
		NotBefore: i.now.Unix(),
		Expires:   i.expires.Unix(),
		Data:      sealed,
	}, key)
	if err != nil {
		return nil, internal("the session's token cannot be signed", err)
	}
	started := &ductape.StartedSession{Token: token, SessionID: i.id, ExpiresAt: i.expires}
	if !refreshBy.IsZero() {
		started.RefreshToken = newRefreshToken(i.place, i.id, refreshBy, key)
	}
	return started, nil
}

// row returns what is kept of the session. Its data only if a refresh needs it.
func (i issue) row(key Key, refreshToken string, refreshBy time.Time) (*store.SessionRow, error) {
	row := &store.SessionRow{
		ID:         i.id,
		Product:    i.place.product,
		Env:        i.place.env,
		Tag:        i.place.tag,
		Identifier: i.identifier,
		StartedAt:  i.now,
		SeenAt:     i.now,
		ExpiresAt:  i.expires,
	}
	if refreshToken == "" {
		return row, nil
	}
	sealed, err := key.Seal.Seal(i.data, i.place.bindRow(row))
	if err != nil {
		return nil, internal("the session's data cannot be sealed", err)
	}
	row.Sealed, row.Refresh, row.RefreshBy = sealed, hashToken(refreshToken), refreshBy
	return row, nil
}
