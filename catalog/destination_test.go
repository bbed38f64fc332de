package catalog

import (
	"context"
	"fmt"
	"testing"

	"github.com/ductape-go/ductape"
)

// Whatever a description says when it is imported again, the credentials of a
// connection go where they went, until somebody accepts another host.
func TestReimportMovesNoConnection(t *testing.T) {
	of := func(servers, action string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[` + servers + `],"paths":{"/a":{"get":{"operationId":"a",` + action + `"responses":{}}}}}`
	}
	plain := `{"url":"https://api.acme.io"}`
	evil := `{"url":"https://{version}.evil.io","variables":{"version":{"default":"api.acme.io/"}}}`
	staging := func(url string) string {
		return plain + `,{"url":"` + url + `","description":"staging","variables":{"x":{"default":"a"},"y":{"default":"evil.io"},"version":{"default":"v1"}}}`
	}
	for name, test := range map[string]struct {
		first  string
		values map[string]rawJSON // of the connection
		then   []string
	}{
		"by a default that is put back": {first: of(`{"url":"https://api.acme.io/{version}","variables":{"version":{"default":"v1"}}}`, ""), then: []string{of(evil, "")}},
		"by the connection's own value": {first: of(`{"url":"https://api.acme.io/{version}","variables":{"version":{}}}`, ""), values: map[string]rawJSON{"version": rawJSON(`"v2"`)}, then: []string{of(evil, "")}},
		"by an action's server":         {first: of(staging("https://api.acme.io/{version}"), ""), then: []string{of(plain, `"servers":[`+evil+`],`)}},
		"by an environment that nobody uses": {first: of(plain, ""), then: []string{
			of(staging("https://evil.io"), ""), of(staging("https://evil.io/v2"), `"servers":[{"url":"https://evil.io/x"}],`),
		}},
		"by a function": {first: of(`{"url":"https://$Replace(\"api.acme.io/\",\"/\",\"\")"},`+plain, ""), then: []string{of(`{"url":"https://$Replace(\"api.acme.io/\",\"/\",\".evil.io\")"},`+plain, "")}},
		"by a variable planted before": {first: of(staging("https://api.acme.io/{x}"), ""), then: []string{
			of(staging("https://api.acme.io/{y}"), ""), of(`{"url":"https://{y}","variables":{"y":{"default":"api.acme.io"}}}`, ""),
		}},
		"to another port":         {first: of(plain, ""), then: []string{of(`{"url":"https://api.acme.io:8443"}`, "")}},
		"to a user in front":      {first: of(plain, ""), then: []string{of(`{"url":"https://api.acme.io@evil.io"}`, "")}},
		"to plain http":           {first: of(plain, ""), then: []string{of(`{"url":"http://api.acme.io"}`, "")}},
		"by an empty default":     {first: of(`{"url":"https://api.acme.io{s}","variables":{"s":{"default":""}}}`, ""), then: []string{of(`{"url":"https://api.acme.io{s}","variables":{"s":{"default":".evil.io"}}}`, "")}},
		"by braces within braces": {first: of(plain, ""), then: []string{of(`{"url":"https://{a{b}}.evil.io","variables":{"b":{"default":"x"}}}`, "")}},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newCatalog(t)
			again := func(r *ImportRequest) { r.Update, r.Tag = true, "shop" }
			mustImport(t, c, test.first, again)
			u := use{appEnv: "prd", accessTag: "shop", values: test.values}
			mustPut(t, c, &ductape.Product{Tag: "p", Envs: []ductape.ProductEnv{{Slug: "prd"}}, Apps: []ductape.Connection{{AccessTag: "shop", App: "shop", Envs: []ductape.ConnectionEnv{{ProductEnv: "prd", AppEnv: "prd", Variables: test.values}}}}})
			before := places(t, c, u)
			for _, text := range test.then {
				mustImport(t, c, text, again)
			}
			for to := range places(t, c, u) {
				if !before[to] {
					t.Errorf("goes to %s now; before: %v", to, before)
				}
			}
		})
	}
}

// places are where the requests of a connection can go.
func places(t *testing.T, c *Catalog, u use) map[destination]bool {
	t.Helper()
	app, err := c.App(context.Background(), ws, "shop")
	if err != nil {
		t.Fatal(err)
	}
	out := map[destination]bool{destinationOf(app, u, app.Env(u.appEnv).BaseURL): true}
	list, err := c.Actions(context.Background(), ws, "shop", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		a, err := c.Action(context.Background(), ws, "shop", s.Tag)
		if err != nil {
			t.Fatal(err)
		}
		if a.BaseURL != "" {
			out[destinationOf(app, u, a.BaseURL)] = true
		}
	}
	return out
}

// What an operator's file lets a description fill in does not lead elsewhere
// either.
func TestReimportMovesNoConnectionByValuesInValues(t *testing.T) {
	c, _ := newCatalog(t)
	collection := func(region string) []byte {
		return fmt.Appendf(nil, `{"info":{"name":"shop","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"variable":[{"key":"region","value":%q}],"item":[{"name":"a","request":{"method":"GET","header":[{"key":"X-R","value":"{{region}}"}],"url":"https://api.acme.io/a"}}]}`, region)
	}
	file := `
apps:
  - tag: shop
    import: ./pm.json
    envs: [{ slug: prd, base_url: 'https://$Variable{shop}{host}' }]
    variables: [{ key: host, default: '$Variable{shop}{region}.acme.io' }]
products:
  - tag: p
    envs: [prd]
    apps: [{ access_tag: shop, app: shop, envs: [{ product_env: prd, app_env: prd }] }]
`
	for _, region := range []string{"eu", "evil.io/"} {
		if _, err := c.Apply(context.Background(), ws, ApplyRequest{File: []byte(file), Files: map[string][]byte{"./pm.json": collection(region)}}); err != nil {
			t.Fatal(err)
		}
		if got := places(t, c, use{appEnv: "prd", accessTag: "shop"}); !got["https://eu.acme.io"] {
			t.Errorf("with %s: %v", region, got)
		}
	}
}
