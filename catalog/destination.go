package catalog

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// A use is one environment of a product that is connected to the app: where
// credentials come from, and what they say of where requests go.
type use struct {
	appEnv, accessTag string
	values            map[string]rawJSON // of the connection: variable -> value
}

// usesOf lists who uses the app.
func usesOf(products []*ductape.Product, app string) []use {
	var uses []use
	for _, p := range products {
		for _, c := range p.Apps {
			if c.App != app {
				continue
			}
			for _, e := range c.Envs {
				uses = append(uses, use{appEnv: e.AppEnv, accessTag: c.AccessTag, values: e.Variables})
			}
		}
	}
	return uses
}

// A destination is where requests with a base URL go: an origin, such as
// "https://api.acme.io". Where that cannot be told without a run, it is a text
// that is equal only if the base URL and all that it could be filled with are.
type destination string

const unknownDestination = "unknown: "

// shown is the destination for people, the base URL where it is not known.
func (d destination) shown(base string) string {
	if d.isKnown() {
		return string(d)
	}
	return base
}

func (d destination) isKnown() bool { return !strings.HasPrefix(string(d), unknownDestination) }

// destinationOf fills a base URL with what a connection would have it filled
// with.
func destinationOf(app *ductape.App, u use, base string) destination {
	text := base
	for range 8 {
		text = baseReference.ReplaceAllStringFunc(text, func(ref string) string { return filling(app, u, ref) })
	}
	if parsed, err := url.Parse(text); err == nil && !strings.Contains(text, "$") && parsed.Host != "" && parsed.User == nil {
		return destination(lowered(parsed.Scheme + "://" + parsed.Host))
	}
	all, err := json.Marshal([]any{base, app.Variables, app.Constants, u.values})
	if err != nil { // equal to nothing
		return destination(unknownDestination + base + err.Error())
	}
	return destination(unknownDestination + string(all))
}

// hasOwnServers reports whether the servers of single actions hold for a
// connection: not where the operator has said where its environment is (see
// package run, compileURL).
func hasOwnServers(app *ductape.App, u use) bool {
	e := app.Env(u.appEnv)
	if e == nil {
		return false
	}
	return e.BaseURL == "" || app.Source != nil && strings.TrimSuffix(app.Source.BaseURL, "/") == strings.TrimSuffix(e.BaseURL, "/")
}

var baseReference = regexp.MustCompile(`\$(Variable|Constant)\{([^{}]*)\}\{([^{}]*)\}`)

// filling returns the value of a reference in a base URL, the reference itself
// where there is none.
func filling(app *ductape.App, u use, ref string) string {
	m := baseReference.FindStringSubmatch(ref)
	if m[2] != app.Tag && m[2] != u.accessTag {
		return ref
	}
	raw := valueOf(app, u, m[1], m[3])
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil && number != "" {
		return number.String()
	}
	return ref
}

func valueOf(app *ductape.App, u use, kind, key string) rawJSON {
	if kind == "Constant" {
		if k := find(app.Constants, key, constantKey); k != nil {
			return k.Value
		}
		return nil
	}
	if raw, ok := u.values[key]; ok {
		return raw
	}
	if v := find(app.Variables, key, variableKey); v != nil {
		return v.Default
	}
	return nil
}

// filledBase is a base URL with the defaults of the app's variables in it, for
// people.
func filledBase(app *ductape.App, base string) string {
	for range 8 {
		base = baseReference.ReplaceAllStringFunc(base, func(ref string) string { return filling(app, use{}, ref) })
	}
	return base
}

// origin is the scheme, host and port that a credential is bound to.
func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return base
	}
	return lowered(u.Scheme + "://" + u.Host)
}

// hostOf returns "host" or "host:port" of a URL.
func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return lowered(u.Host)
}

// lowered puts the letters of ASCII in small, and no others: İ in small is i to
// Unicode and another letter to the names of hosts (UTS 46), so that two hosts
// would be taken for one.
func lowered(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// isPlaceholderHost reports whether a description's server is no real place:
// empty, a template, or a name kept for examples (RFC 2606).
func isPlaceholderHost(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "{}<>$") {
		return true
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	return slices.ContainsFunc([]string{"example", "invalid", "test", "example.com", "example.org", "example.net"}, func(name string) bool {
		return host == name || strings.HasSuffix(host, "."+name)
	})
}
