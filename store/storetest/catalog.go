package storetest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var catalogTests = []check{
	{"an app comes back as it was, without its actions", appComesBack},
	{"an app is replaced", appIsReplaced},
	{"apps are in order of tag", appsInOrder},
	{"what is not there is ErrNotFound", catalogNotFound},
	{"an app is deleted with all that belongs to it", appIsDeleted},
	{"a product comes back as it was", productComesBack},
	{"products are listed in order and deleted", productsListed},
	{"nil and empty security are told apart", securityNilAndEmpty},
	{"raw JSON keeps its numbers, order and escapes", rawJSONSurvives},
	{"a schema comes back byte for byte", schemaBytes},
	{"big documents are kept", bigDocuments},
	{"an empty store answers", emptyStore},
}

func fullApp() *ductape.App {
	yes := true
	return &ductape.App{
		Tag: "stripe", Name: "Stripe", Description: "payments <b>&</b>", Version: "2024-01-01",
		Source: &ductape.Source{Format: "openapi", Version: "3.0.0", Location: "./stripe.json", Digest: "ab12"},
		Envs: []ductape.AppEnv{
			{Slug: "prd", BaseURL: "https://api.stripe.com"},
			{Slug: "dev", BaseURL: "http://127.0.0.1:12111", AllowPrivate: true, RequestType: "application/x-www-form-urlencoded", Hosts: []string{"a:1"}},
		},
		Auths:     []ductape.Auth{{Tag: "token_access", Type: ductape.AuthBearer}, {Tag: "k", Type: ductape.AuthAPIKey, Name: "X-Key", In: ductape.InHeader}},
		Variables: []ductape.Variable{{Key: "account", Default: json.RawMessage(`""`), Enum: []string{"a", "b"}, Required: true}},
		Constants: []ductape.Constant{{Key: "n", Value: json.RawMessage(`12345678901234567890.10`)}, {Key: "null", Value: json.RawMessage(`null`)}},
		Settings:  ductape.Settings{Nesting: ductape.NestIndices, Validate: ductape.ValidateStrict, Idempotency: &ductape.IdempotencyKey{In: "header", Name: "Idempotency-Key"}},
		Actions: []ductape.Action{
			{
				Tag: "create_customer", OperationID: "PostCustomers", Method: "POST", Resource: "/v1/customers", Aliases: []string{"newCustomer"},
				Params: []ductape.Param{{Name: "q", In: ductape.InQuery, Explode: &yes, Default: json.RawMessage(`{}`)}},
				Body:   &ductape.Body{Required: true, Contents: []ductape.Content{{Type: "application/json", Schema: json.RawMessage(`{"type":"object"}`)}}},
			},
			{Tag: "get_customer", Method: "GET", Resource: "/v1/customers/{customer}", Deprecated: true},
		},
		Schemas: map[string]json.RawMessage{"#/components/schemas/customer": json.RawMessage("{ \"type\" : \"object\" }")},
	}
}

func fullProduct() *ductape.Product {
	off := false
	return &ductape.Product{
		Tag: "shop", Name: "Shop", Envs: []ductape.ProductEnv{{Slug: "dev"}, {Slug: "prd", Active: &off}},
		Apps: []ductape.Connection{{AccessTag: "stripe-app", App: "stripe", Envs: []ductape.ConnectionEnv{{
			ProductEnv: "dev", AppEnv: "dev",
			Auth:      map[string]map[string]string{"token_access": {"token": "$Secret{K}"}},
			Variables: map[string]json.RawMessage{"account": json.RawMessage(`"acct_1"`)},
		}}}},
		Caches:   []ductape.CachePolicy{{Tag: "list", Expiry: 60000}},
		Sessions: []ductape.SessionType{{Tag: "user", Selector: "$Session{user}{id}", Expiry: 7, Period: "days", RefreshExpiry: 30}},
	}
}

func bare(a *ductape.App) *ductape.App {
	b := *a
	b.Actions, b.Schemas = nil, nil
	return &b
}

func appComesBack(t *testing.T, f fixture) {
	app := fullApp()
	f.putApp(t, ws, app)
	same(t, "app", must(f.App(f.ctx, ws, "stripe"))(t), bare(app))
	if len(app.Actions) != 2 || len(app.Schemas) != 1 {
		t.Error("PutApp changed its argument")
	}
}

