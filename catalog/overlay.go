package catalog

import (
	"slices"

	"github.com/ductape-go/ductape"
)

// names returns what a file says of an app, as names of edits: what it names,
// a description does not change.
func (f *fileApp) names() edits {
	e := edits{}
	when := func(given bool, name string) {
		if given {
			e.put(name)
		}
	}
	when(f.Name != "", "name")
	when(f.Description != "", "description")
	when(f.Version != "", "version")
	when(f.Settings.Nesting != nil, "settings.nesting")
	when(f.Settings.Validate != nil, "settings.validate")
	when(f.Settings.Idempotency != nil, "settings.idempotency")
	for _, env := range f.Envs {
		name := "envs." + env.Slug
		e.put(name + ".slug")
		when(env.BaseURL != nil, name+".base_url")
		when(env.RequestType != nil, name+".request_type")
		when(env.AllowPrivate != nil, name+".allow_private")
		when(env.Hosts != nil, name+".hosts")
	}
	for _, a := range f.Auths {
		e.put("auths." + a.Tag)
	}
	for _, v := range f.Variables {
		e.put("variables." + v.Key)
	}
	for _, c := range f.Constants {
		e.put("constants." + c.Key)
	}
	return e
}

// over puts what the file says over the app.
func (f *fileApp) over(a *ductape.App) {
	setText(&a.Name, f.Name)
	setText(&a.Description, f.Description)
	setText(&a.Version, f.Version)
	setGiven(&a.Settings.Nesting, f.Settings.Nesting)
	setGiven(&a.Settings.Validate, f.Settings.Validate)
	if f.Settings.Idempotency != nil {
		a.Settings.Idempotency = f.Settings.Idempotency
	}
	a.Envs = slices.Clone(a.Envs)
	for _, e := range f.Envs {
		f.overEnv(a, e)
	}
	a.Auths = slices.Clone(a.Auths)
	for _, x := range f.Auths {
		a.Auths = put(a.Auths, fillAuth(x, a.Auth(x.Tag)), authTag)
	}
	a.Variables = slices.Clone(a.Variables)
	for _, v := range f.Variables {
		a.Variables = put(a.Variables, v, variableKey)
	}
	a.Constants = slices.Clone(a.Constants)
	for _, c := range f.Constants {
		a.Constants = put(a.Constants, c, constantKey)
	}
}

func (f *fileApp) overEnv(a *ductape.App, e fileEnv) {
	env := a.Env(e.Slug)
	if env == nil {
		a.Envs = append(a.Envs, ductape.AppEnv{Slug: e.Slug})
		env = &a.Envs[len(a.Envs)-1]
	}
	setGiven(&env.BaseURL, e.BaseURL)
	setGiven(&env.RequestType, e.RequestType)
	setGiven(&env.AllowPrivate, e.AllowPrivate)
	setGiven(&env.Hosts, e.Hosts)
}

func setText(dst *string, v string) {
	if v != "" {
		*dst = v
	}
}

func setGiven[T any](dst *T, v *T) {
	if v != nil {
		*dst = *v
	}
}

// fillAuth gives an auth of the file what the description knows of it, where
// both are of one type.
func fillAuth(x ductape.Auth, described *ductape.Auth) ductape.Auth {
	if described == nil || described.Type != x.Type {
		return x
	}
	x.Name = orElse(x.Name, described.Name)
	if x.In == "" {
		x.In = described.In
	}
	x.Scheme = orElse(x.Scheme, described.Scheme)
	x.Description = orElse(x.Description, described.Description)
	x.OpenIDURL = orElse(x.OpenIDURL, described.OpenIDURL)
	if x.Flows == nil {
		x.Flows = described.Flows
	}
	return x
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// overActions puts the file's actions over the app's and returns them all, with
// the tags of those that came by hand.
func (f *fileApp) overActions(actions []ductape.Action) (all []ductape.Action, written []string) {
	all = slices.Clone(actions)
	for _, x := range f.Actions {
		old := find(all, x.Tag, actionTag)
		next := x.over(old)
		markAction(old, &next)
		all = put(all, next, actionTag)
		written = append(written, x.Tag)
	}
	return all, written
}

func (x *fileAction) over(old *ductape.Action) ductape.Action {
	next := ductape.Action{Tag: x.Tag}
	if old != nil {
		next = *old
	}
	setText(&next.Name, x.Name)
	setText(&next.Description, x.Description)
	setText(&next.Method, x.Method)
	setText(&next.Resource, x.Resource)
	setText(&next.BaseURL, x.BaseURL)
	if x.Folder != nil {
		next.Folder = x.Folder
	}
	if x.Aliases != nil {
		next.Aliases = x.Aliases
	}
	if x.Params != nil {
		next.Params = slices.Clone(x.Params)
	}
	setGiven(&next.Security, x.Security)
	next.Body = x.body(next.Body)
	complete(&next)
	if old == nil && next.Body == nil && takesBody(next.Method) {
		next.Body = &ductape.Body{}
	}
	return next
}

// takesBody reports whether an action written without a body most likely takes
// one: of whatever type its environment speaks.
func takesBody(method string) bool {
	return method == "POST" || method == "PUT" || method == "PATCH"
}

func (x *fileAction) body(old *ductape.Body) *ductape.Body {
	if x.Body == nil {
		return old
	}
	b := &ductape.Body{Required: x.Body.Required, Contents: x.Body.Contents}
	if x.Body.Type != "" {
		b.Contents = append([]ductape.Content{{Type: x.Body.Type}}, b.Contents...)
	}
	return b
}
