package catalog

import (
	"fmt"

	"github.com/ductape-go/ductape"
)

func (p *Plan) app(a *appDraft) {
	switch {
	case a.before == nil && a.after == nil || !a.dirty():
		return
	case a.after == nil:
		p.add("-", "app", a.tag)
		return
	case a.before == nil:
		p.add("+", "app", a.tag, newApp(a)...)
	default:
		if detail := appDetail(a.before, a.after); len(detail) > 0 {
			p.add("~", "app", a.tag, detail...)
		}
	}
	p.appParts(a)
	if a.replace && !(a.before == nil && a.after.Source != nil) {
		planList(p, "action", a.tag, a.was, a.now, actionTag, a.past.actionDetail)
	}
}

// appParts adds what changes of an app beside itself and its actions.
func (p *Plan) appParts(a *appDraft) {
	before := a.before
	if before == nil {
		before = &ductape.App{}
	}
	planList(p, "env", a.tag, before.Envs, a.after.Envs, envSlug, envDetail)
	planList(p, "auth", a.tag, before.Auths, a.after.Auths, authTag, authDetail)
	planList(p, "variable", a.tag, before.Variables, a.after.Variables, variableKey, nil)
	planList(p, "constant", a.tag, before.Constants, a.after.Constants, constantKey, nil)
}

// newApp says in one line what a new description brings, rather than to list
// hundreds of actions.
func newApp(a *appDraft) []string {
	s := a.after.Source
	if s == nil {
		return nil
	}
	return []string{fmt.Sprintf("%s, from %s %s%s", count(len(a.now), "action"), s.Format, s.Version, from(s.Location))}
}

func from(location string) string {
	if location == "" {
		return ""
	}
	return " " + clip(location)
}

// planList compares two lists by key. Detail may be nil; its old is nil for
// what is new.
func planList[T any](p *Plan, kind, owner string, before, after []T, key func(T) string, detail func(old, now *T) []string) {
	if detail == nil {
		detail = func(_, _ *T) []string { return nil }
	}
	index := make(map[string]*T, len(before))
	for i := range before {
		index[key(before[i])] = &before[i]
	}
	for i := range after {
		k := key(after[i])
		old := index[k]
		delete(index, k)
		lines := detail(old, &after[i])
		switch {
		case old == nil:
			p.add("+", kind, owner+"/"+k, lines...)
		case len(lines) > 0 || !same(old, &after[i]):
			p.add("~", kind, owner+"/"+k, lines...)
		}
	}
	for i := range before {
		if k := key(before[i]); index[k] != nil {
			p.add("-", kind, owner+"/"+k)
		}
	}
}

// appDetail says what changed of the app itself; its parts speak for
// themselves.
func appDetail(old, now *ductape.App) []string {
	out := appFields(old, now)
	if !same(old.Source, now.Source) && now.Source != nil {
		out = append(out, "read again from "+now.Source.Format+" "+now.Source.Version+from(now.Source.Location))
	}
	return out
}

func appFields(old, now *ductape.App) []string {
	var out []string
	out = differ(out, "name", old.Name, now.Name)
	if old.Description != now.Description {
		out = append(out, "description changed")
	}
	out = differ(out, "version", old.Version, now.Version)
	out = differ(out, "settings.nesting", string(old.Settings.Nesting), string(now.Settings.Nesting))
	out = differ(out, "settings.validate", string(old.Settings.Validate), string(now.Settings.Validate))
	if !same(old.Settings.Idempotency, now.Settings.Idempotency) {
		out = append(out, "settings.idempotency changed")
	}
	return out
}

func differ(out []string, name, old, now string) []string {
	if old == now {
		return out
	}
	return append(out, name+": "+arrow(old, now))
}

// arrow shows a change of a value; of what is new only the value.
func arrow(old, now string) string {
	if old == "" {
		return clip(now)
	}
	return clip(old) + " → " + orNone(now)
}

func envDetail(old, now *ductape.AppEnv) []string {
	if old == nil {
		out := []string{orNone(hideUser(now.BaseURL))}
		if now.AllowPrivate {
			out = append(out, "private addresses allowed")
		}
		return out
	}
	out := differ(nil, "base_url", hideUser(old.BaseURL), hideUser(now.BaseURL))
	out = differ(out, "request_type", old.RequestType, now.RequestType)
	out = differ(out, "allow_private", fmt.Sprint(old.AllowPrivate), fmt.Sprint(now.AllowPrivate))
	if !same(old.Hosts, now.Hosts) {
		out = append(out, "hosts changed")
	}
	return out
}

func authDetail(old, now *ductape.Auth) []string {
	if old == nil {
		return []string{string(now.Type)}
	}
	out := differ(nil, "type", string(old.Type), string(now.Type))
	out = differ(out, "name", old.Name, now.Name)
	out = differ(out, "in", string(old.In), string(now.In))
	return differ(out, "prefix", old.Prefix, now.Prefix)
}

func (p *past) actionDetail(old, now *ductape.Action) []string {
	if old == nil {
		return []string{now.Method + " " + clip(now.Resource)}
	}
	return p.describe(old, now)
}
