package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// PutSecret writes the next version of a secret.
func (s *Store) PutSecret(ctx context.Context, workspace string, sec *store.SealedSecret) error {
	doc, err := encode(&sec.Secret)
	if err != nil {
		return aboutErr(err, "secret %q", sec.Key)
	}
	err = s.change(ctx, workspace, func(q querier) error {
		last, err := lastVersion(ctx, q, workspace, sec.Key)
		if err != nil {
			return err
		}
		if sec.Version != last+1 {
			return fmt.Errorf("version %d, the next is %d: %w", sec.Version, last+1, store.ErrConflict)
		}
		_, err = q.exec(ctx, `INSERT INTO secret_versions (workspace, name, last) VALUES (?, ?, ?)
			ON CONFLICT (workspace, name) DO UPDATE SET last = excluded.last`, workspace, sec.Key, sec.Version)
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, "INSERT INTO secrets (workspace, name, version, sealed, doc) VALUES (?, ?, ?, ?, ?)",
			workspace, sec.Key, sec.Version, notNil(sec.Sealed), doc)
		return err
	})
	return aboutErr(err, "secret %q", sec.Key)
}

// Secret returns the highest version that is not deleted.
func (s *Store) Secret(ctx context.Context, workspace, key string) (*store.SealedSecret, error) {
	var doc []byte
	var out store.SealedSecret
	err := s.read.querier().row(ctx, []any{&doc, &out.Sealed},
		"SELECT doc, sealed FROM secrets WHERE workspace = ? AND name = ? ORDER BY version DESC LIMIT 1", workspace, key)
	if err != nil {
		return about((*store.SealedSecret)(nil), err, "secret %q", key)
	}
	sec, err := decode[ductape.Secret](doc)
	if err != nil {
		return about((*store.SealedSecret)(nil), err, "secret %q", key)
	}
	out.Secret = *sec
	return &out, nil
}

// LastSecretVersion returns the highest version ever used, 0 for none.
func (s *Store) LastSecretVersion(ctx context.Context, workspace, key string) (int, error) {
	n, err := lastVersion(ctx, s.read.querier(), workspace, key)
	return about(n, err, "secret %q", key)
}

func lastVersion(ctx context.Context, q querier, workspace, key string) (int, error) {
	var n int
	err := q.row(ctx, []any{&n}, "SELECT last FROM secret_versions WHERE workspace = ? AND name = ?", workspace, key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// Secrets returns the highest version of each secret, in order of key.
func (s *Store) Secrets(ctx context.Context, workspace string) ([]ductape.Secret, error) {
	all, err := values(allDocs[ductape.Secret](ctx, s.read.querier(), `SELECT s.doc FROM secrets s
		JOIN secret_versions v ON v.workspace = s.workspace AND v.name = s.name AND v.last = s.version
		WHERE s.workspace = ? ORDER BY s.name`, workspace))
	return about(all, err, "secrets")
}

// DeleteSecret removes every version. Their numbers are not used again.
func (s *Store) DeleteSecret(ctx context.Context, workspace, key string) error {
	err := s.change(ctx, workspace, func(q querier) error {
		return q.must(ctx, "DELETE FROM secrets WHERE workspace = ? AND name = ?", workspace, key)
	})
	return aboutErr(err, "secret %q", key)
}

// notNil is for columns that may be empty but not NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
