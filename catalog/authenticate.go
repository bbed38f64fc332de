package catalog

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"sync/atomic"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxKnownKeys bounds the keys kept in memory; past it, all are looked up anew.
const maxKnownKeys = 4096

// An Identity is who a key lets in.
type Identity struct {
	Workspace string
	KeyID     string
	UserID    string
}

// A knownKey is a key that was found, as of a version of its workspace's
// catalog. Keys that were not found are not kept, so guesses cannot fill the
// memory.
type knownKey struct {
	identity Identity
	version  atomic.Int64
}

// Authenticate says whom the text of a key lets in. A key that is missing,
// wrong or revoked is unauthenticated, with one message for all of them. A
// known key costs one SHA-256 and two reads of memory.
func (c *Catalog) Authenticate(ctx context.Context, text string) (*Identity, error) {
	if len(text) != len(keyPrefix)+keyDigits || !strings.HasPrefix(text, keyPrefix) {
		return nil, errUnauthenticated()
	}
	var b [len(keyPrefix) + keyDigits]byte // on the stack, unlike []byte(text)
	copy(b[:], text)
	hash := sha256.Sum256(b[:])
	k, ok := c.known.load(hash)
	if ok {
		version, err := c.store.Version(ctx, k.identity.Workspace)
		if err != nil {
			return nil, storeError(err, "reading the catalog's version")
		}
		if version == k.version.Load() {
			return &k.identity, nil
		}
	}
	return c.lookUpKey(ctx, hash, k)
}

// lookUpKey finds the key in the store. The version it holds for must be read
// before the key is, and the workspace of a new one is known only after: that
// one is read again.
func (c *Catalog) lookUpKey(ctx context.Context, hash [32]byte, known *knownKey) (*Identity, error) {
	if known == nil {
		row, err := c.keyByHash(ctx, hash)
		if err != nil {
			return nil, err
		}
		known = &knownKey{identity: Identity{row.WorkspaceID, row.ID, row.UserID}}
		known.version.Store(-1)
		c.known.store(hash, known, maxKnownKeys)
	}
	version, err := c.store.Version(ctx, known.identity.Workspace)
	if err != nil {
		return nil, storeError(err, "reading the catalog's version")
	}
	if _, err := c.keyByHash(ctx, hash); err != nil {
		if ductape.CodeOf(err) == ductape.CodeUnauthenticated {
			c.known.drop(hash) // from now on it is like one that never was
		}
		return nil, err
	}
	known.version.Store(version)
	return &known.identity, nil
}

// keyByHash finds a key that is not revoked.
func (c *Catalog) keyByHash(ctx context.Context, hash [32]byte) (*store.StoredKey, error) {
	row, err := c.store.KeyByHash(ctx, hash)
	if isMissing(err) {
		return nil, errUnauthenticated()
	}
	if err != nil {
		return nil, storeError(err, "looking up the key")
	}
	if subtle.ConstantTimeCompare(row.Hash[:], hash[:]) != 1 || row.RevokedAt != nil {
		return nil, errUnauthenticated()
	}
	return row, nil
}

func errUnauthenticated() error {
	return ductape.NewError(ductape.CodeUnauthenticated, "the key is missing, wrong or revoked").
		WithHint("send a key in the Authorization header: Bearer dk_…; make one with: ductape keys create")
}
