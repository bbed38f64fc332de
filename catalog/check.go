package catalog

import (
	"context"
	"errors"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

// check looks at everything that the draft changes, and at the connections of
// other products to what it changes, and reports every problem at once.
func (d *draft) check(ctx context.Context) error {
	for _, a := range d.apps {
		if a.after != nil && a.dirty() {
			checkApp(&d.problems, a)
			if err := d.checkAppRefs(ctx, a); err != nil {
				return err
			}
		}
	}
	for _, p := range d.products {
		if p.after != nil && !same(p.before, p.after) {
			if err := d.checkProduct(ctx, p.after); err != nil {
				return err
			}
		}
	}
	if err := d.checkOthers(ctx); err != nil {
		return err
	}
	return d.problems.err("the configuration")
}

// checkOthers makes sure that no connection of a product that is not changed is
// left dangling by a changed app.
func (d *draft) checkOthers(ctx context.Context) error {
	if len(d.apps) == 0 {
		return nil
	}
	all, err := d.allProducts(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if d.rewrites(p.Tag) {
			continue
		}
		for _, conn := range p.Apps {
			if a := d.changed(conn.App); a != nil && a.dirty() {
				where := join("products", p.Tag, "apps", conn.AccessTag)
				d.checkTargets(a.after, conn, where)
				d.checkLeft(a, conn, where)
			}
		}
	}
	return nil
}

func (d *draft) rewrites(product string) bool {
	for _, p := range d.products {
		if p.tag == product && !same(p.before, p.after) {
			return true
		}
	}
	return false
}

// finalApp returns an app as the draft leaves it, nil when it is not there.
func (d *draft) finalApp(ctx context.Context, tag string) (*ductape.App, error) {
	if a := d.changed(tag); a != nil {
		return a.after, nil
	}
	a, err := d.r.App(ctx, tag)
	if isMissing(err) {
		return nil, nil
	}
	return a, storeError(err, "reading app "+quote(tag))
}

// appTags lists the apps as the draft leaves them, for hints.
func (d *draft) appTags(ctx context.Context) []string {
	var out []string
	all, _ := d.r.Apps(ctx) // only for a hint
	for _, a := range all {
		if c := d.changed(a.Tag); c == nil || c.after != nil {
			out = append(out, a.Tag)
		}
	}
	for _, a := range d.apps {
		if a.before == nil && a.after != nil {
			out = append(out, a.tag)
		}
	}
	return out
}

// parse parses a text with placeholders, reporting where it is broken.
func (p *problems) parse(where, text string) *placeholder.Template {
	t, err := placeholder.Parse(text)
	var syntax *placeholder.SyntaxError
	switch {
	case errors.As(err, &syntax):
		p.add(where, "column %d: %s", syntax.Column, syntax.Message)
	case err != nil:
		p.add(where, "%s", err)
	}
	return t
}

// template is parse where a sealed credential has no place: only the auth value
// that it was sealed out of may refer to it.
func (p *problems) template(where, text string) *placeholder.Template {
	t := p.parse(where, text)
	if slices.ContainsFunc(secretRefs(text), isCredentialKey) {
		p.add(where, "refers to a sealed credential, which only its own place may")
	}
	return t
}

// templates parses every string of a JSON value.
func (p *problems) templates(where string, raw []byte) {
	if len(raw) == 0 {
		return
	}
	v := jsontext.Value(raw)
	if !v.IsValid() {
		p.add(where, "is not valid JSON")
		return
	}
	if !placeholder.HasRefs(v) {
		return
	}
	walkText(v, func(at jsontext.Pointer, text string) { p.template(where+dotted(at), text) })
}
