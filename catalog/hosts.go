package catalog

import (
	"slices"

	"github.com/ductape-go/ductape"
)

// WarnHostNotAccepted is the code of the warning that a description names a new
// host, which existing credentials may not go to without consent.
const WarnHostNotAccepted = "host_not_accepted"

const warnBaseURLUnusable = "base_url_unusable"

// guard keeps existing credentials where they go today (security.md 5.2). It
// judges what comes out of the merge and not the description: for each
// connection, where its requests would go with the values that would be kept.
// What would lead one to a host that is neither in use nor accepted stays as it
// was: first the values that base URLs are filled with, then the base URLs.
func (m *merge) guard(out *ductape.App) {
	if len(m.uses) == 0 {
		return
	}
	if s := m.stored.Source; s != nil && out.Source != nil && s.BaseURL != "" && origin(s.BaseURL) != origin(out.Source.BaseURL) && !m.accepts(destination(origin(out.Source.BaseURL))) {
		source := *out.Source
		source.BaseURL = s.BaseURL
		out.Source = &source
	}
	m.guardHosts(out)
	m.guardServers(out)
	if !m.leadsAway(out) {
		return
	}
	m.keepValues(out)
	for i := range out.Envs {
		e := &out.Envs[i]
		s := m.stored.Env(e.Slug)
		to, away := m.envLeads(out, e)
		if s == nil || !away {
			continue
		}
		m.refuse("envs."+e.Slug+".base_url", to.shown(e.BaseURL), "kept as it was")
		e.BaseURL = s.BaseURL
	}
}

// leadsAway reports whether some connection's requests would go to a host that
// they do not go to today.
func (m *merge) leadsAway(out *ductape.App) bool {
	for i := range out.Envs {
		if _, away := m.envLeads(out, &out.Envs[i]); away {
			return true
		}
	}
	return m.keptLead(out)
}

// envLeads reports whether an environment leads a connection away from where it
// goes today, to a place that is not accepted, and to which.
func (m *merge) envLeads(out *ductape.App, e *ductape.AppEnv) (to destination, away bool) {
	s := m.stored.Env(e.Slug)
	for _, u := range m.uses {
		if u.appEnv != e.Slug {
			continue
		}
		to := destinationOf(out, u, e.BaseURL)
		if (s == nil || to != destinationOf(m.stored, u, s.BaseURL)) && !m.accepts(to) {
			return to, true
		}
	}
	return "", false
}

// actionLeads reports whether the base URL of an action leads a connection to a
// place where its credentials do not go already and may not go, and to which.
func (m *merge) actionLeads(out *ductape.App, base string) (to destination, away bool) {
	if base == "" {
		return "", false
	}
	if m.known == nil {
		for _, u := range m.uses {
			m.known = append(m.known, m.knownTo(u))
		}
	}
	for i, u := range m.uses {
		to := destinationOf(out, u, base)
		if m.known[i].today[to] || m.accepts(to) || m.known[i].idle[to] && !hasOwnServers(out, u) {
			continue
		}
		return to, true
	}
	return "", false
}

// A reach is where the credentials of a connection may go.
type reach struct {
	today map[destination]bool
	idle  map[destination]bool // the servers of actions, where its environment does not let these hold
}

// knownTo are the places that the credentials of a connection may go to.
func (m *merge) knownTo(u use) reach {
	known := reach{today: map[destination]bool{}, idle: map[destination]bool{}}
	if e := m.stored.Env(u.appEnv); e != nil {
		known.today[destinationOf(m.stored, u, e.BaseURL)] = true
		for _, h := range e.Hosts {
			known.today[destination("https://"+h)] = true
		}
	}
	servers := known.idle
	if hasOwnServers(m.stored, u) {
		servers = known.today
	}
	for i := range m.was {
		if m.was[i].BaseURL != "" {
			servers[destinationOf(m.stored, u, m.was[i].BaseURL)] = true
		}
	}
	return known
}

// guardServers keeps the servers of kept actions from coming to hold for a
// connection that they lead away: they do where its environment comes to be the
// one that the description gives first.
func (m *merge) guardServers(out *ductape.App) {
	told := false
	for _, u := range m.uses {
		if hasOwnServers(m.stored, u) || !hasOwnServers(out, u) || !m.keptLead(out) {
			continue
		}
		if !told {
			m.tellServers(out)
			told = true
		}
		if out.Source != nil {
			source := *out.Source
			source.BaseURL = ""
			if m.stored.Source != nil {
				source.BaseURL = m.stored.Source.BaseURL
			}
			out.Source = &source
		}
		if s := m.stored.Env(u.appEnv); s != nil && hasOwnServers(out, u) {
			out.Env(u.appEnv).BaseURL = s.BaseURL
		}
	}
}

