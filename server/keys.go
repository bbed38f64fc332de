package server

import (
	"context"
	"net/http"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (s *Server) keyRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/keys", id: "list-keys", summary: "List keys, without their texts", tag: "keys"},
		func(ctx context.Context, ws string, _ *struct{}) ([]ductape.Key, error) {
			return s.cfg.Catalog.Keys(ctx, ws)
		})
	handle(s, endpoint{method: http.MethodPost, path: "/v1/keys", id: "create-key", summary: "Make a key; its text is shown this once", tag: "keys"},
		func(ctx context.Context, ws string, in *struct {
			Body struct {
				Name string `json:"name" doc:"What it is for"`
			}
		},
		) (*catalog.NewKey, error) {
			return s.cfg.Catalog.CreateKey(ctx, ws, in.Body.Name)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/keys/{id}", id: "revoke-key", summary: "Revoke a key", tag: "keys"},
		func(ctx context.Context, ws string, in *struct {
			ID string `path:"id"`
		},
		) error {
			return s.cfg.Catalog.RevokeKey(ctx, ws, in.ID)
		})
}
