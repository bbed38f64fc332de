package server

import (
	"context"
	"net/http"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

type SecretKey struct {
	Key string `path:"key" maxLength:"128"`
}

// secretBody is how a secret comes in; nothing here ever goes out.
type secretBody struct {
	SecretKey
	Body struct {
		Value string `json:"value" required:"true" doc:"The secret; it can be used, never read back"`
		catalog.SecretScope
	}
}

func (s *Server) secretRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/secrets", id: "list-secrets", summary: "List secrets, never their values", tag: "secrets"},
		func(ctx context.Context, ws string, _ *struct{}) ([]ductape.Secret, error) {
			return s.cfg.Catalog.Secrets(ctx, ws)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/secrets/{key}", id: "get-secret", summary: "Describe a secret, never its value", tag: "secrets"},
		func(ctx context.Context, ws string, in *SecretKey) (*ductape.Secret, error) {
			return s.cfg.Catalog.Secret(ctx, ws, in.Key)
		})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/secrets/{key}", id: "put-secret", summary: "Set a secret: a new version of it", tag: "secrets"},
		func(ctx context.Context, ws string, in *secretBody) (*ductape.Secret, error) {
			return s.cfg.Catalog.SetSecret(ctx, ws, in.Key, secret.New(in.Body.Value), in.Body.SecretScope)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/secrets/{key}", id: "delete-secret", summary: "Delete a secret and all its versions", tag: "secrets"},
		func(ctx context.Context, ws string, in *SecretKey) error {
			return s.cfg.Catalog.DeleteSecret(ctx, ws, in.Key)
		})
}
