package catalog

import (
	"context"
	"errors"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// A draft is a change in preparation: what was there, and what shall be. It is
// checked as a whole before any of it is written.
type draft struct {
	r        reader
	apps     []*appDraft
	products []*productDraft
	all      []*ductape.Product // every product as it was; nil until read
	problems problems
	warnings []ductape.Warning
	kept     []string
	imports  bool // it only brings a description in: what stays and now refers to nothing is told, not refused
}

type appDraft struct {
	tag           string
	before, after *ductape.App // without actions; nil: not there
	replace       bool         // the actions are replaced by now
	was, now      []ductape.Action
	schemas       map[string]rawJSON // replaced with the actions, by an import
	past          past               // what an import changes of schemas
	written       []string           // tags of actions that came by hand and are checked
}

type productDraft struct {
	tag           string
	before, after *ductape.Product
}

// app returns the draft of an app, beginning it with what is there.
func (d *draft) app(ctx context.Context, tag string) (*appDraft, error) {
	if a := d.changed(tag); a != nil {
		return a, nil
	}
	before, err := d.r.App(ctx, tag)
	if err != nil && !isMissing(err) {
		return nil, storeError(err, "reading app "+quote(tag))
	}
	if err != nil {
		before = nil
	}
	a := &appDraft{tag: tag, before: before, after: before}
	d.apps = append(d.apps, a)
	return a, nil
}

func (d *draft) changed(tag string) *appDraft {
	for _, a := range d.apps {
		if a.tag == tag {
			return a
		}
	}
	return nil
}

// actions reads the app's actions as they were, once.
func (d *draft) actions(ctx context.Context, a *appDraft) error {
	if a.before == nil || a.was != nil {
		return nil
	}
	was, err := d.r.FullActions(ctx, a.tag)
	a.was = was
	return storeError(err, "reading the actions of "+quote(a.tag))
}

// product returns the draft of a product, beginning it with what is there.
func (d *draft) product(ctx context.Context, tag string) (*productDraft, error) {
	for _, p := range d.products {
		if p.tag == tag {
			return p, nil
		}
	}
	before, err := d.r.Product(ctx, tag)
	if err != nil && !isMissing(err) {
		return nil, storeError(err, "reading product "+quote(tag))
	}
	if err != nil {
		before = nil
	}
	p := &productDraft{tag: tag, before: before, after: before}
	d.products = append(d.products, p)
	return p, nil
}

// allProducts reads every product as it was.
func (d *draft) allProducts(ctx context.Context) ([]*ductape.Product, error) {
	if d.all != nil {
		return d.all, nil
	}
	all, err := d.r.Products(ctx)
	d.all = all
	return all, storeError(err, "listing products")
}

// dirty reports whether anything would be written.
func (d *draft) dirty() bool {
	for _, a := range d.apps {
		if a.dirty() {
			return true
		}
	}
	for _, p := range d.products {
		if !same(p.before, p.after) {
			return true
		}
	}
	return false
}

func (a *appDraft) dirty() bool { return a.replace || !same(a.before, a.after) }

var errUnchanged = errors.New("nothing to change")

// write puts the draft down: what is removed last, after what pointed at it.
func (d *draft) write(ctx context.Context, tx store.Tx) error {
	if !d.dirty() {
		return errUnchanged
	}
	for _, a := range d.apps {
		if err := a.put(ctx, tx); err != nil {
			return err
		}
	}
	for _, p := range d.products {
		if err := p.write(ctx, tx); err != nil {
			return err
		}
	}
	for _, a := range d.apps {
		if a.after == nil && a.before != nil {
			if err := tx.DeleteApp(ctx, a.tag); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes an app. Only an import replaces all actions and schemas at once:
// actions that came by hand are written one by one, and schemas stay.
func (a *appDraft) put(ctx context.Context, tx store.Tx) error {
	if a.after == nil || !a.dirty() {
		return nil
	}
	next := *a.after
	next.Actions, next.Schemas = nil, nil
	if a.replace && (a.schemas != nil || a.before == nil) {
		next.Actions, next.Schemas = a.now, a.schemas
		if next.Actions == nil {
			next.Actions = []ductape.Action{}
		}
		return tx.PutApp(ctx, &next)
	}
	if err := tx.PutApp(ctx, &next); err != nil || !a.replace {
		return err
	}
	return a.putActions(ctx, tx)
}

func (a *appDraft) putActions(ctx context.Context, tx store.Tx) error {
	before, after := byTag(a.was), byTag(a.now)
	for i := range a.was {
		if tag := a.was[i].Tag; after[tag] == nil {
			if err := tx.DeleteAction(ctx, a.tag, tag); err != nil {
				return err
			}
		}
	}
	for i := range a.now {
		now := &a.now[i]
		if old := before[now.Tag]; old != nil && same(old, now) {
			continue
		}
		if err := tx.PutAction(ctx, a.tag, now); err != nil {
			return err
		}
	}
	return nil
}

func (p *productDraft) write(ctx context.Context, tx store.Tx) error {
	switch {
	case same(p.before, p.after):
		return nil
	case p.after == nil:
		return tx.DeleteProduct(ctx, p.tag)
	}
	return tx.PutProduct(ctx, p.after)
}
