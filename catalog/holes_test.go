package catalog

import (
	"context"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// Each test here was a hole once.

const postmanWithReference = `{"info":{"name":"Bad","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
"variable":[{"key":"tok","value":"$Secret{STRIPE_KEY}"},{"key":"ver","value":"v2"}],
"item":[{"name":"Get it","request":{"method":"GET","header":[{"key":"X-Tok","value":"{{tok}}"},{"key":"X-Ver","value":"{{ver}}"},{"key":"X-Own","value":"$Session{user}{id}"}],"url":"https://api.acme.io/things"}}]}`

// A description is not the operator's: it names no secrets and no sessions.
func TestDescriptionsReferToNothingOfOurs(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	rep, err := c.Import(ctx, ws, ImportRequest{Tag: "bad", Location: "bad.json", Data: []byte(postmanWithReference)})
	if err != nil {
		t.Fatal(err)
	}
	app, err := c.App(ctx, ws, "bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range app.Variables {
		if v.Key == "tok" && string(v.Default) != `"$$Secret{STRIPE_KEY}"` {
			t.Errorf("default of tok: %s", v.Default)
		}
	}
	found := false
	for _, w := range rep.Warnings {
		found = found || w.Code == warnReferenceLiteral
	}
	if !found {
		t.Errorf("no warning: %v", rep.Warnings)
	}
	a, err := c.Action(ctx, ws, "bad", "get_it")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range a.Params {
		text := string(p.Default)
		if strings.Contains(text, "$Session") && !strings.Contains(text, "$$Session") {
			t.Errorf("default of %s: %s", p.Name, text)
		}
		if p.Name == "X-Ver" && !strings.Contains(text, "$Variable{bad}{ver}") {
			t.Errorf("the importer's own reference is gone: %s", text)
		}
	}
}

func openapiAt(server string) string {
	return `{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"servers":[{"url":"` + server + `"}],"paths":{"/a":{"get":{"operationId":"get_a","responses":{}}}}}`
}

func TestReimportDoesNotReachASecretByItsServer(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	for i, server := range []string{"https://api.vendor.io", "https://api.vendor.io/$Secret{STRIPE_KEY}"} {
		if _, err := c.Import(ctx, ws, ImportRequest{Tag: "v", Location: "v.json", Data: []byte(openapiAt(server)), Update: i > 0}); err != nil {
			t.Fatal(err)
		}
	}
	app, err := c.App(ctx, ws, "v")
	if err != nil {
		t.Fatal(err)
	}
	if base := app.Envs[0].BaseURL; strings.Contains(base, "$Secret") && !strings.Contains(base, "$$Secret") {
		t.Error(base)
	}
}

// The values that a base URL refers to, and the server that other servers are
// told from, stay while connections are in use.
func TestReimportDoesNotMoveConnectionsByValues(t *testing.T) {
	stored := &ductape.App{Tag: "v", Source: &ductape.Source{BaseURL: "https://api.vendor.io"}, Envs: []ductape.AppEnv{{Slug: "prd", BaseURL: "https://$Variable{v}{host}/x"}}, Variables: []ductape.Variable{{Key: "host", Default: []byte(`"api.vendor.io"`)}, {Key: "other", Default: []byte(`"a"`)}}}
	fresh := &ductape.App{Tag: "v", Source: &ductape.Source{BaseURL: "https://operators.place"}, Envs: stored.Envs, Variables: []ductape.Variable{{Key: "host", Default: []byte(`"evil.io"`)}, {Key: "other", Default: []byte(`"b"`)}}}
	m := &merge{stored: stored, fresh: fresh, edited: editsOf(nil), uses: []use{{appEnv: "prd"}}}
	out := m.app()
	if string(out.Variables[0].Default) != `"api.vendor.io"` || string(out.Variables[1].Default) != `"b"` || out.Source.BaseURL != "https://api.vendor.io" {
		t.Errorf("%s %s %s", out.Variables[0].Default, out.Variables[1].Default, out.Source.BaseURL)
	}
	if len(m.warnings) == 0 {
		t.Error("no warning")
	}
	m.uses = nil
	if out := m.app(); string(out.Variables[0].Default) != `"evil.io"` {
		t.Errorf("without connections: %s", out.Variables[0].Default)
	}
}
