package session

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
)

// issuer is the iss of every token.
const issuer = "ductape"

// maxToken bounds a token's length before anything in it is read: the largest
// data sealed, in base64 twice, with room for names.
const maxToken = 64 << 10

// claims of a token (RFC 7519, section 4.1), and the sealed data.
type claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub,omitzero"`
	ID        string `json:"jti"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	Data      []byte `json:"data"`
}

// sign returns the claims as a token.
func sign(c claims, key Key) (string, error) {
	opts := (&jose.SignerOptions{}).WithType("JWT")
	if key.ID != "" {
		opts = opts.WithHeader("kid", key.ID)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: key.Signing}, opts)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

var (
	errToken     = errors.New("is no token of this server")
	errSignature = errors.New("has a wrong signature")
)

// open checks the signature of a token and returns its header and payload.
// Only HS256 is accepted (RFC 8725, section 3.1: the caller, not the token,
// chooses the algorithm).
func open(token string, keys []Key) (jose.Header, []byte, Key, error) {
	if len(token) > maxToken || !canonical(token) {
		return jose.Header{}, nil, Key{}, errToken
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil || len(signed.Signatures) != 1 {
		return jose.Header{}, nil, Key{}, errToken
	}
	header := signed.Signatures[0].Protected
	if key, ok := keyOf(keys, header.KeyID); ok {
		if payload, err := signed.Verify(key.Signing); err == nil {
			return header, payload, key, nil
		}
	}
	return jose.Header{}, nil, Key{}, errSignature
}

// keyOf returns the key that a token's kid names. A token without one is of a time
// when the first generation had no id.
func keyOf(keys []Key, id string) (Key, bool) {
	if key, ok := named(keys, id); ok || id != "" || len(keys) == 0 {
		return key, ok
	}
	return keys[len(keys)-1], true
}

// named returns the key of that id. Where two have it, none is meant.
func named(keys []Key, id string) (found Key, ok bool) {
	for _, key := range keys {
		if key.ID != id {
			continue
		}
		if ok {
			return Key{}, false
		}
		found, ok = key, true
	}
	return found, ok
}

// canonical reports whether the token is three parts of base64url, each in the
// one spelling it has: decoders pass over line ends and unused bits, so that one
// token would have many texts.
func canonical(token string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	for _, part := range parts {
		b, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(b) == 0 || base64.RawURLEncoding.EncodedLen(len(b)) != len(part) {
			return false
		}
	}
	return true
}

// readClaims reads a payload whose signature is right.
func readClaims(header jose.Header, payload []byte) (claims, error) {
	var c claims
	if typ, _ := header.ExtraHeaders[jose.HeaderType].(string); typ != "JWT" {
		return c, errToken
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return c, errToken
	}
	if c.Issuer != issuer || c.ID == "" {
		return c, errToken
	}
	return c, nil
}
