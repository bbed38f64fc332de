package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
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

// ScopeWarnings says which apps and environments of a scope are none that the
// workspace has: secrets may be set before them, but it may be a slip too.
func (c *Catalog) ScopeWarnings(ctx context.Context, ws string, s *ductape.Secret) ([]ductape.Warning, error) {
	if len(s.Apps) == 0 && len(s.Envs) == 0 {
		return nil, nil
	}
	apps, err := c.store.Apps(ctx, ws)
	if err != nil {
		return nil, storeError(err, "reading apps")
	}
	products, err := c.store.Products(ctx, ws)
	if err != nil {
		return nil, storeError(err, "reading products")
	}
	var envs []string
	for _, p := range products {
		envs = append(envs, tagsOf(p.Envs, func(e ductape.ProductEnv) string { return e.Slug })...)
	}
	list := strangers("apps", "app", ductape.CodeUnknownApp, s.Apps, tagsOf(apps, func(a *ductape.App) string { return a.Tag }))
	return append(list, strangers("envs", "environment", ductape.CodeUnknownEnv, s.Envs, envs)...), nil
}

// strangers warns of the names that are not known.
func strangers(where, noun string, code ductape.Code, names, known []string) []ductape.Warning {
	var list []ductape.Warning
	for i, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		message := "there is no " + noun + " " + quote(name) + " yet"
		if near := nearest.Nearest(name, known, 1); len(near) > 0 {
			message += "; did you mean " + near[0] + "?"
		}
		list = append(list, ductape.Warning{Code: string(code), Where: at(where, i, ""), Message: message})
	}
	return list
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
