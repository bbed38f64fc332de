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
	all, err := c.Secrets(ctx, ws)
	if err != nil {
		return err
	}
	known := make(map[string]*ductape.Secret, len(all))
	for i := range all {
		known[all[i].Key] = &all[i]
	}
	for _, pd := range d.products {
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
