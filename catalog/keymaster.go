package catalog

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// A masterFinder looks again for the master key, when the data turns out to be
// sealed with another one than it was: by whose fingerprint it has. It returns
// nil when there is no such key.
type masterFinder func(ctx context.Context, by secret.Fingerprint) (secret.Wrapper, error)

// master is the master key in use.
func (k *Keyring) master() secret.Wrapper { return *k.current.Load() }

// opener returns the master key that sealed a data key: the one in use or, where
// that was rotated since, the one that is found now.
func (k *Keyring) opener(ctx context.Context, sealed []byte) (secret.Wrapper, error) {
	by, err := secret.SealedBy(sealed)
	if err != nil || by == k.master().Fingerprint() {
		return k.master(), nil // what is wrong with it shows when it is opened
	}
	found, err := k.follow(ctx, by)
	if !found {
		return nil, errors.Join(secret.WrongMasterKey(by, k.master()), err)
	}
	return k.master(), nil
}

// follow goes over to the master key of that fingerprint, if it is found.
func (k *Keyring) follow(ctx context.Context, by secret.Fingerprint) (bool, error) {
	if k.find == nil {
		return false, nil
	}
	next, err := k.find(ctx, by)
	if err != nil || next == nil {
		return false, err
	}
	k.current.Store(&next)
	return true, nil
}

// following runs f, which needs the master key that sealed the data keys. Where
// another process rotated that, it follows and runs f once more.
func (k *Keyring) following(ctx context.Context, f func(master secret.Wrapper) error) error {
	err := f(k.master())
	if !errors.Is(err, secret.ErrWrongMasterKey) {
		return err
	}
	all, rerr := k.keys.DataKeys(ctx)
	if rerr != nil || len(all) == 0 {
		return errors.Join(err, rerr)
	}
	if _, ferr := k.opener(ctx, all[0].Sealed); ferr != nil {
		return ferr
	}
	return f(k.master())
}

// OpenKeyring finds the master key and opens a Keyring with it, which it checks.
// Where a rotation of the folder's generated key was cut off, it is finished.
//
// Next says where the key may be that the data is sealed with after a rotation.
// The Keyring follows one: to next, and to what then is in o's file or folder.
func OpenKeyring(ctx context.Context, keys store.Keys, o secret.MasterKeyOptions, next ...secret.MasterKeyOptions) (k *Keyring, generated bool, err error) {
	master, generated, err := secret.LoadWrapper(ctx, o)
	if err != nil {
		return nil, false, err
	}
	k = NewKeyring(keys, master)
	k.find = finder{k, append([]secret.MasterKeyOptions{o}, next...)}.find
	return k, generated, k.Check(ctx)
}

// A finder looks for a master key in every place that one may be.
type finder struct {
	keyring *Keyring
	places  []secret.MasterKeyOptions
}

func (f finder) find(ctx context.Context, by secret.Fingerprint) (secret.Wrapper, error) {
	var unread error
	for _, o := range f.places {
		w, err := f.look(ctx, o, by)
		if w != nil {
			return w, nil
		}
		unread = errors.Join(unread, err)
	}
	return nil, unread
}

// look reads the key that is in one place now. In the folder's it may be under
// the name that a rotation gave it until it takes the old one's place.
func (f finder) look(ctx context.Context, o secret.MasterKeyOptions, by secret.Fingerprint) (secret.Wrapper, error) {
	if w, err := loaded(ctx, o, by); w != nil || err != nil || !inFolder(o) {
		return w, err
	}
	if adopted, err := f.keyring.adopt(ctx, o.Folder); err != nil || !adopted {
		return nil, err
	}
	return loaded(ctx, o, by)
}

// loaded is the key of one place if it is the one that is looked for. It makes
// none where there is none.
func loaded(ctx context.Context, o secret.MasterKeyOptions, by secret.Fingerprint) (secret.Wrapper, error) {
	if inFolder(o) {
		if _, err := os.Stat(filepath.Join(o.Folder, secret.MasterKeyFile)); err != nil {
			return nil, internalError(err)
		}
	}
	w, _, err := secret.LoadWrapper(ctx, o)
	if err != nil || w.Fingerprint() != by {
		return nil, err
	}
	return w, nil
}

func inFolder(o secret.MasterKeyOptions) bool { return o.Env == "" && o.File == "" && o.Folder != "" }
