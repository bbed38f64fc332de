package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// petsNext is petstore as it is described later: get_pet is gone, delete_pet is
// new, limit is required and text, and a body field came.
var petsNext = strings.NewReplacer(
	`"get": {"operationId": "getPet", `, `"delete": {"operationId": "deletePet", `,
	`"in": "query", "schema": {"type": "integer"}`, `"in": "query", "required": true, "schema": {"type": "string"}`,
	`"properties": {"name"`, `"required": ["age"], "properties": {"age": {"type": "integer"}, "name"`,
	`"summary": "List pets"`, `"summary": "All pets"`,
	`"version": "1.0"`, `"version": "2.0"`,
).Replace(petstore)

func mustImport(t *testing.T, c *Catalog, data string, change func(*ImportRequest)) *ImportReport {
	t.Helper()
	req := ImportRequest{Tag: "pets", Location: "pets.json", Data: []byte(data)}
	if change != nil {
		change(&req)
	}
	r, err := c.Import(context.Background(), ws, req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func updated(req *ImportRequest) { req.Update = true }

func TestImportAgain(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	first := mustImport(t, c, petstore, nil)
	if first.App != "pets" || first.Format != "openapi" || first.Actions != 3 || first.Added != nil {
		t.Errorf("first import: %+v", first)
	}
	_, err := c.Import(ctx, ws, ImportRequest{Tag: "pets", Data: []byte(petstore)})
	contains(t, wantCode(t, err, ductape.CodeConflict).Hint, "--update")

	if same := mustImport(t, c, petstore, updated); same.Added != nil || same.Changed != nil || same.Removed != nil {
		t.Errorf("the same again: %+v", same)
	}
	dry := mustImport(t, c, petsNext, func(r *ImportRequest) { r.Update, r.DryRun = true, true })
	r := mustImport(t, c, petsNext, updated)
	for _, r := range []*ImportReport{dry, r} {
		if len(r.Added) != 1 || r.Added[0].Action != "delete_pet" || !slices.Equal(r.Removed, []string{"get_pet"}) || r.Actions != 4 {
			t.Errorf("report: %+v", r)
		}
		var detail []string
		for _, ch := range r.Changed {
			detail = append(detail, ch.Action+": "+strings.Join(ch.Detail, ", "))
		}
		want := []string{"create_pet: new required field body.age", "list_pets: type of query.limit: integer → string, query.limit is now required"}
		slices.Sort(detail)
		if !slices.Equal(detail, want) {
			t.Errorf("changed: %q, want %q", detail, want)
		}
	}
	if _, err := c.Action(ctx, ws, "pets", "get_pet"); err != nil {
		t.Errorf("removed without prune: %v", err)
	}
	pruned := mustImport(t, c, petsNext, func(r *ImportRequest) { r.Update, r.Prune = true, true })
	if !pruned.Pruned || pruned.Actions != 3 {
		t.Errorf("pruned: %+v", pruned)
	}
	_, err = c.Action(ctx, ws, "pets", "get_pet")
	wantCode(t, err, ductape.CodeUnknownAction)
}

// An endpoint keeps its tag when its operationId changes; the new one is an alias.
func TestImportKeepsTags(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustImport(t, c, petstore, nil)
	renamed := strings.Replace(petstore, `"operationId": "getPet"`, `"operationId": "fetchOnePet"`, 1)
	for range 2 {
		r := mustImport(t, c, renamed, updated)
		if r.Added != nil || r.Removed != nil || r.Actions != 3 {
			t.Errorf("report: %+v", r)
		}
	}
	for _, name := range []string{"get_pet", "fetch_one_pet", "fetchOnePet"} {
		a, err := c.Action(ctx, ws, "pets", name)
		if err != nil || a.Tag != "get_pet" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	swapped := strings.NewReplacer(`"operationId": "fetchOnePet"`, `"operationId": "listPets"`, `"operationId": "listPets"`, `"operationId": "getPet"`).Replace(renamed)
	if r := mustImport(t, c, swapped, updated); r.Actions != 3 {
		t.Errorf("two that change places: %+v", r)
	}
}

func TestDryRunImportWritesNothing(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustImport(t, c, petstore, func(r *ImportRequest) { r.DryRun = true })
	if all, err := c.Apps(ctx, ws); err != nil || len(all) != 0 {
		t.Errorf("apps: %v, %v", all, err)
	}
}

func TestImportKeepsEdits(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustImport(t, c, petstore, nil)
	a, err := c.App(ctx, ws, "pets")
	if err != nil {
		t.Fatal(err)
	}
	a.Name = "My pets"
	a.Envs[0].RequestType = "application/xml"
	a.Envs = append(a.Envs, ductape.AppEnv{Slug: "dev", BaseURL: "http://127.0.0.1:1", AllowPrivate: true})
	a.Auths = []ductape.Auth{{Tag: "mine", Type: ductape.AuthBearer}} // the described one is removed
	a.Variables = append(a.Variables, ductape.Variable{Key: "region"})
	a.Settings.Nesting = ductape.NestRepeat
	if _, err := c.PutApp(ctx, ws, a); err != nil {
		t.Fatal(err)
	}
	x, err := c.Action(ctx, ws, "pets", "list_pets")
	if err != nil {
		t.Fatal(err)
	}
	x.Name, x.Resource, x.Security = "Mine", "/v2/pets", []ductape.SecurityAlternative{}
	for _, put := range []*ductape.Action{x, {Tag: "extra", Method: "get", Resource: "/extra/{id}"}} {
		if err := c.PutAction(ctx, ws, "pets", put); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.DeleteAction(ctx, ws, "pets", "create_pet"); err != nil {
		t.Fatal(err)
	}

	mustImport(t, c, petsNext, func(r *ImportRequest) { r.Update, r.Prune = true, true })

	a, err = c.App(ctx, ws, "pets")
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "My pets" || a.Version != "2.0" || a.Envs[0].RequestType != "application/xml" || a.Env("dev") == nil ||
		len(a.Auths) != 1 || a.Auth("mine") == nil || len(a.Variables) != 1 || a.Settings.Nesting != ductape.NestRepeat {
		t.Errorf("app after import: %+v", a)
	}
	x, err = c.Action(ctx, ws, "pets", "list_pets")
	if err != nil {
		t.Fatal(err)
	}
	if x.Name != "Mine" || x.Resource != "/v2/pets" || x.Security == nil || len(x.Security) != 0 || !x.Params[0].Required {
		t.Errorf("action after import: %+v", x)
	}
	list, err := c.Actions(ctx, ws, "pets", "", 0)
	if got := strings.Join(tagsOf(list, func(s ductape.ActionSummary) string { return s.Tag }), " "); err != nil || got != "delete_pet extra list_pets" {
		t.Errorf("actions: %s, %v", got, err)
	}
}

// An action that stays although it is no longer described keeps the schemas it
// refers to.
func TestImportKeepsSchemasInUse(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustImport(t, c, petstore, nil)
	gone := strings.NewReplacer(`"post": {"operationId": "createPet", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}, `, `"head": {"operationId": "headPets", `,
		`"Pet": {"type": "object", "properties": {"name": {"type": "string"}, "tag": {"$ref": "#/components/schemas/Tag"}}}, "Tag": {"type": "string"}`, `"Other": {"type": "string"}`).Replace(petstore)
	mustImport(t, c, gone, updated)
	for _, ref := range []string{"#/components/schemas/Pet", "#/components/schemas/Tag"} {
		if _, err := c.store.Schema(ctx, ws, "pets", ref); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

func TestImportHosts(t *testing.T) {
	ctx := context.Background()
	moved := strings.Replace(petstore, "https://pets.acme.io/v1", "https://evil.acme.io/v1", 1)
	action := strings.Replace(petstore, `"get": {"operationId": "listPets", `, `"get": {"operationId": "listPets", "servers": [{"url": "https://evil.acme.io"}], `, 1)
	fresh := strings.Replace(petstore, `"get": {"operationId": "getPet", `, `"put": {"operationId": "putPet", "servers": [{"url": "https://evil.acme.io"}], `, 1)
	downgraded := strings.Replace(petstore, "https://pets.acme.io/v1", "http://pets.acme.io/v1", 1)
	for _, tt := range []struct {
		name, data string
		accept     []string
		connected  bool
		refused    bool
		base, list string // the base URLs of the environment and of list_pets
	}{
		{"nobody is connected", moved, nil, false, false, "https://evil.acme.io/v1", ""},
		{"connected", moved, nil, true, true, "https://pets.acme.io/v1", ""},
		{"another path", strings.Replace(petstore, "/v1", "/v2", 1), nil, true, false, "https://pets.acme.io/v2", ""},
		{"accepted", moved, []string{"evil.acme.io"}, true, false, "https://evil.acme.io/v1", ""},
		{"another accepted", moved, []string{"other.acme.io"}, true, true, "https://pets.acme.io/v1", ""},
		{"plain http", downgraded, nil, true, true, "https://pets.acme.io/v1", ""},
		{"an action's server", action, nil, true, true, "https://pets.acme.io/v1", ""},
		{"an action's server, accepted", action, []string{"evil.acme.io"}, true, false, "https://pets.acme.io/v1", "https://evil.acme.io"},
		{"a new action's server", fresh, nil, true, true, "https://pets.acme.io/v1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newCatalog(t)
			mustImport(t, c, petstore, nil)
			if tt.connected {
				mustPut(t, c, &ductape.Product{Tag: "p", Envs: []ductape.ProductEnv{{Slug: "prd"}}, Apps: []ductape.Connection{{
					AccessTag: "a", App: "pets",
					Envs: []ductape.ConnectionEnv{{ProductEnv: "prd", AppEnv: "prd", Auth: map[string]map[string]string{"token": {"token": "$Secret{K}"}}}},
				}}})
			}
			r := mustImport(t, c, tt.data, func(r *ImportRequest) { r.Update, r.AcceptHosts = true, tt.accept })
			refused := slices.ContainsFunc(r.Warnings, func(w ductape.Warning) bool { return w.Code == WarnHostNotAccepted })
			if refused != tt.refused {
				t.Errorf("warnings: %+v", r.Warnings)
			}
			a, err := c.App(ctx, ws, "pets")
			if err != nil {
				t.Fatal(err)
			}
			x, err := c.Action(ctx, ws, "pets", "list_pets")
			if err != nil {
				t.Fatal(err)
			}
			if a.Envs[0].BaseURL != tt.base || x.BaseURL != tt.list {
				t.Errorf("base URLs %q and %q, want %q and %q", a.Envs[0].BaseURL, x.BaseURL, tt.base, tt.list)
			}
			if p, err := c.Action(ctx, ws, "pets", "put_pet"); err == nil && tt.refused {
				t.Errorf("a new action on a host that is not accepted: %+v", p)
			}
		})
	}
}

func mustPut(t testing.TB, c *Catalog, p *ductape.Product) *Plan {
	t.Helper()
	plan, err := c.PutProduct(context.Background(), ws, p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestImportSources(t *testing.T) {
	ctx := context.Background()
	fetched := func(_ context.Context, url string) ([]byte, string, error) { return []byte(petstore), url, nil }
	for _, tt := range []struct {
		name    string
		fetch   Fetcher
		req     ImportRequest
		message string
	}{
		{"url", fetched, ImportRequest{Location: "https://acme.io/pets.json"}, ""},
		{"url, switched off", nil, ImportRequest{Location: "https://acme.io/pets.json"}, "switched off"},
		{"file not sent", fetched, ImportRequest{Location: "/etc/passwd"}, "not sent along"},
		{"file sent", nil, ImportRequest{Location: "p", Files: map[string][]byte{"p": []byte(petstore)}}, ""},
		{"opened", nil, ImportRequest{Location: "p", Open: func(string) ([]byte, error) { return []byte(petstore), nil }}, ""},
		{"empty", nil, ImportRequest{Location: "p", Data: []byte{}}, ""},
		{"no description", nil, ImportRequest{Location: "p", Data: []byte(`{"a":1}`)}, "p: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newCatalog(t)
			c.fetch = tt.fetch
			_, err := c.Import(ctx, ws, tt.req)
			if tt.message == "" && tt.name != "empty" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), tt.message)
		})
	}
}

func TestGather(t *testing.T) {
	disk := map[string]string{"dir/api.json": strings.Replace(petstore, "#/components/schemas/Pet", "pet.json", 1), "dir/pet.json": `{"type":"object"}`}
	files, err := Gather("dir/api.json", func(l string) ([]byte, error) {
		if b, ok := disk[l]; ok {
			return []byte(b), nil
		}
		return nil, context.Canceled
	})
	if err != nil || len(files) != 2 {
		t.Fatalf("gathered %d files, %v", len(files), err)
	}
	c, _ := newCatalog(t)
	if _, err := c.Import(context.Background(), ws, ImportRequest{Location: "dir/api.json", Files: files}); err != nil {
		t.Error(err)
	}
}

func TestAppInUse(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	if _, err := c.SetSecret(ctx, ws, "PETS_KEY", secret.New("s1"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	mustApply(t, c, shopRequest(shop))
	contains(t, wantCode(t, c.DeleteApp(ctx, ws, "pets"), ductape.CodeConflict).Message, "my-product/pets-app")
	a, err := c.App(ctx, ws, "pets")
	if err != nil {
		t.Fatal(err)
	}
	a.Envs, a.Auths = a.Envs[:1], nil
	_, err = c.PutApp(ctx, ws, a)
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(),
		`products.my-product.apps.pets-app.envs.dev.app_env: the app "pets" has no environment "dev"`,
		`products.my-product.apps.pets-app.envs.prd.auth.token_access: the app "pets" has no auth "token_access"`)
}

// A change inside a nested object, behind a reference, is named for every action
// that takes it, though the actions themselves are as they were.
func TestImportNamesNestedChanges(t *testing.T) {
	description := func(address string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"https://shop.io"}],"paths":{
			"/orders":{"post":{"operationId":"createOrder","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Order"}}}},"responses":{}}},
			"/people":{"post":{"operationId":"createPerson","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Person"}},"application/x-www-form-urlencoded":{"schema":{"$ref":"#/components/schemas/Person"}}}},"responses":{}}},
			"/notes":{"post":{"operationId":"createNote","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}},"responses":{}}}},
			"components":{"schemas":{"Order":{"type":"object","properties":{"buyer":{"$ref":"#/components/schemas/Person"},"lines":{"type":"array","items":{"type":"object","properties":{"to":{"$ref":"#/components/schemas/Address"}}}}}},
			"Person":{"type":"object","properties":{"home":{"$ref":"#/components/schemas/Address"},"friends":{"type":"array","items":{"$ref":"#/components/schemas/Person"}}}},
			"Note":{"type":"object","properties":{"text":{"type":"string"}}},"Address":` + address + `}}}`
	}
	c, _ := newCatalog(t)
	tagged := func(r *ImportRequest) { r.Update, r.Tag = true, "shop" }
	mustImport(t, c, description(`{"type":"object","properties":{"zip":{"type":"integer"},"town":{"type":"string"}}}`), tagged)
	next := description(`{"type":"object","required":["street"],"properties":{"zip":{"type":"string"},"street":{"type":"string"}}}`)
	dry := mustImport(t, c, next, func(r *ImportRequest) { tagged(r); r.DryRun = true })
	r := mustImport(t, c, next, tagged)
	if !same(dry.Changed, r.Changed) {
		t.Errorf("dry run: %+v, then: %+v", dry.Changed, r.Changed)
	}
	got := map[string][]string{}
	for _, ch := range r.Changed {
		got[ch.Action] = ch.Detail
	}
	of := func(places ...string) (out []string) {
		for _, at := range places {
			out = append(out, "type of "+at+".zip: integer → string", "new required field "+at+".street", "removed field "+at+".town")
		}
		return out
	}
	want := map[string][]string{"create_order": of("body.buyer.home", "body.lines[].to"), "create_person": of("body.home")}
	if !same(got, want) {
		t.Errorf("changed: %q\nwant: %q", got, want)
	}
	if again := mustImport(t, c, next, tagged); again.Changed != nil {
		t.Errorf("the same again: %+v", again.Changed)
	}
}

// An action that is no longer described keeps the schema it needs, and is not
// told to have changed by each import after.
func TestImportKeepsGoneSchemas(t *testing.T) {
	of := func(paths, schemas string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"https://shop.io"}],"paths":{` + paths + `},"components":{"schemas":{` + schemas + `}}}`
	}
	post := func(name string) string {
		return `"/` + name + `":{"post":{"operationId":"` + name + `","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/` + name + `"}}}},"responses":{}}}`
	}
	c, _ := newCatalog(t)
	tagged := func(r *ImportRequest) { r.Update, r.Tag = true, "shop" }
	mustImport(t, c, of(post("a")+","+post("b"), `"a":{"type":"object","properties":{"x":{"type":"string"}}},"b":{"type":"object","properties":{"y":{"$ref":"#/components/schemas/c"}}},"c":{"type":"object"}`), tagged)
	for range 2 {
		r := mustImport(t, c, of(post("a"), `"a":{"type":"object","properties":{"x":{"type":"string"}}}`), tagged)
		if r.Changed != nil || !slices.Equal(r.Removed, []string{"b"}) {
			t.Errorf("report: %+v", r)
		}
	}
	s, err := c.Sample(context.Background(), ws, "shop", "b", true)
	if err != nil || string(s.Input) != `{"body":{"y":{}}}` {
		t.Errorf("a sample of what stays: %+v, %v", s, err)
	}
}

