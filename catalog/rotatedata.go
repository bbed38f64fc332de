package catalog

import (
	"context"
	"fmt"

	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// resealAtOnce is how many secrets one transaction seals anew.
const resealAtOnce = 200

// RotateDataKey gives the workspace a new data key for secrets, seals every
// version of every secret with it, and removes the keys before it. It returns
// how many versions were sealed anew. Cut off, it goes on where it was when it is
// called again; meanwhile every secret opens.
//
// Credentials that a file states literally get new names with the new key, so
// the next apply of that file shows them as changed, once.
func (c *Catalog) RotateDataKey(ctx context.Context, ws string) (n int, err error) {
	defer c.lock(ws)()
	name, err := c.keyring.beginRotation(ctx, ws)
	if err != nil {
		return 0, err
	}
	if name == "" { // there is nothing to rotate, or it is gone
		return 0, c.keyring.mayBegin(ctx, boxName{ws, secretsKey})
	}
	for {
		rows, err := c.store.SecretsSealedBefore(ctx, ws, name, resealAtOnce)
		if err != nil {
			return n, storeError(err, "reading secrets")
		}
		if len(rows) == 0 {
			return n, c.keyring.endRotation(ctx, ws, name)
		}
		if err := c.reseal(ctx, ws, name, rows); err != nil {
			return n, err
		}
		n += len(rows)
	}
}

func (c *Catalog) reseal(ctx context.Context, ws, name string, rows []store.SealedSecret) error {
	box, err := c.keyring.opening(ctx, ws, name)
	if err != nil {
		return storeError(err, "reading a data key")
	}
	out := make([]store.Resealed, len(rows))
	for i := range rows {
		row := &rows[i]
		plain, err := c.unseal(ctx, ws, row)
		if isMissing(err) {
			return lost(boxName{ws, dataKeyOf(row.DataKey)})
		}
		if err != nil {
			return err
		}
		sealed, err := box.Seal(plain, secretAD(ws, &row.Secret))
		if err != nil {
			return internalError(err)
		}
		out[i] = store.Resealed{Key: row.Key, Version: row.Version, Was: row.Sealed, Sealed: sealed}
	}
	return storeError(c.store.ResealSecrets(ctx, ws, name, out), "sealing secrets anew")
}

// beginRotation makes the next data key, unless one stands beside its
// predecessor: then a rotation was cut off, and goes on with it. The name is
// empty when the workspace has none yet.
func (k *Keyring) beginRotation(ctx context.Context, ws string) (name string, err error) {
	if k == nil {
		return "", errNoMasterKey()
	}
	err = k.following(ctx, func(master secret.Wrapper) error {
		name, err = k.beginWith(ctx, ws, master)
		return err
	})
	return name, storeError(err, "making a data key")
}

func (k *Keyring) beginWith(ctx context.Context, ws string, master secret.Wrapper) (name string, err error) {
	err = k.keys.ChangeDataKeys(ctx, func(all []store.DataKey) ([]store.DataKey, error) {
		have, latest := 0, 0
		for _, d := range all {
			if err := sealedBy(d, master); err != nil {
				return nil, err
			}
			if g := generationOf(d.Name); d.Workspace == ws && g > 0 {
				have, latest = have+1, max(latest, g)
			}
		}
		name = dataKeyName(latest)
		if have != 1 {
			if have == 0 {
				name = ""
			}
			return nil, nil
		}
		name = dataKeyName(latest + 1)
		sealed, _, err := secret.NewDataKey(ctx, master, secret.DataKeyAD(ws, name))
		return []store.DataKey{{Workspace: ws, Name: name, Sealed: sealed}}, err
	})
	return name, err
}

// endRotation removes the data keys before name. PutSecret refuses what they
// seal since name is there, so nothing needs them any more.
func (k *Keyring) endRotation(ctx context.Context, ws, name string) error {
	err := k.keys.ChangeDataKeys(ctx, func(all []store.DataKey) ([]store.DataKey, error) {
		var gone []store.DataKey
		found := false
		for _, d := range all {
			if d.Workspace != ws {
				continue
			}
			found = found || d.Name == name
			if g := generationOf(d.Name); g > 0 && g < generationOf(name) {
				gone = append(gone, store.DataKey{Workspace: ws, Name: d.Name})
			}
		}
		if !found {
			return nil, fmt.Errorf("the data key %s is gone", name)
		}
		return gone, nil
	})
	return storeError(err, "removing the data keys that were replaced")
}
