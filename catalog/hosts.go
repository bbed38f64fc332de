package catalog

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// WarnHostNotAccepted is the code of the warning that a description names a new
// host, which existing credentials may not go to without consent.
const WarnHostNotAccepted = "host_not_accepted"

const warnBaseURLUnusable = "base_url_unusable"

// guard takes out of a re-imported environment, which connections use, every
// host that was not there before and is not accepted (security.md 5.2).
func (m *merge) guard(stored ductape.AppEnv, fresh *ductape.AppEnv) {
	where := "envs." + stored.Slug
	was, is := filledBase(m.stored, stored.BaseURL), filledBase(m.fresh, fresh.BaseURL)
	if origin(is) != origin(was) && !m.accepts(is) {
		m.refuse(where+".base_url", origin(is), "kept as it was")
		fresh.BaseURL = stored.BaseURL
	}
	base := hostOf(was)
	var hosts []string
	for _, h := range fresh.Hosts {
		if h == base || slices.Contains(stored.Hosts, h) || m.accepted[h] {
			hosts = append(hosts, h)
			continue
		}
		m.refuse(where+".hosts", h, "kept as it was")
	}
	fresh.Hosts = hosts
}

// guardValues keeps, while connections are in use, what the place of a request
// is made of beside base URLs: the values that base URLs refer to, and the
// server for which actions on other servers are meant.
func (m *merge) guardValues(out *ductape.App) {
	if len(m.used) == 0 {
		return
	}
	if s := m.stored.Source; s != nil && out.Source != nil && s.BaseURL != "" {
		was, is := filledBase(m.stored, s.BaseURL), filledBase(m.fresh, out.Source.BaseURL)
		if origin(is) != origin(was) && !m.accepts(is) {
			source := *out.Source
			source.BaseURL = s.BaseURL
			out.Source = &source
		}
	}
	inBases := m.referred()
	for i := range out.Variables {
		v := &out.Variables[i]
		if old := find(m.stored.Variables, v.Key, variableKey); inBases[v.Key] && old != nil && !same(old.Default, v.Default) {
			m.refuse("variables."+v.Key, string(v.Default), "kept as it was")
			v.Default = old.Default
		}
	}
	for i := range out.Constants {
		k := &out.Constants[i]
		if old := find(m.stored.Constants, k.Key, constantKey); inBases[k.Key] && old != nil && !same(old.Value, k.Value) {
			m.refuse("constants."+k.Key, string(k.Value), "kept as it was")
			k.Value = old.Value
		}
	}
}

// referred lists the variables and constants that base URLs refer to.
func (m *merge) referred() map[string]bool {
	keys := map[string]bool{}
	add := func(base string) {
		t, err := placeholder.Parse(base)
		if err != nil {
			return
		}
		for _, ref := range t.Refs() {
			if (ref.Kind == placeholder.Variable || ref.Kind == placeholder.Constant) && len(ref.Path) > 1 {
				keys[ref.Path[1]] = true
			}
		}
	}
	for _, app := range []*ductape.App{m.stored, m.fresh} {
		for _, e := range app.Envs {
			add(e.BaseURL)
		}
		for i := range app.Actions {
			add(app.Actions[i].BaseURL)
		}
	}
	return keys
}

func (m *merge) accepts(base string) bool {
	return base != "" && (m.accepted[hostOf(base)] || m.accepted[origin(base)])
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

// filledBase is a base URL with the defaults of the app's variables and the
// values of its constants in the place of its references to them; one that has
// none stays as it is. It says where a base URL leads that a connection does not
// lead elsewhere.
func filledBase(app *ductape.App, base string) string {
	return baseReference.ReplaceAllStringFunc(base, func(ref string) string {
		m := baseReference.FindStringSubmatch(ref)
		var raw rawJSON
		if v := find(app.Variables, m[2], variableKey); m[1] == "Variable" && v != nil {
			raw = v.Default
		} else if k := find(app.Constants, m[2], constantKey); m[1] == "Constant" && k != nil {
			raw = k.Value
		}
		var text string
		if json.Unmarshal(raw, &text) != nil || text == "" {
			return ref
		}
		return text
	})
}

var baseReference = regexp.MustCompile(`\$(Variable|Constant)\{[^{}]*\}\{([^{}]*)\}`)

// origin is the scheme, host and port that a credential is bound to.
func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return base
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// hostOf returns "host" or "host:port" of a URL.
func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// isPlaceholderHost reports whether a description's server is no real place:
// empty, a template, or a name kept for examples (RFC 2606).
func isPlaceholderHost(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "{}<>$") {
		return true
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, name := range []string{"example", "invalid", "test", "example.com", "example.org", "example.net"} {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return false
}

// usedEnvs returns the environments of the app that connections use.
func usedEnvs(products []*ductape.Product, app string) map[string]bool {
	used := map[string]bool{}
	for _, p := range products {
		for _, c := range p.Apps {
			if c.App != app {
				continue
			}
			for _, e := range c.Envs {
				used[e.AppEnv] = true
			}
		}
	}
	return used
}
