package server

import (
	"context"
	"net/http"
)

// A rotatedKey says which key signs sessions from now on.
type rotatedKey struct {
	KeyID string `json:"keyId" doc:"Stands as kid in the header of every session token made from now on"`
}

func (s *Server) sessionKeyRoutes() {
	handle(s, endpoint{method: http.MethodPost, path: "/v1/keys/rotate-session", id: "rotate-session-key", summary: "Sign new sessions with a new key; tokens made before stay good until they expire", tag: "keys"},
		func(ctx context.Context, ws string, _ *struct {
			Body *struct{} `doc:"Nothing"`
		},
		) (*rotatedKey, error) {
			id, err := s.cfg.Catalog.RotateSessionKey(ctx, ws)
			return &rotatedKey{id}, err
		})
}
