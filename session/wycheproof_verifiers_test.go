package session

import (
	"encoding/base64"
	"encoding/json"
	"testing"
)

// verifiers are the three ways in which a token's signature is checked. A token
// of one must never pass another.
var verifiers = map[string]func(token string, keys []testKey) error{
	"own":    openOwn,
	"secret": openWithSecret,
	"public": openWithPublic,
}

// A testKey is one JWK of a group.
type testKey struct {
	raw         json.RawMessage
	Kty, Alg, K string
	Kid         string
}

// openOwn checks a token as one of this server, whose ring has HMAC keys for
// HS256 only.
func openOwn(token string, keys []testKey) error {
	var ring []Key
	for _, k := range keys {
		if k.Kty != "oct" || k.Alg != "HS256" { // no such key can be in a ring, nor beside one
			ring = nil
			break
		}
		ring = append(ring, Key{ID: k.Kid, Signing: k.secret()})
	}
	_, _, _, err := open(token, ring)
	return err
}

// openWithSecret checks a token of an issuer that shares a secret.
func openWithSecret(token string, keys []testKey) error {
	signed, err := readForeign(token, symmetric)
	if err != nil {
		return err
	}
	var set keySet
	if len(keys) == 1 && keys[0].Kty == "oct" && keys[0].Alg == "HS256" {
		if set, err = sharedSecret("KEY", string(keys[0].secret())); err != nil {
			return err
		}
	}
	_, err = signed.open(set)
	return err
}

// openWithPublic checks a token of an issuer that publishes the keys.
func openWithPublic(token string, keys []testKey) error {
	signed, err := readForeign(token, asymmetric)
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"keys": raws(keys)})
	if err != nil {
		return err
	}
	set, err := readJWKS(text)
	if err != nil {
		return err
	}
	_, err = signed.open(set)
	return err
}

func (k testKey) secret() []byte {
	b, _ := base64.RawURLEncoding.DecodeString(k.K)
	return b
}

func raws(keys []testKey) []json.RawMessage {
	all := make([]json.RawMessage, len(keys))
	for i, k := range keys {
		all[i] = k.raw
	}
	return all
}

// keysOf reads a group's key or set of keys.
func keysOf(t *testing.T, raw json.RawMessage) []testKey {
	t.Helper()
	var doc struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Keys == nil {
		doc.Keys = []json.RawMessage{raw}
	}
	var all []testKey
	for _, one := range doc.Keys {
		k := testKey{raw: one}
		if err := json.Unmarshal(one, &k); err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	return all
}

// accepting are the verifiers that must accept a good token of these keys.
func accepting(keys []testKey) map[string]bool {
	if keys[0].Kty != "oct" {
		return map[string]bool{"public": true}
	}
	return map[string]bool{"own": true, "secret": len(keys) == 1} // a secret is one key
}
