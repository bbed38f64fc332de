package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

func (p *Plan) product(d *productDraft) {
	switch {
	case same(d.before, d.after):
		return
	case d.after == nil:
		p.add("-", "product", d.tag)
		return
	}
	before := d.before
	if before == nil {
		before = &ductape.Product{}
	}
	if detail := productDetail(before, d.after); d.before == nil {
		p.add("+", "product", d.tag, detail...)
	} else if len(detail) > 0 {
		p.add("~", "product", d.tag, detail...)
	}
	planList(p, "connection", d.tag, before.Apps, d.after.Apps, accessTag, connectionDetail)
	planList(p, "cache", d.tag, before.Caches, d.after.Caches, cacheTag, cacheDetail)
	planList(p, "session", d.tag, before.Sessions, d.after.Sessions, sessionTag, sessionDetail)
}

func productDetail(old, now *ductape.Product) []string {
	out := differ(nil, "name", old.Name, now.Name)
	if !same(old.Envs, now.Envs) {
		out = differ(out, "environments", envList(old.Envs), envList(now.Envs))
	}
	return out
}

func envList(envs []ductape.ProductEnv) string {
	return strings.Join(tagsOf(envs, func(e ductape.ProductEnv) string {
		if !e.IsActive() {
			return e.Slug + " (inactive)"
		}
		return e.Slug
	}), ", ")
}

func connectionDetail(old, now *ductape.Connection) []string {
	if old == nil {
		old = &ductape.Connection{}
	}
	out := differ(nil, "app", old.App, now.App)
	for _, e := range now.Envs {
		o := find(old.Envs, e.ProductEnv, productEnv)
		if o == nil {
			o = &ductape.ConnectionEnv{}
		}
		out = append(out, connectionEnvDetail(e.ProductEnv, o, &e)...)
	}
	for _, o := range old.Envs {
		if find(now.Envs, o.ProductEnv, productEnv) == nil {
			out = append(out, o.ProductEnv+": no longer connected")
		}
	}
	return out
}

func productEnv(e ductape.ConnectionEnv) string { return e.ProductEnv }

func connectionEnvDetail(env string, old, now *ductape.ConnectionEnv) []string {
	out := differ(nil, env+": app_env", old.AppEnv, now.AppEnv)
	for _, tag := range union(sortedKeys(old.Auth), sortedKeys(now.Auth)) {
		for _, name := range union(sortedKeys(old.Auth[tag]), sortedKeys(now.Auth[tag])) {
			if was, is := old.Auth[tag][name], now.Auth[tag][name]; was != is {
				out = append(out, fmt.Sprintf("%s: auth %s.%s: %s", env, tag, name, maskedArrow(was, is)))
			}
		}
	}
	for _, key := range union(sortedKeys(old.Variables), sortedKeys(now.Variables)) {
		switch was, is := old.Variables[key], now.Variables[key]; {
		case was == nil:
			out = append(out, env+": variable "+clip(key)+" set")
		case !same(was, is):
			out = append(out, env+": variable "+clip(key)+" changed")
		}
	}
	return out
}

func maskedArrow(old, now string) string {
	was, is := masked(old), masked(now)
	if was == is {
		return is + ", changed"
	}
	return arrow(was, is)
}

// masked shows the references in an auth value, and nothing of the text around
// them.
func masked(value string) string {
	if value == "" {
		return ""
	}
	t, err := placeholder.Parse(value)
	if err != nil || len(t.Refs()) == 0 {
		return "(sealed)"
	}
	var refs []string
	for _, r := range t.Refs() {
		if len(r.Path) == 1 && isCredentialKey(r.Path[0]) {
			return "(sealed)"
		}
		refs = append(refs, r.Text)
	}
	return strings.Join(refs, " ")
}

// union merges two sorted lists.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

func cacheDetail(old, now *ductape.CachePolicy) []string {
	if old == nil {
		return []string{now.TTL().String()}
	}
	out := differ(nil, "name", old.Name, now.Name)
	if old.Expiry == now.Expiry {
		return out
	}
	return append(out, fmt.Sprintf("expiry: %s → %s", old.TTL(), now.TTL()))
}

func sessionDetail(old, now *ductape.SessionType) []string {
	lasts := func(s *ductape.SessionType) string {
		if s.IsExternal() {
			return "tokens of " + s.Issuer
		}
		return count(int(s.Expiry), strings.TrimSuffix(string(s.Period), "s"))
	}
	if old == nil {
		return []string{lasts(now)}
	}
	out := differ(nil, "name", old.Name, now.Name)
	out = differ(out, "selector", old.Selector, now.Selector)
	out = differ(out, "expiry", lasts(old), lasts(now))
	out = differ(out, "refresh_expiry", fmt.Sprint(old.RefreshExpiry), fmt.Sprint(now.RefreshExpiry))
	out = differ(out, "audience", old.Audience, now.Audience)
	out = differ(out, "jwks_url", old.JWKSURL, now.JWKSURL)
	out = differ(out, "algorithms", strings.Join(old.Algorithms, ", "), strings.Join(now.Algorithms, ", "))
	out = differ(out, "allow_private", fmt.Sprint(old.AllowPrivate), fmt.Sprint(now.AllowPrivate))
	for _, f := range []struct {
		name    string
		changed bool
	}{{"schema", !same(old.Schema, now.Schema)}, {"keys", !same(old.Keys, now.Keys)}} {
		if f.changed {
			out = append(out, f.name+" changed")
		}
	}
	return out
}
