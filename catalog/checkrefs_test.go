package catalog

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

const referring = `
apps:
  - tag: things
    envs: [ { slug: prd, base_url: 'BASE' } ]
    auths: [ { tag: token_access, type: bearer }, { tag: other, type: credentials } ]
    variables: [ { key: region }, { key: part, default: 'PART' } ]
    constants: [ { key: version, value: 7 }, { key: agent, value: 'AGENT' } ]
    actions:
      - { tag: get, method: get, resource: '/xRESOURCE', params: [ { name: q, in: query, default: 'QUERY' } ] }
products:
  - tag: shop
    envs: [dev]
    apps:
      - access_tag: api
        app: things
        envs:
          - { product_env: dev, app_env: prd, auth: { token_access: { token: 'TOKEN' } }, variables: { region: 'REGION' } }
`

// referringWith fills one of the places above; the others stay plain.
func referringWith(place, value string) ApplyRequest {
	text := referring
	for name, plain := range map[string]string{"BASE": "https://a.io", "PART": "p", "AGENT": "v$Constant{things}{version}", "RESOURCE": "", "QUERY": "1", "TOKEN": "$Secret{K}", "REGION": "eu"} {
		if name == place {
			plain = value
		}
		text = strings.Replace(text, "'"+name+"'", "'"+strings.ReplaceAll(plain, "'", "''")+"'", 1)
		text = strings.Replace(text, "/x"+name+"'", "/x"+strings.ReplaceAll(plain, "'", "''")+"'", 1)
	}
	return ApplyRequest{Location: "ductape.yaml", File: []byte(text)}
}

const connectionPlace = "products.shop.apps.api.envs.dev."

// A reference that can never be filled is an error where it is saved.
func TestReferencesThatCanNeverResolve(t *testing.T) {
	for _, x := range []struct{ place, value, want string }{
		{"TOKEN", "$Auth{token_access}{token}", connectionPlace + "auth.token_access.token: column 1: $Auth{token_access}{token} refers to itself"},
		{"TOKEN", "a $Auth{token}", connectionPlace + "auth.token_access.token: column 3: $Auth{token} refers to itself"},
		{"TOKEN", "$Auth{token_access}{tokn}", `has no value "tokn" of the auth "token_access"`},
		{"TOKEN", "$Auth{othr}{x}", `has no value "x" of the auth "othr"`},
		{"TOKEN", "$Uppercase($Constant{things}{nope})", connectionPlace + `auth.token_access.token: column 12: $Constant{things}{nope}: the app "things" has no constant "nope"`},
		{"TOKEN", "$Constant{api}{versio}", `no constant "versio"; did you mean version?`},
		{"TOKEN", "$Variable{api}{nope}", `no variable "nope"`},
		{"TOKEN", "$Variable{mail-app}{region}", `this is the app "things", not "mail-app"; write "$Variable{things}{region}"`},
		{"REGION", "$Variable{things}{region}", connectionPlace + "variables.region: column 1: $Variable{things}{region} refers to itself"},
		{"REGION", "$Auth{token_access}{nope}", connectionPlace + "variables.region: column 1"},
		{"AGENT", "$Constant{things}{agent}", "apps.things.constants.agent.value: column 1: $Constant{things}{agent} refers to itself"},
		{"AGENT", "$Constant{api}{nope}", "apps.things.constants.agent.value: column 1"},
		{"AGENT", "$Auth{nope}{x}", `has no auth "nope"`},
		{"PART", "x$Variable{things}{part}", "apps.things.variables.part.default: column 2: $Variable{things}{part} refers to itself"},
		{"PART", "$Constant{elsewhere}{version}", `not "elsewhere"`},
		{"BASE", "https://a.io/$Session{user}{id}", "apps.things.envs.prd.base_url: column 14: $Session{user}{id} cannot stand in a base URL or a resource"},
		{"BASE", "https://$Input{query}{host}", "cannot stand in a base URL"},
		{"BASE", "https://$Variable{things}{nope}", "apps.things.envs.prd.base_url: column 9"},
		{"RESOURCE", "/$Session{user}{id}", "apps.things.actions.get.resource: column 4: $Session{user}{id} cannot stand"},
		{"RESOURCE", "/$Constant{things}{nope}", "apps.things.actions.get.resource: column 4"},
		{"QUERY", "$Uppercase($Secret{KQ}", "apps.things.actions.get.params.q.default: column 11: $Uppercase: the ( is never closed"},
		{"QUERY", "$Add()", "apps.things.actions.get.params.q.default: column 1: $Add takes at least 1 argument"},
		{"QUERY", "$Constant{things}{nope}", "apps.things.actions.get.params.q.default: column 1"},
	} {
		c, _ := newCatalog(t)
		_, err := c.Apply(context.Background(), ws, referringWith(x.place, x.value))
		contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), x.want)
	}
}

func TestReferencesThatMayResolve(t *testing.T) {
	for _, x := range []struct{ place, value string }{
		{"", ""},
		{"TOKEN", "$Constant{api}{agent}-$Variable{api}{region}$Variable{things}{part}"},
		{"TOKEN", "$Session{user}{token}"},
		{"TOKEN", "$Default($Variable{api}{nope}, $Secret{K})"},
		{"TOKEN", "$$Auth{a}{b}$Constant"},
		{"REGION", "$Auth{token_access}{token}"},
		{"REGION", "$Session{user}{region}"},
		{"AGENT", "$Auth{token_access}{token}"},
		{"AGENT", "$Variable{api}{region}"},
		{"BASE", "https://$Variable{things}{part}.io/$Constant{api}{version}"},
		{"RESOURCE", "/$Constant{things}{agent}/{id}"},
		{"QUERY", "$Session{user}{id}"},
		{"QUERY", "$Secret{LATER}"},
	} {
		c, _ := newCatalog(t)
		mustApply(t, c, referringWith(x.place, x.value))
	}
}

