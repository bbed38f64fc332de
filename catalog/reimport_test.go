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

// Servers of single actions hold where an environment's base URL is the one that
// the description gave first. A description that comes to give another one first
// leads nobody to them who did not go there before.
func TestReimportBringsNoServersIntoEffect(t *testing.T) {
	of := func(servers string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[` + servers + `],"paths":{
			"/a":{"get":{"operationId":"a","servers":[{"url":"https://files.partner.io"}],"responses":{}}},
			"/b":{"get":{"operationId":"b","responses":{}}}}}`
	}
	const live, sandbox = `{"url":"https://api.acme.io/v1","description":"live"}`, `{"url":"https://api.acme.io/sandbox","description":"sandbox"}`

	t.Run("by their order", func(t *testing.T) {
		c := connectedTo(t, of(live+","+sandbox), "sandbox")
		before := serverOf(t, c, "sandbox", "a")
		mustImport(t, c, of(sandbox+","+live), again)
		if got := serverOf(t, c, "sandbox", "a"); got != before {
			t.Errorf("requests went to %s, now to %s", before, got)
		}
	})
	t.Run("by saying what the operator said", func(t *testing.T) {
		c, _ := newCatalog(t)
		file := `
apps: [{ tag: shop, import: ./shop.json, envs: [{ slug: prd, base_url: 'https://api.acme.io' }] }]
products: [{ tag: p, envs: [live], apps: [{ access_tag: shop, app: shop, envs: [{ product_env: live, app_env: prd }] }] }]
`
		for _, servers := range []string{``, `{"url":"https://api.acme.io"}`} {
			if _, err := c.Apply(context.Background(), ws, ApplyRequest{File: []byte(file), Files: map[string][]byte{"./shop.json": []byte(of(servers))}}); err != nil {
				t.Fatal(err)
			}
			if got := serverOf(t, c, "prd", "a"); got != "https://api.acme.io" {
				t.Errorf("after %s requests go to %s", servers, got)
			}
		}
	})
	t.Run("but by consent", func(t *testing.T) {
		c := connectedTo(t, of(live+","+sandbox), "sandbox")
		mustImport(t, c, of(sandbox+","+live), func(r *ImportRequest) {
			again(r)
			r.AcceptHosts = []string{"files.partner.io"}
		})
		if got := serverOf(t, c, "sandbox", "a"); got != "https://files.partner.io" {
			t.Errorf("requests go to %s", got)
		}
	})
}

// A host that a base URL has by default is none that a connection goes to which
// sets another, and so gets its credentials by no redirect either.
func TestReimportListsNoHostOfADefault(t *testing.T) {
	const slug = "prd"
	stored := &ductape.App{Tag: "v", Envs: []ductape.AppEnv{{Slug: slug, BaseURL: "https://$Variable{v}{host}"}}, Variables: []ductape.Variable{{Key: "host", Default: []byte(`"cloud.vendor.io"`)}}}
	fresh := &ductape.App{Tag: "v", Envs: []ductape.AppEnv{{Slug: slug, BaseURL: stored.Envs[0].BaseURL, Hosts: []string{"cloud.vendor.io", "own.acme.io"}}}, Variables: stored.Variables}
	for value, want := range map[string]string{"": "cloud.vendor.io", `"own.acme.io"`: "own.acme.io"} {
		u := use{appEnv: slug}
		if value != "" {
			u.values = map[string]rawJSON{"host": rawJSON(value)}
		}
		m := &merge{stored: stored, fresh: fresh, edited: editsOf(nil), uses: []use{u}}
		if got := m.app().Env(slug).Hosts; len(got) != 1 || got[0] != want {
			t.Errorf("with %s the hosts are %v", value, got)
		}
	}
}
