package catalog

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/secret"
)

// Credentials written literally into a connection are sealed as secrets under
// reserved keys, which no person can set:
//
//	connection/<product>/<access tag>/<environment>/<auth>/<field>/<digest>
//
// The digest is keyed, so it tells nothing of the value; with it, the same
// value keeps its key, and a new value never overwrites one in use.
const credentialPrefix = "connection/"

func isCredentialKey(key string) bool { return strings.HasPrefix(key, credentialPrefix) }

// A credential is one literal value that was taken out of a connection.
type credential struct {
	key   string
	where string
	value secret.Value
	scope SecretScope
}

type credentials []credential

// A place is where a credential stands.
type place struct{ product, access, env, auth, field string }

func (p place) prefix() string {
	return credentialPrefix + strings.Join([]string{p.product, p.access, p.env, p.auth, p.field}, "/") + "/"
}

func (p place) String() string {
	return join("products", p.product, "apps", p.access, "envs", p.env, "auth", p.auth, p.field)
}

// seal returns the connections with every literal credential replaced by a
// reference, and the credentials to keep.
func (c *Catalog) seal(ctx context.Context, ws, product string, conns []ductape.Connection) ([]ductape.Connection, credentials, error) {
	digest := sync.OnceValues(func() ([]byte, error) { return c.digestKey(ctx, ws) })
	var creds credentials
	out := make([]ductape.Connection, len(conns))
	for i, conn := range conns {
		out[i] = conn
		out[i].Envs = make([]ductape.ConnectionEnv, len(conn.Envs))
		for j, e := range conn.Envs {
			auth, found, err := sealAuth(digest, place{product: product, access: conn.AccessTag, env: e.ProductEnv}, e.Auth)
			if err != nil {
				return nil, nil, err
			}
			e.Auth = auth
			out[i].Envs[j] = e
			creds = append(creds, found...)
		}
	}
	return out, creds, nil
}

// A digestKey gives the key that credentials' digests are made with, when one is
// needed.
type digestKey = func() ([]byte, error)

func (c *Catalog) digestKey(ctx context.Context, ws string) ([]byte, error) {
	_, box, err := c.keyring.sealing(ctx, ws)
	if err != nil {
		return nil, err
	}
	key, err := box.Derive("connection credentials", 32)
	if err != nil {
		return nil, internalError(err)
	}
	return key, nil
}

func sealAuth(digest digestKey, at place, auth map[string]map[string]string) (map[string]map[string]string, credentials, error) {
	if auth == nil {
		return nil, nil, nil
	}
	var creds credentials
	out := make(map[string]map[string]string, len(auth))
	for tag, fields := range auth {
		out[tag] = make(map[string]string, len(fields))
		for name, value := range fields {
			at.auth, at.field = tag, name
			text, cred, err := sealValue(digest, at, value)
			if err != nil {
				return nil, nil, err
			}
			out[tag][name] = text
			if cred != nil {
				creds = append(creds, *cred)
			}
		}
	}
	return out, creds, nil
}

// sealValue returns what is kept in place of a value. Values that are broken
// or misplaced pass: the check that follows reports them.
func sealValue(digest digestKey, at place, value string) (string, *credential, error) {
	t, err := placeholder.Parse(value)
	if err != nil {
		return value, nil, nil
	}
	literal, ok := t.Static()
	if !ok || literal == "" || len(literal) > maxSecret || !at.sealable() {
		return value, nil, nil
	}
	key, err := digest()
	if err != nil {
		return "", nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(at.prefix() + literal))
	name := at.prefix() + hex.EncodeToString(mac.Sum(nil)[:12])
	scope := SecretScope{Apps: []string{at.access}, Envs: []string{at.env}}
	return "$Secret{" + name + "}", &credential{name, at.String(), secret.New(literal), scope}, nil
}

// sealable reports whether every part of the place is a proper name.
func (p place) sealable() bool {
	return validTag(p.product) && validTag(p.access) && validTag(p.env) && validTag(p.auth) && validTag(p.field)
}

// missing returns those that are not kept yet.
func (c *Catalog) missing(ctx context.Context, ws string, creds credentials) (credentials, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	var out credentials
	for _, cr := range creds {
		_, err := c.store.Secret(ctx, ws, cr.key)
		if isMissing(err) {
			out = append(out, cr)
		} else if err != nil {
			return nil, storeError(err, "reading a credential")
		}
	}
	return out, nil
}

// keepCredentials seals credentials and returns their keys.
func (c *Catalog) keepCredentials(ctx context.Context, ws string, creds credentials) (added []string, err error) {
	for _, cr := range creds {
		if _, err := c.putSecret(ctx, ws, cr.key, content{value: cr.value, scope: cr.scope}); err != nil {
			c.forget(ctx, ws, added)
			return nil, storeError(err, "keeping a credential")
		}
		added = append(added, cr.key)
	}
	return added, nil
}

// forget removes credentials that nothing refers to any more. A failure leaves
// a sealed row that nothing can reach, which is not worth failing a change that
// is done.
func (c *Catalog) forget(ctx context.Context, ws string, keys []string) {
	for _, key := range keys {
		_ = c.store.DeleteSecret(context.WithoutCancel(ctx), ws, key)
	}
}

// replaced lists the credentials that the products referred to before the
// change and do not after it.
func (d *draft) replaced() []string {
	var out []string
	for _, p := range d.products {
		after := credentialKeys(p.after)
		for key := range credentialKeys(p.before) {
			if !after[key] {
				out = append(out, key)
			}
		}
	}
	return out
}

func credentialKeys(p *ductape.Product) map[string]bool {
	keys := map[string]bool{}
	eachAuthValue(p, func(_ place, value string) {
		for _, key := range secretRefs(value) {
			if isCredentialKey(key) {
				keys[key] = true
			}
		}
	})
	return keys
}

// eachAuthValue visits every auth value of the product's connections.
func eachAuthValue(p *ductape.Product, f func(at place, value string)) {
	if p == nil {
		return
	}
	for _, conn := range p.Apps {
		for _, e := range conn.Envs {
			for tag, fields := range e.Auth {
				for name, value := range fields {
					f(place{p.Tag, conn.AccessTag, e.ProductEnv, tag, name}, value)
				}
			}
		}
	}
}

// secretRefs returns what stands in the $Secret references of a text: keys, some
// with a version (parseSecretRef).
func secretRefs(text string) []string {
	t, err := placeholder.Parse(text)
	if err != nil {
		return nil
	}
	var keys []string
	for _, r := range t.Refs() {
		if r.Kind == placeholder.Secret && len(r.Path) == 1 {
			keys = append(keys, r.Path[0])
		}
	}
	return keys
}
