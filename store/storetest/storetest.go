// Package storetest is the proof that every store passes. An implementation's
// test calls Run with a function that opens an empty store.
//
// New behaviour of a store goes in here first. Each file proves one group of
// the contract in package store.
package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// Run proves that what open gives is a store. Open is called for every test, and
// closes what it opened when that test ends.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, group := range []struct {
		name  string
		tests []check
	}{
		{"catalog", catalogTests},
		{"actions", actionTests},
		{"changes", changeTests},
		{"versions", versionTests},
		{"secrets", secretTests},
		{"keys", keyTests},
		{"runs", runTests},
		{"sessions", sessionTests},
		{"isolation", isolationTests},
		{"texts", textTests},
		{"concurrency", concurrencyTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.tests {
				t.Run(c.name, func(t *testing.T) { c.run(t, fixture{open(t), t.Context()}) })
			}
		})
	}
}

// A check proves one sentence, its name.
type check struct {
	name string
	run  func(t *testing.T, f fixture)
}

// A fixture is an empty store, and the shortest way to use it.
type fixture struct {
	store.Store
	ctx context.Context
}

const ws = ductape.DefaultWorkspace

// change makes a change that has to succeed.
func (f fixture) change(t *testing.T, workspace string, change func(tx store.Tx) error) {
	t.Helper()
	if err := f.Change(f.ctx, workspace, change); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) putApp(t *testing.T, workspace string, app *ductape.App) {
	t.Helper()
	f.change(t, workspace, func(tx store.Tx) error { return tx.PutApp(f.ctx, app) })
}

func (f fixture) putProduct(t *testing.T, workspace string, p *ductape.Product) {
	t.Helper()
	f.change(t, workspace, func(tx store.Tx) error { return tx.PutProduct(f.ctx, p) })
}

func (f fixture) version(t *testing.T, workspace string) int64 {
	t.Helper()
	return must(f.Version(f.ctx, workspace))(t)
}

// must unwraps a result that has to be there: must(f())(t).
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// is checks that err wraps want.
func is(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// missing checks that err says that the row is not there.
func missing[T any](t *testing.T, what string, _ T, err error) {
	t.Helper()
	is(t, what, err, store.ErrNotFound)
}

// same compares as JSON, which shows what differs and takes times by instant.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, w := toJSON(t, got), toJSON(t, want)
	if !bytes.Equal(g, w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func toJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	ok(t, err)
	return b
}
