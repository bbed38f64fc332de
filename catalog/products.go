package catalog

import (
	"context"
	"slices"

	"github.com/ductape-go/ductape"
)

// Product returns a product, or unknown_product with the nearest tags. Auth
// values in it are references: credentials written literally were sealed when
// they came.
func (c *Catalog) Product(ctx context.Context, ws, tag string) (*ductape.Product, error) {
	return product(ctx, storeReader{c.store, ws}, tag)
}

// Products lists the products.
func (c *Catalog) Products(ctx context.Context, ws string) ([]*ductape.Product, error) {
	all, err := c.store.Products(ctx, ws)
	return all, storeError(err, "listing products")
}

// PutProduct creates or replaces a product, whole.
func (c *Catalog) PutProduct(ctx context.Context, ws string, p *ductape.Product) (*Plan, error) {
	return c.editProduct(ctx, ws, p.Tag, p.Apps, func(_ *ductape.Product, conns []ductape.Connection) (*ductape.Product, error) {
		next := *p
		next.Apps = conns
		next.Sessions = slices.Clone(p.Sessions)
		for i := range next.Sessions {
			next.Sessions[i].Period = plural(next.Sessions[i].Period)
		}
		return &next, nil
	})
}

// DeleteProduct removes a product with its connections and the credentials
// sealed out of them.
func (c *Catalog) DeleteProduct(ctx context.Context, ws, tag string) error {
	_, err := c.save(ctx, ws, nil, func(ctx context.Context, d *draft) error {
		if _, err := product(ctx, d.r, tag); err != nil {
			return err
		}
		pd, err := d.product(ctx, tag)
		if err != nil {
			return err
		}
		pd.after = nil
		return nil
	})
	return err
}

// editProduct saves what edit makes of the product as it is, nil when it is
// not there, and of the incoming connections with their credentials sealed.
func (c *Catalog) editProduct(ctx context.Context, ws, tag string, conns []ductape.Connection, edit func(*ductape.Product, []ductape.Connection) (*ductape.Product, error)) (*Plan, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	sealed, creds, err := c.seal(ctx, ws, tag, conns)
	if err != nil {
		return nil, err
	}
	if err := c.checkKept(ctx, ws, tag, conns); err != nil {
		return nil, err
	}
	d, err := c.save(ctx, ws, creds, func(ctx context.Context, d *draft) error {
		pd, err := d.product(ctx, tag)
		if err != nil {
			return err
		}
		pd.after, err = edit(pd.before, sealed)
		return err
	})
	if err != nil {
		return nil, err
	}
	plan := planOf(d)
	plan.sealed(creds)
	plan.Warnings = append(plan.Warnings, lookalikes(d, creds)...)
	err = c.warnOfSecrets(ctx, ws, d, plan)
	sortWarnings(plan.Warnings)
	return plan, err
}

// checkKept makes sure that references to sealed credentials, as GET shows
// them, still name one.
func (c *Catalog) checkKept(ctx context.Context, ws, tag string, conns []ductape.Connection) error {
	var p problems
	var failed error
	eachAuthValue(&ductape.Product{Tag: tag, Apps: conns}, func(at place, value string) {
		for _, key := range secretRefs(value) {
			if !isCredentialKey(key) {
				continue
			}
			_, err := c.store.Secret(ctx, ws, key)
			if isMissing(err) {
				p.add(at.String(), "refers to a sealed credential that is no longer kept; give the value again")
			} else if err != nil {
				failed = err
			}
		}
	})
	if failed != nil {
		return storeError(failed, "reading a credential")
	}
	return p.err("the product")
}
