package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// revocations holds the revoked sessions of each workspace in memory. They are
// read again when the workspace's version has changed.
type revocations struct {
	store      Store
	now        func() time.Time
	workspaces sync.Map // name -> *revokedIn
}

// revokedIn holds those of one workspace.
type revokedIn struct {
	loading sync.Mutex
	latest  atomic.Pointer[revokedAt]
}

// revokedAt are the revoked sessions as of a version.
type revokedAt struct {
	version int64
	ids     map[string]struct{}
}

func newRevocations(store Store, now func() time.Time) *revocations {
	return &revocations{store: store, now: now}
}

// has reports whether the session was revoked, as of a version that was read
// before.
func (r *revocations) has(ctx context.Context, workspace, id string, version int64) (bool, error) {
	in := r.in(workspace)
	latest := in.latest.Load()
	if latest == nil || latest.version < version {
		var err error
		if latest, err = r.load(ctx, workspace, in, version); err != nil {
			return false, err
		}
	}
	_, revoked := latest.ids[id]
	return revoked, nil
}

func (r *revocations) in(workspace string) *revokedIn {
	if in, ok := r.workspaces.Load(workspace); ok {
		return in.(*revokedIn)
	}
	in, _ := r.workspaces.LoadOrStore(workspace, &revokedIn{})
	return in.(*revokedIn)
}

// load reads the list, once for all who wait for it.
func (r *revocations) load(ctx context.Context, workspace string, in *revokedIn, version int64) (*revokedAt, error) {
	in.loading.Lock()
	defer in.loading.Unlock()
	if latest := in.latest.Load(); latest != nil && latest.version >= version {
		return latest, nil
	}
	ids, err := r.store.RevokedSessions(ctx, workspace, r.now())
	if err != nil {
		return nil, internal("the revoked sessions cannot be read", err)
	}
	latest := &revokedAt{version, make(map[string]struct{}, len(ids))}
	for _, id := range ids {
		latest.ids[id] = struct{}{}
	}
	in.latest.Store(latest)
	return latest, nil
}

// forget makes the next look read the list again: this process just changed it.
func (r *revocations) forget(workspace string) {
	in := r.in(workspace)
	in.loading.Lock() // what is being read now may miss the change
	defer in.loading.Unlock()
	in.latest.Store(nil)
}