// keptLead reports whether a kept action leads a connection away.
func (m *merge) keptLead(out *ductape.App) bool {
	return slices.ContainsFunc(m.was, func(a ductape.Action) bool {
		_, away := m.actionLeads(out, a.BaseURL)
		return away
	})
}

// tellServers tells of each server that a kept action would lead a connection to.
func (m *merge) tellServers(out *ductape.App) {
	told := map[destination]bool{}
	for i := range m.was {
		a := &m.was[i]
		if to, away := m.actionLeads(out, a.BaseURL); away && !told[to] {
			told[to] = true
			m.refuse("actions."+a.Tag+".base_url", to.shown(a.BaseURL), "requests go to the environment's base_url as they did")
		}
	}
}

// guardHosts keeps further hosts of an environment in use to those it has.
func (m *merge) guardHosts(out *ductape.App) {
	for i := range out.Envs {
		e := &out.Envs[i]
		s := m.stored.Env(e.Slug)
		if s == nil || !slices.ContainsFunc(m.uses, func(u use) bool { return u.appEnv == e.Slug }) {
			continue
		}
		e.Hosts = slices.DeleteFunc(slices.Clone(e.Hosts), func(h string) bool {
			ok := slices.Contains(s.Hosts, h) || m.accepted[h] || m.allGoTo(s, h)
			if !ok {
				m.refuse("envs."+e.Slug+".hosts", h, "kept as it was")
			}
			return !ok
		})
	}
}

// allGoTo reports whether every connection to an environment sends its requests to
// a host today, with the values of its own.
func (m *merge) allGoTo(stored *ductape.AppEnv, host string) bool {
	return !slices.ContainsFunc(m.uses, func(u use) bool {
		return u.appEnv == stored.Slug && hostOf(string(destinationOf(m.stored, u, stored.BaseURL))) != host
	})
}

// keepValues puts back every value that base URLs can be filled with: those they
// refer to, and those that these refer to.
func (m *merge) keepValues(out *ductape.App) {
	reached := m.reached(out)
	for i := range out.Variables {
		v := &out.Variables[i]
		var was rawJSON // none, where the variable is new
		if old := find(m.stored.Variables, v.Key, variableKey); old != nil {
			was = old.Default
		}
		if reached[v.Key] && !same(was, v.Default) {
			m.refuse("variables."+v.Key, string(v.Default), "kept as it was")
			v.Default = was
		}
	}
	out.Constants = slices.DeleteFunc(slices.Clone(out.Constants), func(k ductape.Constant) bool {
		return reached[k.Key] && find(m.stored.Constants, k.Key, constantKey) == nil
	})
	for i := range out.Constants {
		k := &out.Constants[i]
		if old := find(m.stored.Constants, k.Key, constantKey); reached[k.Key] && !same(old.Value, k.Value) {
			m.refuse("constants."+k.Key, string(k.Value), "kept as it was")
			k.Value = old.Value
		}
	}
}

// reached lists the keys of variables and constants that stand in base URLs, or
// in a value of one that does.
func (m *merge) reached(out *ductape.App) map[string]bool {
	keys := map[string]bool{}
	var look func(text string)
	look = func(text string) {
		for _, ref := range baseReference.FindAllStringSubmatch(text, -1) {
			if key := ref[3]; !keys[key] {
				keys[key] = true
				for _, app := range []*ductape.App{m.stored, out} {
					look(string(valueOf(app, use{}, "Variable", key)))
					look(string(valueOf(app, use{}, "Constant", key)))
				}
				for _, u := range m.uses {
					look(string(u.values[key]))
				}
			}
		}
	}
	for _, app := range []*ductape.App{m.stored, out} {
		for _, e := range app.Envs {
			look(e.BaseURL)
		}
	}
	for _, list := range [][]ductape.Action{m.was, m.fresh.Actions} {
		for i := range list {
			look(list[i].BaseURL)
		}
	}
	return keys
}

// accepts reports whether a place was accepted: "https://host", or for https the
// host alone.
func (m *merge) accepts(to destination) bool {
	if !to.isKnown() {
		return false
	}
	return m.accepted[string(to)] || m.accepted[hostOf(string(to))] && origin("https://"+hostOf(string(to))) == string(to)
}

func (m *merge) refuse(where, host, meanwhile string) {
	if host == "" {
		host = "(none)"
	}
	m.warnings = append(m.warnings, ductape.Warning{
		Code: WarnHostNotAccepted, Where: where,
		Message: "the description now names " + clip(host) + ", which connections in use would send their credentials to; " + meanwhile + " until the host is accepted (--accept-hosts of an import, accept_hosts in ductape.yaml)",
	})
}
