package session

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json/jsontext"
)

// maxKeys bounds how many keys of one issuer are kept.
const maxKeys = 100

// minRSA is the least length of an RSA key, in bits (RFC 7518, section 3.3).
const minRSA = 2048

// A publicKey is a key that checks signatures.
type publicKey struct {
	id  string                  // kid; may be empty
	alg jose.SignatureAlgorithm // the only one it is for; empty: any that fits
	key any                     // *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, or []byte for HMAC
}

// A keySet is an issuer's keys.
type keySet []publicKey

// fitting returns the keys that may have signed a token of that kid and alg. The
// kid chooses among trusted keys and is not trusted itself; the algorithm must be
// that of the key (RFC 8725, section 3.1).
func (s keySet) fitting(kid string, alg jose.SignatureAlgorithm) keySet {
	var all keySet
	for _, k := range s {
		named := kid == "" || k.id == "" || k.id == kid
		if named && (k.alg == "" || k.alg == alg) && signs(k.key, alg) {
			all = append(all, k)
		}
	}
	return all
}

// signs reports whether a key is of the algorithm's type (RFC 7518, section 3.1).
func signs(key any, alg jose.SignatureAlgorithm) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return len(alg) == 5 && (alg[:2] == "RS" || alg[:2] == "PS")
	case *ecdsa.PublicKey:
		return map[string]jose.SignatureAlgorithm{"P-256": jose.ES256, "P-384": jose.ES384, "P-521": jose.ES512}[k.Curve.Params().Name] == alg
	case ed25519.PublicKey:
		return alg == jose.EdDSA
	case []byte:
		return alg == jose.HS256
	}
	return false
}

// readKeys reads keys that were given with a type: a JWKS object, or PEM in a
// text.
func readKeys(raw json.RawMessage) (keySet, error) {
	switch jsontext.Value(raw).Kind() {
	case '{':
		return readJWKS(raw)
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, errors.New("is no valid JSON")
		}
		return readPEM([]byte(text))
	}
	return nil, errors.New("must be a JWKS object, PEM text, or $Secret{KEY} for a shared secret")
}

// readJWKS reads the public signature keys of a JWK set (RFC 7517, section 5) and
// passes over the others, as the RFC asks.
func readJWKS(raw []byte) (keySet, error) {
	var doc struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil || doc.Keys == nil {
		return nil, errors.New("is no JWK set: {\"keys\": […]}")
	}
	var set keySet
	for _, one := range doc.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(one) != nil || !k.Valid() || !k.IsPublic() || !verifies(k.Use, one) {
			continue
		}
		if usable(k.Key) == nil && len(set) < maxKeys {
			set = append(set, publicKey{id: k.KeyID, alg: jose.SignatureAlgorithm(k.Algorithm), key: k.Key})
		}
	}
	if len(set) == 0 {
		return nil, errors.New("holds no public key for signatures")
	}
	return set, nil
}

// verifies reports whether a key is meant for checking signatures (RFC 7517,
// sections 4.2 and 4.3).
func verifies(use string, raw []byte) bool {
	var k struct {
		Operations []string `json:"key_ops"`
	}
	if use != "" && use != "sig" || json.Unmarshal(raw, &k) != nil {
		return false
	}
	return k.Operations == nil || slices.Contains(k.Operations, "verify")
}

// readPEM reads public keys and certificates.
func readPEM(text []byte) (keySet, error) {
	var set keySet
	for {
		var block *pem.Block
		if block, text = pem.Decode(bytes.TrimSpace(text)); block == nil || len(set) == maxKeys {
			break
		}
		key, err := readBlock(block)
		if err == nil {
			err = usable(key)
		}
		if err != nil {
			return nil, err
		}
		set = append(set, publicKey{key: key})
	}
	if len(set) == 0 {
		return nil, errors.New("is no PEM text of a public key; a shared secret is given as $Secret{KEY}")
	}
	return set, nil
}

func readBlock(b *pem.Block) (any, error) {
	switch b.Type {
	case "PUBLIC KEY":
		key, err := x509.ParsePKIXPublicKey(b.Bytes)
		if err != nil {
			return nil, errors.New("holds a PUBLIC KEY that cannot be read")
		}
		return key, nil
	case "RSA PUBLIC KEY":
		key, err := x509.ParsePKCS1PublicKey(b.Bytes)
		if err != nil {
			return nil, errors.New("holds an RSA PUBLIC KEY that cannot be read")
		}
		return key, nil
	case "CERTIFICATE":
		cert, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, errors.New("holds a CERTIFICATE that cannot be read")
		}
		return cert.PublicKey, nil
	}
	return nil, fmt.Errorf("holds a %q; give the public key, PUBLIC KEY or CERTIFICATE", b.Type)
}

// usable says why a key is not accepted.
func usable(key any) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSA {
			return fmt.Errorf("holds an RSA key of %d bits; at least %d are needed", k.N.BitLen(), minRSA)
		}
		if roca(k) {
			return errors.New("holds an RSA key whose private key can be computed (CVE-2017-15361); make a new one")
		}
		return nil
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return nil
	}
	return errors.New("holds a key that is neither RSA, EC nor Ed25519")
}
