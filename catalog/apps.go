package catalog

import (
	"context"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// App returns an app, without its actions, or unknown_app with the nearest
// tags.
func (c *Catalog) App(ctx context.Context, ws, tag string) (*ductape.App, error) {
	return app(ctx, storeReader{c.store, ws}, tag)
}

// Apps lists the apps, without their actions.
func (c *Catalog) Apps(ctx context.Context, ws string) ([]*ductape.App, error) {
	all, err := c.store.Apps(ctx, ws)
	return all, storeError(err, "listing apps")
}

// PutApp creates or replaces an app. With a.Actions nil its actions stay as
// they are. What differs from the app that is kept counts as edited by hand,
// which a later import leaves alone.
func (c *Catalog) PutApp(ctx context.Context, ws string, a *ductape.App) (*Plan, error) {
	d, err := c.save(ctx, ws, nil, func(ctx context.Context, d *draft) error {
		ad, err := d.app(ctx, a.Tag)
		if err != nil {
			return err
		}
		next := *a
		next.Actions, next.Schemas, next.Source, next.Edited = nil, nil, nil, nil
		if ad.before != nil {
			next.Source = ad.before.Source
		}
		markApp(ad.before, &next)
		ad.after = &next
		return d.putActions(ctx, ad, a.Actions)
	})
	if err != nil {
		return nil, err
	}
	plan := planOf(d)
	plan.Warnings = append(plan.Warnings, lookalikes(d, nil)...)
	return plan, nil
}

// putActions replaces the app's actions by those that came by hand.
func (d *draft) putActions(ctx context.Context, ad *appDraft, actions []ductape.Action) error {
	if actions == nil {
		return nil
	}
	if err := d.actions(ctx, ad); err != nil {
		return err
	}
	ad.now = nil
	seen := map[string]bool{}
	for i := range actions {
		next := actions[i]
		d.problems.tag(at("apps."+clip(ad.tag)+".actions", i, next.Tag), "tag", next.Tag, seen)
		markAction(find(ad.was, next.Tag, actionTag), &next)
		complete(&next)
		ad.now = append(ad.now, next)
		ad.written = append(ad.written, next.Tag)
	}
	ad.replace = !sameActions(ad.was, ad.now)
	return nil
}

func actionTag(a ductape.Action) string { return a.Tag }

// standardMethods are those of RFC 9110 and PATCH, which people also write in
// small letters. Others are sent as they are written: methods are case-sensitive
// (RFC 9110, 9.1).
var standardMethods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// complete fills what an action written by hand may leave out: the case of its
// method, and the path parameters that its resource names.
func complete(a *ductape.Action) {
	if m := strings.ToUpper(a.Method); slices.Contains(standardMethods, m) {
		a.Method = m
	}
	for i := range a.Params {
		if a.Params[i].In == ductape.InPath {
			a.Params[i].Required = true
		}
	}
	for _, name := range pathNames(a.Resource) {
		if !hasParam(a, name) {
			a.Params = append(a.Params, ductape.Param{Name: name, In: ductape.InPath, Required: true})
		}
	}
}

func hasParam(a *ductape.Action, name string) bool {
	for _, p := range a.Params {
		if p.Name == name && p.In == ductape.InPath {
			return true
		}
	}
	return false
}

// DeleteApp removes an app with its actions. While a product uses it, it is
// refused, naming the connections.
func (c *Catalog) DeleteApp(ctx context.Context, ws, tag string) error {
	_, err := c.save(ctx, ws, nil, func(ctx context.Context, d *draft) error {
		if _, err := app(ctx, d.r, tag); err != nil {
			return err
		}
		all, err := d.allProducts(ctx)
		if err != nil {
			return err
		}
		if users := connectionsTo(all, tag); len(users) > 0 {
			return ductape.NewError(ductape.CodeConflict, "the app "+quote(tag)+" is used by "+strings.Join(users, ", ")).
				WithHint("delete these connections first")
		}
		ad, err := d.app(ctx, tag)
		if err != nil {
			return err
		}
		ad.after = nil
		return nil
	})
	return err
}

func connectionsTo(products []*ductape.Product, app string) []string {
	var out []string
	for _, p := range products {
		for _, c := range p.Apps {
			if c.App == app {
				out = append(out, p.Tag+"/"+c.AccessTag)
			}
		}
	}
	return out
}
