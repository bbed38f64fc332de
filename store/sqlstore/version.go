package sqlstore

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ductape-go/ductape/store"
)

const (
	// stampEvery is how often the stamp is looked at, at most.
	stampEvery = 5 * time.Millisecond
	// rereadEvery is how often counters are read although the stamp stands
	// still: a process may be killed between its commit and its stamp.
	rereadEvery = time.Second
)

// versions knows each workspace's counter. On the hot path it takes no lock,
// makes no system call but a Stat every 5 ms, and allocates nothing.
type versions struct {
	stamp stamp
	read  pool
	begin time.Time

	looked atomic.Int64 // when the stamp was last looked at, since begin
	epoch  atomic.Int64 // grows when a counter may have changed elsewhere
	known  atomic.Pointer[map[string]*counter]

	mu     sync.Mutex // guards the rest, and writing known
	last   stampState
	reread int64 // when the epoch last grew, since begin
}

// A counter is one workspace's version as last seen.
type counter struct {
	version atomic.Int64
	epoch   atomic.Int64 // in which it was read
	mu      sync.Mutex   // one read at a time
}

func openVersions(path string, read pool) (*versions, error) {
	st, err := openStamp(path)
	if err != nil {
		return nil, err
	}
	v := &versions{stamp: st, read: read, begin: time.Now()}
	v.known.Store(&map[string]*counter{})
	v.epoch.Store(1)
	v.looked.Store(-int64(stampEvery))
	v.last, err = st.state()
	if err != nil {
		return nil, errors.Join(err, v.close())
	}
	return v, nil
}

func (v *versions) close() error { return v.stamp.file.Close() }

// of returns the workspace's version.
func (v *versions) of(ctx context.Context, workspace string) (int64, error) {
	now := int64(time.Since(v.begin))
	if looked := v.looked.Load(); now-looked >= int64(stampEvery) {
		if err := v.look(now); err != nil {
			return 0, err
		}
	}
	c := v.counter(workspace)
	if c.epoch.Load() == v.epoch.Load() {
		return c.version.Load(), nil
	}
	return v.readCounter(ctx, workspace, c)
}

// look begins a new epoch when the stamp moved. Others that come meanwhile wait,
// so that none goes on with what is older than it may be.
func (v *versions) look(now int64) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if now-v.looked.Load() < int64(stampEvery) {
		return nil
	}
	state, err := v.stamp.state()
	if err != nil {
		return err
	}
	if state != v.last || now-v.reread >= int64(rereadEvery) {
		v.last, v.reread = state, now
		v.epoch.Add(1)
	}
	v.looked.Store(now)
	return nil
}

func (v *versions) counter(workspace string) *counter {
	if c := (*v.known.Load())[workspace]; c != nil {
		return c
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	old := *v.known.Load()
	if c := old[workspace]; c != nil {
		return c
	}
	next, c := maps.Clone(old), &counter{}
	next[workspace] = c
	v.known.Store(&next)
	return c
}

func (v *versions) readCounter(ctx context.Context, workspace string, c *counter) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	epoch := v.epoch.Load() // before the read, so that a change during it is read again
	if c.epoch.Load() == epoch {
		return c.version.Load(), nil
	}
	var n int64
	err := v.read.querier().row(ctx, []any{&n}, "SELECT version FROM workspaces WHERE workspace = ?", workspace)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	c.grow(n)
	c.epoch.Store(epoch)
	return c.version.Load(), nil
}

// committed takes in a version that this process has just written.
func (v *versions) committed(workspace string, n int64) {
	v.counter(workspace).grow(n)
	// The change is kept; where the stamp cannot be written, the others see it
	// when they next read the counter anyway.
	_ = v.stamp.mark()
}

func (c *counter) grow(n int64) {
	for {
		old := c.version.Load()
		if n <= old || c.version.CompareAndSwap(old, n) {
			return
		}
	}
}

// Version returns the workspace's counter; 0 for one that has nothing.
func (s *Store) Version(ctx context.Context, workspace string) (int64, error) {
	return s.versions.of(ctx, workspace)
}

// change runs f in one transaction and, when it wrote anything, grows the
// workspace's version in the same one.
func (s *Store) change(ctx context.Context, workspace string, f func(q querier) error) error {
	var version int64
	err := s.write.transact(ctx, func(q querier) error {
		err := f(q)
		if err == nil && q.tx.wrote {
			version, err = growVersion(ctx, q, workspace)
		}
		return err
	})
	if err == nil && version > 0 {
		s.versions.committed(workspace, version)
	}
	return err
}

func growVersion(ctx context.Context, q querier, workspace string) (version int64, err error) {
	err = q.row(ctx, []any{&version}, `INSERT INTO workspaces (workspace, version) VALUES (?, 1)
		ON CONFLICT (workspace) DO UPDATE SET version = workspaces.version + 1 RETURNING version`, workspace)
	return version, err
}
