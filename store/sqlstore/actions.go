package sqlstore

import (
	"context"
	"encoding/json"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

const actionByName = `SELECT a.doc FROM action_names n
	JOIN actions a ON a.workspace = n.workspace AND a.app = n.app AND a.tag = n.tag
	WHERE n.workspace = ? AND n.app = ? AND n.name = ? ORDER BY n.place, n.tag LIMIT 1`

func (r reader) Action(ctx context.Context, app, name string) (*ductape.Action, error) {
	a, err := oneDoc[ductape.Action](ctx, r.querier, actionByName, r.workspace, app, name)
	return about(a, err, "action %q of app %q", name, app)
}

// The app and its actions are read in one statement: in two, an app that another
// change creates between them would seem to have no actions.
const appsActions = ` FROM apps p LEFT JOIN actions a ON a.workspace = p.workspace AND a.app = p.tag AND a.tag > ?
	WHERE p.workspace = ? AND p.tag = ? ORDER BY a.tag`

func (r reader) FullActions(ctx context.Context, app string) ([]ductape.Action, error) {
	all := []ductape.Action{}
	err := r.eachAction(ctx, func(doc []byte) error {
		a, err := decode[ductape.Action](doc)
		if err == nil {
			all = append(all, *a)
		}
		return err
	}, "SELECT p.tag, a.tag, a.doc"+appsActions, "", r.workspace, app)
	return about(all, err, "actions of app %q", app)
}

func (r reader) actions(ctx context.Context, app, after string, limit int) ([]ductape.ActionSummary, error) {
	text, args := "SELECT p.tag, a.tag, a.summary"+appsActions, []any{after, r.workspace, app}
	if limit > 0 {
		text, args = text+" LIMIT ?", append(args, limit)
	}
	all := []ductape.ActionSummary{}
	err := r.eachAction(ctx, func(doc []byte) error {
		all = append(all, ductape.ActionSummary{})
		return json.Unmarshal(doc, &all[len(all)-1])
	}, text, args...)
	return about(all, err, "actions of app %q", app)
}

// eachAction calls f for each row of appsActions that has an action. No row at
// all means that there is no app: ErrNotFound.
func (r reader) eachAction(ctx context.Context, f func(doc []byte) error, text string, args ...any) error {
	found := false
	err := r.each(ctx, func(scan func(...any) error) error {
		var app string
		var tag *string
		var doc []byte
		if err := scan(&app, &tag, &doc); err != nil {
			return err
		}
		found = true
		if tag == nil {
			return nil
		}
		return f(doc)
	}, text, args...)
	if err == nil && !found {
		return store.ErrNotFound
	}
	return err
}

func (t tx) PutAction(ctx context.Context, app string, action *ductape.Action) error {
	if err := t.hasApp(ctx, app); err != nil {
		return err
	}
	text, err := toJSON(action)
	if err != nil {
		return aboutErr(err, "action %q of app %q", action.Tag, app)
	}
	return aboutErr(t.writeAction(ctx, app, action, text), "action %q of app %q", action.Tag, app)
}

func (t tx) DeleteAction(ctx context.Context, app, tag string) error {
	err := t.must(ctx, "DELETE FROM actions WHERE workspace = ? AND app = ? AND tag = ?", t.workspace, app, tag)
	if err == nil {
		err = t.deleteNames(ctx, app, tag)
	}
	return aboutErr(err, "action %q of app %q", tag, app)
}

func (t tx) deleteNames(ctx context.Context, app, tag string) error {
	_, err := t.exec(ctx, "DELETE FROM action_names WHERE workspace = ? AND app = ? AND tag = ?", t.workspace, app, tag)
	return err
}

// writeAction writes the row and the names of an action whose JSON is text.
func (t tx) writeAction(ctx context.Context, app string, a *ductape.Action, text []byte) error {
	summary, err := toJSON(a.Summary())
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO actions (workspace, app, tag, digest, summary, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace, app, tag) DO UPDATE SET digest = excluded.digest, summary = excluded.summary, doc = excluded.doc`,
		t.workspace, app, a.Tag, digestOf(text), summary, pack(text))
	if err != nil {
		return err
	}
	if err := t.deleteNames(ctx, app, a.Tag); err != nil {
		return err
	}
	place := 0
	for name := range a.Names() {
		_, err := t.exec(ctx, `INSERT INTO action_names (workspace, app, name, place, tag) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (workspace, app, name, place, tag) DO NOTHING`, t.workspace, app, name, place, a.Tag)
		if err != nil {
			return err
		}
		place++
	}
	return nil
}
