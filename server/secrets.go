package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"

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
	RawBody []byte
	Body    struct {
		Value string `json:"value,omitempty" doc:"The secret; it can be used, never read back"`
		From  string `json:"from,omitempty" doc:"Instead of a value, where it is read from each time: env:NAME, file:/path or vault:path#field, as the operator allows"`
		catalog.SecretScope
	}
}

// rotateBody is how a secret's next value comes in.
type rotateBody struct {
	SecretKey
	RawBody []byte
	Body    struct {
		Value        string     `json:"value" required:"true" doc:"The next value"`
		GraceSeconds *int64     `json:"grace_seconds,omitempty" minimum:"0" maximum:"7776000" doc:"How long $Secret{KEY@n} may still mean a version before; 86400 when left out"`
		ExpiresAt    *time.Time `json:"expires_at,omitempty" doc:"Of the new version; never when left out"`
	}
}

func (s *Server) secretRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/secrets", id: "list-secrets", summary: "List secrets, never their values", tag: "secrets"},
		func(ctx context.Context, ws string, _ *struct{}) ([]ductape.Secret, error) {
			if err := s.cfg.Catalog.FlushUses(ctx); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.Secrets(ctx, ws)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/secrets/{key}", id: "get-secret", summary: "Describe a secret, never its value", tag: "secrets"},
		func(ctx context.Context, ws string, in *SecretKey) (*ductape.Secret, error) {
			if err := s.cfg.Catalog.FlushUses(ctx); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.Secret(ctx, ws, in.Key)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/secrets/{key}/versions", id: "list-secret-versions", summary: "Describe every version of a secret, newest first", tag: "secrets"},
		func(ctx context.Context, ws string, in *SecretKey) ([]ductape.Secret, error) {
			return s.cfg.Catalog.SecretVersions(ctx, ws, in.Key)
		})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/secrets/{key}", id: "put-secret", summary: "Set a secret: a new version of it", tag: "secrets"}, s.putSecret)
	handle(s, endpoint{method: http.MethodPost, path: "/v1/secrets/{key}/rotate", id: "rotate-secret", summary: "Give a secret its next value; the one before works on where it is pinned", tag: "secrets"},
		func(ctx context.Context, ws string, in *rotateBody) (*ductape.Secret, error) {
			if err := exactText(in.RawBody); err != nil {
				return nil, err
			}
			r := catalog.Rotation{Value: secret.New(in.Body.Value), Grace: catalog.DefaultGrace, ExpiresAt: in.Body.ExpiresAt}
			if g := in.Body.GraceSeconds; g != nil {
				r.Grace = time.Duration(*g) * time.Second
			}
			return s.cfg.Catalog.RotateSecret(ctx, ws, in.Key, r)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/secrets/{key}", id: "delete-secret", summary: "Delete a secret and all its versions", tag: "secrets"},
		func(ctx context.Context, ws string, in *SecretKey) error {
			return s.cfg.Catalog.DeleteSecret(ctx, ws, in.Key)
		})
}

// exactText refuses a body whose texts would be changed by reading them: bytes
// that are not UTF-8, and halves of surrogate pairs (RFC 8259, 8.1 and 8.2).
func exactText(body []byte) error {
	if jsontext.Value(body).IsValid() {
		return nil
	}
	e := ductape.NewError(ductape.CodeInvalidInput, "the secret cannot be taken as it is").WithHint("keep bytes as base64 where the API takes that")
	e.Problems = []ductape.Problem{{Where: "body", Message: "is not JSON in UTF-8, or has a name twice"}}
	return e
}

// A setSecret is what came of setting one.
type setSecret struct {
	ductape.Secret
	Warnings []ductape.Warning `json:"warnings,omitempty" doc:"Apps and environments of the scope that are not there, and a value too short to be hidden well"`
}

func (s *Server) putSecret(ctx context.Context, ws string, in *secretBody) (*setSecret, error) {
	if err := exactText(in.RawBody); err != nil {
		return nil, err
	}
	set, err := s.setSecret(ctx, ws, in)
	if err != nil {
		return nil, err
	}
	warnings, err := s.cfg.Catalog.ScopeWarnings(ctx, ws, set)
	if n := len(in.Body.Value); n > 0 && n < secret.MinLength {
		warnings = append(warnings, ductape.Warning{
			Code: "short_secret", Where: "value", Message: fmt.Sprintf("%d bytes are too few to be told from other text: in logs and records they are hidden only where they stand alone", n),
		})
	}
	return &setSecret{*set, warnings}, err
}

func (s *Server) setSecret(ctx context.Context, ws string, in *secretBody) (*ductape.Secret, error) {
	switch {
	case in.Body.From == "":
		return s.cfg.Catalog.SetSecret(ctx, ws, in.Key, secret.New(in.Body.Value), in.Body.SecretScope)
	case in.Body.Value != "":
		return nil, ductape.NewError(ductape.CodeInvalidInput, "a secret has a value or is read from elsewhere, not both").WithHint("leave out value or from")
	}
	return s.cfg.Catalog.SetSecretFrom(ctx, ws, in.Key, in.Body.From, in.Body.SecretScope)
}

// warnings tells the caller, in Ductape-Warning, which of the secrets that were
// opened for the request expire soon.
func warnings(h http.Header, w *catalog.Warnings) {
	for _, text := range w.List() {
		h.Add("Ductape-Warning", text)
	}
}
