package catalog

import (
	"context"
	"slices"

	"github.com/ductape-go/ductape"
)

// app puts one app of the file into the draft.
func (a *application) app(ctx context.Context, d *draft, f *fileApp) error {
	ad, err := d.app(ctx, f.Tag)
	if err != nil {
		return err
	}
	im := a.imports[f.Tag]
	if im != nil {
		if err := im.into(ctx, d, ad); err != nil {
			return err
		}
	} else if err := a.byHand(ctx, d, ad, f); err != nil {
		return err
	}
	if im != nil && ad.before == nil {
		ad.after.Edited = f.names().list()
	}
	f.over(ad.after)
	a.unsaid(d, f, ad, im)
	ad.now, ad.written = f.overActions(ad.now)
	if a.prune {
		ad.now = slices.DeleteFunc(ad.now, func(x ductape.Action) bool {
			return editsOf(x.Edited)[editedAll] && !f.hasAction(x.Tag)
		})
	} else {
		d.keptOf(f, ad, im)
	}
	ad.replace = im != nil && (im.schemas || ad.before == nil) || !sameActions(ad.was, ad.now)
	return nil
}

// byHand begins an app that the file describes without a description: from what
// is there, or from nothing.
func (a *application) byHand(ctx context.Context, d *draft, ad *appDraft, f *fileApp) error {
	if err := d.actions(ctx, ad); err != nil {
		return err
	}
	next := ductape.App{Tag: f.Tag}
	if ad.before != nil {
		next = *ad.before
	}
	e := editsOf(next.Edited)
	for name := range f.names() {
		e.put(name)
	}
	next.Edited = e.list()
	if a.prune && next.Source == nil {
		f.only(&next)
	}
	ad.after, ad.now = &next, ad.was
	return nil
}

// only leaves of an app written by hand what the file names.
func (f *fileApp) only(a *ductape.App) {
	a.Envs = filter(a.Envs, func(e ductape.AppEnv) bool { return f.hasEnv(e.Slug) })
	a.Auths = filter(a.Auths, func(x ductape.Auth) bool { return find(f.Auths, x.Tag, authTag) != nil })
	a.Variables = filter(a.Variables, func(v ductape.Variable) bool { return find(f.Variables, v.Key, variableKey) != nil })
	a.Constants = filter(a.Constants, func(c ductape.Constant) bool { return find(f.Constants, c.Key, constantKey) != nil })
	a.Edited = f.names().list()
}

func (f *fileApp) hasEnv(slug string) bool {
	return find(f.Envs, slug, func(e fileEnv) string { return e.Slug }) != nil
}

func (f *fileApp) hasAction(tag string) bool {
	return find(f.Actions, tag, func(x fileAction) string { return x.Tag }) != nil
}

// filter returns a new list, nil when nothing is left.
func filter[T any](items []T, keep func(T) bool) []T {
	var out []T
	for _, it := range items {
		if keep(it) {
			out = append(out, it)
		}
	}
	return out
}

// keptOf lists what of the app neither the file nor its description names.
func (d *draft) keptOf(f *fileApp, ad *appDraft, im *imported) {
	described := &ductape.App{}
	if im != nil {
		described = im.res.App
	} else if ad.after.Source != nil {
		return
	}
	for _, e := range ad.after.Envs {
		if described.Env(e.Slug) == nil && !f.hasEnv(e.Slug) {
			d.keep("env", f.Tag+"/"+e.Slug)
		}
	}
	for _, x := range ad.after.Auths {
		if described.Auth(x.Tag) == nil && find(f.Auths, x.Tag, authTag) == nil {
			d.keep("auth", f.Tag+"/"+x.Tag)
		}
	}
	tags := byTag(described.Actions)
	for i := range ad.now {
		if tag := ad.now[i].Tag; tags[tag] == nil && !f.hasAction(tag) {
			d.keep("action", f.Tag+"/"+tag)
		}
	}
}

func (d *draft) keep(kind, name string) { d.kept = append(d.kept, kind+" "+name) }
