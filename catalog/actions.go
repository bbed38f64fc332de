package catalog

import (
	"context"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/store"
)

// Actions lists an app's actions in order of tag, beginning behind the tag
// after. Limit 0 lists them all.
func (c *Catalog) Actions(ctx context.Context, ws, app, after string, limit int) ([]ductape.ActionSummary, error) {
	if _, err := c.App(ctx, ws, app); err != nil {
		return nil, err
	}
	all, err := c.store.Actions(ctx, ws, app, after, max(limit, 0))
	return all, storeError(err, "listing actions")
}

// Action finds an action by any of its names, or returns unknown_action with
// the nearest ones.
func (c *Catalog) Action(ctx context.Context, ws, app, name string) (*ductape.Action, error) {
	a, err := c.store.Action(ctx, ws, app, name)
	if err == nil {
		return a, nil
	}
	if !isMissing(err) {
		return nil, storeError(err, "reading the action")
	}
	return nil, c.unknownAction(ctx, ws, app, name)
}

func (c *Catalog) unknownAction(ctx context.Context, ws, app, name string) error {
	all, err := c.Actions(ctx, ws, app, "", 0)
	if err != nil {
		return err
	}
	e := ductape.NewError(ductape.CodeUnknownAction, "the app "+quote(app)+" has no action "+quote(name))
	near := nearest.Nearest(name, tagsOf(all, func(s ductape.ActionSummary) string { return s.Tag }), 3)
	if len(near) == 0 {
		return e.WithHint("list them with: ductape actions " + clip(app))
	}
	return e.WithHint("did you mean " + strings.Join(near, ", ") + "?")
}

// PutAction creates an action or replaces the one of its tag. What differs from
// the action that is kept counts as edited by hand, which a later import leaves
// alone.
func (c *Catalog) PutAction(ctx context.Context, ws, appTag string, a *ductape.Action) error {
	defer c.lock(ws)()
	return c.change(ctx, ws, func(tx store.Tx) error {
		owner, err := app(ctx, tx, appTag)
		if err != nil {
			return err
		}
		stored, err := storedAction(ctx, tx, appTag, a.Tag)
		if err != nil {
			return err
		}
		next := *a
		complete(&next)
		markAction(stored, &next)
		d := draft{r: tx}
		if err := d.checkAction(ctx, "apps."+appTag+".actions."+clip(a.Tag), &next, owner); err != nil {
			return err
		}
		return tx.PutAction(ctx, appTag, &next)
	})
}

// storedAction returns the action of exactly that tag, nil when there is none.
func storedAction(ctx context.Context, tx store.Tx, app, tag string) (*ductape.Action, error) {
	a, err := tx.Action(ctx, app, tag)
	if isMissing(err) || err == nil && a.Tag != tag {
		return nil, nil
	}
	return a, storeError(err, "reading the action")
}

// DeleteAction removes an action, by its tag. An import of the app's
// description does not bring it back.
func (c *Catalog) DeleteAction(ctx context.Context, ws, appTag, tag string) error {
	defer c.lock(ws)()
	found := false
	err := c.change(ctx, ws, func(tx store.Tx) error {
		owner, err := app(ctx, tx, appTag)
		if err != nil {
			return err
		}
		stored, err := storedAction(ctx, tx, appTag, tag)
		if err != nil || stored == nil {
			return err
		}
		found = true
		if err := tx.DeleteAction(ctx, appTag, tag); err != nil {
			return err
		}
		e := editsOf(owner.Edited)
		e.drop("actions." + tag)
		owner.Edited, owner.Actions, owner.Schemas = e.list(), nil, nil
		return tx.PutApp(ctx, owner)
	})
	if err == nil && !found {
		return c.unknownAction(ctx, ws, appTag, tag)
	}
	return err
}
