package catalog

import (
	"github.com/ductape-go/ductape"
)

// A merge brings a freshly read description over the app that is kept.
type merge struct {
	stored   *ductape.App
	fresh    *ductape.App
	edited   edits
	prune    bool
	reset    bool             // edits of actions are forgotten: a file is the whole truth
	uses     []use            // connections to the app
	was      []ductape.Action // the kept ones
	known    []reach          // of each use: where its credentials may go
	accepted map[string]bool  // new hosts that may receive existing credentials
	warnings []ductape.Warning
}

// app returns the kept app as the description now has it, with what a person
// edited, and with what is no longer described unless prune is set.
func (m *merge) app() *ductape.App {
	out := *m.fresh
	out.Edited, out.Actions, out.Schemas = m.edited.list(), nil, nil
	keep(m.edited, "name", &out.Name, m.stored.Name)
	keep(m.edited, "description", &out.Description, m.stored.Description)
	keep(m.edited, "version", &out.Version, m.stored.Version)
	keep(m.edited, "settings.nesting", &out.Settings.Nesting, m.stored.Settings.Nesting)
	keep(m.edited, "settings.validate", &out.Settings.Validate, m.stored.Settings.Validate)
	keep(m.edited, "settings.idempotency", &out.Settings.Idempotency, m.stored.Settings.Idempotency)
	out.Envs = m.envs()
	out.Auths = mergeList(m, "auths", m.stored.Auths, m.fresh.Auths, authTag)
	out.Variables = mergeList(m, "variables", m.stored.Variables, m.fresh.Variables, variableKey)
	out.Constants = mergeList(m, "constants", m.stored.Constants, m.fresh.Constants, constantKey)
	m.guard(&out)
	return &out
}

// keep puts the stored value over the fresh one where it was edited.
func keep[T any](e edits, name string, fresh *T, stored T) {
	if e[name] {
		*fresh = stored
	}
}

// mergeList merges what is edited as a whole: auths, variables, constants.
func mergeList[T any](m *merge, list string, stored, fresh []T, key func(T) string) []T {
	var out []T
	for _, f := range fresh {
		name := list + "." + key(f)
		s := find(stored, key(f), key)
		switch {
		case s != nil && m.edited[name]:
			out = append(out, *s)
		case s != nil || !m.edited["-"+name]:
			out = append(out, f)
		}
	}
	for _, s := range stored {
		if find(fresh, key(s), key) == nil && m.stays(list+"."+key(s)) {
			out = append(out, s)
		}
	}
	return out
}

// stays reports whether something that is not described (any more) is kept.
func (m *merge) stays(name string) bool { return !m.prune || m.edited.under(name) }

func (m *merge) envs() []ductape.AppEnv {
	var out []ductape.AppEnv
	for _, f := range m.fresh.Envs {
		s := m.stored.Env(f.Slug)
		switch {
		case s != nil:
			out = append(out, m.env(*s, f))
		case !m.edited["-envs."+f.Slug]:
			out = append(out, f)
		}
	}
	for _, s := range m.stored.Envs {
		if m.fresh.Env(s.Slug) == nil && m.stays("envs."+s.Slug) {
			out = append(out, s)
		}
	}
	return out
}

func (m *merge) env(stored, fresh ductape.AppEnv) ductape.AppEnv {
	name := "envs." + stored.Slug
	keep(m.edited, name+".base_url", &fresh.BaseURL, stored.BaseURL)
	keep(m.edited, name+".request_type", &fresh.RequestType, stored.RequestType)
	keep(m.edited, name+".allow_private", &fresh.AllowPrivate, stored.AllowPrivate)
	keep(m.edited, name+".hosts", &fresh.Hosts, stored.Hosts)
	return fresh
}

// actions brings the described actions over the kept ones.
func (m *merge) actions(stored []ductape.Action) []ductape.Action {
	old := make(map[string]*ductape.Action, len(stored))
	for i := range stored {
		old[stored[i].Tag] = &stored[i]
	}
	out := make([]ductape.Action, 0, len(m.fresh.Actions))
	for i := range m.fresh.Actions {
		f := &m.fresh.Actions[i]
		s := old[f.Tag]
		delete(old, f.Tag)
		switch {
		case s != nil && !m.reset:
			out = append(out, keepActionEdits(s, f))
		case s != nil || !m.edited["-actions."+f.Tag]:
			out = append(out, *f)
		}
	}
	for i := range stored {
		if s := &stored[i]; old[s.Tag] != nil && (!m.prune || editsOf(s.Edited)[editedAll]) {
			out = append(out, *s)
		}
	}
	return out
}
