package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/ductape-go/ductape"
)

// CheckType says what is wrong with a session type's schema and with what it
// says of tokens from elsewhere, each with its field. Whoever saves a type calls
// it; tag, selector and expiry are checked where all tags are.
func CheckType(typ ductape.SessionType) []ductape.Problem {
	var all []ductape.Problem
	if len(typ.Schema) > 0 {
		all = checkSchema(typ.Schema)
	}
	if typ.IsExternal() {
		return append(all, checkExternal(typ)...)
	}
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"audience", typ.Audience != ""},
		{"jwks_url", typ.JWKSURL != ""},
		{"keys", len(typ.Keys) > 0},
		{"algorithms", len(typ.Algorithms) > 0},
		{"allow_private", typ.AllowPrivate},
	} {
		if f.set {
			all = append(all, ductape.Problem{Where: f.field, Message: "belongs to tokens of another issuer: name it in issuer"})
		}
	}
	return all
}

func checkExternal(typ ductape.SessionType) []ductape.Problem {
	var all []ductape.Problem
	add := func(where, format string, args ...any) {
		all = append(all, ductape.Problem{Where: where, Message: fmt.Sprintf(format, args...)})
	}
	if typ.Audience == "" {
		add("audience", "is required: without it, a token that the issuer made for another program would be accepted")
	}
	if typ.Expiry != 0 || typ.Period != "" || typ.RefreshExpiry != 0 {
		add("expiry", "is the token's own: leave out expiry, period and refresh_expiry")
	}
	if (typ.JWKSURL == "") == (len(typ.Keys) == 0) {
		add("jwks_url", "give either jwks_url or keys")
	}
	if reason := badJWKSURL(typ); reason != "" {
		add("jwks_url", "%s", reason)
	}
	_, secret := secretName(typ.Keys)
	if len(typ.Keys) > 0 && !secret {
		if _, err := readKeys(typ.Keys); err != nil {
			add("keys", "%s", err)
		}
	}
	for i, alg := range typ.Algorithms {
		if !slices.Contains(possible(secret), jose.SignatureAlgorithm(alg)) {
			add(fmt.Sprintf("algorithms[%d]", i), "%q is not accepted here; %s are", alg, list(possible(secret)))
		}
	}
	return all
}

func badJWKSURL(typ ductape.SessionType) string {
	if typ.JWKSURL == "" {
		return ""
	}
	u, err := url.Parse(typ.JWKSURL)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return "is no URL such as https://issuer.example/.well-known/jwks.json"
	case u.Scheme == "https" || u.Scheme == "http" && typ.AllowPrivate:
		return ""
	}
	return "must be https, or http with allow_private: true while developing"
}

// The algorithms that may be named, and those that are accepted where none is.
var (
	asymmetric = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA}
	usual      = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA}
	symmetric  = []jose.SignatureAlgorithm{jose.HS256}
)

// possible are the algorithms of the kind of key: a published key must never
// serve as an HMAC secret (RFC 8725, section 2.1).
func possible(secret bool) []jose.SignatureAlgorithm {
	if secret {
		return symmetric
	}
	return asymmetric
}

// algorithms are those that the type accepts.
func algorithms(typ ductape.SessionType) []jose.SignatureAlgorithm {
	_, secret := secretName(typ.Keys)
	if len(typ.Algorithms) == 0 {
		if secret {
			return symmetric
		}
		return usual
	}
	var all []jose.SignatureAlgorithm
	for _, alg := range typ.Algorithms {
		if a := jose.SignatureAlgorithm(alg); slices.Contains(possible(secret), a) {
			all = append(all, a)
		}
	}
	return all
}

func list(algs []jose.SignatureAlgorithm) string {
	names := make([]string, len(algs))
	for i, a := range algs {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}

// secretName returns KEY when keys is the text "$Secret{KEY}".
func secretName(keys json.RawMessage) (name string, ok bool) {
	var text string
	if !bytes.HasPrefix(bytes.TrimSpace(keys), []byte(`"`)) || json.Unmarshal(keys, &text) != nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "$Secret{")
	name, closed := strings.CutSuffix(rest, "}")
	if !ok || !closed || name == "" || strings.ContainsAny(name, "{}$") {
		return "", false
	}
	return name, true
}
