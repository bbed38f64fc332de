package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// maxSecret bounds a secret's value, in bytes.
const maxSecret = 64 << 10

// A SecretScope limits where a secret may be used. What is nil stays as it is in
// the version before, or is all where there is none: a scope is widened only by
// an empty list.
type SecretScope struct {
	Apps      []string   `json:"apps,omitzero" doc:"Tags of the apps it may be used for; left out: as before, empty: all"`
	Envs      []string   `json:"envs,omitzero" doc:"Product environments it may be used in; left out: as before, empty: all"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Of this version; left out: never"`
}

// A content is what one version of a secret is made of.
type content struct {
	value secret.Value // or, with from, that text
	from  string       // where the value is read from; empty: it is value
	scope SecretScope
	grace time.Duration // how long the versions before may be used where they are pinned
}

// SetSecret keeps value as the next version of the secret named key, with the
// scope of the version before unless another is given. It cannot be read back,
// only used. References to an earlier version end.
func (c *Catalog) SetSecret(ctx context.Context, ws, key string, value secret.Value, scope SecretScope) (*ductape.Secret, error) {
	return c.setSecret(ctx, ws, key, content{value: value, scope: scope})
}

// SetSecretFrom keeps where the value of a secret is read from, each time anew:
// "env:NAME", "file:/path" or "vault:path#field", as the operator allows.
func (c *Catalog) SetSecretFrom(ctx context.Context, ws, key, from string, scope SecretScope) (*ductape.Secret, error) {
	if err := c.checkFrom(ws, from); err != nil {
		return nil, err
	}
	return c.setSecret(ctx, ws, key, content{value: secret.New(from), from: from, scope: scope})
}

func (c *Catalog) setSecret(ctx context.Context, ws, key string, in content) (*ductape.Secret, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	if err := checkSecret(key, in.value, in.scope, c.now()); err != nil {
		return nil, err
	}
	defer c.lock(ws)()
	return c.putSecret(ctx, ws, key, in)
}

func checkSecret(key string, value secret.Value, scope SecretScope, now time.Time) error {
	var p problems
	p.tag("key", "key", key, map[string]bool{})
	p.value(value)
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

func (p *problems) value(value secret.Value) {
	switch n := len(value.Expose()); {
	case n == 0:
		p.add("value", "is empty")
	case n > maxSecret:
		p.add("value", "is longer than %d bytes", maxSecret)
	case !utf8.ValidString(value.Expose()):
		p.add("value", "is not UTF-8 text, and would be changed on its way; keep it as base64 where the API takes that")
	}
}

// putTries is how often a version is tried anew when others take it first.
const putTries = 50

// putSecret seals and keeps a new version. A writer in another process may take
// the version first, or rotate the data key, so it tries again.
func (c *Catalog) putSecret(ctx context.Context, ws, key string, in content) (*ductape.Secret, error) {
	for tries := 0; ; tries++ {
		row, err := c.nextVersion(ctx, ws, key, in)
		if err == nil {
			err = c.store.PutSecret(ctx, ws, row)
		}
		if err == nil {
			return &row.Secret, nil
		}
		if !errors.Is(err, store.ErrConflict) || tries == putTries {
			return nil, storeError(err, "keeping the secret")
		}
	}
}

func (c *Catalog) nextVersion(ctx context.Context, ws, key string, in content) (*store.SealedSecret, error) {
	last, err := c.store.LastSecretVersion(ctx, ws, key)
	if err != nil {
		return nil, err
	}
	now := c.now().UTC()
	row := &store.SealedSecret{Secret: ductape.Secret{
		Key: key, Version: last + 1, Apps: kept(in.scope.Apps, nil), Envs: kept(in.scope.Envs, nil), ExpiresAt: in.scope.ExpiresAt, From: in.from, CreatedAt: now, UpdatedAt: now,
	}}
	switch old, err := c.store.Secret(ctx, ws, key); {
	case err == nil:
		row.CreatedAt = old.CreatedAt
		row.Apps, row.Envs = kept(in.scope.Apps, old.Apps), kept(in.scope.Envs, old.Envs)
	case !isMissing(err):
		return nil, err
	}
	if in.grace > 0 {
		until := now.Add(in.grace)
		row.PreviousUntil = &until
	}
	name, box, err := c.keyring.sealing(ctx, ws)
	if err != nil {
		return nil, err
	}
	row.DataKey = name
	if row.Sealed, err = box.Seal([]byte(in.value.Expose()), secretAD(ws, &row.Secret)); err != nil {
		return nil, internalError(err)
	}
	return row, nil
}

// kept is a part of a scope, that of the version before where none is given. All
// is nil.
func kept(given, before []string) []string {
	if given == nil {
		return before
	}
	if len(given) == 0 {
		return nil
	}
	return given
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

// DeleteSecret removes every version of the secret. While connections refer to
// it, it is refused, naming them.
func (c *Catalog) DeleteSecret(ctx context.Context, ws, key string) error {
	if _, err := c.Secret(ctx, ws, key); err != nil && !errors.Is(err, store.ErrDamaged) {
		return notToSet(err)
	}
	defer c.lock(ws)()
	if err := c.unusedSecret(ctx, ws, key); err != nil {
		return err
	}
	err := c.store.DeleteSecret(ctx, ws, key)
	if isMissing(err) {
		return notToSet(c.unknownSecret(ctx, ws, key))
	}
	return storeError(err, "deleting the secret")
}

// unusedSecret returns a conflict where connections refer to the secret.
func (c *Catalog) unusedSecret(ctx context.Context, ws, key string) error {
	products, err := c.store.Products(ctx, ws)
	if err != nil {
		return storeError(err, "listing products")
	}
	users := connectionsWith(products, key)
	if len(users) == 0 {
		return nil
	}
	return ductape.NewError(ductape.CodeConflict, "the secret "+quote(key)+" is used by "+strings.Join(users, ", ")).
		WithHint("take the reference out of these connections first, or set another value with: ductape secrets set " + clip(key))
}

func connectionsWith(products []*ductape.Product, key string) []string {
	var users []string
	for _, p := range products {
		eachConfigured(p, func(_, text string, use ductape.SecretUse) {
			if slices.ContainsFunc(secretRefs(text), func(ref string) bool { return !isCredentialKey(ref) && parseSecretRef(ref).key == key }) {
				users = append(users, p.Tag+"/"+use.AccessTag+" ("+use.Env+")")
			}
		})
	}
	slices.Sort(users)
	return slices.Compact(users)
}

const setHint = "set it with: ductape secrets set "

// notToSet takes the hint to set a secret from an error about one that was to
// go.
func notToSet(err error) error {
	var e *ductape.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Hint, setHint) {
		return err
	}
	bare := *e
	bare.Hint = "list them with: ductape secrets"
	return &bare
}

func (c *Catalog) unknownSecret(ctx context.Context, ws, key string) error {
	e := ductape.NewError(ductape.CodeUnknownSecret, "there is no secret "+quote(key))
	all, err := c.Secrets(ctx, ws)
	if err != nil {
		return e
	}
	hint := setHint + clip(key)
	if near := nearest.Nearest(key, tagsOf(all, func(s ductape.Secret) string { return s.Key }), 3); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return e.WithHint(hint)
}
