package catalog

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/store"
)

// A reader reads one workspace's catalog: through an open change, or straight
// from the store where nothing will be written.
type reader interface {
	App(ctx context.Context, tag string) (*ductape.App, error)
	Apps(ctx context.Context) ([]*ductape.App, error)
	FullActions(ctx context.Context, app string) ([]ductape.Action, error)
	Product(ctx context.Context, tag string) (*ductape.Product, error)
	Products(ctx context.Context) ([]*ductape.Product, error)
}

var _ reader = store.Tx(nil)

type storeReader struct {
	store store.Catalog
	ws    string
}

func (r storeReader) App(ctx context.Context, tag string) (*ductape.App, error) {
	return r.store.App(ctx, r.ws, tag)
}

func (r storeReader) Apps(ctx context.Context) ([]*ductape.App, error) {
	return r.store.Apps(ctx, r.ws)
}

func (r storeReader) FullActions(ctx context.Context, app string) ([]ductape.Action, error) {
	return r.store.FullActions(ctx, r.ws, app)
}

func (r storeReader) Product(ctx context.Context, tag string) (*ductape.Product, error) {
	return r.store.Product(ctx, r.ws, tag)
}

func (r storeReader) Products(ctx context.Context) ([]*ductape.Product, error) {
	return r.store.Products(ctx, r.ws)
}

// app reads an app that must be there.
func app(ctx context.Context, r reader, tag string) (*ductape.App, error) {
	a, err := r.App(ctx, tag)
	if !isMissing(err) {
		return a, storeError(err, "reading app "+quote(tag))
	}
	all, err := r.Apps(ctx)
	if err != nil {
		return nil, storeError(err, "listing apps")
	}
	return nil, ductape.NewError(ductape.CodeUnknownApp, "there is no app "+quote(tag)).
		WithHint(nearest.Hint(tag, tagsOf(all, func(a *ductape.App) string { return a.Tag })))
}

// product reads a product that must be there.
func product(ctx context.Context, r reader, tag string) (*ductape.Product, error) {
	p, err := r.Product(ctx, tag)
	if !isMissing(err) {
		return p, storeError(err, "reading product "+quote(tag))
	}
	all, err := r.Products(ctx)
	if err != nil {
		return nil, storeError(err, "listing products")
	}
	return nil, ductape.NewError(ductape.CodeUnknownProduct, "there is no product "+quote(tag)).
		WithHint(nearest.Hint(tag, tagsOf(all, func(p *ductape.Product) string { return p.Tag })))
}

func tagsOf[T any](items []T, tag func(T) string) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = tag(it)
	}
	return out
}
