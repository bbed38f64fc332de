package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// PutKey creates or replaces a key of its workspace. It returns ErrConflict when
// another key has the hash.
func (s *Store) PutKey(ctx context.Context, k *store.StoredKey) error {
	bare := k.Key
	bare.RevokedAt = nil // kept in its column
	doc, err := encode(&bare)
	if err != nil {
		return aboutErr(err, "key %q", k.ID)
	}
	err = s.change(ctx, k.WorkspaceID, func(q querier) error {
		_, err := q.exec(ctx, `INSERT INTO api_keys (workspace, id, hash, doc, revoked_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (workspace, id) DO UPDATE SET hash = excluded.hash, doc = excluded.doc, revoked_at = excluded.revoked_at`,
			k.WorkspaceID, k.ID, k.Hash[:], doc, microsOf(k.RevokedAt))
		return err
	})
	if s.write.d.conflict(err) {
		err = fmt.Errorf("%w: another key has the same text", store.ErrConflict)
	}
	return aboutErr(err, "key %q", k.ID)
}

// KeyByHash finds a key, revoked or not, in any workspace.
func (s *Store) KeyByHash(ctx context.Context, hash [32]byte) (*store.StoredKey, error) {
	var doc []byte
	var revoked *int64
	err := s.read.querier().row(ctx, []any{&doc, &revoked}, "SELECT doc, revoked_at FROM api_keys WHERE hash = ?", hash[:])
	if err != nil {
		return about((*store.StoredKey)(nil), err, "key")
	}
	k, err := decodeKey(doc, revoked)
	if err != nil {
		return about((*store.StoredKey)(nil), err, "key")
	}
	return &store.StoredKey{Key: *k, Hash: hash}, nil
}

// Keys returns the workspace's keys, revoked ones too, in order of id.
func (s *Store) Keys(ctx context.Context, workspace string) ([]ductape.Key, error) {
	all := []ductape.Key{}
	err := s.read.querier().each(ctx, func(scan func(...any) error) error {
		var doc []byte
		var revoked *int64
		if err := scan(&doc, &revoked); err != nil {
			return err
		}
		k, err := decodeKey(doc, revoked)
		if err == nil {
			all = append(all, *k)
		}
		return err
	}, "SELECT doc, revoked_at FROM api_keys WHERE workspace = ? ORDER BY id", workspace)
	return about(all, err, "keys")
}

func decodeKey(doc []byte, revoked *int64) (*ductape.Key, error) {
	k, err := decode[ductape.Key](doc)
	if err != nil {
		return nil, err
	}
	k.RevokedAt = timePtr(revoked)
	return k, nil
}

// RevokeKey revokes a key. One that is revoked keeps the time it has.
func (s *Store) RevokeKey(ctx context.Context, workspace, id string, at time.Time) error {
	err := s.change(ctx, workspace, func(q querier) error {
		return q.must(ctx, "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?) WHERE workspace = ? AND id = ?",
			at.UnixMicro(), workspace, id)
	})
	return aboutErr(err, "key %q", id)
}

// DataKey returns the sealed data key kept under name.
func (s *Store) DataKey(ctx context.Context, workspace, name string) ([]byte, error) {
	return dataKey(ctx, s.read.querier(), workspace, name)
}

// PutDataKeyIfAbsent keeps the sealed data key unless there is one, and returns
// the one that is kept: of several that begin at once, all use the first.
func (s *Store) PutDataKeyIfAbsent(ctx context.Context, workspace, name string, sealed []byte) (kept []byte, err error) {
	err = s.change(ctx, workspace, func(q querier) error {
		_, err := q.exec(ctx, `INSERT INTO data_keys (workspace, name, sealed) VALUES (?, ?, ?)
			ON CONFLICT (workspace, name) DO NOTHING`, workspace, name, notNil(sealed))
		if err != nil {
			return err
		}
		kept, err = dataKey(ctx, q, workspace, name)
		return err
	})
	return about(kept, err, "data key %q", name)
}

func dataKey(ctx context.Context, q querier, workspace, name string) (sealed []byte, err error) {
	err = q.row(ctx, []any{&sealed}, "SELECT sealed FROM data_keys WHERE workspace = ? AND name = ?", workspace, name)
	return about(sealed, err, "data key %q", name)
}
