package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var concurrencyTests = []check{
	{"changes that read and write lose nothing", changesLoseNothing},
	{"one of many writes a version of a secret", secretRace},
	{"one of many refreshes a session", refreshRace},
	{"all agree on the first data key", dataKeyRace},
	{"runs are appended by many", runsByMany},
	{"a reader sees whole changes, and versions that only grow", wholeChanges},
}

const many = 8

// together runs f in many goroutines and waits for them.
func together(f func(n int)) {
	var wg sync.WaitGroup
	for n := range many {
		wg.Go(func() { f(n) })
	}
	wg.Wait()
}

func changesLoseNothing(t *testing.T, f fixture) {
	f.putProduct(t, ws, &ductape.Product{Tag: "p"})
	together(func(n int) {
		for i := range 10 {
			err := f.Change(f.ctx, ws, func(tx store.Tx) error {
				p, err := tx.Product(f.ctx, "p")
				if err != nil {
					return err
				}
				p.Envs = append(p.Envs, ductape.ProductEnv{Slug: fmt.Sprint(n, i)})
				return tx.PutProduct(f.ctx, p)
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
	same(t, "environments", len(must(f.Product(f.ctx, ws, "p"))(t).Envs), 10*many)
	same(t, "version", f.version(t, ws), 1+10*many)
}

// winners counts the nils, and reports errors other than ErrConflict.
func winners(t *testing.T, f func(n int) error) int64 {
	var won atomic.Int64
	together(func(n int) {
		err := f(n)
		if err == nil {
			won.Add(1)
		} else if !errors.Is(err, store.ErrConflict) {
			t.Error(err)
		}
	})
	return won.Load()
}

func secretRace(t *testing.T, f fixture) {
	for v := 1; v <= 5; v++ {
		won := winners(t, func(int) error { return f.PutSecret(f.ctx, ws, sealed("K", v)) })
		same(t, "winners", won, 1)
	}
}

func refreshRace(t *testing.T, f fixture) {
	ok(t, f.PutSession(f.ctx, ws, session("s", sessionStart)))
	won := winners(t, func(n int) error {
		return f.RotateSession(f.ctx, ws, "s", []byte{1, 0, 2}, []byte{byte(n)}, sessionStart, sessionStart, sessionStart)
	})
	same(t, "winners", won, 1)
}

func dataKeyRace(t *testing.T, f fixture) {
	kept := make([]string, many)
	together(func(n int) {
		b, err := f.PutDataKeyIfAbsent(f.ctx, ws, "secrets", []byte{byte(n)})
		if err != nil {
			t.Error(err)
		}
		kept[n] = string(b)
	})
	for _, k := range kept {
		same(t, "kept", k, kept[0])
	}
}

func runsByMany(t *testing.T, f fixture) {
	together(func(n int) {
		for i := range 10 {
			batch := runsOf(fmt.Sprint("w", n%3), 10)
			for j := range batch {
				batch[j].ID = fmt.Sprintf("%d-%d-%d", n, i, j)
			}
			if err := f.AppendRuns(f.ctx, batch); err != nil {
				t.Error(err)
			}
		}
	})
	total := 0
	for n := range 3 {
		total += len(must(f.Runs(f.ctx, fmt.Sprint("w", n), store.RunFilter{Limit: 1000}))(t))
	}
	same(t, "runs", total, many*100)
}

func wholeChanges(t *testing.T, f fixture) {
	done := make(chan struct{})
	defer func() { <-done }()
	go func() {
		defer close(done)
		for i := range 50 {
			name := fmt.Sprint(i)
			err := f.Change(f.ctx, ws, func(tx store.Tx) error {
				return errors.Join(
					tx.PutApp(f.ctx, &ductape.App{Tag: "x", Actions: []ductape.Action{{Tag: "a", Name: name}, {Tag: "b", Name: name}}}))
			})
			if err != nil {
				t.Error(err)
			}
		}
	}()
	var version int64
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		next := f.version(t, ws)
		if next < version {
			t.Fatalf("version fell from %d to %d", version, next)
		}
		version = next
		all, err := f.FullActions(f.ctx, ws, "x")
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		ok(t, err)
		if len(all) != 2 || all[0].Name != all[1].Name {
			t.Fatalf("half a change: %v", all)
		}
	}
	same(t, "version", f.version(t, ws), 50)
}

func withCancel(f fixture) (context.Context, context.CancelFunc) { return context.WithCancel(f.ctx) }
