package secret

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	// EnvMasterKey is the environment variable that may hold the master key.
	EnvMasterKey = "DUCTAPE_MASTER_KEY"
	// EnvNextMasterKey is the one that may hold the master key to which a
	// rotation goes.
	EnvNextMasterKey = "DUCTAPE_NEXT_MASTER_KEY"
)

const makeOne = "make one with: openssl rand -base64 32"

// A MasterKey seals data keys. It is never kept beside what it seals, unless it
// was generated in the data folder. It is safe for concurrent use and prints as
// Redacted.
type MasterKey struct {
	aead        tink.AEAD
	fingerprint Fingerprint
	source      string
}

var _ Wrapper = (*MasterKey)(nil)

// MasterKeyOptions say where the master key may be. The first that is set
// counts: Env, then File, then Folder.
type MasterKeyOptions struct {
	Env    string // the text of DUCTAPE_MASTER_KEY; empty: not set
	File   string // a file that holds the key; empty: none
	Folder string // the data folder, whose master.key is read, or made when it is not there; empty: none

	// Open opens a key service by its URL, for LoadWrapper; nil: there is none.
	Open func(ctx context.Context, url string) (Wrapper, error)
}

// LoadWrapper is LoadMasterKey for a key that may stand in a key service: Env, or
// the text in File, may be a URL such as awskms://alias/ductape.
func LoadWrapper(ctx context.Context, o MasterKeyOptions) (w Wrapper, generated bool, err error) {
	text := o.Env
	if text == "" && o.File != "" {
		if text, err = readKeyFile(o.File); err != nil {
			return nil, false, err
		}
	}
	if url := strings.TrimSpace(text); strings.Contains(url, "://") {
		if o.Open == nil {
			return nil, false, badKey("this program has no key services")
		}
		w, err = o.Open(ctx, url)
		return w, false, err
	}
	key, generated, err := LoadMasterKey(o)
	if err != nil {
		return nil, false, err
	}
	return key, generated, nil
}

// LoadMasterKey finds the master key, and reports whether it has just generated
// one. The text of a key is base64 (standard or URL alphabet, padded or not) or
// hex of 32 bytes; a passphrase is refused, since it can be guessed. Errors are
// *ductape.Error with a hint and never hold any of the key.
func LoadMasterKey(o MasterKeyOptions) (key *MasterKey, generated bool, err error) {
	switch {
	case o.Env != "":
		key, err = masterKeyFromText(o.Env, EnvMasterKey)
	case o.File != "":
		key, err = masterKeyFromFile(o.File)
	case o.Folder != "":
		return masterKeyInFolder(o.Folder)
	default:
		e := ductape.NewError(ductape.CodeInvalidInput, "no master key: secrets are never kept unsealed")
		return nil, false, e.WithHint("set " + EnvMasterKey + ", or name a key file; " + makeOne)
	}
	return key, false, err
}

// Fingerprint tells the key apart from others: the first bytes of the SHA-256
// of a value derived from it.
func (m *MasterKey) Fingerprint() Fingerprint { return m.fingerprint }

// Source says where the key came from: the variable's name or the file's path.
func (m *MasterKey) Source() string { return m.source }

// NewDataKey makes a data key; see the function NewDataKey.
func (m *MasterKey) NewDataKey(ad []byte) (sealed []byte, box *Box, err error) {
	return NewDataKey(context.Background(), m, ad)
}

// OpenDataKey opens a sealed data key; see the function OpenDataKey.
func (m *MasterKey) OpenDataKey(sealed, ad []byte) (*Box, error) {
	return OpenDataKey(context.Background(), m, sealed, ad)
}

// Wrap implements Wrapper.
func (m *MasterKey) Wrap(_ context.Context, key, ad []byte) ([]byte, error) {
	return seal(m.aead, key, ad)
}

// Unwrap implements Wrapper.
func (m *MasterKey) Unwrap(_ context.Context, wrapped, ad []byte) ([]byte, error) {
	return open(m.aead, wrapped, ad)
}

// Format writes Redacted for every verb.
func (m *MasterKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

func newMasterKey(key []byte, source string) (*MasterKey, error) {
	a, err := newAEAD(key, "wrap")
	if err != nil {
		return nil, err
	}
	id, err := derive(key, "fingerprint", keySize)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(id)
	return &MasterKey{aead: a, fingerprint: Fingerprint(sum[:4]), source: source}, nil
}

func masterKeyFromText(text, source string) (*MasterKey, error) {
	key, ok := decodeKey(strings.TrimSpace(text))
	switch {
	case !ok:
		return nil, badKey(source + " is not base64 or hex of 32 bytes (a passphrase will not do)")
	case len(key) != keySize:
		return nil, badKey(fmt.Sprintf("%s holds %d bytes; a master key has %d", source, len(key), keySize))
	case strings.Count(string(key), string(key[:1])) == keySize:
		return nil, badKey(source + " repeats one byte")
	}
	return newMasterKey(key, source)
}

func badKey(message string) error {
	return ductape.NewError(ductape.CodeInvalidInput, "master key: "+message).WithHint(makeOne)
}

// decodeKey reads hex before base64: 64 hex digits are also base64, of 48 bytes.
func decodeKey(text string) (key []byte, ok bool) {
	if b, err := hex.DecodeString(text); err == nil && len(b) == keySize {
		return b, true
	}
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	return b, err == nil && len(b) > 0
}
