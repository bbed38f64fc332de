package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// Revoke ends sessions before they expire: one by its id, or, when id is empty,
// all of a user, by the identifiers that IdentifiersOf gives. It returns how many
// it ended; the error is unknown_session where there is no session of that id.
// Every process learns of it with the workspace's next version.
func (s *Service) Revoke(ctx context.Context, workspace, id string, identifiers ...string) (n int64, err error) {
	identifiers = slices.DeleteFunc(slices.Clone(identifiers), func(i string) bool { return i == "" })
	switch {
	case (id == "") == (len(identifiers) == 0):
		return 0, ductape.NewError(ductape.CodeInvalidInput, "revoking takes the id of a session or the identifier of a user, and not both")
	case id != "":
		n, err = s.revokeOne(ctx, workspace, id)
	}
	for _, identifier := range identifiers {
		ended, rerr := s.store.RevokeSessions(ctx, workspace, "", identifier, s.now())
		n, err = n+ended, errors.Join(err, rerr)
	}
	s.revoked.forget(workspace)
	var e *ductape.Error
	if err != nil && !errors.As(err, &e) {
		return n, internal("the sessions cannot be revoked", err)
	}
	return n, err
}

func (s *Service) revokeOne(ctx context.Context, workspace, id string) (int64, error) {
	n, err := s.store.RevokeSessions(ctx, workspace, id, "", s.now())
	if err != nil || n > 0 {
		return n, err
	}
	_, err = s.store.Session(ctx, workspace, id)
	if errors.Is(err, store.ErrNotFound) {
		return 0, ductape.NewError(ductape.CodeUnknownSession, fmt.Sprintf("there is no session %q", clipped(id))).
			WithHint("list those there are with: ductape sessions list")
	}
	return 0, err // it was revoked before
}

// clipped keeps hostile ids out of messages.
func clipped(id string) string {
	const most = 128
	if len(id) <= most {
		return id
	}
	return id[:most] + "…"
}
