package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// The data keys that seal secrets come one after another: "secrets" is the first
// of a workspace, "secrets.00002" the next. The last by name seals; those before
// it open what they sealed until RotateDataKeys has sealed that anew.

func dataKeyName(generation int) string {
	if generation <= 1 {
		return secretsKey
	}
	return fmt.Sprintf("%s.%05d", secretsKey, generation)
}

// generationOf is the inverse of dataKeyName; 0 for another data key's name.
func generationOf(name string) int {
	if name == secretsKey {
		return 1
	}
	n := 0
	if _, err := fmt.Sscanf(name, secretsKey+".%05d", &n); err != nil || dataKeyName(n) != name {
		return 0
	}
	return n
}

// make keeps a new data key, or returns the one another process kept first.
func (k *Keyring) make(ctx context.Context, n boxName) (sealed []byte, err error) {
	err = k.following(ctx, func(master secret.Wrapper) error {
		sealed, err = k.makeWith(ctx, n, master)
		return err
	})
	return sealed, err
}

func (k *Keyring) makeWith(ctx context.Context, n boxName, master secret.Wrapper) (sealed []byte, err error) {
	fresh, _, err := secret.NewDataKey(ctx, master, secret.DataKeyAD(n.workspace, n.name))
	if err != nil {
		return nil, internalError(err)
	}
	err = k.keys.ChangeDataKeys(ctx, func(all []store.DataKey) ([]store.DataKey, error) {
		sealed = nil
		for _, d := range all {
			if err := sealedBy(d, master); err != nil {
				return nil, err
			}
			if d.Workspace == n.workspace && d.Name == n.name {
				sealed = d.Sealed
			}
		}
		if sealed != nil {
			return nil, nil
		}
		sealed = fresh
		return []store.DataKey{{Workspace: n.workspace, Name: n.name, Sealed: fresh}}, nil
	})
	return sealed, err
}

// sealedBy refuses a data key that another master key sealed: no key is made
// beside it that only this one opens. That is so where the master key was rotated
// since this process began.
func sealedBy(d store.DataKey, master secret.Wrapper) error {
	by, err := secret.SealedBy(d.Sealed)
	if err != nil {
		return internalError(err)
	}
	if by != master.Fingerprint() {
		return secret.WrongMasterKey(by, master)
	}
	return nil
}

// sealing returns the data key that seals the workspace's secrets now.
func (k *Keyring) sealing(ctx context.Context, ws string) (name string, box *secret.Box, err error) {
	if k == nil {
		return "", nil, errNoMasterKey()
	}
	all, err := k.keys.DataKeys(ctx)
	if err != nil {
		return "", nil, storeError(err, "reading the data keys")
	}
	name = latestDataKey(all, ws)
	if name == "" { // it may yet be in memory
		name = secretsKey
		if err := k.mayBegin(ctx, boxName{ws, name}); err != nil {
			return "", nil, err
		}
	}
	box, err = k.box(ctx, ws, name)
	return name, box, err
}

// latestDataKey names the data key that seals now; "" where there is none.
func latestDataKey(all []store.DataKey, ws string) string {
	latest := 0
	for _, d := range all {
		if d.Workspace == ws {
			latest = max(latest, generationOf(d.Name))
		}
	}
	if latest == 0 {
		return ""
	}
	return dataKeyName(latest)
}

// opening returns the data key that sealed a secret. Unlike box it makes none:
// one that is not there was rotated away.
func (k *Keyring) opening(ctx context.Context, ws, name string) (*secret.Box, error) {
	if k == nil {
		return nil, errNoMasterKey()
	}
	if name == "" {
		name = secretsKey
	}
	n := boxName{ws, name}
	if b, ok := k.boxes.load(n); ok {
		return b, nil
	}
	if !strings.HasPrefix(name, secretsKey) {
		return nil, internalError(fmt.Errorf("a secret names the data key %q, which is not one for secrets", name))
	}
	sealed, err := k.keys.DataKey(ctx, ws, name)
	if err != nil {
		return nil, err
	}
	return k.open(ctx, n, sealed)
}
