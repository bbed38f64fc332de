package sqlstore

import (
	"context"

	"github.com/ductape-go/ductape"
)

func (r reader) Product(ctx context.Context, tag string) (*ductape.Product, error) {
	p, err := oneDoc[ductape.Product](ctx, r.querier, "SELECT doc FROM products WHERE workspace = ? AND tag = ?", r.workspace, tag)
	return about(p, err, "product %q", tag)
}

func (r reader) Products(ctx context.Context) ([]*ductape.Product, error) {
	p, err := allDocs[ductape.Product](ctx, r.querier, "SELECT doc FROM products WHERE workspace = ? ORDER BY tag", r.workspace)
	return about(p, err, "products")
}

func (t tx) PutProduct(ctx context.Context, product *ductape.Product) error {
	doc, err := encode(product)
	if err != nil {
		return aboutErr(err, "product %q", product.Tag)
	}
	_, err = t.exec(ctx, `INSERT INTO products (workspace, tag, doc) VALUES (?, ?, ?)
		ON CONFLICT (workspace, tag) DO UPDATE SET doc = excluded.doc WHERE products.doc <> excluded.doc`, t.workspace, product.Tag, doc)
	return aboutErr(err, "product %q", product.Tag)
}

func (t tx) DeleteProduct(ctx context.Context, tag string) error {
	err := t.must(ctx, "DELETE FROM products WHERE workspace = ? AND tag = ?", t.workspace, tag)
	return aboutErr(err, "product %q", tag)
}
