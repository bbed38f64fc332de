package sample

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/ductape-go/ductape"
)

// Bases counts the base URLs of requests.
type Bases struct {
	order []string
	count map[string]int
}

// Add counts one request to base.
func (b *Bases) Add(base string) {
	if b.count == nil {
		b.count = map[string]int{}
	}
	if b.count[base] == 0 {
		b.order = append(b.order, base)
	}
	b.count[base]++
}

// Most returns the base URL most requests go to, the first of equals; the empty
// one only where there is no other.
func (b *Bases) Most() (string, bool) {
	most := ""
	for _, base := range b.order {
		if base != "" && (most == "" || b.count[base] > b.count[most]) {
			most = base
		}
	}
	return most, len(b.order) > 0
}

// Others returns the base URLs besides main, in order of appearance.
func (b *Bases) Others(main string) []string {
	return slices.DeleteFunc(slices.Clone(b.order), func(s string) bool { return s == main })
}

// SameSite reports whether two base URLs belong to one registrable domain, so
// that a credential of the one may be sent to the other.
func SameSite(a, b string) bool {
	x, y := site(a), site(b)
	return x != "" && x == y
}

// KeepAtHome says of the actions that go to another site than the App's first
// environment, and name no auth, that they need none: what a connection holds is
// not for them.
func KeepAtHome(app *ductape.App) {
	for i := range app.Actions {
		a := &app.Actions[i]
		known := strings.Contains(a.BaseURL, "://") && !strings.ContainsAny(a.BaseURL, "{$")
		if known && a.Security == nil && len(app.Envs) > 0 && !SameSite(a.BaseURL, app.Envs[0].BaseURL) {
			a.Security = []ductape.SecurityAlternative{}
		}
	}
}

func site(base string) string {
	host := Host(base)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if net.ParseIP(host) != nil {
		return host
	}
	s, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host))
	if err != nil {
		return host
	}
	return s
}

// Host returns the host and port of a base URL.
func Host(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// HostTag returns the name of who is behind a base URL: "stripe" of
// https://api.stripe.com.
func HostTag(base string) string {
	name, _, _ := strings.Cut(site(base), ".")
	if name == "" || net.ParseIP(site(base)) != nil {
		return "app"
	}
	return name
}
