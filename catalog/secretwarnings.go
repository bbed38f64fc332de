package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// warnOfSecrets warns of references, in the products that a draft changes or
// confirms, to secrets that are not there yet or may not be used there.
func (c *Catalog) warnOfSecrets(ctx context.Context, ws string, d *draft, plan *Plan) error {
	known := map[string]*ductape.Secret{} // nil where there is none
	for _, pd := range d.products {
		if err := c.readReferred(ctx, ws, pd.after, known); err != nil {
			return err
		}
		eachConfigured(pd.after, func(where, text string, use ductape.SecretUse) {
			for _, key := range secretRefs(text) {
				ref := parseSecretRef(key)
				if w := c.secretWarning(known[ref.key], ref, use); w != nil {
					w.Where = where
					plan.Warnings = append(plan.Warnings, *w)
				}
			}
		})
	}
	return nil
}

// readReferred adds what is known of the secrets that a product refers to. It
// reads these alone, however many the workspace has.
func (c *Catalog) readReferred(ctx context.Context, ws string, p *ductape.Product, known map[string]*ductape.Secret) error {
	for _, key := range referredSecrets(p) {
		if _, done := known[key]; done {
			continue
		}
		s, err := c.store.Secret(ctx, ws, key)
		if err != nil && !isMissing(err) {
			return storeError(err, "reading the secret")
		}
		known[key] = nil
		if err == nil {
			known[key] = &s.Secret
		}
	}
	return nil
}

func referredSecrets(p *ductape.Product) []string {
	var keys []string
	eachConfigured(p, func(_, text string, _ ductape.SecretUse) {
		for _, key := range secretRefs(text) {
			if !isCredentialKey(key) {
				keys = append(keys, parseSecretRef(key).key)
			}
		}
	})
	return keys
}

// secretWarning says what is wrong with using a secret, nil where nothing is.
func (c *Catalog) secretWarning(s *ductape.Secret, ref secretRef, use ductape.SecretUse) *ductape.Warning {
	key := ref.key
	if isCredentialKey(key) {
		return nil
	}
	if s == nil {
		return &ductape.Warning{Code: "missing_secret", Message: "there is no secret " + quote(key) + " yet; set it with: ductape secrets set " + clip(key)}
	}
	if ref.version > s.Version {
		return &ductape.Warning{Code: "missing_secret", Message: noVersion(ref).Message}
	}
	var e *ductape.Error
	if !errors.As(allowed(s, use, c.now()), &e) {
		return nil
	}
	return &ductape.Warning{Code: string(e.Code), Message: withHint(e.Message, e.Hint)}
}

// eachConfigured visits every text of the product's connections that may hold
// references, with what it is used for.
func eachConfigured(p *ductape.Product, f func(where, text string, use ductape.SecretUse)) {
	if p == nil {
		return
	}
	for _, conn := range p.Apps {
		for _, e := range conn.Envs {
			use := ductape.SecretUse{App: conn.App, AccessTag: conn.AccessTag, Env: e.ProductEnv}
			for tag, fields := range e.Auth {
				for name, text := range fields {
					f(place{p.Tag, conn.AccessTag, e.ProductEnv, tag, name}.String(), text, use)
				}
			}
			for key, raw := range e.Variables {
				where := join("products", p.Tag, "apps", conn.AccessTag, "envs", e.ProductEnv, "variables", key)
				eachText(raw, func(text string) { f(where, text, use) })
			}
		}
	}
}

func sortWarnings(list []ductape.Warning) {
	slices.SortFunc(list, func(a, b ductape.Warning) int {
		return strings.Compare(a.Where+"\x00"+a.Message, b.Where+"\x00"+b.Message)
	})
}
