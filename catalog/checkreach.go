package catalog

import (
	"context"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

const (
	warnUnresolvedReference = "unresolved_reference"
	warnUnsetVariable       = "unset_variable"
)

// checkAppRefs looks at the references in what the draft makes of an app. An
// import is told of those that refer to what its description has dropped.
func (d *draft) checkAppRefs(ctx context.Context, ad *appDraft) error {
	names, set, err := d.usesOf(ctx, ad.tag)
	if err != nil {
		return err
	}
	r := &referrer{app: ad.after, names: names, set: set}
	r.ofApp()
	for i := range ad.now {
		if x := &ad.now[i]; d.imports || slices.Contains(ad.written, x.Tag) {
			r.ofAction("apps."+clip(ad.tag)+".actions."+clip(x.Tag), x)
		}
	}
	d.refuse(r.found)
	return nil
}

// checkAction checks one action that comes by itself.
func (d *draft) checkAction(ctx context.Context, where string, a *ductape.Action, app *ductape.App) error {
	names, set, err := d.usesOf(ctx, app.Tag)
	if err != nil {
		return err
	}
	checkAction(&d.problems, where, a, app)
	r := &referrer{app: app, names: names, set: set}
	r.ofAction(where, a)
	d.refuse(r.found)
	return d.problems.err("the action")
}

// refuse takes in references that can never be filled.
func (d *draft) refuse(found []ductape.Problem) {
	for _, x := range found {
		if d.imports {
			d.warn(warnUnresolvedReference, x.Where, x.Message)
			continue
		}
		d.problems.add(x.Where, "%s", x.Message)
	}
}

func (r *referrer) ofApp() {
	where := "apps." + clip(r.app.Tag)
	for i, e := range r.app.Envs {
		r.fixed(at(where+".envs", i, e.Slug)+".base_url", e.BaseURL)
	}
	for i, v := range r.app.Variables {
		r.json(at(where+".variables", i, v.Key)+".default", variableNode(v.Key), v.Default)
	}
	for i, c := range r.app.Constants {
		r.json(at(where+".constants", i, c.Key)+".value", constantNode(c.Key), c.Value)
	}
}

func (r *referrer) ofAction(where string, a *ductape.Action) {
	r.fixed(where+".resource", a.Resource)
	r.fixed(where+".base_url", a.BaseURL)
	for i, x := range a.Params {
		r.json(at(where+".params", i, x.Name)+".default", "", x.Default)
	}
}

func (r *referrer) fixed(where, text string) {
	if placeholder.Maybe(text) {
		r.text(where, "", text, true)
	}
}

// usesOf returns the names that an app goes by, its tag and its connections'
// access tags, and the variables that connections set, as the draft leaves them.
func (d *draft) usesOf(ctx context.Context, app string) (names, set []string, err error) {
	names = []string{app}
	all, err := d.finalProducts(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		for _, c := range p.Apps {
			if c.App != app {
				continue
			}
			names = append(names, c.AccessTag)
			for _, e := range c.Envs {
				set = append(set, sortedKeys(e.Variables)...)
			}
		}
	}
	return names, set, nil
}

// finalProducts lists the products as the draft leaves them.
func (d *draft) finalProducts(ctx context.Context) ([]*ductape.Product, error) {
	all, err := d.allProducts(ctx)
	if err != nil {
		return nil, err
	}
	var out []*ductape.Product
	for _, p := range all {
		if !d.rewrites(p.Tag) {
			out = append(out, p)
		}
	}
	for _, p := range d.products {
		if p.after != nil && d.rewrites(p.tag) {
			out = append(out, p.after)
		}
	}
	return out, nil
}

// checkConnectionRefs looks at the references in the values of a connection,
// and at what these make of the base URL that they are for.
func (d *draft) checkConnectionRefs(a *ductape.App, c ductape.Connection, where string) {
	r := connected(a, c, where)
	d.refuse(r.found)
	for _, x := range r.unset {
		d.warn(warnUnsetVariable, x.Where, x.Message)
	}
}

// checkLeft looks at a connection that stays while its app changes: only what
// the change takes from it counts.
func (d *draft) checkLeft(ad *appDraft, c ductape.Connection, where string) {
	if ad.after == nil || ad.before == nil {
		return
	}
	before := connected(ad.before, c, where).found
	d.refuse(slices.DeleteFunc(connected(ad.after, c, where).found, func(x ductape.Problem) bool { return slices.Contains(before, x) }))
}

// connected looks at every environment of a connection.
func connected(a *ductape.App, c ductape.Connection, where string) *referrer {
	all := &referrer{}
	for i := range c.Envs {
		e := &c.Envs[i]
		r := &referrer{app: a, names: []string{a.Tag, c.AccessTag}, conn: e}
		r.ofConnection(at(where+".envs", i, e.ProductEnv))
		all.found, all.unset = append(all.found, r.found...), append(all.unset, r.unset...)
	}
	return all
}

func (r *referrer) ofConnection(where string) {
	for _, tag := range sortedKeys(r.conn.Auth) {
		for _, field := range sortedKeys(r.conn.Auth[tag]) {
			if text := r.conn.Auth[tag][field]; placeholder.Maybe(text) {
				r.text(where+".auth."+clip(tag)+"."+clip(field), authNode(tag, field), text, false)
			}
		}
	}
	for _, key := range sortedKeys(r.conn.Variables) {
		r.json(where+".variables."+clip(key), variableNode(key), r.conn.Variables[key])
	}
	if env := r.app.Env(r.conn.AppEnv); env != nil {
		r.shaped(where, env)
	}
}

// shaped looks whether a variable that the connection sets puts into a base URL
// what users choose.
func (r *referrer) shaped(where string, env *ductape.AppEnv) {
	t, err := placeholder.Parse(env.BaseURL)
	if err != nil {
		return
	}
	for _, ref := range t.Refs() {
		if chain := r.chain(ref, isUsers, map[string]bool{}); len(chain) > 1 {
			r.found = append(r.found, ductape.Problem{Where: where + ".variables", Message: "the base_url of " + quote(env.Slug) + " is made of " + arrows(chain) + ", which cannot stand there; make it a path parameter"})
		}
	}
}
