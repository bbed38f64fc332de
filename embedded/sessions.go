package embedded

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/session"
)

// maxKeySet is how large the keys of an issuer of tokens may be, in bytes.
const maxKeySet = 256 << 10

// keyFetcher reads the keys that issuers publish, by the way out that calls take.
func keyFetcher(out *egress.Client) session.Fetch {
	return func(ctx context.Context, url string, allowPrivate bool) ([]byte, error) {
		body, _, err := out.Fetch(ctx, url, maxKeySet, egress.Policy{AllowPrivate: allowPrivate})
		return body, err
	}
}

// tokenSecrets opens the secrets that check tokens. One that is scoped to apps is
// not for that.
func tokenSecrets(c *catalog.Catalog) func(ctx context.Context, workspace, env, key string) (string, error) {
	return func(ctx context.Context, workspace, env, key string) (string, error) {
		v, err := c.OpenSecret(ctx, workspace, key, ductape.SecretUse{Env: env})
		if err != nil {
			return "", err
		}
		return v.Expose(), nil
	}
}
