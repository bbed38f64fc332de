package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var actionTests = []check{
	{"an action is found by each of its names", actionByNames},
	{"a tag comes before another's alias", tagBeforeAlias},
	{"two actions may share method and path", sharedPath},
	{"summaries are in order, by pages", actionPages},
	{"PutApp with actions replaces them all", actionsReplaced},
	{"PutApp with an empty list removes them all", actionsEmptied},
	{"an action is put and deleted alone", actionAlone},
	{"names follow a changed action", namesFollow},
	{"an action that is there twice is refused", actionTwice},
	{"many actions", manyActions},
}

func actionByNames(t *testing.T, f fixture) {
	app := fullApp()
	f.putApp(t, ws, app)
	for _, want := range app.Actions {
		for name := range want.Names() {
			same(t, name, must(f.Action(f.ctx, ws, "stripe", name))(t), want)
		}
	}
	f.change(t, ws, func(tx store.Tx) error {
		same(t, "in a change", must(tx.Action(f.ctx, "stripe", "PostCustomers"))(t), app.Actions[0])
		return nil
	})
}

func tagBeforeAlias(t *testing.T, f fixture) {
	list := []ductape.Action{{Tag: "a", Aliases: []string{"b", "b", "c"}}, {Tag: "b"}, {Tag: "0", OperationID: "c"}}
	for range 2 { // in any order of writing
		f.putApp(t, ws, &ductape.App{Tag: "x", Actions: list})
		same(t, "b", must(f.Action(f.ctx, ws, "x", "b"))(t).Tag, "b")
		same(t, "c", must(f.Action(f.ctx, ws, "x", "c"))(t).Tag, "0")
		f.putApp(t, ws, &ductape.App{Tag: "x", Actions: []ductape.Action{}})
		slices.Reverse(list)
	}
}

func sharedPath(t *testing.T, f fixture) {
	f.putApp(t, ws, &ductape.App{Tag: "x", Actions: []ductape.Action{
		{Tag: "two", Method: "GET", Resource: "/a"}, {Tag: "one", Method: "GET", Resource: "/a"},
	}})
	same(t, "first by tag", must(f.Action(f.ctx, ws, "x", "GET /a"))(t).Tag, "one")
	f.change(t, ws, func(tx store.Tx) error { return tx.DeleteAction(f.ctx, "x", "one") })
	same(t, "the one left", must(f.Action(f.ctx, ws, "x", "GET /a"))(t).Tag, "two")
}

func actionPages(t *testing.T, f fixture) {
	app := &ductape.App{Tag: "x"}
	for i := range 25 {
		app.Actions = append(app.Actions, ductape.Action{
			Tag: fmt.Sprintf("a%02d", 24-i), Name: "n", Method: "GET",
			Resource: "/r", OperationID: "op", Deprecated: i%2 == 0, Description: "not in the summary",
		})
	}
	f.putApp(t, ws, app)
	all := must(f.Actions(f.ctx, ws, "x", "", 0))(t)
	slices.Reverse(app.Actions)
	for i, s := range all {
		same(t, s.Tag, s, app.Actions[i].Summary())
	}
	var paged []ductape.ActionSummary
	for after := ""; ; after = paged[len(paged)-1].Tag {
		page := must(f.Actions(f.ctx, ws, "x", after, 10))(t)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
	}
	same(t, "pages", paged, all)
	same(t, "full", must(f.FullActions(f.ctx, ws, "x"))(t), app.Actions)
}

func actionsReplaced(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	app := fullApp()
	app.Actions = []ductape.Action{app.Actions[0], {Tag: "new", Method: "PUT", Resource: "/n"}}
	app.Actions[0].Description = "changed"
	f.putApp(t, ws, app)
	same(t, "actions", must(f.FullActions(f.ctx, ws, "stripe"))(t), app.Actions)
	gone, err := f.Action(f.ctx, ws, "stripe", "GET /v1/customers/{customer}")
	missing(t, "a removed action", gone, err)
}

func actionsEmptied(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	f.putApp(t, ws, &ductape.App{Tag: "stripe", Actions: []ductape.Action{}})
	same(t, "actions", len(must(f.Actions(f.ctx, ws, "stripe", "", 0))(t)), 0)
	gone, err := f.Schema(f.ctx, ws, "stripe", "#/components/schemas/customer")
	missing(t, "a removed schema", gone, err)
}

func actionAlone(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	added := &ductape.Action{Tag: "mine", Method: "GET", Resource: "/mine"}
	f.change(t, ws, func(tx store.Tx) error { return tx.PutAction(f.ctx, "stripe", added) })
	same(t, "added", must(f.Action(f.ctx, ws, "stripe", "GET /mine"))(t), added)
	f.change(t, ws, func(tx store.Tx) error { return tx.DeleteAction(f.ctx, "stripe", "create_customer") })
	same(t, "left", len(must(f.FullActions(f.ctx, ws, "stripe"))(t)), 2)
}

func namesFollow(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	next := &ductape.Action{Tag: "create_customer", OperationID: "NewID", Method: "PUT", Resource: "/v2/customers"}
	f.change(t, ws, func(tx store.Tx) error { return tx.PutAction(f.ctx, "stripe", next) })
	for _, name := range []string{"create_customer", "NewID", "PUT /v2/customers"} {
		same(t, name, must(f.Action(f.ctx, ws, "stripe", name))(t), next)
	}
	for _, name := range []string{"PostCustomers", "newCustomer", "POST /v1/customers"} {
		gone, err := f.Action(f.ctx, ws, "stripe", name)
		missing(t, name, gone, err)
	}
}

func actionTwice(t *testing.T, f fixture) {
	f.putApp(t, ws, &ductape.App{Tag: "x", Name: "before"})
	app := &ductape.App{Tag: "x", Actions: []ductape.Action{{Tag: "a"}, {Tag: "b"}, {Tag: "a"}}}
	is(t, "twice", f.Change(f.ctx, ws, func(tx store.Tx) error { return tx.PutApp(f.ctx, app) }), store.ErrConflict)
	same(t, "nothing is written", must(f.App(f.ctx, ws, "x"))(t).Name, "before")
}

func manyActions(t *testing.T, f fixture) {
	app := &ductape.App{Tag: "x"}
	for i := range 2000 {
		app.Actions = append(app.Actions, ductape.Action{Tag: fmt.Sprintf("t%04d", i), Method: "GET", Resource: fmt.Sprintf("/t/%d", i)})
	}
	f.putApp(t, ws, app)
	same(t, "count", len(must(f.Actions(f.ctx, ws, "x", "", 0))(t)), 2000)
	same(t, "one", must(f.Action(f.ctx, ws, "x", "GET /t/1234"))(t).Tag, "t1234")
	app.Actions[7].Name = "changed"
	f.putApp(t, ws, app)
	same(t, "again", must(f.FullActions(f.ctx, ws, "x"))(t), app.Actions)
}
