package openapi

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// ownServer returns where an operation lives when that is on none of the app's
// servers: operation before path before document (OpenAPI 3.2, 4.9 and 4.10).
func (r *reader) ownServer(p place, op tree.Node) string {
	list := r.part(op, "servers")
	for _, next := range [...]tree.Node{r.part(p.over, "servers"), r.part(p.item, "servers")} {
		if list.Len() == 0 {
			list = next
		}
	}
	if list.Len() == 0 {
		return ""
	}
	servers := r.servers(list)
	if len(servers) == 0 {
		return ""
	}
	for _, s := range servers {
		if r.bases[s.baseURL()] {
			return ""
		}
	}
	if len(servers) > 1 {
		r.warn("server_alternative", list, "of several servers of this operation the first is used: "+servers[0].url)
	}
	r.noteHost(servers[0], list)
	return servers[0].baseURL()
}

// noteHost reports, once for each, a host of another site than the app's servers:
// the credentials of a connection go where its requests go.
func (r *reader) noteHost(s server, at tree.Node) {
	host := s.host()
	if host == "" || len(r.sites) == 0 || r.sites[s.site()] || r.sites[""] {
		return
	}
	r.warnOnce("foreign_host", host, at, "requests go to "+host+", a host of another site than the app's servers, and the credentials of a connection with them")
}

// host returns the host and port of a server, empty when it has none.
func (s server) host() string {
	u, err := url.Parse(s.url)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// site returns the domain that a server's host was registered under, or the host
// where it has no such: an address, localhost.
func (s server) site() string {
	u, err := url.Parse(s.url)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}
