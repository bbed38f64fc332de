package catalog

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// maxSecret bounds a secret's value, in bytes.
const maxSecret = 64 << 10

// A SecretScope limits where a secret may be used.
type SecretScope struct {
	Apps      []string   `json:"apps,omitempty"`       // tags of apps or access tags; empty: all
	Envs      []string   `json:"envs,omitempty"`       // product environments; empty: all
	ExpiresAt *time.Time `json:"expires_at,omitempty"` // nil: never
}

// SetSecret keeps value as the next version of the secret named key. It cannot
// be read back, only used.
func (c *Catalog) SetSecret(ctx context.Context, ws, key string, value secret.Value, scope SecretScope) (*ductape.Secret, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	if err := checkSecret(key, value, scope, c.now()); err != nil {
		return nil, err
	}
	defer c.lock(ws)()
	return c.putSecret(ctx, ws, key, value, scope)
}

func checkSecret(key string, value secret.Value, scope SecretScope, now time.Time) error {
	var p problems
	p.tag("key", "key", key, map[string]bool{})
	switch n := len(value.Expose()); {
	case n == 0:
		p.add("value", "is empty")
	case n > maxSecret:
		p.add("value", "is longer than %d bytes", maxSecret)
	}
	if scope.ExpiresAt != nil && !now.Before(*scope.ExpiresAt) {
		p.add("expires_at", "is in the past")
	}
	seen := map[string]bool{}
	for i, a := range scope.Apps {
		p.tag(at("apps", i, ""), "app", a, seen)
	}
	seen = map[string]bool{}
	for i, e := range scope.Envs {
		p.tag(at("envs", i, ""), "environment", e, seen)
	}
	return p.err("the secret")
}

// putSecret seals and keeps a new version. A writer in another process may take
// the version first, so it tries again.
func (c *Catalog) putSecret(ctx context.Context, ws, key string, value secret.Value, scope SecretScope) (*ductape.Secret, error) {
	box, err := c.keyring.box(ctx, ws, secretsKey)
	if err != nil {
		return nil, err
	}
	for range 5 {
		var row *store.SealedSecret
		if row, err = c.nextVersion(ctx, ws, key, scope); err != nil {
			break
		}
		if row.Sealed, err = box.Seal([]byte(value.Expose()), secret.SecretAD(ws, key, row.Version)); err != nil {
			return nil, internalError(err)
		}
		if err = c.store.PutSecret(ctx, ws, row); err == nil {
			return &row.Secret, nil
		}
	}
	return nil, storeError(err, "keeping the secret")
}

func (c *Catalog) nextVersion(ctx context.Context, ws, key string, scope SecretScope) (*store.SealedSecret, error) {
	last, err := c.store.LastSecretVersion(ctx, ws, key)
	if err != nil {
		return nil, err
	}
	now := c.now().UTC()
	row := &store.SealedSecret{Secret: ductape.Secret{
		Key: key, Version: last + 1, Apps: scope.Apps, Envs: scope.Envs, ExpiresAt: scope.ExpiresAt, CreatedAt: now, UpdatedAt: now,
	}}
	switch old, err := c.store.Secret(ctx, ws, key); {
	case err == nil:
		row.CreatedAt = old.CreatedAt
	case !isMissing(err):
		return nil, err
	}
	return row, nil
}

// Secrets lists what may be known of the secrets that people set; the
// credentials sealed out of connections are not among them.
func (c *Catalog) Secrets(ctx context.Context, ws string) ([]ductape.Secret, error) {
	all, err := c.store.Secrets(ctx, ws)
	if err != nil {
		return nil, storeError(err, "listing secrets")
	}
	return slices.DeleteFunc(all, func(s ductape.Secret) bool { return isCredentialKey(s.Key) }), nil
}

// Secret describes one secret, or returns unknown_secret.
func (c *Catalog) Secret(ctx context.Context, ws, key string) (*ductape.Secret, error) {
	if isCredentialKey(key) {
		return nil, c.unknownSecret(ctx, ws, key)
	}
	s, err := c.store.Secret(ctx, ws, key)
	if isMissing(err) {
		return nil, c.unknownSecret(ctx, ws, key)
	}
	if err != nil {
		return nil, storeError(err, "reading the secret")
	}
	return &s.Secret, nil
}

// DeleteSecret removes every version of the secret. Connections that refer to
// it fail from then on, naming it.
func (c *Catalog) DeleteSecret(ctx context.Context, ws, key string) error {
	if _, err := c.Secret(ctx, ws, key); err != nil {
		return err
	}
	defer c.lock(ws)()
	err := c.store.DeleteSecret(ctx, ws, key)
	if isMissing(err) {
		return c.unknownSecret(ctx, ws, key)
	}
	return storeError(err, "deleting the secret")
}

func (c *Catalog) unknownSecret(ctx context.Context, ws, key string) error {
	e := ductape.NewError(ductape.CodeUnknownSecret, "there is no secret "+quote(key))
	all, err := c.Secrets(ctx, ws)
	if err != nil {
		return e
	}
	hint := "set it with: ductape secrets set " + clip(key)
	if near := nearest.Nearest(key, tagsOf(all, func(s ductape.Secret) string { return s.Key }), 3); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return e.WithHint(hint)
}
