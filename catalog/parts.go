package catalog

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
)

// PutConnection creates or replaces the product's connection of that access
// tag.
func (c *Catalog) PutConnection(ctx context.Context, ws, product string, conn ductape.Connection) (*Plan, error) {
	return c.editPart(ctx, ws, product, []ductape.Connection{conn}, func(p *ductape.Product, sealed []ductape.Connection) error {
		p.Apps = put(p.Apps, sealed[0], accessTag)
		return nil
	})
}

// DeleteConnection removes a connection and the credentials sealed out of it.
func (c *Catalog) DeleteConnection(ctx context.Context, ws, product, access string) error {
	_, err := c.editPart(ctx, ws, product, nil, func(p *ductape.Product, _ []ductape.Connection) (err error) {
		p.Apps, err = remove(p.Apps, access, accessTag, ductape.CodeNotConnected, "connection")
		return err
	})
	return err
}

// PutCache creates or replaces the product's cache of that tag.
func (c *Catalog) PutCache(ctx context.Context, ws, product string, policy ductape.CachePolicy) (*Plan, error) {
	return c.editPart(ctx, ws, product, nil, func(p *ductape.Product, _ []ductape.Connection) error {
		p.Caches = put(p.Caches, policy, cacheTag)
		return nil
	})
}

// DeleteCache removes a cache of the product.
func (c *Catalog) DeleteCache(ctx context.Context, ws, product, tag string) error {
	_, err := c.editPart(ctx, ws, product, nil, func(p *ductape.Product, _ []ductape.Connection) (err error) {
		p.Caches, err = remove(p.Caches, tag, cacheTag, ductape.CodeUnknownCache, "cache")
		return err
	})
	return err
}

// PutSessionType creates or replaces the product's session type of that tag.
func (c *Catalog) PutSessionType(ctx context.Context, ws, product string, s ductape.SessionType) (*Plan, error) {
	s.Period = plural(s.Period)
	return c.editPart(ctx, ws, product, nil, func(p *ductape.Product, _ []ductape.Connection) error {
		p.Sessions = put(p.Sessions, s, sessionTag)
		return nil
	})
}

// DeleteSessionType removes a session type of the product.
func (c *Catalog) DeleteSessionType(ctx context.Context, ws, product, tag string) error {
	_, err := c.editPart(ctx, ws, product, nil, func(p *ductape.Product, _ []ductape.Connection) (err error) {
		p.Sessions, err = remove(p.Sessions, tag, sessionTag, ductape.CodeUnknownSession, "session type")
		return err
	})
	return err
}

// editPart edits a copy of a product that must be there.
func (c *Catalog) editPart(ctx context.Context, ws, tag string, conns []ductape.Connection, edit func(*ductape.Product, []ductape.Connection) error) (*Plan, error) {
	if _, err := c.Product(ctx, ws, tag); err != nil {
		return nil, err
	}
	return c.editProduct(ctx, ws, tag, conns, func(before *ductape.Product, sealed []ductape.Connection) (*ductape.Product, error) {
		if before == nil {
			return nil, ductape.NewError(ductape.CodeUnknownProduct, "there is no product "+quote(tag)+" any more")
		}
		next, err := clone(before)
		if err != nil {
			return nil, err
		}
		return next, edit(next, sealed)
	})
}

func accessTag(c ductape.Connection) string   { return c.AccessTag }
func cacheTag(c ductape.CachePolicy) string   { return c.Tag }
func sessionTag(s ductape.SessionType) string { return s.Tag }

// put replaces the item of the same key, or appends.
func put[T any](items []T, item T, key func(T) string) []T {
	if at := find(items, key(item), key); at != nil {
		*at = item
		return items
	}
	return append(items, item)
}

func remove[T any](items []T, k string, key func(T) string, code ductape.Code, what string) ([]T, error) {
	for i := range items {
		if key(items[i]) == k {
			return append(items[:i:i], items[i+1:]...), nil
		}
	}
	return nil, ductape.NewError(code, "the product has no "+what+" "+quote(k)).
		WithHint(nearest.Hint(k, tagsOf(items, key)))
}
