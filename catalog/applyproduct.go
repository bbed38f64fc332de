package catalog

import (
	"context"
	"slices"

	"github.com/ductape-go/ductape"
)

// product puts one product of the file into the draft.
func (a *application) product(ctx context.Context, d *draft, f *fileProduct) error {
	pd, err := d.product(ctx, f.Tag)
	if err != nil {
		return err
	}
	next := &ductape.Product{Tag: f.Tag}
	if pd.before != nil {
		if next, err = clone(pd.before); err != nil {
			return err
		}
	}
	a.productName(d, next, f)
	next.Envs = lay(a, d, "environment", f.Tag, next.Envs, f.Envs, envTag, func(old, item ductape.ProductEnv) ductape.ProductEnv {
		return a.overProductEnv(d, f.Tag, old, item)
	})
	next.Apps = lay(a, d, "connection", f.Tag, next.Apps, a.conns[f.Tag], accessTag, func(old, item ductape.Connection) ductape.Connection {
		return a.overConnection(d, f.Tag, old, item)
	})
	next.Caches = lay(a, d, "cache", f.Tag, next.Caches, f.Caches, cacheTag, replace)
	sessions := slices.Clone(f.Sessions)
	for i := range sessions {
		sessions[i].Period = plural(sessions[i].Period)
	}
	next.Sessions = lay(a, d, "session", f.Tag, next.Sessions, sessions, sessionTag, replace)
	pd.after = next
	return nil
}

func envTag(e ductape.ProductEnv) string { return e.Slug }

func replace[T any](_, item T) T { return item }

// lay puts the file's items over those that are there, in the file's order.
// Those that it does not name stay behind them, or go with prune. Items that
// stand twice both stay, for the check to find.
func lay[T any](a *application, d *draft, kind, owner string, before, items []T, key func(T) string, over func(old, item T) T) []T {
	var out []T
	for _, it := range items {
		if old := find(before, key(it), key); old != nil {
			it = over(*old, it)
		}
		out = append(out, it)
	}
	for _, old := range before {
		if find(items, key(old), key) != nil || a.prune {
			continue
		}
		d.keep(kind, owner+"/"+key(old))
		out = append(out, old)
	}
	return out
}

// productName sets the name of a product, or says that it stays.
func (a *application) productName(d *draft, next *ductape.Product, f *fileProduct) {
	switch {
	case f.Name != "" || a.prune:
		next.Name = f.Name
	case next.Name != "":
		d.keep("product", f.Tag+" name")
	}
}

// overProductEnv leaves an environment what the file does not say of it, and
// says so, or takes it back with prune: an environment is active by itself.
func (a *application) overProductEnv(d *draft, product string, old, item ductape.ProductEnv) ductape.ProductEnv {
	name := product + "/" + old.Slug
	if item.Name == "" && old.Name != "" && !a.prune {
		item.Name = old.Name
		d.keep("environment", name+" name")
	}
	if item.Active == nil && (old.IsActive() || !a.prune) {
		item.Active = old.Active
		if !old.IsActive() {
			d.keep("environment", name+" active false")
		}
	}
	return item
}

// overConnection replaces the environments that the file names; others stay,
// as long as the connection is to the same app, and are listed as kept.
func (a *application) overConnection(d *draft, product string, old, item ductape.Connection) ductape.Connection {
	if a.prune || old.App != item.App {
		return item
	}
	for _, e := range old.Envs {
		if find(item.Envs, e.ProductEnv, productEnv) == nil {
			item.Envs = append(item.Envs[:len(item.Envs):len(item.Envs)], e)
			d.keep("connection", product+"/"+old.AccessTag+" env "+e.ProductEnv)
		}
	}
	return item
}

// others looks at the apps and products that the file does not name.
func (a *application) others(ctx context.Context, d *draft) error {
	products, err := d.allProducts(ctx)
	if err != nil {
		return err
	}
	for _, p := range products {
		if find(a.file.Products, p.Tag, func(f fileProduct) string { return f.Tag }) != nil {
			continue
		}
		if !a.prune {
			d.keep("product", p.Tag)
			continue
		}
		pd, err := d.product(ctx, p.Tag)
		if err != nil {
			return err
		}
		pd.after = nil
	}
	return a.otherApps(ctx, d)
}

func (a *application) otherApps(ctx context.Context, d *draft) error {
	apps, err := d.r.Apps(ctx)
	if err != nil {
		return storeError(err, "listing apps")
	}
	for _, x := range apps {
		if find(a.file.Apps, x.Tag, func(f fileApp) string { return f.Tag }) != nil {
			continue
		}
		if !a.prune {
			d.keep("app", x.Tag)
			continue
		}
		ad, err := d.app(ctx, x.Tag)
		if err != nil {
			return err
		}
		ad.after = nil
	}
	return nil
}