func appIsReplaced(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	next := &ductape.App{Tag: "stripe", Name: "Other"}
	f.putApp(t, ws, next)
	same(t, "app", must(f.App(f.ctx, ws, "stripe"))(t), next)
	same(t, "actions stay", len(must(f.FullActions(f.ctx, ws, "stripe"))(t)), 2)
	must(f.Schema(f.ctx, ws, "stripe", "#/components/schemas/customer"))(t)
}

func appsInOrder(t *testing.T, f fixture) {
	for _, tag := range []string{"b", "a", "Z", "ä", "aa"} {
		f.putApp(t, ws, &ductape.App{Tag: tag})
	}
	var tags []string
	for _, a := range must(f.Apps(f.ctx, ws))(t) {
		tags = append(tags, a.Tag)
	}
	if !slices.IsSorted(tags) || len(tags) != 5 {
		t.Errorf("got %v, not in order of bytes", tags)
	}
}

func catalogNotFound(t *testing.T, f fixture) {
	look := func(t *testing.T) {
		t.Helper()
		app, err := f.App(f.ctx, ws, "x")
		missing(t, "App", app, err)
		action, err := f.Action(f.ctx, ws, "x", "y")
		missing(t, "Action", action, err)
		list, err := f.Actions(f.ctx, ws, "x", "", 0)
		missing(t, "Actions of no app", list, err)
		full, err := f.FullActions(f.ctx, ws, "x")
		missing(t, "FullActions of no app", full, err)
		schema, err := f.Schema(f.ctx, ws, "x", "y")
		missing(t, "Schema", schema, err)
		product, err := f.Product(f.ctx, ws, "x")
		missing(t, "Product", product, err)
	}
	look(t)
	f.putApp(t, ws, fullApp())
	f.putProduct(t, ws, fullProduct())
	look(t)
	action, err := f.Action(f.ctx, ws, "stripe", "x")
	missing(t, "Action of an app", action, err)
	for name, change := range map[string]func(tx store.Tx) error{
		"DeleteApp":           func(tx store.Tx) error { return tx.DeleteApp(f.ctx, "x") },
		"DeleteProduct":       func(tx store.Tx) error { return tx.DeleteProduct(f.ctx, "x") },
		"DeleteAction":        func(tx store.Tx) error { return tx.DeleteAction(f.ctx, "stripe", "x") },
		"PutAction of no app": func(tx store.Tx) error { return tx.PutAction(f.ctx, "x", &ductape.Action{Tag: "a"}) },
		"tx.App":              func(tx store.Tx) error { _, err := tx.App(f.ctx, "x"); return err },
		"tx.Action":           func(tx store.Tx) error { _, err := tx.Action(f.ctx, "stripe", "x"); return err },
		"tx.Product":          func(tx store.Tx) error { _, err := tx.Product(f.ctx, "x"); return err },
	} {
		is(t, name, f.Change(f.ctx, ws, change), store.ErrNotFound)
	}
}

func appIsDeleted(t *testing.T, f fixture) {
	f.putApp(t, ws, fullApp())
	f.change(t, ws, func(tx store.Tx) error { return tx.DeleteApp(f.ctx, "stripe") })
	f.putApp(t, ws, &ductape.App{Tag: "stripe"})
	action, err := f.Action(f.ctx, ws, "stripe", "create_customer")
	missing(t, "action of the deleted app", action, err)
	schema, err := f.Schema(f.ctx, ws, "stripe", "#/components/schemas/customer")
	missing(t, "schema of the deleted app", schema, err)
}

func productComesBack(t *testing.T, f fixture) {
	f.putProduct(t, ws, fullProduct())
	same(t, "product", must(f.Product(f.ctx, ws, "shop"))(t), fullProduct())
	next := &ductape.Product{Tag: "shop", Envs: []ductape.ProductEnv{{Slug: "dev"}}}
	f.putProduct(t, ws, next)
	same(t, "replaced", must(f.Product(f.ctx, ws, "shop"))(t), next)
}

func productsListed(t *testing.T, f fixture) {
	for _, tag := range []string{"c", "a", "b"} {
		f.putProduct(t, ws, &ductape.Product{Tag: tag})
	}
	f.change(t, ws, func(tx store.Tx) error { return tx.DeleteProduct(f.ctx, "b") })
	all := must(f.Products(f.ctx, ws))(t)
	same(t, "products", all, []*ductape.Product{{Tag: "a"}, {Tag: "c"}})
}

