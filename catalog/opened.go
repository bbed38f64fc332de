package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// openedSecrets keeps opened secrets in memory, for as long as the workspace's
// catalog has the version they were opened at.
type openedSecrets struct {
	workspaces snapshot[string, *openedAt]
}

type openedAt struct {
	version int64
	values  snapshot[string, *openedSecret]
}

type openedSecret struct {
	meta  ductape.Secret
	value secret.Value
}

// at returns the workspace's opened secrets, empty when the catalog changed.
func (o *openedSecrets) at(ws string, version int64) *openedAt {
	if kept, ok := o.workspaces.load(ws); ok && kept.version == version {
		return kept
	}
	fresh := &openedAt{version: version}
	o.workspaces.store(ws, fresh, 0)
	return fresh
}

// OpenSecret returns a secret's value for one use. Its errors are
// unknown_secret, secret_not_allowed (not in the scope of the app, or not in
// this environment) and secret_expired. After the first time it reads no
// database until the catalog changes.
func (c *Catalog) OpenSecret(ctx context.Context, ws, key string, use ductape.SecretUse) (secret.Value, error) {
	version, err := c.store.Version(ctx, ws)
	if err != nil {
		return secret.Value{}, storeError(err, "reading the catalog's version")
	}
	kept := c.opened.at(ws, version)
	s, ok := kept.values.load(key)
	if !ok {
		if s, err = c.open(ctx, ws, key); err != nil {
			return secret.Value{}, err
		}
		kept.values.store(key, s, 0)
	}
	if err := allowed(&s.meta, use, c.now()); err != nil {
		return secret.Value{}, err
	}
	return s.value, nil
}

func (c *Catalog) open(ctx context.Context, ws, key string) (*openedSecret, error) {
	row, err := c.store.Secret(ctx, ws, key)
	if isMissing(err) {
		return nil, c.unknownSecret(ctx, ws, key)
	}
	if err != nil {
		return nil, storeError(err, "reading the secret")
	}
	box, err := c.keyring.box(ctx, ws, secretsKey)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(row.Sealed, secret.SecretAD(ws, key, row.Version))
	if err != nil {
		return nil, &ductape.Error{Code: ductape.CodeInternal, Message: "secret " + quote(key) + ": " + err.Error(), Cause: err}
	}
	return &openedSecret{meta: row.Secret, value: secret.New(string(plain))}, nil
}

// allowed applies the secret's scope.
func allowed(s *ductape.Secret, use ductape.SecretUse, now time.Time) error {
	named := slices.Contains(s.Apps, use.App) || slices.Contains(s.Apps, use.AccessTag)
	switch {
	case use.FromInput && isCredentialKey(s.Key):
		return notAllowed(s.Key, "belongs to a connection and cannot stand in a call's input", "")
	case use.FromInput && !named:
		return notAllowed(s.Key, "does not name the app "+quote(use.AccessTag)+", as a call's input needs", "name the app in the secret's scope")
	case len(s.Apps) > 0 && !named:
		return notAllowed(s.Key, "is not in scope of the app "+quote(use.AccessTag), "set it again with the app in its scope")
	case len(s.Envs) > 0 && !slices.Contains(s.Envs, use.Env):
		return notAllowed(s.Key, "may not be used in the environment "+quote(use.Env), "set it again with the environment in its scope")
	case s.ExpiresAt != nil && !now.Before(*s.ExpiresAt):
		return ductape.NewError(ductape.CodeSecretExpired, "secret "+quote(s.Key)+" expired on "+s.ExpiresAt.UTC().Format(time.RFC3339)).
			WithHint("set its next value with: ductape secrets set " + s.Key)
	}
	return nil
}

func notAllowed(key, why, hint string) error {
	return ductape.NewError(ductape.CodeSecretNotAllowed, "secret "+quote(key)+" "+why).WithHint(hint)
}
