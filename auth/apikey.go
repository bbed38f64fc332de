package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
)

// newAPIKey makes a key in a header (the default place), a query parameter or a
// cookie (OpenAPI 3.2, 4.27).
func newAPIKey(a ductape.Auth, v Values) (Credential, error) {
	if a.Name == "" {
		return nil, invalid(a, "it does not say the name of its header, query parameter or cookie")
	}
	key, err := only(a, v)
	if err != nil {
		return nil, err
	}
	switch a.In {
	case ductape.InHeader, "":
		return newHeaderKey(a, key)
	case ductape.InQuery:
		return newQueryKey(a.Name, key), nil
	case ductape.InCookie:
		return newCookieKey(a, key)
	}
	return nil, invalid(a, fmt.Sprintf("an API key cannot stand in %q", a.In)).WithHint("use header, query or cookie")
}

// A headerKey is a key in a header, behind the auth's prefix if it has one.
type headerKey struct {
	redacted
	name, value string
}

func newHeaderKey(a ductape.Auth, key string) (Credential, error) {
	if !httpguts.ValidHeaderFieldName(a.Name) {
		return nil, invalid(a, fmt.Sprintf("%q cannot be the name of a header", a.Name))
	}
	value := prefixed(a.Prefix, key)
	if err := checkHeader(a, value); err != nil {
		return nil, err
	}
	return &headerKey{name: http.CanonicalHeaderKey(a.Name), value: value}, nil
}

func (c *headerKey) Apply(req *http.Request) error {
	setHeader(req, c.name, c.value)
	return nil
}

func (c *headerKey) Names() (headers, query, cookies []string) { return []string{c.name}, nil, nil }

// A queryKey is a key in the query. What stands there already stays byte for
// byte.
type queryKey struct {
	redacted
	name string
	pair string // encoded
}

func newQueryKey(name, key string) *queryKey {
	return &queryKey{name: name, pair: escape(name) + "=" + escape(key)}
}

func (c *queryKey) Apply(req *http.Request) error {
	if hasQuery(req.URL.RawQuery, c.name) {
		return nil
	}
	u := *req.URL
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += c.pair
	req.URL = &u
	return nil
}

func (c *queryKey) Names() (headers, query, cookies []string) { return nil, []string{c.name}, nil }

func hasQuery(raw, name string) bool {
	for pair := range strings.SplitSeq(raw, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if key == name {
			return true
		}
		if plain, err := url.QueryUnescape(key); err == nil && plain == name {
			return true
		}
	}
	return false
}

// escape percent-encodes for a query, spaces included (RFC 3986, 2.1).
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// A cookieKey is a key in a cookie, added to the cookies that are there.
type cookieKey struct {
	redacted
	name, value string
}

func newCookieKey(a ductape.Auth, key string) (Credential, error) {
	if !httpguts.ValidHeaderFieldName(a.Name) { // a token, like a cookie's name (RFC 6265, 4.1.1)
		return nil, invalid(a, fmt.Sprintf("%q cannot be the name of a cookie", a.Name))
	}
	if strings.Contains(key, ";") || !httpguts.ValidHeaderFieldValue(key) {
		return nil, invalid(a, "its value holds a character that a cookie cannot carry").
			WithHint("encode the value the way the API expects it")
	}
	return &cookieKey{name: a.Name, value: key}, nil
}

func (c *cookieKey) Apply(req *http.Request) error {
	if hasCookie(req.Header["Cookie"], c.name) {
		return nil
	}
	pair := c.name + "=" + c.value
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	if lines := req.Header["Cookie"]; len(lines) > 0 {
		pair = strings.Join(lines, "; ") + "; " + pair // one line, as RFC 6265, 5.4 wants it
	}
	req.Header["Cookie"] = []string{pair}
	return nil
}

func (c *cookieKey) Names() (headers, query, cookies []string) { return nil, nil, []string{c.name} }

func hasCookie(lines []string, name string) bool {
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			if key, _, _ := strings.Cut(pair, "="); strings.TrimSpace(key) == name {
				return true
			}
		}
	}
	return false
}
