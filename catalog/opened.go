package catalog

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// openedSecrets keeps opened secrets in memory, for as long as the workspace's
// catalog has the version they were opened at.
type openedSecrets struct {
	workspaces snapshot[string, *openedAt]
}

type openedAt struct {
	version int64
	values  snapshot[string, *openedSecret] // by what stands in $Secret{…}
}

type openedSecret struct {
	meta  ductape.Secret
	value secret.Value
	ref   secretRef
	until *time.Time   // of a pinned version: when it ends
	used  atomic.Int64 // the hour its use was last noted
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

// maxOpened bounds the references kept opened, of one workspace.
const maxOpened = 10_000

// OpenSecret returns a secret's value for one use. The key is what stands in
// $Secret{…}: a key, or "key@2" for one version of it. Its errors are
// unknown_secret, secret_not_allowed (not in the scope of the app, or not in
// this environment), secret_expired and, where the value is kept elsewhere,
// credential_missing and upstream_unreachable. After the first time it reads no
// database until the catalog changes.
func (c *Catalog) OpenSecret(ctx context.Context, ws, key string, use ductape.SecretUse) (secret.Value, error) {
	version, err := c.store.Version(ctx, ws)
	if err != nil {
		return secret.Value{}, storeError(err, "reading the catalog's version")
	}
	kept := c.opened.at(ws, version)
	s, ok := kept.values.load(key)
	if !ok {
		if s, err = c.open(ctx, ws, parseSecretRef(key)); err != nil {
			return secret.Value{}, err
		}
		kept.values.store(key, s, maxOpened)
	}
	now := c.now()
	if err := allowed(&s.meta, use, now); err != nil {
		return secret.Value{}, err
	}
	if s.until != nil && !now.Before(*s.until) {
		return secret.Value{}, replaced(s.ref, s.ref.version+1)
	}
	c.noteUse(ws, s, now)
	c.warn(ctx, ws, s, now)
	if s.meta.From != "" {
		return c.readFrom(ctx, ws, s)
	}
	return s.value, nil
}

// open reads a secret and opens the version that is meant. A rotation may take
// away the data key between the two; then the secret is read again.
func (c *Catalog) open(ctx context.Context, ws string, ref secretRef) (*openedSecret, error) {
	for tries := 0; ; tries++ {
		rows, err := c.store.SecretVersions(ctx, ws, ref.key)
		if err != nil {
			return nil, storeError(err, "reading the secret")
		}
		if len(rows) == 0 {
			return nil, c.unknownSecret(ctx, ws, ref.key)
		}
		row, until, err := ref.pick(rows)
		if err != nil {
			return nil, err
		}
		plain, err := c.unseal(ctx, ws, row)
		if isMissing(err) {
			if tries < rotateTries {
				continue
			}
			return nil, lost(boxName{ws, dataKeyOf(row.DataKey)})
		}
		if err != nil {
			return nil, storeError(err, "opening the secret")
		}
		return &openedSecret{meta: row.Secret, value: secret.New(string(plain)), ref: ref, until: until}, nil
	}
}

func (c *Catalog) unseal(ctx context.Context, ws string, row *store.SealedSecret) ([]byte, error) {
	box, err := c.keyring.opening(ctx, ws, row.DataKey)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(row.Sealed, secretAD(ws, &row.Secret))
	if err != nil {
		return nil, &ductape.Error{Code: ductape.CodeInternal, Message: "secret " + quote(row.Key) + ": " + err.Error(), Cause: err}
	}
	return plain, nil
}

// allowed applies the secret's scope.
func allowed(s *ductape.Secret, use ductape.SecretUse, now time.Time) error {
	// An access tag is any product's to choose, so a scope names apps; only a
	// credential that a connection keeps is bound to its access tag.
	named := slices.Contains(s.Apps, use.App) || isCredentialKey(s.Key) && slices.Contains(s.Apps, use.AccessTag)
	switch {
	case use.FromInput && isCredentialKey(s.Key):
		return notAllowed(s.Key, "", "belongs to a connection and cannot stand in a call's input", "")
	case use.FromInput && !named:
		return notAllowed(s.Key, "apps", "does not name the app "+quote(use.App)+", as a call's input needs", "name the app in the secret's scope")
	case len(s.Apps) > 0 && !named:
		return notAllowed(s.Key, "apps", "is not in scope of the app "+quote(use.App), "set it again with the app in its scope")
	case len(s.Envs) > 0 && !slices.Contains(s.Envs, use.Env):
		return notAllowed(s.Key, "envs", "may not be used in the environment "+quote(use.Env), "set it again with the environment in its scope")
	case s.ExpiresAt != nil && !now.Before(*s.ExpiresAt):
		return ductape.NewError(ductape.CodeSecretExpired, "secret "+quote(s.Key)+" expired on "+s.ExpiresAt.UTC().Format(time.RFC3339)).
			WithHint("set its next value with: ductape secrets rotate " + s.Key)
	}
	return nil
}

// notAllowed names the part of the scope that forbids the use, where there is one.
func notAllowed(key, part, why, hint string) error {
	e := ductape.NewError(ductape.CodeSecretNotAllowed, "secret "+quote(key)+" "+why).WithHint(hint)
	if part != "" {
		e.Problems = []ductape.Problem{{Where: part, Message: why}}
	}
	return e
}
