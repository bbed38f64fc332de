package storetest

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var isolationTests = []check{
	{"no method answers with another workspace's row", foreignReads},
	{"no change reaches another workspace", foreignWrites},
	{"two workspaces use the same ids", sameIDs},
}

// fill puts one of everything in a workspace; n tells the workspaces apart.
func fill(t *testing.T, f fixture, workspace string, n byte) {
	t.Helper()
	app, product := fullApp(), fullProduct()
	app.Name, product.Name = workspace, workspace
	f.putApp(t, workspace, app)
	f.putProduct(t, workspace, product)
	secret := sealed("K", 1)
	secret.Sealed = []byte(workspace)
	ok(t, f.PutSecret(f.ctx, workspace, secret))
	ok(t, f.PutKey(f.ctx, key(workspace, "k", [32]byte{n})))
	must(f.PutDataKeyIfAbsent(f.ctx, workspace, "secrets", []byte(workspace)))(t)
	s := session("s", sessionStart)
	s.Sealed = []byte(workspace)
	ok(t, f.PutSession(f.ctx, workspace, s))
	runs := runsOf(workspace, 2)
	runs[0].Message = workspace
	ok(t, f.AppendRuns(f.ctx, runs))
}

func foreignReads(t *testing.T, f fixture) {
	fill(t, f, "mine", 1)
	nothingIn(t, f, "other")
	ok(t, f.AppendRuns(f.ctx, []ductape.RunRecord{{ID: "unrelated", Workspace: "other", StartedAt: runStart}}))
	run, err := f.RunByID(f.ctx, "other", runID(0))
	missing(t, "RunByID", run, err)
}

func nothingIn(t *testing.T, f fixture, w string) {
	t.Helper()
	app, err := f.App(f.ctx, w, "stripe")
	missing(t, "App", app, err)
	action, err := f.Action(f.ctx, w, "stripe", "create_customer")
	missing(t, "Action", action, err)
	actions, err := f.Actions(f.ctx, w, "stripe", "", 0)
	missing(t, "Actions", actions, err)
	full, err := f.FullActions(f.ctx, w, "stripe")
	missing(t, "FullActions", full, err)
	schema, err := f.Schema(f.ctx, w, "stripe", "#/components/schemas/customer")
	missing(t, "Schema", schema, err)
	product, err := f.Product(f.ctx, w, "shop")
	missing(t, "Product", product, err)
	secret, err := f.Secret(f.ctx, w, "K")
	missing(t, "Secret", secret, err)
	data, err := f.DataKey(f.ctx, w, "secrets")
	missing(t, "DataKey", data, err)
	s, err := f.Session(f.ctx, w, "s")
	missing(t, "Session", s, err)
	run, err := f.RunByID(f.ctx, w, runID(0))
	missing(t, "RunByID", run, err)
	same(t, "Apps", len(must(f.Apps(f.ctx, w))(t)), 0)
	same(t, "Products", len(must(f.Products(f.ctx, w))(t)), 0)
	same(t, "Secrets", len(must(f.Secrets(f.ctx, w))(t)), 0)
	same(t, "LastSecretVersion", must(f.LastSecretVersion(f.ctx, w, "K"))(t), 0)
	same(t, "Keys", len(must(f.Keys(f.ctx, w))(t)), 0)
	same(t, "Runs", len(must(f.Runs(f.ctx, w, store.RunFilter{}))(t)), 0)
	same(t, "ListSessions", len(must(f.ListSessions(f.ctx, w, store.SessionFilter{Now: sessionStart, Ended: true}))(t)), 0)
	same(t, "SessionUsers", len(must(f.SessionUsers(f.ctx, w, store.SessionFilter{Now: sessionStart}))(t)), 0)
	same(t, "CountSessions", must(f.CountSessions(f.ctx, w, store.SessionFilter{Now: sessionStart}))(t), 0)
	same(t, "SessionDays", len(must(f.SessionDays(f.ctx, w, store.SessionFilter{Now: sessionStart.Add(time.Hour)}, sessionStart.Add(-time.Hour)))(t)), 0)
	same(t, "Version", f.version(t, w), 0)
}

func foreignWrites(t *testing.T, f fixture) {
	fill(t, f, "mine", 1)
	version := f.version(t, "mine")
	at := sessionStart.Add(time.Minute)
	is(t, "DeleteSecret", f.DeleteSecret(f.ctx, "other", "K"), store.ErrNotFound)
	is(t, "RevokeKey", f.RevokeKey(f.ctx, "other", "k", at), store.ErrNotFound)
	is(t, "RotateSession", f.RotateSession(f.ctx, "other", "s", []byte{1, 0, 2}, []byte{3}, at, at, at), store.ErrNotFound)
	same(t, "RevokeSessions", must(f.RevokeSessions(f.ctx, "other", "s", "", at))(t), 0)
	same(t, "RevokeSessions", must(f.RevokeSessions(f.ctx, "other", "", "ab12", at))(t), 0)
	for name, change := range map[string]func(tx store.Tx) error{
		"DeleteApp":     func(tx store.Tx) error { return tx.DeleteApp(f.ctx, "stripe") },
		"DeleteAction":  func(tx store.Tx) error { return tx.DeleteAction(f.ctx, "stripe", "create_customer") },
		"PutAction":     func(tx store.Tx) error { return tx.PutAction(f.ctx, "stripe", &ductape.Action{Tag: "x"}) },
		"DeleteProduct": func(tx store.Tx) error { return tx.DeleteProduct(f.ctx, "shop") },
		"App":           func(tx store.Tx) error { _, err := tx.App(f.ctx, "stripe"); return err },
		"Action":        func(tx store.Tx) error { _, err := tx.Action(f.ctx, "stripe", "create_customer"); return err },
		"Product":       func(tx store.Tx) error { _, err := tx.Product(f.ctx, "shop"); return err },
	} {
		is(t, name, f.Change(f.ctx, "other", change), store.ErrNotFound)
	}
	allOf(t, f, "mine")
	same(t, "version", f.version(t, "mine"), version)
}

// allOf checks that a filled workspace has all it was filled with.
func allOf(t *testing.T, f fixture, w string) {
	t.Helper()
	same(t, "app", must(f.App(f.ctx, w, "stripe"))(t).Name, w)
	same(t, "actions", must(f.FullActions(f.ctx, w, "stripe"))(t), fullApp().Actions)
	same(t, "product", must(f.Product(f.ctx, w, "shop"))(t).Name, w)
	same(t, "secret", string(must(f.Secret(f.ctx, w, "K"))(t).Sealed), w)
	same(t, "data key", string(must(f.DataKey(f.ctx, w, "secrets"))(t)), w)
	same(t, "session", string(must(f.Session(f.ctx, w, "s"))(t).Sealed), w)
	same(t, "keys", must(f.Keys(f.ctx, w))(t), []ductape.Key{key(w, "k", [32]byte{}).Key})
	same(t, "run", must(f.RunByID(f.ctx, w, runID(0)))(t).Message, w)
	same(t, "runs", len(must(f.Runs(f.ctx, w, store.RunFilter{}))(t)), 2)
}

func sameIDs(t *testing.T, f fixture) {
	for i, w := range []string{"one", "two", ""} {
		fill(t, f, w, byte(i+1))
	}
	f.change(t, "one", func(tx store.Tx) error { return tx.DeleteApp(f.ctx, "stripe") })
	ok(t, f.DeleteSecret(f.ctx, "one", "K"))
	for _, w := range []string{"two", ""} {
		allOf(t, f, w)
	}
}