// Circles of several values, and what users choose by way of them.
func TestReferencesThroughOthers(t *testing.T) {
	c, _ := newCatalog(t)
	req := referringWith("REGION", "$Auth{token_access}{token}")
	req.File = []byte(strings.Replace(string(req.File), "'$Secret{K}'", "'$Variable{api}{region}'", 1))
	_, err := c.Apply(context.Background(), ws, req)
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(),
		connectionPlace+"variables.region: column 1: $Auth{token_access}{token} -> $Variable{api}{region} refers to itself",
		connectionPlace+"auth.token_access.token: column 1: $Variable{api}{region} -> $Auth{token_access}{token} refers to itself")

	req = referringWith("BASE", "https://$Variable{things}{region}.io")
	mustApply(t, c, req)
	req.File = []byte(strings.Replace(string(req.File), "region: 'eu'", "region: '$Session{region}'", 1))
	_, err = c.Apply(context.Background(), ws, req)
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), connectionPlace+"variables: the base_url of \"prd\" is made of $Variable{things}{region} -> $Session{region}")
}

// An action that comes by itself is checked like one of a file.
func TestReferencesOfAnAction(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, referringWith("", ""))
	for resource, want := range map[string]string{
		"/x/$Constant{api}{version}/$Variable{things}{region}": "",
		"/x/$Constant{api}{nope}":                              "apps.things.actions.more.resource: column 4: $Constant{api}{nope}",
		"/x/$Session{id}":                                      "cannot stand in a base URL or a resource",
	} {
		err := c.PutAction(ctx, ws, "things", &ductape.Action{Tag: "more", Method: "GET", Resource: resource})
		if want == "" && err != nil {
			t.Error(err)
		} else if want != "" {
			contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), want)
		}
	}
}

// A variable that is declared and not set yet may be set later.
func TestVariablesThatAreNotSetYet(t *testing.T) {
	c, _ := newCatalog(t)
	req := referringWith("TOKEN", "$Variable{api}{region}")
	req.File = []byte(strings.Replace(string(req.File), ", variables: { region: 'eu' }", "", 1))
	plan := mustApply(t, c, req)
	if len(plan.Warnings) != 1 || plan.Warnings[0].Code != "unset_variable" || !strings.HasPrefix(plan.Warnings[0].Where, connectionPlace+"auth") {
		t.Errorf("%+v", plan.Warnings)
	}
}

// An app that is changed by hand keeps what connections refer to; what a
// description no longer has is told and not refused.
func TestConstantsThatGo(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, referringWith("TOKEN", "$Constant{api}{version}"))
	app, err := c.App(ctx, ws, "things")
	if err != nil {
		t.Fatal(err)
	}
	app.Constants = []ductape.Constant{{Key: "agent", Value: json.RawMessage(`"v"`)}}
	_, err = c.PutApp(ctx, ws, app)
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), "products.shop.apps.api.envs.dev.auth.token_access.token: column 1: $Constant{api}{version}")

	const postman = `{"info":{"name":"Vars","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},VARIABLES
"item":[{"name":"Get it","request":{"method":"GET","header":[{"key":"X-Ver","value":"vHEADER"}],"url":"https://api.acme.io/things"}}]}`
	full := strings.NewReplacer("VARIABLES", `"variable":[{"key":"ver","value":"v2"}],`, "HEADER", "{{ver}}").Replace(postman)
	bare := strings.NewReplacer("VARIABLES", "", "HEADER", "").Replace(postman)
	if _, err := c.Import(ctx, ws, ImportRequest{Tag: "vars", Location: "v.json", Data: []byte(full)}); err != nil {
		t.Fatal(err)
	}
	if err := c.PutAction(ctx, ws, "vars", &ductape.Action{Tag: "mine", Method: "GET", Resource: "/x/$Variable{vars}{ver}"}); err != nil {
		t.Fatal(err)
	}
	rep, err := c.Import(ctx, ws, ImportRequest{Tag: "vars", Location: "v.json", Data: []byte(bare), Update: true, Prune: true})
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, w := range rep.Warnings {
		told = told || w.Code == "unresolved_reference" && w.Where == "apps.vars.actions.mine.resource" && strings.Contains(w.Message, "$Variable{vars}{ver}")
	}
	if !told {
		t.Errorf("%+v", rep.Warnings)
	}
}

// What a description refers to and has not, it does not refer to.
func TestDescriptionsReferToWhatTheyHave(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	if _, err := c.Import(ctx, ws, ImportRequest{Tag: "v", Location: "v.json", Data: []byte(openapiAt("https://api.vendor.io/$Variable{v}{nope}/$Constant{v}{nope}"))}); err != nil {
		t.Fatal(err)
	}
	app, err := c.App(ctx, ws, "v")
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://api.vendor.io/$$Variable{v}{nope}/$$Constant{v}{nope}"; app.Envs[0].BaseURL != want {
		t.Errorf("%s, want %s", app.Envs[0].BaseURL, want)
	}
}
