package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var changeTests = []check{
	{"a change sees its own writes", changeSeesItself},
	{"nobody else sees an open change", openChangeUnseen},
	{"a change that fails changes nothing", changeRollsBack},
	{"a change that panics changes nothing", changePanics},
	{"a cancelled change changes nothing", changeCancelled},
}

var versionTests = []check{
	{"grows with every kind of change", versionGrows},
	{"grows once for a change of many parts", versionGrowsOnce},
	{"stays where nothing changed", versionStays},
	{"is each workspace's own", versionOwn},
}

var errStop = errors.New("stop")

func changeSeesItself(t *testing.T, f fixture) {
	f.change(t, ws, func(tx store.Tx) error {
		ok(t, tx.PutApp(f.ctx, fullApp()))
		ok(t, tx.PutProduct(f.ctx, fullProduct()))
		same(t, "app", must(tx.App(f.ctx, "stripe"))(t), bare(fullApp()))
		same(t, "apps", len(must(tx.Apps(f.ctx))(t)), 1)
		same(t, "actions", must(tx.FullActions(f.ctx, "stripe"))(t), fullApp().Actions)
		same(t, "product", must(tx.Product(f.ctx, "shop"))(t), fullProduct())
		same(t, "products", len(must(tx.Products(f.ctx))(t)), 1)
		ok(t, tx.DeleteApp(f.ctx, "stripe"))
		gone, err := tx.App(f.ctx, "stripe")
		missing(t, "deleted", gone, err)
		return nil
	})
}

func openChangeUnseen(t *testing.T, f fixture) {
	f.putApp(t, ws, &ductape.App{Tag: "stripe", Name: "before"})
	f.change(t, ws, func(tx store.Tx) error {
		ok(t, tx.PutApp(f.ctx, fullApp()))
		same(t, "seen from outside", must(f.App(f.ctx, ws, "stripe"))(t).Name, "before")
		return nil
	})
	same(t, "afterwards", must(f.App(f.ctx, ws, "stripe"))(t).Name, "Stripe")
}

// writeAll does everything a change can.
func writeAll(t *testing.T, f fixture, tx store.Tx) {
	t.Helper()
	ok(t, tx.PutApp(f.ctx, fullApp()))
	ok(t, tx.PutAction(f.ctx, "stripe", &ductape.Action{Tag: "more"}))
	ok(t, tx.DeleteAction(f.ctx, "stripe", "get_customer"))
	ok(t, tx.PutProduct(f.ctx, fullProduct()))
	ok(t, tx.DeleteApp(f.ctx, "old"))
	ok(t, tx.DeleteProduct(f.ctx, "old"))
}

func putOld(t *testing.T, f fixture) int64 {
	t.Helper()
	f.putApp(t, ws, &ductape.App{Tag: "old", Actions: []ductape.Action{{Tag: "a"}}})
	f.putProduct(t, ws, &ductape.Product{Tag: "old"})
	return f.version(t, ws)
}

func onlyOld(t *testing.T, f fixture, version int64) {
	t.Helper()
	same(t, "apps", must(f.Apps(f.ctx, ws))(t), []*ductape.App{{Tag: "old"}})
	same(t, "actions", len(must(f.FullActions(f.ctx, ws, "old"))(t)), 1)
	same(t, "products", must(f.Products(f.ctx, ws))(t), []*ductape.Product{{Tag: "old"}})
	action, err := f.Action(f.ctx, ws, "stripe", "create_customer")
	missing(t, "action", action, err)
	same(t, "version", f.version(t, ws), version)
}

func changeRollsBack(t *testing.T, f fixture) {
	version := putOld(t, f)
	err := f.Change(f.ctx, ws, func(tx store.Tx) error {
		writeAll(t, f, tx)
		return errStop
	})
	is(t, "Change", err, errStop)
	onlyOld(t, f, version)
}

func changePanics(t *testing.T, f fixture) {
	version := putOld(t, f)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = f.Change(f.ctx, ws, func(tx store.Tx) error {
			writeAll(t, f, tx)
			panic("stop")
		})
	}()
	onlyOld(t, f, version)
	f.putApp(t, ws, fullApp()) // and the next one goes through
}

func changeCancelled(t *testing.T, f fixture) {
	version := putOld(t, f)
	ctx, cancel := withCancel(f)
	err := f.Change(ctx, ws, func(tx store.Tx) error {
		writeAll(t, f, tx)
		cancel()
		return nil
	})
	if err == nil {
		t.Error("a cancelled change succeeded")
	}
	onlyOld(t, f, version)
	f.putApp(t, ws, fullApp())
}

func versionGrows(t *testing.T, f fixture) {
	at := time.UnixMicro(1_800_000_000_000_000)
	hash := [32]byte{1}
	version := f.version(t, ws)
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"PutApp", func() error {
			return f.Change(f.ctx, ws, func(tx store.Tx) error { return tx.PutApp(f.ctx, fullApp()) })
		}},
		{"PutProduct", func() error {
			return f.Change(f.ctx, ws, func(tx store.Tx) error { return tx.PutProduct(f.ctx, fullProduct()) })
		}},
		{"DeleteAction", func() error {
			return f.Change(f.ctx, ws, func(tx store.Tx) error { return tx.DeleteAction(f.ctx, "stripe", "get_customer") })
		}},
		{"PutSecret", func() error { return f.PutSecret(f.ctx, ws, sealed("K", 1)) }},
		{"DeleteSecret", func() error { return f.DeleteSecret(f.ctx, ws, "K") }},
		{"PutKey", func() error { return f.PutKey(f.ctx, key(ws, "k", hash)) }},
		{"RevokeKey", func() error { return f.RevokeKey(f.ctx, ws, "k", at) }},
		{"PutDataKeyIfAbsent", func() error { _, err := f.PutDataKeyIfAbsent(f.ctx, ws, "secrets", []byte("x")); return err }},
		{"RevokeSessions", func() error {
			ok(t, f.PutSession(f.ctx, ws, session("s", at)))
			_, err := f.RevokeSessions(f.ctx, ws, "s", "", at)
			return err
		}},
	} {
		ok(t, step.do())
		next := f.version(t, ws)
		if next <= version {
			t.Errorf("%s: version went from %d to %d", step.name, version, next)
		}
		version = next
	}
}

func versionGrowsOnce(t *testing.T, f fixture) {
	version := putOld(t, f)
	f.change(t, ws, func(tx store.Tx) error { writeAll(t, f, tx); return nil })
	same(t, "version", f.version(t, ws), version+1)
}

func versionStays(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	version := f.version(t, ws)
	ok(t, f.AppendRuns(f.ctx, runsOf(ws, 3)))
	ok(t, f.PutSession(f.ctx, ws, session("s", time.UnixMicro(1))))
	must(f.Apps(f.ctx, ws))(t)
	is(t, "a missing secret", f.DeleteSecret(f.ctx, ws, "x"), store.ErrNotFound)
	is(t, "a missing key", f.RevokeKey(f.ctx, ws, "x", time.UnixMicro(1)), store.ErrNotFound)
	same(t, "version", f.version(t, ws), version)
}

func versionOwn(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	version := f.version(t, ws)
	f.putApp(t, "other", fullApp())
	f.putProduct(t, "other", fullProduct())
	same(t, "version", f.version(t, ws), version)
	same(t, "other's version", f.version(t, "other"), 2)
}
