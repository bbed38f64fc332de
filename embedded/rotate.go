package embedded

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// A NewMasterKey says which master key comes next. With neither field set it is
// made in the data folder, in place of the one that was made there.
type NewMasterKey struct {
	Text string // as Config.MasterKey
	File string // as Config.MasterKeyFile
}

// A RotatedMaster says what a rotation of the master key did.
type RotatedMaster struct {
	DataKeys    int    `json:"data_keys"`   // sealed anew
	Fingerprint string `json:"fingerprint"` // of the new master key
	Source      string `json:"source"`      // where the new one is
	Generated   bool   `json:"generated"`   // it was made in the data folder
}

// RotateMasterKey seals every data key with another master key, all of them or
// none, and goes on with that one. Open with it from then on. Others that have
// the store open go over to it when it is their NextMasterKey, or stands where
// they found the one before; if not, they go on with the data keys that they
// have opened, and cannot make or open others.
func (d *Ductape) RotateMasterKey(ctx context.Context, to NewMasterKey) (*RotatedMaster, error) {
	if to == (NewMasterKey{}) {
		return d.rotateGenerated(ctx)
	}
	next, _, err := secret.LoadWrapper(ctx, secret.MasterKeyOptions{Env: to.Text, File: to.File, Open: d.keys.Open})
	if err != nil {
		return nil, err
	}
	n, err := d.keyring.RotateMaster(ctx, next)
	if err != nil {
		return nil, err
	}
	out := &RotatedMaster{DataKeys: n, Fingerprint: next.Fingerprint().String(), Source: next.Source()}
	if to.Text != "" {
		out.Source = "the key that was given"
	}
	return out, nil
}

func (d *Ductape) rotateGenerated(ctx context.Context) (*RotatedMaster, error) {
	if d.keys.Env != "" || d.keys.File != "" || d.keys.Folder == "" {
		return nil, ductape.NewError(ductape.CodeInvalidInput, "the master key in use was not made by ductape, so neither is the next one").
			WithHint("give it with --new-file or --new-env, or on standard input with --new-stdin; make one with: openssl rand -base64 32")
	}
	n, to, err := d.keyring.RotateGenerated(ctx, d.keys.Folder)
	if err != nil {
		return nil, err
	}
	return &RotatedMaster{DataKeys: n, Fingerprint: to.Fingerprint().String(), Source: to.Source(), Generated: true}, nil
}

// A RotatedData says what a rotation of one workspace's data key did.
type RotatedData struct {
	Workspace string `json:"workspace"`
	Secrets   int    `json:"secrets"` // versions sealed anew, by this call
}

// RotateDataKeys gives every workspace a new data key for secrets and seals them
// all with it. Cut off, it goes on where it was when it is called again.
func (d *Ductape) RotateDataKeys(ctx context.Context) ([]RotatedData, error) {
	all, err := d.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	out := []RotatedData{}
	for _, ws := range all {
		n, err := d.Catalog.RotateDataKey(ctx, ws)
		if err != nil {
			return out, err
		}
		out = append(out, RotatedData{ws, n})
	}
	return out, nil
}
