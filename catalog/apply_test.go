package catalog

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestApplyIsIdempotent(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	golden(t, "first.plan", mustApply(t, c, shopRequest(shop)).String())
	if _, err := c.SetSecret(ctx, ws, "PETS_KEY", secret.New("s1"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	version, err := c.store.Version(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "second.plan", mustApply(t, c, shopRequest(shop)).String())
	if v, _ := c.store.Version(ctx, ws); v != version {
		t.Errorf("the second apply moved the version from %d to %d", version, v)
	}
}

// changes is a list of edits of the shop file, each a pair of old and new text.
func edited(t *testing.T, file string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(file, pairs[i]) {
			t.Fatalf("%q is not in the file", pairs[i])
		}
		file = strings.Replace(file, pairs[i], pairs[i+1], 1)
	}
	return file
}

func TestApplyChanges(t *testing.T) {
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(shop))
	file := edited(t, shop,
		"http://127.0.0.1:9999", "http://127.0.0.1:8888",
		"$Secret{MAIL_KEY}", "Key $Secret{OTHER}",
		"plain-literal-token", "another-literal",
		"expiry: 60000", "expiry: 30000",
		"expiry: 7", "expiry: 8",
		"region: eu", "region: us",
		"in: header, name: X-Key", "in: query, name: key",
		"method: post", "method: put",
		"{ slug: prd, active: false }", "{ slug: prd, active: true }",
	)
	dry := shopRequest(file)
	dry.DryRun = true
	planned := mustApply(t, c, dry)
	golden(t, "changes.plan", planned.String())
	done := mustApply(t, c, shopRequest(file))
	if done.String() != planned.String() {
		t.Errorf("planned:\n%s\ndone:\n%s", planned, done)
	}
	if again := mustApply(t, c, shopRequest(file)); !again.Empty() {
		t.Errorf("applied again:\n%s", again)
	}
}

func TestApplyKeepsWithoutPrune(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(shop))
	const small = `
apps:
  - tag: mail
    envs: [ { slug: prd, base_url: https://mail.acme.io } ]
products:
  - tag: my-product
    envs: [dev]
    apps:
      - access_tag: mail-app
        app: mail
        envs: [ { product_env: dev, app_env: prd } ]
`
	plan := mustApply(t, c, shopRequest(small))
	golden(t, "kept.plan", plan.String())
	req := shopRequest(small)
	req.Prune = true
	_, err := c.Apply(ctx, ws, req)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Product(ctx, ws, "my-product")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Apps) != 1 || len(p.Caches) != 0 || len(p.Sessions) != 0 || len(p.Envs) != 1 {
		t.Errorf("after prune: %+v", p)
	}
	_, err = c.App(ctx, ws, "pets")
	wantCode(t, err, ductape.CodeUnknownApp)
	all, err := c.store.Secrets(ctx, ws)
	if err != nil || len(all) != 0 {
		t.Errorf("sealed credentials of removed connections are left: %v, %v", all, err)
	}
	if again := mustApply(t, c, req); !again.Empty() {
		t.Errorf("applied again:\n%s", again)
	}
}

func TestApplyAllOrNothing(t *testing.T) {
	ctx := context.Background()
	for name, pair := range map[string][2]string{
		"base url":    {"https://mail.acme.io", "mail.acme.io"},
		"import":      {"import: ./pets.json", "import: ./none.json"},
		"product env": {"product_env: prd", "product_env: prod"},
		"cache":       {"expiry: 60000", "expiry: 0"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newCatalog(t)
			_, err := c.Apply(ctx, ws, shopRequest(edited(t, shop, pair[0], pair[1])))
			wantCode(t, err, ductape.CodeInvalidInput)
			apps, _ := c.Apps(ctx, ws)
			products, _ := c.Products(ctx, ws)
			secrets, _ := c.store.Secrets(ctx, ws)
			if len(apps)+len(products)+len(secrets) != 0 {
				t.Errorf("left behind: %d apps, %d products, %d secrets", len(apps), len(products), len(secrets))
			}
		})
	}
}

