package catalog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

const (
	keyPrefix = "dk_"
	keyDigits = 43 // base62 digits of 32 bytes
)

// A NewKey is a key with its text, which is shown this once.
type NewKey struct {
	ductape.Key
	Text string // "dk_…": serves as token, private_key and accessKey
}

// MarshalJSON writes what a client's constructor takes: workspace_id, user_id,
// public_key and key, and the key's id and name.
func (k *NewKey) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		WorkspaceID string `json:"workspace_id"`
		UserID      string `json:"user_id"`
		PublicKey   string `json:"public_key"`
		Text        string `json:"key"`
		ID          string `json:"id"`
		Name        string `json:"name,omitempty"`
	}{k.WorkspaceID, k.UserID, k.PublicKey, k.Text, k.ID, k.Name})
}

// CreateKey makes a key that lets a program into the workspace. Only the
// SHA-256 of its text is kept.
func (c *Catalog) CreateKey(ctx context.Context, ws, name string) (*NewKey, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	if len(name) > maxTag {
		return nil, ductape.NewError(ductape.CodeInvalidInput, "the key's name is longer than 128 bytes")
	}
	k := &NewKey{Text: keyPrefix + random(32, keyDigits), Key: ductape.Key{
		ID: "key_" + random(16, 22), Name: name, WorkspaceID: ws,
		UserID: "user_" + random(16, 22), PublicKey: "pk_" + random(16, 22), CreatedAt: c.now().UTC(),
	}}
	row := &store.StoredKey{Key: k.Key, Hash: sha256.Sum256([]byte(k.Text))}
	if err := c.store.PutKey(ctx, row); err != nil {
		return nil, storeError(err, "keeping the key")
	}
	return k, nil
}

// Keys lists the workspace's keys, without their texts.
func (c *Catalog) Keys(ctx context.Context, ws string) ([]ductape.Key, error) {
	all, err := c.store.Keys(ctx, ws)
	return all, storeError(err, "listing keys")
}

// RevokeKey ends a key for good, by its id.
func (c *Catalog) RevokeKey(ctx context.Context, ws, id string) error {
	err := c.store.RevokeKey(ctx, ws, id, c.now().UTC())
	if isMissing(err) {
		return ductape.NewError(ductape.CodeNotFound, "there is no key "+quote(id)).WithHint("list them with: ductape keys")
	}
	return storeError(err, "revoking the key")
}

// random returns n random bytes in base 62, as wide as digits.
func random(n, digits int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	text := new(big.Int).SetBytes(b).Text(62)
	return strings.Repeat("0", digits-len(text)) + text
}
