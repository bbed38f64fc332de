package run

import (
	"net/url"
	"strings"

	"github.com/ductape-go/ductape/internal/secret"
)

// In reports whether a secret of this run stands in a URL or a header's value,
// in any form that redaction knows. A run is an egress.Secrets: it is asked only
// when a redirect leads to another origin.
func (one *run) In(text string) bool {
	if !one.secretsSeen() {
		return false
	}
	return one.redact(text) != text || one.holdsShort(text)
}

// holdsShort finds the secrets that are too short for redaction, as whole parts
// of a path or a query.
func (one *run) holdsShort(text string) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/?&=#; ,", r) })
	for _, part := range parts {
		for _, plain := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
			if p, err := plain(part); err == nil && one.isSecret(p) {
				return true
			}
		}
	}
	return false
}

func (one *run) isSecret(text string) bool {
	same := func(values []secret.Value) bool {
		for _, v := range values {
			if v.Expose() == text {
				return true
			}
		}
		return false
	}
	return same(one.opened) || one.credential != nil && same(one.credential.values)
}