func TestApplyListsAllProblems(t *testing.T) {
	c, _ := newCatalog(t)
	_, err := c.Apply(context.Background(), ws, shopRequest(edited(t, shop,
		"https://mail.acme.io", "https://user:hunter2@mail.acme.io",
		"app: pets\n", "app: pet\n",
		"key: { value: '$Secret{MAIL_KEY}'", "kee: { value: '$Secret{MAIL_KEY}'",
		"expiry: 60000", "expiry: -1",
		"period: day", "period: dya",
		"$Session{user}{id}", "$Variable{mail}{x}",
		"type: api_key", "type: apikey",
	)))
	e := wantCode(t, err, ductape.CodeInvalidInput)
	var b strings.Builder
	for _, p := range e.Problems {
		b.WriteString(p.Where + ": " + p.Message + "\n")
	}
	golden(t, "problems.txt", b.String())
	lacks(t, "the error", []byte(err.Error()), "hunter2")
}

func TestApplyNamesThePlaceOfABrokenPlaceholder(t *testing.T) {
	c, _ := newCatalog(t)
	_, err := c.Apply(context.Background(), ws, shopRequest(edited(t, shop, "$Secret{PETS_KEY}", "Bearer: $Secret{PETS_KEY")))
	e := wantCode(t, err, ductape.CodeInvalidInput)
	if len(e.Problems) != 1 || e.Problems[0].Where != "products.my-product.apps.pets-app.envs.dev.auth.token_access.token" {
		t.Fatalf("problems: %+v", e.Problems)
	}
	contains(t, e.Problems[0].Message, "column ")
}

func TestApplyEnvironments(t *testing.T) {
	ctx := context.Background()
	described := strings.Replace(petstore, `[{"url": "https://pets.acme.io/v1"}]`,
		`[{"url": "https://pets.acme.io/v1", "description": "production"}, {"url": "https://api.example.com", "description": "staging"}, {"url": "https://sandbox.acme.io", "description": "sandbox"}]`, 1)
	for _, tt := range []struct{ name, envs, want string }{
		{"none named: all", "", "prd=https://pets.acme.io/v1 staging=https://api.example.com sandbox=https://sandbox.acme.io"},
		{"one named: real ones stay", "envs: [ { slug: dev, base_url: http://127.0.0.1:1 } ]", "prd=https://pets.acme.io/v1 sandbox=https://sandbox.acme.io dev=http://127.0.0.1:1"},
		{"overridden by field", "envs: [ { slug: staging, request_type: text/plain } ]", "prd=https://pets.acme.io/v1 staging=https://api.example.com sandbox=https://sandbox.acme.io"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newCatalog(t)
			mustApply(t, c, ApplyRequest{File: []byte("apps: [ { tag: pets, import: p, " + strings.ReplaceAll(tt.envs, "\n", "") + " } ]"), Files: map[string][]byte{"p": []byte(described)}})
			a, err := c.App(ctx, ws, "pets")
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(tagsOf(a.Envs, func(e ductape.AppEnv) string { return e.Slug + "=" + e.BaseURL }), " "); got != tt.want {
				t.Errorf("environments:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestApplyHandWrittenActions(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(shop))
	a, err := c.Action(ctx, ws, "mail", "send")
	if err != nil {
		t.Fatal(err)
	}
	if a.Method != "POST" || a.Body == nil || len(a.Params) != 1 || a.Params[0].Name != "account" || !a.Params[0].Required {
		t.Errorf("action: %+v", a)
	}
	over := edited(t, shop, "    variables:\n", "    actions:\n      - { tag: list_pets, name: Mine }\n      - { tag: extra, method: GET, resource: /extra }\n    variables:\n")
	golden(t, "actions.plan", mustApply(t, c, shopRequest(over)).String())
	mine, err := c.Action(ctx, ws, "pets", "list_pets")
	if err != nil {
		t.Fatal(err)
	}
	if mine.Name != "Mine" || len(mine.Params) != 1 || strings.Join(mine.Edited, " ") != "name" {
		t.Errorf("overlaid action: %+v", mine)
	}
	if again := mustApply(t, c, shopRequest(over)); !again.Empty() {
		t.Errorf("applied again:\n%s", again)
	}
}

func TestImports(t *testing.T) {
	got, err := Imports([]byte("apps: [ {tag: a, import: x.json}, {tag: b, import: y.json}, {tag: c, import: x.json}, {tag: d} ]"))
	if err != nil || strings.Join(got, " ") != "x.json y.json" {
		t.Errorf("Imports = %v, %v", got, err)
	}
}
