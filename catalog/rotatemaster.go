package catalog

import (
	"bytes"
	"context"
	"errors"

	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// rotateTries is how often a rotation begins again when another process made or
// changed a data key meanwhile.
const rotateTries = 5

// adopt puts the generated key that the data was sealed with in place. No data
// key changes meanwhile, so that of two rotations the one that the data knows
// wins.
func (k *Keyring) adopt(ctx context.Context, folder string) (adopted bool, err error) {
	err = k.keys.ChangeDataKeys(ctx, func(all []store.DataKey) ([]store.DataKey, error) {
		if len(all) == 0 {
			return nil, nil
		}
		by, err := secret.SealedBy(all[0].Sealed)
		if err != nil {
			return nil, internalError(err)
		}
		adopted, err = secret.AdoptKeyFile(folder, by)
		return nil, err
	})
	return adopted, storeError(err, "taking over the rotated master key")
}

// RotateMaster seals every data key with another master key, all of them or
// none, and returns how many there were. What the data keys sealed stays as it
// is. The Keyring goes over to that key; see OpenKeyring for those of others.
func (k *Keyring) RotateMaster(ctx context.Context, to secret.Wrapper) (n int, err error) {
	for range rotateTries {
		var all []store.DataKey
		if all, err = k.keys.DataKeys(ctx); err != nil {
			break
		}
		var sealed []store.DataKey
		if sealed, err = k.rewrap(ctx, all, to); err != nil {
			return 0, err
		}
		err = k.keys.ChangeDataKeys(ctx, func(now []store.DataKey) ([]store.DataKey, error) {
			if !sameDataKeys(all, now) {
				return nil, store.ErrConflict
			}
			return sealed, nil
		})
		if err == nil {
			k.current.Store(&to)
			return len(all), nil
		}
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return 0, storeError(err, "sealing the data keys anew")
}

func (k *Keyring) rewrap(ctx context.Context, all []store.DataKey, to secret.Wrapper) ([]store.DataKey, error) {
	out := make([]store.DataKey, len(all))
	for i, d := range all {
		sealed, err := secret.Rewrap(ctx, k.master(), to, d.Sealed, secret.DataKeyAD(d.Workspace, d.Name))
		if err != nil {
			return nil, internalError(err)
		}
		out[i] = store.DataKey{Workspace: d.Workspace, Name: d.Name, Sealed: sealed}
	}
	return out, nil
}

func sameDataKeys(a, b []store.DataKey) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Workspace != b[i].Workspace || a[i].Name != b[i].Name || !bytes.Equal(a[i].Sealed, b[i].Sealed) {
			return false
		}
	}
	return true
}

// RotateGenerated replaces the folder's generated master key by a new one. A
// power cut at any point leaves a key that opens the data: OpenKeyring finds it,
// and so do the Keyrings of processes that have the folder open.
func (k *Keyring) RotateGenerated(ctx context.Context, folder string) (n int, to *secret.MasterKey, err error) {
	to, err = secret.NewKeyFile(folder)
	if err != nil {
		return 0, nil, internalError(err)
	}
	n, err = k.RotateMaster(ctx, to)
	if err == nil && n == 0 { // nothing is sealed that could say which key it wants
		_, err = secret.AdoptKeyFile(folder, to.Fingerprint())
		return 0, to, err
	}
	// Also after an error: it may have happened all the same.
	if _, aerr := k.adopt(ctx, folder); aerr != nil {
		return 0, nil, errors.Join(err, aerr)
	}
	if err != nil {
		return 0, nil, errors.Join(err, secret.DropKeyFile(folder, to.Fingerprint()))
	}
	return n, to, nil
}
