// Package cache keeps answers for a while. Cache is what an implementation
// offers (cache/memory, cache/redis), cachetest.Run is the proof each of them
// passes, and Group lets equal concurrent calls share one piece of work.
//
// A cache holds bytes under a key and knows nothing of either. Whoever makes
// the key answers for it: everything that may change the answer belongs in it
// (workspace, product, environment, app, action, request, identity of the
// credential), joined so that two different lists cannot give one key, which
// in practice means hashed.
package cache

import (
	"context"
	"time"
)

// A Cache keeps bytes for a while. It may forget any of them at any time; what
// it gives back is always the newest value it was given for exactly that key,
// and never an expired one. All methods may be called concurrently.
//
// An error means that the cache could not be asked, such as a network failure
// or an ended ctx. A caller can treat it as a miss.
type Cache interface {
	// Get returns the value kept under key; ok is false when there is none.
	// The value may be shared with other callers: it must not be changed.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)

	// Set keeps value under key for ttl, in place of any value before it.
	// With ttl zero or less, or with a value too large to keep, the key is
	// left without a value and the error is nil. The value must not be changed
	// afterwards.
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error

	// Delete forgets the value kept under key. A missing key is no error.
	Delete(ctx context.Context, key string) error

	// DeletePrefix forgets every key that begins with prefix; the empty prefix
	// forgets everything. It may walk over all keys, so it is not for the path
	// of a run.
	DeletePrefix(ctx context.Context, prefix string) error
}
