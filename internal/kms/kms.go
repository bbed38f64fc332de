package kms

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// A Config is what key services are reached with.
type Config struct {
	Getenv func(string) string // the server's environment: VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE
	Client Doer                // sends requests to Vault
}

// A Doer sends a request, as *http.Client does.
type Doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// A keeper encrypts and decrypts a few bytes in a key service.
type keeper interface {
	Encrypt(ctx context.Context, plain []byte) ([]byte, error)
	Decrypt(ctx context.Context, sealed []byte) ([]byte, error)
}

// errRefused says that the key service does not open what it was given.
var errRefused = errors.New("refused by the key service")

// openCloud opens the key services of clouds, in a program built with the tag
// kms; nil: this one was not.
var openCloud func(ctx context.Context, url string) (keeper, error)

// Open opens a key service:
//
//	hashivault://KEY             Vault's transit engine, at VAULT_ADDR with VAULT_TOKEN
//	hashivault://KEY?engine=PATH where it is mounted elsewhere than at "transit"
//	awskms://… gcpkms://… azurekeyvault://… base64key://…
//	                             as gocloud.dev/secrets has them, with the tag kms
//
// Errors are *ductape.Error with a hint and hold no part of the URL but its
// scheme: base64key holds the key itself.
func Open(ctx context.Context, address string, cfg Config) (secret.Wrapper, error) {
	scheme, _, _ := strings.Cut(address, "://")
	u, err := url.Parse(address)
	if err != nil {
		return nil, bad("master key: the " + scheme + " URL cannot be read")
	}
	var k keeper
	switch {
	case scheme == "hashivault":
		k, err = newTransit(u, cfg)
	case openCloud != nil:
		k, err = openCloud(ctx, address)
	case scheme == "awskms" || scheme == "gcpkms" || scheme == "azurekeyvault" || scheme == "base64key":
		return nil, bad("master key: this ductape was built without " + scheme).WithHint("build it with the clouds' key services: go build -tags kms ./cmd/ductape")
	default:
		return nil, bad("master key: there is no key service " + scheme).WithHint("awskms, gcpkms, azurekeyvault or hashivault; a key itself is base64 or hex of 32 bytes")
	}
	if err != nil {
		return nil, err
	}
	return &wrapper{keeper: k, scheme: scheme, fingerprint: fingerprint(address)}, nil
}

func bad(message string) *ductape.Error {
	return ductape.NewError(ductape.CodeInvalidInput, message)
}

// fingerprint tells the keys of key services apart by their URL. The same key
// under another URL is another one: rotate-master goes from one to the other.
func fingerprint(address string) secret.Fingerprint {
	sum := sha256.Sum256([]byte("ductape/1/kms/" + address))
	return secret.Fingerprint(sum[:4])
}

// callTime bounds one call of a key service.
const callTime = 15 * time.Second

// A wrapper is a secret.Wrapper over a key service. Those take no associated
// data, so its digest is sealed along with the key.
type wrapper struct {
	keeper
	scheme      string
	fingerprint secret.Fingerprint
}

func (w *wrapper) Wrap(ctx context.Context, key, ad []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	bound := sha256.Sum256(ad)
	sealed, err := w.Encrypt(ctx, append(bound[:], key...))
	if err != nil {
		return nil, w.failed("seal", err)
	}
	return sealed, nil
}

func (w *wrapper) Unwrap(ctx context.Context, wrapped, ad []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	plain, err := w.Decrypt(ctx, wrapped)
	if errors.Is(err, errRefused) {
		return nil, fmt.Errorf("%w (%v)", secret.ErrSealed, err)
	}
	if err != nil {
		return nil, w.failed("open", err)
	}
	bound := sha256.Sum256(ad)
	if len(plain) < len(bound) || subtle.ConstantTimeCompare(plain[:len(bound)], bound[:]) != 1 {
		return nil, secret.ErrSealed
	}
	return plain[len(bound):], nil
}

func (w *wrapper) Fingerprint() secret.Fingerprint { return w.fingerprint }

func (w *wrapper) Source() string { return "the key service " + w.scheme }

// failed is the error when the key service does not do its work.
func (w *wrapper) failed(doing string, err error) error {
	var e *ductape.Error
	if errors.As(err, &e) {
		return err
	}
	return &ductape.Error{Code: ductape.CodeUpstreamUnreachable, Message: "master key: " + w.scheme + " could not " + doing + " a data key", Cause: err}
}