// A server's variable is the connection's to choose, within its enum; the guard
// of hosts looks at what its default fills in.
func TestImportServerVariables(t *testing.T) {
	ctx := context.Background()
	of := func(url, fallback string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"` + url + `","variables":{"region":{"default":"` + fallback + `","enum":["eu","us","evil"]},"shop":{}}}],"paths":{"/a":{"get":{"operationId":"a","responses":{}}}}}`
	}
	c, _ := newCatalog(t)
	tagged := func(r *ImportRequest) { r.Update, r.Tag = true, "shop" }
	base := func() string {
		app, err := c.App(ctx, ws, "shop")
		if err != nil {
			t.Fatal(err)
		}
		return app.Envs[0].BaseURL
	}
	mustImport(t, c, of("https://eu.shop.io", "eu"), tagged)
	connect := func(variables string) error {
		_, err := c.PutProduct(ctx, ws, &ductape.Product{Tag: "p", Envs: []ductape.ProductEnv{{Slug: "prd"}}, Apps: []ductape.Connection{{AccessTag: "shop", App: "shop", Envs: []ductape.ConnectionEnv{{ProductEnv: "prd", AppEnv: "prd", Variables: map[string]rawJSON{"region": rawJSON(variables)}}}}}})
		return err
	}
	r := mustImport(t, c, of("https://{region}.shop.io", "eu"), tagged)
	if got := base(); got != "https://$Variable{shop}{region}.shop.io" || len(r.Warnings) != 0 {
		t.Fatalf("%s %+v", got, r.Warnings)
	}
	if err := connect(`"us"`); err != nil {
		t.Error(err)
	}
	contains(t, wantCode(t, connect(`"mars"`), ductape.CodeInvalidInput).Error(), "must be one of eu, us")
	mustImport(t, c, of("https://{region}.evil.io", "eu"), tagged)
	if got := base(); got != "https://$Variable{shop}{region}.shop.io" {
		t.Errorf("moved to %s", got)
	}
	mustImport(t, c, of("https://{region}.evil.io", "eu"), func(r *ImportRequest) { tagged(r); r.AcceptHosts = []string{"us.evil.io"} })
	if got := base(); got != "https://$Variable{shop}{region}.evil.io" {
		t.Errorf("accepted, and yet %s", got)
	}
	r = mustImport(t, c, of("https://{shop}.shop.io", "eu"), func(r *ImportRequest) { r.Update, r.Tag = true, "other" })
	if len(r.Warnings) != 1 || r.Warnings[0].Code != "server_variable_without_default" {
		t.Errorf("%+v", r.Warnings)
	}
}

// Whatever else is described or gone, an endpoint keeps its name, and what is new
// takes none that is another's.
func TestImportNamesAreStable(t *testing.T) {
	get := func(operations ...string) string { // "PATH" or "PATH operationId"
		var paths []string
		for _, o := range operations {
			path, id, _ := strings.Cut(o, " ")
			paths = append(paths, fmt.Sprintf(`%q:{"get":{"operationId":%q,"responses":{}}}`, path, id))
		}
		return strings.ReplaceAll(`{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"https://shop.io"}],"paths":{`+strings.Join(paths, ",")+`}}`, `"operationId":"",`, "")
	}
	for name, test := range map[string]struct {
		imports []string
		want    map[string]string
		edit    func(*ductape.Action) // of list_customers, before the last
	}{
		"a version is gone and comes back": {
			imports: []string{get("/v1/customers"), get("/v1/customers", "/v2/customers"), get("/v2/customers"), get("/v1/customers", "/v2/customers")},
			want:    map[string]string{"list_customers": "/v1/customers", "list_customers_v2": "/v2/customers"},
		},
		"two of one operationId": {
			imports: []string{get("/a list"), get("/0 list", "/a list")},
			want:    map[string]string{"list": "/a", "get_0": "/0"},
		},
		"a person moved one": {
			imports: []string{get("/v1/customers"), get("/v1/customers", "/v2/customers"), get("/v2/customers")},
			edit:    func(a *ductape.Action) { a.Resource = "/v1/customers_mine" },
			want:    map[string]string{"list_customers": "/v1/customers_mine", "list_customers_v2": "/v2/customers"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			c, _ := newCatalog(t)
			for i, text := range test.imports {
				if i == len(test.imports)-1 && test.edit != nil {
					a, err := c.Action(ctx, ws, "shop", "list_customers")
					if err != nil {
						t.Fatal(err)
					}
					test.edit(a)
					if err := c.PutAction(ctx, ws, "shop", a); err != nil {
						t.Fatal(err)
					}
				}
				mustImport(t, c, text, func(r *ImportRequest) { r.Update, r.Tag = true, "shop" })
			}
			for tag, resource := range test.want {
				a, err := c.Action(ctx, ws, "shop", tag)
				if err != nil || a.Resource != resource {
					t.Errorf("%s: %+v, %v", tag, a, err)
				}
			}
			if list, err := c.Actions(ctx, ws, "shop", "", 0); err != nil || len(list) != len(test.want) {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

// A re-import tells what it changes beside the actions.
func TestImportTellsOfParts(t *testing.T) {
	of := func(server, scheme string) string {
		return `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"` + server + `"}],"components":{"securitySchemes":{"k":` + scheme + `}},"paths":{"/a":{"get":{"operationId":"a","responses":{}}}}}`
	}
	c, _ := newCatalog(t)
	tagged := func(r *ImportRequest) { r.Update, r.Tag = true, "shop" }
	mustImport(t, c, of("https://shop.io/v1", `{"type":"apiKey","in":"header","name":"X-Key"}`), tagged)
	r := mustImport(t, c, of("https://shop.io/v2", `{"type":"http","scheme":"bearer"}`), tagged)
	var got []string
	for _, p := range r.Parts {
		got = append(got, p.Op+" "+p.Kind+" "+p.Name+": "+strings.Join(p.Detail, ", "))
	}
	want := []string{"~ env shop/prd: base_url: https://shop.io/v1 → https://shop.io/v2", "~ auth shop/k: type: api_key → bearer, name: X-Key → (none), in: header → (none)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if again := mustImport(t, c, of("https://shop.io/v2", `{"type":"http","scheme":"bearer"}`), tagged); again.Parts != nil {
		t.Errorf("the same again: %+v", again.Parts)
	}
}
