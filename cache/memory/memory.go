// Package memory is a cache inside the process, bounded by bytes. Start with
// New. When it is full it forgets what is least likely to be asked again.
package memory

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/ductape-go/ductape/cache"
)

// Config says how much a Cache may hold. The zero value is ready for use.
type Config struct {
	MaxBytes      int64            // bound of keys, values and bookkeeping; zero: 64 MiB
	MaxEntryBytes int64            // bound of one entry, counted alike; zero: MaxBytes / 16
	Now           func() time.Time // the clock; nil: time.Now
}

// entryOverhead is what one entry costs besides its key and value, in bytes:
// otter's node, its place in the hash table and the slice header, rounded up.
const entryOverhead = 160

const defaultMaxBytes = 64 << 20

// A Cache keeps values in memory. Close it when done.
type Cache struct {
	entries  *otter.Cache[string, entry]
	maxEntry int64
}

var _ cache.Cache = (*Cache)(nil)

type entry struct {
	value []byte
	ttl   time.Duration
}

// New returns an empty cache. The error names the field of cfg that is wrong.
//
// The bound holds soon after each write rather than at once: entries beyond it
// are dropped in the background.
func New(cfg Config) (*Cache, error) {
	if cfg.MaxBytes < 0 || cfg.MaxEntryBytes < 0 {
		return nil, errors.New("cache/memory: MaxBytes and MaxEntryBytes must not be negative")
	}
	maxBytes := cmp.Or(cfg.MaxBytes, defaultMaxBytes)
	maxEntry := min(cmp.Or(cfg.MaxEntryBytes, maxBytes/16), maxBytes, 1<<31)
	opts := &otter.Options[string, entry]{
		MaximumWeight:    uint64(maxBytes),
		Weigher:          func(key string, e entry) uint32 { return uint32(weight(key, e.value)) },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, entry]) time.Duration { return e.Value.ttl }),
	}
	if cfg.Now != nil {
		opts.Clock = clock(cfg.Now)
	}
	entries, err := otter.New(opts)
	if err != nil {
		return nil, err
	}
	return &Cache{entries: entries, maxEntry: maxEntry}, nil
}

func weight(key string, value []byte) int64 {
	return int64(len(key)) + int64(len(value)) + entryOverhead
}

// Get implements cache.Cache. It never fails.
func (c *Cache) Get(_ context.Context, key string) ([]byte, bool, error) {
	e, ok := c.entries.GetIfPresent(key)
	return e.value, ok, nil
}

// Set implements cache.Cache. It never fails.
func (c *Cache) Set(_ context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 || weight(key, value) > c.maxEntry {
		c.entries.Invalidate(key)
		return nil
	}
	c.entries.Set(key, entry{value: value, ttl: ttl})
	return nil
}

// Delete implements cache.Cache. It never fails.
func (c *Cache) Delete(_ context.Context, key string) error {
	c.entries.Invalidate(key)
	return nil
}

// DeletePrefix implements cache.Cache. It walks over all keys and stops with
// ctx's error when ctx ends.
func (c *Cache) DeletePrefix(ctx context.Context, prefix string) error {
	if prefix == "" {
		c.entries.InvalidateAll()
		return nil
	}
	for key := range c.entries.Keys() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if strings.HasPrefix(key, prefix) {
			c.entries.Invalidate(key)
		}
	}
	return nil
}

// Bytes returns about how many bytes are held.
func (c *Cache) Bytes() int64 {
	c.entries.CleanUp()
	return int64(c.entries.WeightedSize())
}

// Close forgets everything and stops the background work. It returns nil.
func (c *Cache) Close() error {
	c.entries.InvalidateAll()
	c.entries.StopAllGoroutines()
	return nil
}

// A clock lets otter read the time from a function. It does not tick, so
// expired entries leave memory with later writes instead of every second; they
// are never returned in any case.
type clock func() time.Time

func (c clock) NowNano() int64                    { return c().UnixNano() }
func (clock) Tick(time.Duration) <-chan time.Time { return nil }
