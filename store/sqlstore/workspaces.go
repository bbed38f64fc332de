package sqlstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Workspaces lists, in order, the workspaces that have or had anything.
func (s *Store) Workspaces(ctx context.Context) ([]string, error) {
	all := map[string]bool{}
	for _, from := range []struct {
		pool
		text string
	}{
		{s.read, "SELECT workspace FROM workspaces UNION SELECT workspace FROM sessions"},
		{s.runsRead, "SELECT name FROM run_workspaces"},
	} {
		err := from.querier().each(ctx, func(scan func(...any) error) error {
			var w string
			err := scan(&w)
			all[w] = true
			return err
		}, from.text)
		if err != nil {
			return about([]string(nil), err, "workspaces")
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}

// workspaceIDs remembers the numbers that stand for workspaces in rows of runs.
// They never change once they are given.
type workspaceIDs struct {
	known atomic.Pointer[map[string]int64]
	mu    sync.Mutex // guards writing known
}

func (w *workspaceIDs) get(workspace string) (int64, bool) {
	if m := w.known.Load(); m != nil {
		id, ok := (*m)[workspace]
		return id, ok
	}
	return 0, false
}

func (w *workspaceIDs) put(workspace string, id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := map[string]int64{}
	if m := w.known.Load(); m != nil {
		maps.Copy(next, *m)
	}
	next[workspace] = id
	w.known.Store(&next)
}

// find returns the number of a workspace that has runs.
func (w *workspaceIDs) find(ctx context.Context, q querier, workspace string) (int64, error) {
	if id, ok := w.get(workspace); ok {
		return id, nil
	}
	id, err := selectWorkspace(ctx, q, workspace)
	if err == nil {
		w.put(workspace, id)
	}
	return id, err
}

func selectWorkspace(ctx context.Context, q querier, workspace string) (id int64, err error) {
	err = q.row(ctx, []any{&id}, "SELECT ws FROM run_workspaces WHERE name = ?", workspace)
	return id, err
}

// assign returns the number of a workspace, and gives it one. A new one goes to
// fresh: it is certain only when the transaction is.
func (w *workspaceIDs) assign(ctx context.Context, q querier, workspace string, fresh map[string]int64) (int64, error) {
	if id, ok := w.get(workspace); ok {
		return id, nil
	}
	if id, ok := fresh[workspace]; ok {
		return id, nil
	}
	_, err := q.exec(ctx, "INSERT INTO run_workspaces (name) VALUES (?) ON CONFLICT (name) DO NOTHING", workspace)
	if err != nil {
		return 0, err
	}
	id, err := selectWorkspace(ctx, q, workspace)
	fresh[workspace] = id
	return id, err
}
