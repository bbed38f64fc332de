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
		if err := latestDataKey(ctx, q, workspace, dataKeyOf(sec.DataKey)); err != nil {
			return err
		}
		_, err = q.exec(ctx, `INSERT INTO secret_versions (workspace, name, last) VALUES (?, ?, ?)
			ON CONFLICT (workspace, name) DO UPDATE SET last = excluded.last`, workspace, sec.Key, sec.Version)
		if err != nil {
			return err
		}
		_, err = q.exec(ctx, "INSERT INTO secrets (workspace, name, version, sealed, doc, data_key) VALUES (?, ?, ?, ?, ?, ?)",
			workspace, sec.Key, sec.Version, notNil(sec.Sealed), doc, dataKeyOf(sec.DataKey))
		return err
	})
	return aboutErr(err, "secret %q", sec.Key)
}

const selectSecrets = "SELECT s.name, s.version, s.doc, s.sealed, s.data_key, u.used_at FROM secrets s LEFT JOIN secret_uses u ON u.workspace = s.workspace AND u.name = s.name "

// Secret returns the highest version that is not deleted.
func (s *Store) Secret(ctx context.Context, workspace, key string) (*store.SealedSecret, error) {
	var out *store.SealedSecret
	q := s.read.querier()
	err := q.each(ctx, func(scan func(...any) error) (err error) {
		out, err = scanSecret(scan)
		return err
	}, selectSecrets+"WHERE s.workspace = ? AND s.name = ? ORDER BY s.version DESC LIMIT 1", workspace, key)
	if err == nil && out == nil {
		err = store.ErrNotFound
	}
	return about(out, err, "secret %q", key)
}

// SecretVersions returns every version that is kept, newest first.
func (s *Store) SecretVersions(ctx context.Context, workspace, key string) ([]store.SealedSecret, error) {
	all, err := s.sealed(ctx, selectSecrets+"WHERE s.workspace = ? AND s.name = ? ORDER BY s.version DESC", workspace, key)
	return about(all, err, "secret %q", key)
}

// SecretsSealedBefore returns up to limit versions that an earlier data key sealed.
func (s *Store) SecretsSealedBefore(ctx context.Context, workspace, dataKey string, limit int) ([]store.SealedSecret, error) {
	all, err := s.sealed(ctx, selectSecrets+"WHERE s.workspace = ? AND s.data_key < ? ORDER BY s.name, s.version LIMIT ?", workspace, dataKeyOf(dataKey), limit)
	return about(all, err, "secrets")
}

func (s *Store) sealed(ctx context.Context, text string, args ...any) ([]store.SealedSecret, error) {
	all := []store.SealedSecret{}
	err := s.read.querier().each(ctx, func(scan func(...any) error) error {
		one, err := scanSecret(scan)
		if err == nil {
			all = append(all, *one)
		}
		return err
	}, text, args...)
	return all, err
}

// scanSecret takes name and version from the row's key: what its document says
// may have been moved there.
func scanSecret(scan func(...any) error) (*store.SealedSecret, error) {
	var doc []byte
	var used *int64
	var name string
	var version int
	out := &store.SealedSecret{}
	if err := scan(&name, &version, &doc, &out.Sealed, &out.DataKey, &used); err != nil {
		return nil, err
	}
	sec, err := decode[ductape.Secret](doc)
	if err != nil {
		return nil, fmt.Errorf("version %d of secret %q: %w", version, name, err)
	}
	out.Secret, out.LastUsedAt = *sec, timePtr(used)
	out.Key, out.Version = name, version
	return out, nil
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
	all, err := s.sealed(ctx, selectSecrets+`JOIN secret_versions v ON v.workspace = s.workspace AND v.name = s.name AND v.last = s.version
		WHERE s.workspace = ? ORDER BY s.name`, workspace)
	out := make([]ductape.Secret, len(all))
	for i := range all {
		out[i] = all[i].Secret
	}
	return about(out, err, "secrets")
}

// DeleteSecret removes every version. Their numbers are not used again.
func (s *Store) DeleteSecret(ctx context.Context, workspace, key string) error {
	err := s.change(ctx, workspace, func(q querier) error {
		if _, err := q.exec(ctx, "DELETE FROM secret_uses WHERE workspace = ? AND name = ?", workspace, key); err != nil {
			return err
		}
		return q.must(ctx, "DELETE FROM secrets WHERE workspace = ? AND name = ?", workspace, key)
	})
	return aboutErr(err, "secret %q", key)
}

// ResealSecrets replaces sealed values, those that are as they were.
func (s *Store) ResealSecrets(ctx context.Context, workspace, dataKey string, rows []store.Resealed) error {
	err := s.change(ctx, workspace, func(q querier) error {
		if err := latestDataKey(ctx, q, workspace, dataKeyOf(dataKey)); err != nil {
			return err
		}
		for _, r := range rows {
			_, err := q.exec(ctx, "UPDATE secrets SET sealed = ?, data_key = ? WHERE workspace = ? AND name = ? AND version = ? AND sealed = ?",
				notNil(r.Sealed), dataKeyOf(dataKey), workspace, r.Key, r.Version, notNil(r.Was))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return aboutErr(err, "secrets")
}

// MarkSecretsUsed keeps when secrets were last used, of those that are there.
func (s *Store) MarkSecretsUsed(ctx context.Context, used []store.SecretUsed) error {
	err := s.write.transact(ctx, func(q querier) error {
		for _, u := range used {
			_, err := q.exec(ctx, `INSERT INTO secret_uses (workspace, name, used_at)
				SELECT workspace, name, CAST(? AS BIGINT) FROM secrets WHERE workspace = ? AND name = ? GROUP BY workspace, name
				ON CONFLICT (workspace, name) DO UPDATE SET used_at = excluded.used_at WHERE excluded.used_at > secret_uses.used_at`,
				u.At.UnixMicro(), u.Workspace, u.Key)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return aboutErr(err, "secrets' last use")
}

// firstDataKey is the name of the data key that seals secrets from the start.
const firstDataKey = "secrets"

func dataKeyOf(name string) string {
	if name == "" {
		return firstDataKey
	}
	return name
}

// latestDataKey refuses a data key that a later one has replaced.
func latestDataKey(ctx context.Context, q querier, workspace, name string) error {
	var later int
	err := q.row(ctx, []any{&later}, "SELECT COUNT(*) FROM data_keys WHERE workspace = ? AND name LIKE 'secrets%' AND name > ?", workspace, name)
	if err == nil && later > 0 {
		err = fmt.Errorf("sealed by the data key %s, which was replaced: %w", name, store.ErrConflict)
	}
	return err
}

// notNil is for columns that may be empty but not NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
