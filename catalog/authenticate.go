package catalog

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxKnownKeys bounds the keys kept in memory; past it, all are looked up anew.
const maxKnownKeys = 10_000

// An Identity is who a key lets in.
type Identity struct {
	Workspace string
	KeyID     string
	UserID    string
}

// knownKeys keeps keys that were found, by the hash of their text. Keys that
// were not found are not kept, so guesses cannot fill it.
type knownKeys struct {
	current atomic.Pointer[knownSet]
}

type knownSet struct {
	keys  sync.Map // [32]byte -> *knownKey
	count atomic.Int64
}

type knownKey struct {
	identity Identity
	hash     [32]byte
	version  int64 // of the workspace's catalog when it was read
}

func (k *knownKeys) load(hash [32]byte) (*knownKey, bool) {
	set := k.current.Load()
	if set == nil {
		return nil, false
	}
	v, ok := set.keys.Load(hash)
	if !ok {
		return nil, false
	}
	return v.(*knownKey), true
}

func (k *knownKeys) keep(key *knownKey) {
	set := k.current.Load()
	if set == nil || set.count.Load() >= maxKnownKeys {
		next := new(knownSet)
		k.current.CompareAndSwap(set, next)
		set = k.current.Load()
	}
	if _, had := set.keys.Swap(key.hash, key); !had {
		set.count.Add(1)
	}
}

// Authenticate says whom the text of a key lets in. A key that is missing,
// wrong or revoked is unauthenticated, with one message for all of them. A
// known key costs one SHA-256 and two reads of memory.
func (c *Catalog) Authenticate(ctx context.Context, text string) (*Identity, error) {
	if len(text) != len(keyPrefix)+keyDigits || !strings.HasPrefix(text, keyPrefix) {
		return nil, errUnauthenticated()
	}
	hash := sha256.Sum256([]byte(text))
	if k, ok := c.known.load(hash); ok {
		version, err := c.store.Version(ctx, k.identity.Workspace)
		if err != nil {
			return nil, storeError(err, "reading the catalog's version")
		}
		if version == k.version {
			return &k.identity, nil
		}
	}
	return c.lookUpKey(ctx, hash)
}

// lookUpKey reads the key twice: the version that it holds for must have been
// read before the key was, and the workspace is known only after.
func (c *Catalog) lookUpKey(ctx context.Context, hash [32]byte) (*Identity, error) {
	row, err := c.keyByHash(ctx, hash)
	if err != nil {
		return nil, err
	}
	version, err := c.store.Version(ctx, row.WorkspaceID)
	if err != nil {
		return nil, storeError(err, "reading the catalog's version")
	}
	if row, err = c.keyByHash(ctx, hash); err != nil {
		return nil, err
	}
	k := &knownKey{Identity{row.WorkspaceID, row.ID, row.UserID}, hash, version}
	c.known.keep(k)
	return &k.identity, nil
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