func securityNilAndEmpty(t *testing.T, f fixture) {
	f.putApp(t, ws, &ductape.App{Tag: "a", Actions: []ductape.Action{
		{Tag: "none", Security: []ductape.SecurityAlternative{}},
		{Tag: "unsaid"},
		{Tag: "open", Security: []ductape.SecurityAlternative{{}, {{Auth: "k"}}}},
	}})
	if a := must(f.Action(f.ctx, ws, "a", "none"))(t); a.Security == nil || len(a.Security) != 0 {
		t.Errorf("an empty list came back as %#v", a.Security)
	}
	if a := must(f.Action(f.ctx, ws, "a", "unsaid"))(t); a.Security != nil {
		t.Errorf("nil came back as %#v", a.Security)
	}
	if a := must(f.Action(f.ctx, ws, "a", "open"))(t); len(a.Security) != 2 || len(a.Security[0]) != 0 {
		t.Errorf("an empty alternative came back as %#v", a.Security)
	}
}

func rawJSONSurvives(t *testing.T, f fixture) {
	for _, raw := range []string{
		`1.10`, `12345678901234567890123`, `1e400`, `{"b":1,"a":2,"b":3}`, `""`, `{}`, `[]`, `null`, `"<&>"`,
		`"\u003c\/\ud83d\ude00é"`, `"\u2028"`,
	} {
		f.putApp(t, ws, &ductape.App{Tag: "a", Actions: []ductape.Action{{Tag: "x", Params: []ductape.Param{{
			Name: "p", Schema: json.RawMessage(raw), Default: json.RawMessage(raw), Example: json.RawMessage(raw),
		}}}}})
		p := must(f.Action(f.ctx, ws, "a", "x"))(t).Params[0]
		for _, got := range []json.RawMessage{p.Schema, p.Default, p.Example} {
			if string(got) != raw {
				t.Errorf("%s came back as %s", raw, got)
			}
		}
	}
}

func schemaBytes(t *testing.T, f fixture) {
	all := map[string]json.RawMessage{
		"#/a":      json.RawMessage("{ \"x\" :\t1.0 }\n"),
		"#/é/~1":   json.RawMessage(`true`),
		"":         json.RawMessage(`{}`),
		"#/as-big": json.RawMessage(`{"enum":["` + strings.Repeat("long ", 10000) + `"]}`),
	}
	f.putApp(t, ws, &ductape.App{Tag: "a", Actions: []ductape.Action{}, Schemas: all})
	for ref, want := range all {
		if got := must(f.Schema(f.ctx, ws, "a", ref))(t); string(got) != string(want) {
			t.Errorf("%q: %d bytes came back as %d", ref, len(want), len(got))
		}
	}
	f.putApp(t, ws, &ductape.App{Tag: "a", Actions: []ductape.Action{}, Schemas: map[string]json.RawMessage{"#/a": json.RawMessage(`1`)}})
	if got := must(f.Schema(f.ctx, ws, "a", "#/a"))(t); string(got) != "1" {
		t.Errorf("replaced schema is %s", got)
	}
	gone, err := f.Schema(f.ctx, ws, "a", "#/as-big")
	missing(t, "a schema that the app has no more", gone, err)
}

func bigDocuments(t *testing.T, f fixture) {
	app := fullApp()
	app.Description = strings.Repeat("a description of many words. ", 100_000)
	for i := range app.Actions {
		app.Actions[i].Description = app.Description
	}
	f.putApp(t, ws, app)
	if got := must(f.App(f.ctx, ws, app.Tag))(t); got.Description != app.Description {
		t.Errorf("%d bytes came back as %d", len(app.Description), len(got.Description))
	}
	same(t, "action", must(f.Action(f.ctx, ws, app.Tag, "create_customer"))(t), app.Actions[0])
}

func emptyStore(t *testing.T, f fixture) {
	ok(t, f.Ping(f.ctx))
	same(t, "version", f.version(t, ws), 0)
	same(t, "apps", len(must(f.Apps(f.ctx, ws))(t)), 0)
	same(t, "products", len(must(f.Products(f.ctx, ws))(t)), 0)
	same(t, "secrets", len(must(f.Secrets(f.ctx, ws))(t)), 0)
	same(t, "keys", len(must(f.Keys(f.ctx, ws))(t)), 0)
	same(t, "runs", len(must(f.Runs(f.ctx, ws, store.RunFilter{}))(t)), 0)
	same(t, "workspaces", len(must(f.Workspaces(f.ctx))(t)), 0)
}
