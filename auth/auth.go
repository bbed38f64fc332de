// Package auth puts credentials on requests, one file per scheme. New turns an
// Auth of an App and its opened values into a Credential; Fields says which
// values a scheme takes.
//
// It promises three things. What the caller set on the request stays: a
// credential is never written over it. A value that could break out of its
// place (a line break, a ";" in a cookie) is refused when the Credential is
// made, so Apply does not fail half way. And no value is ever printed: Values
// and Credentials show as [redacted] under every verb of package fmt, and
// errors name the auth and the field only.
package auth

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
)

// Values holds the opened values of one auth: field -> value. Fields of the
// table (Fields) may be given under any of their names.
type Values map[string]string

// A Credential is put on each attempt of a request.
type Credential interface {
	// Apply puts the credential on req, unless the caller has already set that
	// header, query parameter or cookie. It writes to req.Header and replaces
	// req.URL, so req must be the attempt's own copy.
	Apply(req *http.Request) error

	// Names returns what Apply may set, so that it can be taken off again where
	// the credential must not go.
	Names() (headers, query, cookies []string)
}

// New returns the credential that a and its values make. Its errors are
// *ductape.Error: credential_missing when a value is missing, naming the auth
// and the field; invalid_input when a value cannot stand where it belongs or
// the scheme cannot be applied yet.
func New(a ductape.Auth, v Values) (Credential, error) {
	switch a.Type {
	case ductape.AuthBearer, ductape.AuthOAuth2, ductape.AuthOpenID:
		return newBearer(a, v)
	case ductape.AuthAPIKey:
		return newAPIKey(a, v)
	case ductape.AuthBasic:
		return newBasic(a, v)
	case ductape.AuthCredentials:
		return none{}, nil
	}
	return nil, invalid(a, fmt.Sprintf("type %q is not supported yet", a.Type)).
		WithHint("supported types: " + strings.Join(supported(), ", "))
}

// value returns the field of v under any of its names, checked.
func value(a ductape.Auth, v Values, f Field) (string, error) {
	for _, name := range f.names() {
		s, ok := v[name]
		if !ok || s == "" {
			continue
		}
		if strings.ContainsAny(s, "\r\n\x00") {
			return "", invalid(a, fmt.Sprintf("the value of %q holds a line break or a NUL character", name)).
				WithHint("set a secret again without the line break at its end; what comes from a session or a variable must hold none either")
		}
		return s, nil
	}
	if f.Optional {
		return "", nil
	}
	return "", ductape.NewError(ductape.CodeCredentialMissing, fmt.Sprintf("auth %q: no value for %q", a.Tag, f.Name)).
		WithHint("connect with one of: " + strings.Join(f.names(), ", "))
}

// only returns the value of a scheme that takes a single field.
func only(a ductape.Auth, v Values) (string, error) {
	return value(a, v, Fields(a.Type)[0])
}

func invalid(a ductape.Auth, message string) *ductape.Error {
	return ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("auth %q: %s", a.Tag, message))
}

// prefixed returns value behind prefix, once: values are often pasted together
// with their prefix.
func prefixed(prefix, value string) string {
	if len(value) >= len(prefix) && strings.EqualFold(value[:len(prefix)], prefix) {
		value = value[len(prefix):]
	}
	return prefix + value
}

// checkHeader refuses text that cannot be a header's value (RFC 9110, 5.5).
func checkHeader(a ductape.Auth, text string) error {
	if !httpguts.ValidHeaderFieldValue(text) {
		return invalid(a, "its value holds a character that a header cannot carry")
	}
	return nil
}

// setHeader sets a header unless the caller has it, in whatever case.
func setHeader(req *http.Request, name, value string) {
	if hasHeader(req.Header, name) {
		return
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	req.Header[name] = []string{value}
}

func hasHeader(h http.Header, name string) bool {
	if len(h[name]) > 0 {
		return true
	}
	for k, v := range h {
		if len(v) > 0 && len(k) == len(name) && strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}
