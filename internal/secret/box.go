package secret

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrSealed says that a sealed value does not open: it was changed, cut short,
// moved, or sealed under another key.
var ErrSealed = errors.New("sealed value does not open: changed, moved, or sealed with another key")

// keySize is the length of every key here, in bytes.
const keySize = 32

// sealVersion is the first byte of a sealed value: XChaCha20-Poly1305 under a
// key derived by HKDF-SHA256, then nonce (24 bytes), text, tag (16 bytes).
const sealVersion = 1

// A Box seals and opens values under one data key. It is safe for concurrent
// use and prints as Redacted.
type Box struct {
	aead tink.AEAD
	key  func() []byte // a func for the reason Value.text is one
}

func newBox(key []byte) (*Box, error) {
	a, err := newAEAD(key, "seal")
	if err != nil {
		return nil, err
	}
	return &Box{aead: a, key: func() []byte { return key }}, nil
}

// Seal encrypts plain and binds it to ad.
func (b *Box) Seal(plain, ad []byte) ([]byte, error) { return seal(b.aead, plain, ad) }

// Open decrypts what Seal returned, given the same ad. Errors wrap ErrSealed.
func (b *Box) Open(sealed, ad []byte) ([]byte, error) { return open(b.aead, sealed, ad) }

// Derive returns n bytes that only this data key gives for info, by HKDF-SHA256
// (RFC 5869): the same each time, and telling nothing of the data key. It
// returns an error when n is above 8160, which HKDF cannot give.
func (b *Box) Derive(info string, n int) ([]byte, error) { return derive(b.key(), "use/"+info, n) }

// Format writes Redacted for every verb.
func (b *Box) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

func newAEAD(key []byte, info string) (tink.AEAD, error) {
	k, err := derive(key, info, keySize)
	if err != nil {
		return nil, err
	}
	return subtle.NewXChaCha20Poly1305(k)
}

func derive(key []byte, info string, n int) ([]byte, error) {
	return hkdf.Key(sha256.New, key, nil, "ductape/1/"+info, n)
}

func seal(a tink.AEAD, plain, ad []byte) ([]byte, error) {
	ct, err := a.Encrypt(plain, ad)
	if err != nil {
		return nil, err
	}
	return append([]byte{sealVersion}, ct...), nil
}

func open(a tink.AEAD, sealed, ad []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return nil, fmt.Errorf("%w (unknown form)", ErrSealed)
	}
	plain, err := a.Decrypt(sealed[1:], ad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func randomKey() ([]byte, error) {
	k := make([]byte, keySize)
	_, err := rand.Read(k)
	return k, err
}
