package catalog

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ductape-go/ductape/store"
)

// usesWait is how long uses gather before they are written, in one transaction.
const usesWait = 10 * time.Second

// uses notes when secrets were last used, to the hour: the first use in an hour
// is written, behind the run that made it, and all others cost one comparison.
type uses struct {
	mu      sync.Mutex
	pending map[useKey]time.Time
	noted   map[useKey]int64 // the hour that is written or pending
	timer   *time.Timer
	closed  bool
}

type useKey struct{ workspace, key string }

func (c *Catalog) noteUse(ws string, s *openedSecret, now time.Time) {
	hour := now.Unix() / 3600
	if s.used.Load() == hour {
		return
	}
	s.used.Store(hour)
	c.uses.mu.Lock()
	defer c.uses.mu.Unlock()
	k := useKey{ws, s.meta.Key}
	if c.uses.noted[k] >= hour || c.uses.closed {
		return
	}
	if c.uses.noted == nil {
		c.uses.noted, c.uses.pending = map[useKey]int64{}, map[useKey]time.Time{}
	}
	c.uses.noted[k], c.uses.pending[k] = hour, time.Unix(hour*3600, 0).UTC()
	if c.uses.timer == nil {
		c.uses.timer = time.AfterFunc(usesWait, c.flushUses)
	}
}

func (c *Catalog) flushUses() {
	if err := c.FlushUses(context.Background()); err != nil {
		c.logger().Warn("when secrets were last used could not be written", "error", err)
	}
}

// FlushUses writes when secrets were last used, so that a listing shows it. It
// happens by itself some seconds after a use, and on Close.
func (c *Catalog) FlushUses(ctx context.Context) error {
	c.uses.mu.Lock()
	var rows []store.SecretUsed
	for k, at := range c.uses.pending {
		rows = append(rows, store.SecretUsed{Workspace: k.workspace, Key: k.key, At: at})
	}
	clear(c.uses.pending)
	if c.uses.timer != nil {
		c.uses.timer.Stop()
		c.uses.timer = nil
	}
	c.uses.mu.Unlock()
	if len(rows) == 0 {
		return nil
	}
	return storeError(c.store.MarkSecretsUsed(ctx, rows), "noting when secrets were last used")
}

// Close writes what is pending. The store is closed by whoever opened it.
func (c *Catalog) Close() error {
	c.uses.mu.Lock()
	c.uses.closed = true
	c.uses.mu.Unlock()
	return c.FlushUses(context.Background())
}

func (c *Catalog) logger() *slog.Logger {
	if c.log == nil {
		return slog.Default()
	}
	return c.log
}
