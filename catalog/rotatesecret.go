package catalog

import (
	"context"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

const (
	// DefaultGrace is how long the version before may still be used, where it is
	// pinned, unless a rotation says otherwise.
	DefaultGrace = 24 * time.Hour
	// MaxGrace is the longest grace that may be asked for.
	MaxGrace = 90 * 24 * time.Hour
)

// A Rotation is the next version of a secret.
type Rotation struct {
	Value     secret.Value
	Grace     time.Duration // how long references pinned to the versions before still work; zero: not at all
	ExpiresAt *time.Time    // of the new version; nil: never
}

// RotateSecret keeps the next version of a secret, with the scope it has.
// $Secret{KEY} means the new version at once; $Secret{KEY@n}, pinned to one
// before, works until the grace is over. A shorter grace given later holds for
// every version before it, so that a leaked value ends with Grace zero.
func (c *Catalog) RotateSecret(ctx context.Context, ws, key string, r Rotation) (*ductape.Secret, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	var p problems
	p.value(r.Value)
	if r.Grace < 0 || r.Grace > MaxGrace {
		p.add("grace", "must be between 0 and %d days", MaxGrace/(24*time.Hour))
	}
	if r.ExpiresAt != nil && !c.now().Before(*r.ExpiresAt) {
		p.add("expires_at", "is in the past")
	}
	if err := p.err("the rotation"); err != nil {
		return nil, err
	}
	defer c.lock(ws)()
	old, err := c.Secret(ctx, ws, key)
	if err != nil {
		return nil, err
	}
	if old.From != "" {
		return nil, ductape.NewError(ductape.CodeInvalidInput, "secret "+quote(key)+" is read from "+clip(old.From)+", so it is rotated there").
			WithHint("or keep a value here with: ductape secrets set " + key)
	}
	scope := SecretScope{Apps: old.Apps, Envs: old.Envs, ExpiresAt: r.ExpiresAt}
	return c.putSecret(ctx, ws, key, content{value: r.Value, scope: scope, grace: r.Grace})
}

// SecretVersions describes every version that is kept of a secret, newest first.
func (c *Catalog) SecretVersions(ctx context.Context, ws, key string) ([]ductape.Secret, error) {
	if isCredentialKey(key) {
		return nil, c.unknownSecret(ctx, ws, key)
	}
	rows, err := c.store.SecretVersions(ctx, ws, key)
	if err != nil {
		return nil, storeError(err, "reading the secret")
	}
	if len(rows) == 0 {
		return nil, c.unknownSecret(ctx, ws, key)
	}
	out := make([]ductape.Secret, len(rows))
	for i := range rows {
		out[i] = rows[i].Secret
	}
	return out, nil
}
