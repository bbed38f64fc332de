package catalog

import (
	"context"
	"errors"
	"sync/atomic"

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
	keys    store.Keys
	current atomic.Pointer[secret.Wrapper] // the master key
	find    masterFinder                   // nil: the master key stays what it is
	boxes   snapshot[boxName, *secret.Box]
	rings   snapshot[string, *sessionRing] // by workspace
}

type boxName struct{ workspace, name string }

// NewKeyring returns a Keyring over the data keys that keys holds, sealed by
// master.
func NewKeyring(keys store.Keys, master secret.Wrapper) *Keyring {
	k := &Keyring{keys: keys}
	k.current.Store(&master)
	return k
}

// Check opens every data key there is, so that a program refuses to start with
// another master key than the one that sealed them. The error wraps
// secret.ErrWrongMasterKey and names both; its code is invalid_input. Of the
// keys that a key service sealed, it asks for one only.
func (k *Keyring) Check(ctx context.Context) error {
	all, err := k.keys.DataKeys(ctx)
	if err != nil {
		return storeError(err, "reading the data keys")
	}
	for i, d := range all {
		if _, local := k.master().(*secret.MasterKey); local || i == 0 {
			_, err = k.open(ctx, boxName{d.Workspace, d.Name}, d.Sealed)
		} else {
			err = sealedBy(d, k.master())
		}
		if err != nil {
			return atStart(err)
		}
	}
	return nil
}

// atStart gives another master key than the data's the code of wrong input: it is
// whoever starts the program that gave it.
func atStart(err error) error {
	var e *ductape.Error
	if !errors.Is(err, secret.ErrWrongMasterKey) || !errors.As(err, &e) {
		return err
	}
	given := *e
	given.Code, given.Cause = ductape.CodeInvalidInput, err
	return &given
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
// One that is gone, though something is sealed with it, is not made again.
func (k *Keyring) box(ctx context.Context, ws, name string) (*secret.Box, error) {
	if k == nil {
		return nil, errNoMasterKey()
	}
	n := boxName{ws, name}
	if b, ok := k.boxes.load(n); ok {
		return b, nil
	}
	sealed, err := k.keys.DataKey(ctx, ws, name)
	if isMissing(err) {
		if err := k.mayBegin(ctx, n); err != nil {
			return nil, err
		}
		sealed, err = k.make(ctx, n)
	}
	if err != nil {
		return nil, storeError(err, "reading a data key")
	}
	return k.open(ctx, n, sealed)
}

func (k *Keyring) open(ctx context.Context, n boxName, sealed []byte) (*secret.Box, error) {
	master, err := k.opener(ctx, sealed)
	if err != nil {
		return nil, internalError(err)
	}
	box, err := secret.OpenDataKey(ctx, master, sealed, secret.DataKeyAD(n.workspace, n.name))
	if errors.Is(err, secret.ErrSealed) {
		return nil, notOpening(n, err)
	}
	if err != nil {
		return nil, internalError(err)
	}
	k.boxes.store(n, box, 0)
	return box, nil
}

// notOpening is the error for a data key that was changed or moved.
func notOpening(n boxName, err error) error {
	e := &ductape.Error{Code: ductape.CodeInternal, Message: "the data key " + quote(n.name) + " of the workspace " + quote(n.workspace) + " does not open: it was changed or moved", Cause: err}
	return e.WithHint("put the data folder back from a copy: nothing else opens what that key sealed")
}

func errNoMasterKey() error {
	return ductape.NewError(ductape.CodeInternal, "no master key was given, so nothing can be sealed")
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
