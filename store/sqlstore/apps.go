package sqlstore

import (
	"context"

	"github.com/ductape-go/ductape"
)

func (r reader) App(ctx context.Context, tag string) (*ductape.App, error) {
	a, err := oneDoc[ductape.App](ctx, r.querier, "SELECT doc FROM apps WHERE workspace = ? AND tag = ?", r.workspace, tag)
	return about(a, err, "app %q", tag)
}

func (r reader) Apps(ctx context.Context) ([]*ductape.App, error) {
	a, err := allDocs[ductape.App](ctx, r.querier, "SELECT doc FROM apps WHERE workspace = ? ORDER BY tag", r.workspace)
	return about(a, err, "apps")
}

// hasApp returns ErrNotFound when there is no such app.
func (r reader) hasApp(ctx context.Context, tag string) error {
	var one int
	err := r.row(ctx, []any{&one}, "SELECT 1 FROM apps WHERE workspace = ? AND tag = ?", r.workspace, tag)
	return aboutErr(err, "app %q", tag)
}

func (t tx) PutApp(ctx context.Context, app *ductape.App) error {
	bare := *app
	bare.Actions, bare.Schemas = nil, nil
	doc, err := encode(&bare)
	if err != nil {
		return aboutErr(err, "app %q", app.Tag)
	}
	_, err = t.exec(ctx, `INSERT INTO apps (workspace, tag, doc) VALUES (?, ?, ?)
		ON CONFLICT (workspace, tag) DO UPDATE SET doc = excluded.doc WHERE apps.doc <> excluded.doc`, t.workspace, app.Tag, doc)
	if err != nil || app.Actions == nil {
		return aboutErr(err, "app %q", app.Tag)
	}
	if err := t.replaceActions(ctx, app.Tag, app.Actions); err != nil {
		return aboutErr(err, "app %q", app.Tag)
	}
	return aboutErr(t.replaceSchemas(ctx, app.Tag, app.Schemas), "app %q", app.Tag)
}

func (t tx) DeleteApp(ctx context.Context, tag string) error {
	for _, text := range []string{
		"DELETE FROM action_names WHERE workspace = ? AND app = ?",
		"DELETE FROM actions WHERE workspace = ? AND app = ?",
		"DELETE FROM schemas WHERE workspace = ? AND app = ?",
	} {
		if _, err := t.exec(ctx, text, t.workspace, tag); err != nil {
			return aboutErr(err, "app %q", tag)
		}
	}
	return aboutErr(t.must(ctx, "DELETE FROM apps WHERE workspace = ? AND tag = ?", t.workspace, tag), "app %q", tag)
}
