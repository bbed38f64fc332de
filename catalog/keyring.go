package catalog

import (
	"context"
	"errors"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// The names of a workspace's data keys.
const (
	secretsKey  = "secrets"
	sessionsKey = "sessions"
)

// A Sealer seals and opens values, bound to associated data. It is an alias, so
// that a Keyring fits whoever asks for such an interface.
type Sealer = interface {
	Seal(plain, ad []byte) ([]byte, error)
	Open(sealed, ad []byte) ([]byte, error)
}

// A Keyring holds the data keys of every workspace that has been asked for,
// opened by the master key and kept in memory only.
type Keyring struct {
	keys   store.Keys
	master secret.Wrapper
	boxes  snapshot[boxName, *secret.Box]
	rings  snapshot[string, *sessionRing] // by workspace
}

type boxName struct{ workspace, name string }

// NewKeyring returns a Keyring over the data keys that keys holds, sealed by
// master.
func NewKeyring(keys store.Keys, master secret.Wrapper) *Keyring {
	return &Keyring{keys: keys, master: master}
}

// Check opens the data keys of every workspace there is, so that a program
// refuses to start with another master key than the one that sealed them. The
// error wraps secret.ErrWrongMasterKey and names both.
func (k *Keyring) Check(ctx context.Context) error {
	all, err := k.keys.Workspaces(ctx)
	if err != nil {
		return storeError(err, "listing workspaces")
	}
	for _, ws := range all {
		for _, name := range []string{secretsKey, sessionsKey} {
			if err := k.check(ctx, boxName{ws, name}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *Keyring) check(ctx context.Context, n boxName) error {
	sealed, err := k.keys.DataKey(ctx, n.workspace, n.name)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return storeError(err, "reading a data key")
	}
	_, err = k.open(ctx, n, sealed)
	return err
}

// SessionKey returns the key that signs the workspace's session tokens, 32
// bytes, and what seals the data inside them: the first of SessionKeys.
func (k *Keyring) SessionKey(ctx context.Context, ws string) (signing []byte, seal Sealer, err error) {
	keys, err := k.SessionKeys(ctx, ws)
	if err != nil {
		return nil, nil, err
	}
	return keys[0].Signing, keys[0].Seal, nil
}

// box returns the workspace's data key of that name, making it the first time.
func (k *Keyring) box(ctx context.Context, ws, name string) (*secret.Box, error) {
	if k == nil {
		return nil, ductape.NewError(ductape.CodeInternal, "no master key was given, so nothing can be sealed")
	}
	n := boxName{ws, name}
	if b, ok := k.boxes.load(n); ok {
		return b, nil
	}
	sealed, err := k.keys.DataKey(ctx, ws, name)
	if isMissing(err) {
		sealed, err = k.make(ctx, n)
	}
	if err != nil {
		return nil, storeError(err, "reading a data key")
	}
	return k.open(ctx, n, sealed)
}

// make keeps a new data key, or returns the one another process kept first.
func (k *Keyring) make(ctx context.Context, n boxName) ([]byte, error) {
	sealed, _, err := secret.NewDataKey(ctx, k.master, secret.DataKeyAD(n.workspace, n.name))
	if err != nil {
		return nil, internalError(err)
	}
	return k.keys.PutDataKeyIfAbsent(ctx, n.workspace, n.name, sealed)
}

func (k *Keyring) open(ctx context.Context, n boxName, sealed []byte) (*secret.Box, error) {
	box, err := secret.OpenDataKey(ctx, k.master, sealed, secret.DataKeyAD(n.workspace, n.name))
	if err != nil {
		return nil, internalError(err)
	}
	k.boxes.store(n, box, 0)
	return box, nil
}

// internalError gives a failure that is not the caller's its code. Package
// secret's messages never hold any of a key.
func internalError(err error) error {
	var e *ductape.Error
	if errors.As(err, &e) {
		return err
	}
	return &ductape.Error{Code: ductape.CodeInternal, Message: err.Error(), Cause: err}
}
