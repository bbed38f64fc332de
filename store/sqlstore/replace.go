package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// replaceActions makes all the app's actions, and writes only those that differ.
func (t tx) replaceActions(ctx context.Context, app string, all []ductape.Action) error {
	old, err := t.digests(ctx, "SELECT tag, digest FROM actions WHERE workspace = ? AND app = ?", app)
	if err != nil {
		return err
	}
	seen := make(map[string]bool, len(all))
	for i := range all {
		a := &all[i]
		if seen[a.Tag] {
			return fmt.Errorf("action %q is there twice: %w", a.Tag, store.ErrConflict)
		}
		seen[a.Tag] = true
		if err := t.writeIfDiffers(ctx, app, a, old[a.Tag]); err != nil {
			return fmt.Errorf("action %q: %w", a.Tag, err)
		}
	}
	for tag := range old {
		if seen[tag] {
			continue
		}
		if err := t.DeleteAction(ctx, app, tag); err != nil {
			return err
		}
	}
	return nil
}

func (t tx) writeIfDiffers(ctx context.Context, app string, a *ductape.Action, digest string) error {
	text, err := toJSON(a)
	if err != nil {
		return err
	}
	if string(digestOf(text)) == digest {
		return nil
	}
	return t.writeAction(ctx, app, a, text)
}

// replaceSchemas makes all the app's schemas, and writes only those that differ.
func (t tx) replaceSchemas(ctx context.Context, app string, all map[string]json.RawMessage) error {
	old, err := t.digests(ctx, "SELECT ref, digest FROM schemas WHERE workspace = ? AND app = ?", app)
	if err != nil {
		return err
	}
	for _, ref := range slices.Sorted(maps.Keys(all)) { // in order, which fills pages well
		digest := digestOf(all[ref])
		if string(digest) == old[ref] {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO schemas (workspace, app, ref, digest, doc) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (workspace, app, ref) DO UPDATE SET digest = excluded.digest, doc = excluded.doc`,
			t.workspace, app, ref, digest, pack(all[ref]))
		if err != nil {
			return fmt.Errorf("schema %q: %w", ref, err)
		}
	}
	for ref := range old {
		if _, ok := all[ref]; ok {
			continue
		}
		if _, err := t.exec(ctx, "DELETE FROM schemas WHERE workspace = ? AND app = ? AND ref = ?", t.workspace, app, ref); err != nil {
			return fmt.Errorf("schema %q: %w", ref, err)
		}
	}
	return nil
}

// digests reads the digests of an app's rows, by their key.
func (t tx) digests(ctx context.Context, text, app string) (map[string]string, error) {
	all := map[string]string{}
	err := t.each(ctx, func(scan func(...any) error) error {
		var key string
		var digest []byte
		if err := scan(&key, &digest); err != nil {
			return err
		}
		all[key] = string(digest)
		return nil
	}, text, t.workspace, app)
	return all, err
}

func (r reader) schema(ctx context.Context, app, ref string) ([]byte, error) {
	var doc []byte
	err := r.row(ctx, []any{&doc}, "SELECT doc FROM schemas WHERE workspace = ? AND app = ? AND ref = ?", r.workspace, app, ref)
	if err != nil {
		return about([]byte(nil), err, "schema %q of app %q", ref, app)
	}
	text, err := unpack(doc)
	return about(text, err, "schema %q of app %q", ref, app)
}
