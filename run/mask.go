package run

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/internal/secret"
)

// maskPlaces hides what stands where a credential stands, by its place: a short
// secret could not be told by its value.
func (one *run) maskPlaces(req *http.Request) {
	names := one.policy().Credentials
	for name, values := range req.Header {
		if slices.Contains(alwaysMasked, name) || slices.ContainsFunc(names.Headers, func(n string) bool { return strings.EqualFold(n, name) }) {
			req.Header[name] = masked(values)
		}
	}
	if cookies := req.Header["Cookie"]; len(cookies) > 0 && len(names.Cookies) > 0 {
		req.Header["Cookie"] = []string{maskPairs(strings.Join(cookies, "; "), "; ", names.Cookies)}
	}
	if len(names.Query) > 0 {
		u := *req.URL
		u.RawQuery = maskPairs(u.RawQuery, "&", names.Query)
		req.URL = &u
	}
}

var alwaysMasked = []string{"Authorization", "Proxy-Authorization"}

// schemes are the words that may stand before a credential without being a part
// of it: those of IANA's registry of HTTP authentication schemes and some that
// APIs use. Of any other value, the first word is as secret as the rest.
var schemes = []string{
	"apikey", "api-key", "aws4-hmac-sha256", "basic", "bearer", "digest", "dpop", "gnap", "hawk", "hoba", "hmac", "key", "mutual", "negotiate", "ntlm",
	"oauth", "privatetoken", "scram-sha-1", "scram-sha-256", "signature", "sso-key", "token", "vapid",
}

// masked keeps the word before a credential: "Bearer [redacted]".
func masked(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = secret.Redacted
		if scheme, _, ok := strings.Cut(v, " "); ok && slices.Contains(schemes, strings.ToLower(scheme)) {
			out[i] = scheme + " " + secret.Redacted
		}
	}
	return out
}

// maskPairs hides the values of some names in a list of name=value.
func maskPairs(text, separator string, names []string) string {
	pairs := strings.Split(text, separator)
	for i, pair := range pairs {
		name, _, ok := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && ok && slices.Contains(names, plain) {
			pairs[i] = name + "=" + secret.Redacted
		}
	}
	return strings.Join(pairs, separator)
}
