package catalog

import (
	"fmt"
	"slices"

	"github.com/ductape-go/ductape"
)

// A setting is one value of T that a file may say, and no longer say.
type setting[T any] struct {
	name  string
	value func(*T) any
	take  func(dst, src *T)
}

// envSettings and appSettings are what a file says of an environment and of an
// app, by the names of edits.
var (
	envSettings = []setting[ductape.AppEnv]{
		{"base_url", func(e *ductape.AppEnv) any { return e.BaseURL }, func(d, s *ductape.AppEnv) { d.BaseURL = s.BaseURL }},
		{"request_type", func(e *ductape.AppEnv) any { return e.RequestType }, func(d, s *ductape.AppEnv) { d.RequestType = s.RequestType }},
		{"allow_private", func(e *ductape.AppEnv) any { return e.AllowPrivate }, func(d, s *ductape.AppEnv) { d.AllowPrivate = s.AllowPrivate }},
		{"hosts", func(e *ductape.AppEnv) any { return slices.Concat(e.Hosts) }, func(d, s *ductape.AppEnv) { d.Hosts = s.Hosts }},
	}
	appSettings = []setting[ductape.App]{
		{"name", func(a *ductape.App) any { return a.Name }, func(d, s *ductape.App) { d.Name = s.Name }},
		{"description", func(a *ductape.App) any { return a.Description }, func(d, s *ductape.App) { d.Description = s.Description }},
		{"version", func(a *ductape.App) any { return a.Version }, func(d, s *ductape.App) { d.Version = s.Version }},
		{"settings.nesting", func(a *ductape.App) any { return a.Settings.Nesting }, func(d, s *ductape.App) { d.Settings.Nesting = s.Settings.Nesting }},
		{"settings.validate", func(a *ductape.App) any { return a.Settings.Validate }, func(d, s *ductape.App) { d.Settings.Validate = s.Settings.Validate }},
		{"settings.idempotency", func(a *ductape.App) any { return a.Settings.Idempotency }, func(d, s *ductape.App) { d.Settings.Idempotency = s.Settings.Idempotency }},
	}
)

// An unsaid deals with the values of one app that its file does not say (any
// more): they are listed as kept, or taken back with prune.
type unsaid struct {
	a      *application
	d      *draft
	tag    string
	said   edits
	edited edits // what is marked as edited; names that are taken back leave it
}

// unsaid looks at the values of an app that the file leaves out. What a
// description says of them has been taken over by the merge already, so that
// prune is left with what no description says.
func (a *application) unsaid(d *draft, f *fileApp, ad *appDraft, im *imported) {
	u := unsaid{a, d, f.Tag, f.names(), editsOf(ad.after.Edited)}
	described, byHand := &ductape.App{}, im == nil && ad.after.Source == nil
	if im != nil {
		described = im.res.App
	}
	if im != nil || byHand {
		unsaidOf(u, "", f.Tag, ad.after, described, appSettings, byHand)
	}
	for i := range ad.after.Envs {
		e := &ad.after.Envs[i]
		name := f.Tag + "/" + e.Slug
		old := described.Env(e.Slug)
		settings, back := envSettings, f.hasEnv(e.Slug) && old == nil
		if im == nil && !byHand { // a description that is not read here sets neither of these
			settings, back = envSettings[2:], true
		}
		if old == nil && !f.hasEnv(e.Slug) && (im != nil || byHand) {
			continue // it is kept as a whole
		}
		if old == nil {
			old = &ductape.AppEnv{}
		}
		unsaidOf(u, "envs."+e.Slug+".", name, e, old, settings, back)
	}
	u.parts(f, ad.after, described)
	ad.after.Edited = u.edited.list()
}

// unsaidOf looks at the values of one thing. Back says that prune is to take
// them back here.
func unsaidOf[T any](u unsaid, prefix, owner string, now, described *T, settings []setting[T], back bool) {
	kind := "app"
	if prefix != "" {
		kind = "env"
	}
	for _, s := range settings {
		name := prefix + s.name
		switch {
		case u.said[name] || same(s.value(now), s.value(described)):
		case u.a.prune && back:
			s.take(now, described)
			delete(u.edited, name)
		case !u.a.prune && (u.edited[name] || s.name == "allow_private"):
			u.d.keep(kind, owner+" "+s.name+shown(s.value(now)))
		}
	}
}

// shown is a short value as a line about it shows it.
func shown(v any) string {
	switch v := v.(type) {
	case bool:
		return fmt.Sprintf(" %t", v)
	case ductape.Nesting, ductape.Validation:
		return fmt.Sprintf(" %s", v)
	}
	return ""
}

// parts lists auths, variables and constants that were edited over what the
// description says of them, and that the file leaves out.
func (u unsaid) parts(f *fileApp, now, described *ductape.App) {
	if u.a.prune {
		return
	}
	keepParts(u, "auth", "auths.", now.Auths, described.Auths, authTag)
	keepParts(u, "variable", "variables.", now.Variables, described.Variables, variableKey)
	keepParts(u, "constant", "constants.", now.Constants, described.Constants, constantKey)
}

func keepParts[T any](u unsaid, kind, prefix string, now, described []T, key func(T) string) {
	for _, x := range now {
		name := prefix + key(x)
		old := find(described, key(x), key)
		if u.said[name] || !u.edited[name] || old != nil && same(*old, x) || old == nil && kind == "auth" {
			continue // auths that nothing describes are listed with the environments
		}
		u.d.keep(kind, u.tag+"/"+key(x))
	}
}
