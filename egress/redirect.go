package egress

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// next returns the request that follows req's answer, or nil when resp is what
// the caller gets: it is no redirect, says no readable Location, or would need
// a body sent again that cannot be or must not be.
//
// The rules:
//   - 301 and 302 turn a POST into a GET without its body; 303 turns everything
//     but HEAD into one; 307 and 308 keep method and body (RFC 9110, 15.4).
//   - A body never goes to another origin.
//   - When scheme, host or port change, everything that carries a credential is
//     taken off, unless the policy lists the new host. It never comes back.
//     Where the URL still holds a secret, in its path or elsewhere, the redirect
//     is refused.
//   - https is never left for http.
func (c *Client) next(req *http.Request, resp *http.Response, p Policy, t *tracker) (*http.Request, error) {
	u := location(req, resp)
	if u == nil || c.maxRedirects < 0 {
		return nil, nil
	}
	same := sameOrigin(req.URL, u)
	method, keepsBody := redirectMethod(req.Method, resp.StatusCode)
	withBody := keepsBody && req.Body != nil && req.Body != http.NoBody
	if withBody && (!same || req.GetBody == nil) {
		return nil, nil
	}
	if err := c.refuseRedirect(req, u, t); err != nil {
		return nil, err
	}
	next := req.WithContext(req.Context())
	next.URL, next.Method, next.Header = u, method, req.Header.Clone()
	if !same {
		next.Host = "" // a virtual host of the old origin
	}
	if !same && !listed(p.Hosts, req.URL, u) {
		strip(next, p)
		if p.Secrets != nil && p.Secrets.In(next.URL.String()) {
			return nil, t.refused(redirectRefused(req, "its URL holds a secret, which may not go to another host"))
		}
	}
	if withBody {
		body, err := req.GetBody()
		if err != nil {
			return nil, t.fault(req, fmt.Errorf("repeat the request body: %w", err))
		}
		next.Body = body
	} else {
		dropBody(next)
	}
	return next, nil
}

// location returns where resp redirects to, nil when it does not.
func location(req *http.Request, resp *http.Response) *url.URL {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	text := resp.Header.Get("Location")
	if text == "" {
		return nil
	}
	u, err := req.URL.Parse(text)
	if err != nil {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	return u
}

func redirectMethod(method string, status int) (next string, keepsBody bool) {
	switch {
	case status == http.StatusSeeOther && method != http.MethodHead,
		(status == http.StatusMovedPermanently || status == http.StatusFound) && method == http.MethodPost:
		return http.MethodGet, false
	}
	return method, status != http.StatusSeeOther
}

func (c *Client) refuseRedirect(req *http.Request, u *url.URL, t *tracker) error {
	if t.redirects >= c.maxRedirects {
		return t.refused(Failure{
			Message: fmt.Sprintf("%s: stopped after %d redirects", req.URL.Host, t.redirects),
		})
	}
	reason := refuseURL(u)
	if reason == "" && req.URL.Scheme == "https" && u.Scheme != "https" {
		reason = "it leads from https to " + u.Scheme
	}
	if reason == "" {
		return nil
	}
	return t.refused(redirectRefused(req, reason))
}

func redirectRefused(req *http.Request, reason string) Failure {
	return Failure{Blocked: true, Message: fmt.Sprintf("%s: a redirect is refused: %s", req.URL.Host, reason)}
}

func dropBody(req *http.Request) {
	req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	req.TransferEncoding, req.Trailer = nil, nil
	for name := range req.Header {
		if strings.HasPrefix(name, "Content-") || name == "Expect" || name == "Digest" {
			delete(req.Header, name)
		}
	}
}

// sameOrigin compares scheme, host and port (RFC 6454, 5). A host with a dot at
// its end counts as another.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// listed reports whether to is one of hosts, by the scheme of from. A host
// without a port means the scheme's own.
func listed(hosts []string, from, to *url.URL) bool {
	return from.Scheme == to.Scheme && slices.ContainsFunc(hosts, func(h string) bool {
		return sameOrigin(&url.URL{Scheme: to.Scheme, Host: h}, to)
	})
}

// strip takes off what carries a credential: what we put on, by name; what looks
// like one among the caller's own headers; and headers that hold a secret.
func strip(req *http.Request, p Policy) {
	c := p.Credentials
	for name, values := range req.Header {
		if looksSecret(name) || slices.ContainsFunc(c.Headers, func(n string) bool { return strings.EqualFold(n, name) }) ||
			p.Secrets != nil && slices.ContainsFunc(values, p.Secrets.In) {
			delete(req.Header, name)
		}
	}
	// Cookies go whole, named in c.Cookies or not.
	req.URL.RawQuery = withoutParams(req.URL.RawQuery, c.Query)
}

// secretWords are parts of header names that carry credentials, in lower case.
var secretWords = []string{
	"auth", "cookie", "token", "key", "secret", "password", "passwd", "credential",
	"session", "signature", "jwt", "csrf", "xsrf", "cert", "referer",
}

// looksSecret reports whether a header's name says that it carries a
// credential, or, as Referer does, the URL that may.
func looksSecret(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(lower, w) })
}

// withoutParams returns the raw query without the named parameters, the rest
// byte for byte. A redirect may repeat the query it was asked with.
func withoutParams(raw string, names []string) string {
	if raw == "" || len(names) == 0 {
		return raw
	}
	kept := strings.Split(raw, "&")
	kept = slices.DeleteFunc(kept, func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(key)
		return slices.Contains(names, key) || (err == nil && slices.Contains(names, plain))
	})
	return strings.Join(kept, "&")
}
