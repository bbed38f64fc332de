package catalog

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/auth"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/placeholder"
)

func (d *draft) checkProduct(ctx context.Context, pr *ductape.Product) error {
	p := &d.problems
	where := "products." + clip(pr.Tag)
	p.tag(where, "tag", pr.Tag, map[string]bool{})
	seen := map[string]bool{}
	for i, e := range pr.Envs {
		p.tag(at(where+".envs", i, e.Slug), "slug", e.Slug, seen)
	}
	seen = map[string]bool{}
	for i, c := range pr.Apps {
		w := at(where+".apps", i, c.AccessTag)
		p.tag(w, "access_tag", c.AccessTag, seen)
		a, err := d.finalApp(ctx, c.App)
		if err != nil {
			return err
		}
		if a == nil {
			p.add(w+".app", "%s", withHint("there is no app "+quote(c.App), nearest.Hint(c.App, d.appTags(ctx))))
			continue
		}
		d.checkTargets(a, c, w)
		d.checkConnection(pr, a, c, w)
		d.checkConnectionRefs(a, c, w)
	}
	checkCaches(p, where, pr.Caches)
	checkSessions(p, where, pr.Sessions)
	return nil
}

// checkTargets makes sure that what a connection names of its app is there.
func (d *draft) checkTargets(a *ductape.App, c ductape.Connection, where string) {
	p := &d.problems
	if a == nil {
		p.add(where+".app", "still uses the app %s", quote(c.App))
		return
	}
	for i, e := range c.Envs {
		w := at(where+".envs", i, e.ProductEnv)
		if a.Env(e.AppEnv) == nil {
			p.add(w+".app_env", "%s", withHint("the app "+quote(a.Tag)+" has no environment "+quote(e.AppEnv), nearest.Hint(e.AppEnv, tagsOf(a.Envs, envSlug))))
		}
		for _, tag := range sortedKeys(e.Auth) {
			if a.Auth(tag) == nil {
				p.add(w+".auth."+clip(tag), "%s", withHint("the app "+quote(a.Tag)+" has no auth "+quote(tag), nearest.Hint(tag, tagsOf(a.Auths, authTag))))
			}
		}
	}
}

func (d *draft) checkConnection(pr *ductape.Product, a *ductape.App, c ductape.Connection, where string) {
	p := &d.problems
	envs := tagsOf(pr.Envs, func(e ductape.ProductEnv) string { return e.Slug })
	seen := map[string]bool{}
	for i, e := range c.Envs {
		w := at(where+".envs", i, e.ProductEnv)
		if seen[e.ProductEnv] {
			p.add(w, "environment %s is there twice", quote(e.ProductEnv))
		}
		seen[e.ProductEnv] = true
		if !slices.Contains(envs, e.ProductEnv) {
			p.add(w+".product_env", "%s", withHint("the product has no environment "+quote(e.ProductEnv), nearest.Hint(e.ProductEnv, envs)))
		}
		for _, tag := range sortedKeys(e.Auth) {
			at := place{product: pr.Tag, access: c.AccessTag, env: e.ProductEnv, auth: tag}
			checkAuthValues(p, w+".auth."+clip(tag), at, a, e.Auth[tag])
		}
		d.checkVariables(w+".variables", a, e.Variables)
	}
}

func checkAuthValues(p *problems, where string, at place, a *ductape.App, values map[string]string) {
	var known []string
	if x := a.Auth(at.auth); x != nil {
		known = fieldNames(x.Type)
	}
	if len(values) == 0 {
		p.add(where, "has no values")
	}
	for _, name := range sortedKeys(values) {
		w := where + "." + clip(name)
		if !validTag(name) {
			p.add(w, "field %s is not allowed: %s", quote(name), tagRule)
		} else if len(known) > 0 && !slices.Contains(known, name) {
			p.add(w, "%s", withHint("unknown field "+quote(name), nearest.Hint(name, known)))
		}
		if len(values[name]) > maxSecret {
			p.add(w, "is longer than %d bytes", maxSecret)
			continue
		}
		p.credential(w, values[name])
		at.field = name
		checkCredentialRefs(p, w, at, values[name])
	}
}

// credential parses an auth value. What is wrong with it is said without the
// words of the value, any of which may be a secret.
func (p *problems) credential(where, value string) {
	var own problems
	own.parse(where, value)
	for _, x := range own.list {
		p.add(where, "%s", discreet(x.Message, value))
	}
}

// discreet takes out of a message every word that the value holds, whole or in
// part, except as the name of a reference or function.
func discreet(message, value string) string {
	var rest strings.Builder // the value without those names
	for i, part := range strings.Split(value, "$") {
		name := 0
		for i > 0 && name < len(part) && alnum(part[name]) {
			name++
		}
		rest.WriteString(part[name:] + " ")
	}
	inWord := func(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune("{}()[],:;$'\"", r) }
	for _, word := range strings.FieldsFunc(message, func(r rune) bool { return !inWord(r) }) {
		if len(word) > 2 && strings.Contains(rest.String(), strings.TrimRight(word, ".")) {
			message = strings.ReplaceAll(message, word, "…")
		}
	}
	return message
}

// checkCredentialRefs refuses a reference to a credential that was sealed out
// of another place: whoever may connect one app must not thereby use the
// credentials of another.
func checkCredentialRefs(p *problems, where string, at place, value string) {
	for _, key := range secretRefs(value) {
		if isCredentialKey(key) && !strings.HasPrefix(key, at.prefix()) {
			p.add(where, "refers to the sealed credential of another place; give the value itself or a secret of your own")
		}
	}
}

// fieldNames lists the fields that an auth of the type takes; none means any.
func fieldNames(t ductape.AuthType) []string {
	var names []string
	for _, f := range auth.Fields(t) {
		names = append(append(names, f.Name), f.Aliases...)
	}
	return names
}

func (d *draft) checkVariables(where string, a *ductape.App, values map[string]json.RawMessage) {
	for _, key := range sortedKeys(values) {
		w := where + "." + clip(key)
		d.problems.templates(w, values[key])
		v := find(a.Variables, key, variableKey)
		if v == nil {
			d.warn("unknown_variable", w, withHint("the app declares no variable "+quote(key), nearest.Hint(key, tagsOf(a.Variables, variableKey))))
			continue
		}
		var text string
		if json.Unmarshal(values[key], &text) == nil && len(v.Enum) > 0 && !placeholder.Maybe(text) && !slices.Contains(v.Enum, text) {
			d.problems.add(w, "must be one of %s", clip(strings.Join(v.Enum, ", ")))
		}
	}
}

func (d *draft) warn(code, where, message string) {
	d.warnings = append(d.warnings, ductape.Warning{Code: code, Where: where, Message: message})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
