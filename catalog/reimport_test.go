package catalog

import (
	"context"
	"testing"

	"github.com/ductape-go/ductape"
)

// connectedTo is a catalog with the app that a description gives, and a product
// that is connected to one environment of it.
func connectedTo(t *testing.T, description, env string) *Catalog {
	t.Helper()
	c, _ := newCatalog(t)
	mustImport(t, c, description, again)
	mustPut(t, c, &ductape.Product{Tag: "p", Envs: []ductape.ProductEnv{{Slug: "live"}}, Apps: []ductape.Connection{{AccessTag: "shop", App: "shop", Envs: []ductape.ConnectionEnv{{ProductEnv: "live", AppEnv: env}}}}})
	return c
}

func again(r *ImportRequest) { r.Update, r.Tag, r.Location = true, "shop", "shop.json" }

// serverOf is the base URL of an action's requests, as runs choose it.
func serverOf(t *testing.T, c *Catalog, env, action string) string {
	t.Helper()
	app, err := c.App(context.Background(), ws, "shop")
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Action(context.Background(), ws, "shop", action)
	if err != nil {
		t.Fatal(err)
	}
	base := app.Env(env).BaseURL
	if a.BaseURL != "" && (base == "" || app.Source != nil && app.Source.BaseURL == base) {
		return a.BaseURL
	}
	return base
}

// To Unicode the small form of İ is i. Names of hosts have another letter there,
// whose name anyone may hold.
func TestReimportKnowsHostsByTheirLetters(t *testing.T) {
	c := connectedTo(t, openapiAt("https://api.victim.io"), "prd")
	for _, server := range []string{"https://api.v\u0130ctim.io", "https://api.v%C4%B0ctim.io"} {
		mustImport(t, c, openapiAt(server), again)
		if got := serverOf(t, c, "prd", "get_a"); got != "https://api.victim.io" {
			t.Errorf("%s: requests go to %s", server, got)
		}
	}
}
