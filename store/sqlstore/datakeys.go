package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/ductape-go/ductape/store"
)

// DataKeys returns every workspace's data keys.
func (s *Store) DataKeys(ctx context.Context) ([]store.DataKey, error) {
	return dataKeys(ctx, s.read.querier())
}

func dataKeys(ctx context.Context, q querier) ([]store.DataKey, error) {
	all := []store.DataKey{}
	err := q.each(ctx, func(scan func(...any) error) error {
		var k store.DataKey
		if err := scan(&k.Workspace, &k.Name, &k.Sealed); err != nil {
			return err
		}
		all = append(all, k)
		return nil
	}, "SELECT workspace, name, sealed FROM data_keys ORDER BY workspace, name")
	return about(all, err, "data keys")
}

// ChangeDataKeys replaces and removes data keys in one transaction. That one has
// the database for itself from its start: see the pool that writes.
func (s *Store) ChangeDataKeys(ctx context.Context, f func([]store.DataKey) ([]store.DataKey, error)) error {
	versions := map[string]int64{}
	err := s.write.transact(ctx, func(q querier) error {
		clear(versions)
		all, err := dataKeys(ctx, q)
		if err != nil {
			return err
		}
		put, err := f(all)
		if err != nil {
			return err
		}
		for _, k := range put {
			if err := putDataKey(ctx, q, k); err != nil {
				return err
			}
			versions[k.Workspace] = 0
		}
		for _, workspace := range slices.Sorted(maps.Keys(versions)) {
			if versions[workspace], err = growVersion(ctx, q, workspace); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return aboutErr(err, "data keys")
	}
	for workspace, version := range versions {
		s.versions.committed(workspace, version)
	}
	return nil
}

func putDataKey(ctx context.Context, q querier, k store.DataKey) error {
	if k.Sealed == nil {
		_, err := q.exec(ctx, "DELETE FROM data_keys WHERE workspace = ? AND name = ?", k.Workspace, k.Name)
		return err
	}
	_, err := q.exec(ctx, `INSERT INTO data_keys (workspace, name, sealed) VALUES (?, ?, ?)
		ON CONFLICT (workspace, name) DO UPDATE SET sealed = excluded.sealed`, k.Workspace, k.Name, k.Sealed)
	return err
}
