package secret

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
)

// ErrWrongMasterKey says that data was sealed under another master key.
var ErrWrongMasterKey = errors.New("wrong master key")

// A Wrapper seals data keys. MasterKey is one; a key service may be another.
type Wrapper interface {
	// Wrap seals a data key, bound to ad.
	Wrap(ctx context.Context, key, ad []byte) ([]byte, error)
	// Unwrap opens what Wrap returned. It returns an error wrapping ErrSealed
	// when that was changed or moved.
	Unwrap(ctx context.Context, wrapped, ad []byte) ([]byte, error)
	// Fingerprint tells wrapping keys apart and nothing else about them.
	Fingerprint() Fingerprint
	// Source says where the wrapping key came from, for people.
	Source() string
}

// A Fingerprint tells master keys apart.
type Fingerprint [4]byte

// String returns the fingerprint as eight hex digits.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// A sealed data key is its version (1), the wrapper's fingerprint (4 bytes) and
// the wrapped key. The first five are part of the associated data.
const (
	dataKeyVersion = 1
	dataKeyHeader  = 1 + len(Fingerprint{})
)

// NewDataKey makes a data key and returns it sealed by w, and ready for use.
// Keep sealed; DataKeyAD gives the associated data for it.
func NewDataKey(ctx context.Context, w Wrapper, ad []byte) (sealed []byte, box *Box, err error) {
	key, err := randomKey()
	if err != nil {
		return nil, nil, err
	}
	if sealed, err = wrapKey(ctx, w, key, ad); err != nil {
		return nil, nil, err
	}
	box, err = newBox(key)
	return sealed, box, err
}

// OpenDataKey opens what NewDataKey returned. The error wraps ErrWrongMasterKey
// when another master key sealed it, and names both; it wraps ErrSealed when
// sealed was changed or moved.
func OpenDataKey(ctx context.Context, w Wrapper, sealed, ad []byte) (*Box, error) {
	key, err := unwrapKey(ctx, w, sealed, ad)
	if err != nil {
		return nil, err
	}
	return newBox(key)
}

// Rewrap returns a sealed data key sealed by another wrapper. What the data key
// has sealed stays as it is.
func Rewrap(ctx context.Context, from, to Wrapper, sealed, ad []byte) ([]byte, error) {
	key, err := unwrapKey(ctx, from, sealed, ad)
	if err != nil {
		return nil, err
	}
	return wrapKey(ctx, to, key, ad)
}

// SealedBy returns the fingerprint of the master key that sealed a data key.
func SealedBy(sealed []byte) (Fingerprint, error) {
	var f Fingerprint
	if len(sealed) < dataKeyHeader || sealed[0] != dataKeyVersion {
		return f, fmt.Errorf("data key: %w (unknown form)", ErrSealed)
	}
	copy(f[:], sealed[1:])
	return f, nil
}

func wrapKey(ctx context.Context, w Wrapper, key, ad []byte) ([]byte, error) {
	f := w.Fingerprint()
	header := append([]byte{dataKeyVersion}, f[:]...)
	wrapped, err := w.Wrap(ctx, key, bytes.Join([][]byte{header, ad}, nil))
	if err != nil {
		return nil, fmt.Errorf("seal data key: %w", err)
	}
	return append(header, wrapped...), nil
}

func unwrapKey(ctx context.Context, w Wrapper, sealed, ad []byte) ([]byte, error) {
	by, err := SealedBy(sealed)
	if err != nil {
		return nil, err
	}
	if by != w.Fingerprint() {
		return nil, WrongMasterKey(by, w)
	}
	key, err := w.Unwrap(ctx, sealed[dataKeyHeader:], bytes.Join([][]byte{sealed[:dataKeyHeader], ad}, nil))
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("data key: %w (%d bytes)", ErrSealed, len(key))
	}
	return key, nil
}

// WrongMasterKey returns the error for data that by sealed and w was to open. It
// wraps ErrWrongMasterKey.
func WrongMasterKey(by Fingerprint, w Wrapper) error {
	return &ductape.Error{
		Code:    ductape.CodeInternal,
		Message: fmt.Sprintf("wrong master key: the data was sealed with key %s, %s holds key %s", by, w.Source(), w.Fingerprint()),
		Hint:    "start with the master key this data was made with (" + EnvMasterKey + ", the key file, or master.key in the data folder)",
		Cause:   ErrWrongMasterKey,
	}
}
