package catalog

import (
	"github.com/ductape-go/ductape"
)

// markApp records in next what differs from the stored app, nil where it is
// new and so written by hand.
func markApp(stored, next *ductape.App) {
	if stored == nil {
		stored = &ductape.App{}
	}
	e := editsOf(stored.Edited)
	markScalars(e, stored, next)
	markEnvs(e, stored.Envs, next.Envs)
	markList(e, "auths", stored.Auths, next.Auths, authTag)
	markList(e, "variables", stored.Variables, next.Variables, variableKey)
	markList(e, "constants", stored.Constants, next.Constants, constantKey)
	next.Edited = e.list()
}

func authTag(a ductape.Auth) string         { return a.Tag }
func variableKey(v ductape.Variable) string { return v.Key }
func constantKey(c ductape.Constant) string { return c.Key }
func envSlug(e ductape.AppEnv) string       { return e.Slug }

func markScalars(e edits, stored, next *ductape.App) {
	mark(e, "name", stored.Name, next.Name)
	mark(e, "description", stored.Description, next.Description)
	mark(e, "version", stored.Version, next.Version)
	mark(e, "settings.nesting", stored.Settings.Nesting, next.Settings.Nesting)
	mark(e, "settings.validate", stored.Settings.Validate, next.Settings.Validate)
	mark(e, "settings.idempotency", stored.Settings.Idempotency, next.Settings.Idempotency)
}

func mark(e edits, name string, stored, next any) {
	if !same(stored, next) {
		e.put(name)
	}
}

func markEnvs(e edits, stored, next []ductape.AppEnv) {
	for _, n := range next {
		s := find(stored, n.Slug, envSlug)
		if s == nil {
			s = &ductape.AppEnv{}
			e.put("envs." + n.Slug + ".slug")
		}
		markEnv(e, "envs."+n.Slug, s, &n)
	}
	markRemoved(e, "envs", stored, next, envSlug)
}

func markEnv(e edits, name string, stored, next *ductape.AppEnv) {
	mark(e, name+".base_url", stored.BaseURL, next.BaseURL)
	mark(e, name+".request_type", stored.RequestType, next.RequestType)
	mark(e, name+".allow_private", stored.AllowPrivate, next.AllowPrivate)
	mark(e, name+".hosts", stored.Hosts, next.Hosts)
}

func markList[T any](e edits, list string, stored, next []T, key func(T) string) {
	for _, n := range next {
		if s := find(stored, key(n), key); s == nil || !same(s, n) {
			e.put(list + "." + key(n))
		}
	}
	markRemoved(e, list, stored, next, key)
}

func markRemoved[T any](e edits, list string, stored, next []T, key func(T) string) {
	for _, s := range stored {
		if find(next, key(s), key) == nil {
			e.drop(list + "." + key(s))
		}
	}
}

// find returns the item of that key, or nil.
func find[T any](items []T, k string, key func(T) string) *T {
	for i := range items {
		if key(items[i]) == k {
			return &items[i]
		}
	}
	return nil
}
