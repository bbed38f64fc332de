package session

import (
	"context"

	"github.com/ductape-go/ductape"
)

// Revoke ends sessions before they expire: one by its id, or, when id is empty,
// all of an identifier (see Identifier). It returns how many it ended. Every
// process learns of it with the workspace's next version.
func (s *Service) Revoke(ctx context.Context, workspace, id, identifier string) (int64, error) {
	if (id == "") == (identifier == "") {
		return 0, ductape.NewError(ductape.CodeInvalidInput, "revoking takes the id of a session or the identifier of a user, and not both")
	}
	n, err := s.store.RevokeSessions(ctx, workspace, id, identifier, s.now())
	if err != nil {
		return 0, internal("the sessions cannot be revoked", err)
	}
	s.revoked.forget(workspace)
	return n, nil
}
