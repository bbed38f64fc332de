package sqlstore

import (
	"context"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// A reader reads one workspace's catalog, in a transaction or outside one.
type reader struct {
	querier
	workspace string
}

func (s *Store) reader(workspace string) reader { return reader{s.read.querier(), workspace} }

// A tx is an open change of one workspace's catalog.
type tx struct{ reader }

var _ store.Tx = tx{}

// Change runs f in one transaction. The version grows once, or not at all when f
// wrote nothing.
func (s *Store) Change(ctx context.Context, workspace string, f func(store.Tx) error) error {
	return s.change(ctx, workspace, func(q querier) error { return f(tx{reader{q, workspace}}) })
}

// App returns an app without its actions and schemas.
func (s *Store) App(ctx context.Context, workspace, tag string) (*ductape.App, error) {
	return s.reader(workspace).App(ctx, tag)
}

// Apps returns all apps in order of tag.
func (s *Store) Apps(ctx context.Context, workspace string) ([]*ductape.App, error) {
	return s.reader(workspace).Apps(ctx)
}

// Action finds an action by any of its names. Where two actions share a name,
// the one whose kind of name comes first in Action.Names is meant.
func (s *Store) Action(ctx context.Context, workspace, app, name string) (*ductape.Action, error) {
	return s.reader(workspace).Action(ctx, app, name)
}

// Actions lists summaries in order of tag. An app without actions has an empty
// list; a missing app is ErrNotFound.
func (s *Store) Actions(ctx context.Context, workspace, app, after string, limit int) ([]ductape.ActionSummary, error) {
	return s.reader(workspace).actions(ctx, app, after, limit)
}

// FullActions returns every action of the app in order of tag.
func (s *Store) FullActions(ctx context.Context, workspace, app string) ([]ductape.Action, error) {
	return s.reader(workspace).FullActions(ctx, app)
}

// Schema returns the schema kept under ref, byte for byte.
func (s *Store) Schema(ctx context.Context, workspace, app, ref string) ([]byte, error) {
	return s.reader(workspace).schema(ctx, app, ref)
}

// Product returns a product.
func (s *Store) Product(ctx context.Context, workspace, tag string) (*ductape.Product, error) {
	return s.reader(workspace).Product(ctx, tag)
}

// Products returns all products in order of tag.
func (s *Store) Products(ctx context.Context, workspace string) ([]*ductape.Product, error) {
	return s.reader(workspace).Products(ctx)
}

// oneDoc reads the document that a statement selects.
func oneDoc[T any](ctx context.Context, q querier, text string, args ...any) (*T, error) {
	var doc []byte
	if err := q.row(ctx, []any{&doc}, text, args...); err != nil {
		return nil, err
	}
	return decode[T](doc)
}

// allDocs reads the documents that a statement selects.
func allDocs[T any](ctx context.Context, q querier, text string, args ...any) ([]*T, error) {
	all := []*T{}
	err := q.each(ctx, func(scan func(...any) error) error {
		var doc []byte
		if err := scan(&doc); err != nil {
			return err
		}
		v, err := decode[T](doc)
		all = append(all, v)
		return err
	}, text, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// about says what an error is about.
func about[T any](v T, err error, format string, args ...any) (T, error) {
	if err != nil {
		return v, fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), err)
	}
	return v, nil
}

func aboutErr(err error, format string, args ...any) error {
	_, err = about(0, err, format, args...)
	return err
}
