package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func TestPutAppWithActions(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	a := &ductape.App{
		Tag: "mail", Envs: []ductape.AppEnv{{Slug: "prd", BaseURL: "https://mail.acme.io"}},
		Constants: []ductape.Constant{{Key: "v", Value: json.RawMessage(`"1"`)}},
		Actions:   []ductape.Action{{Tag: "send", Method: "post", Resource: "/send/{id}"}, {Tag: "list", Method: "GET", Resource: "/list"}},
	}
	plan, err := c.PutApp(ctx, ws, a)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, plan.String(), "+ action     mail/send\n    POST /send/{id}", "+ constant   mail/v")
	if plan, err = c.PutApp(ctx, ws, a); err != nil || !plan.Empty() {
		t.Errorf("the same again: %v, %v", plan, err)
	}
	a.Actions = []ductape.Action{{Tag: "send", Method: "PUT", Resource: "/send/{id}", Body: &ductape.Body{Required: true, Contents: []ductape.Content{{Type: "text/plain"}}}}}
	plan, err = c.PutApp(ctx, ws, a)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, plan.String(), "endpoint: POST /send/{id} → PUT /send/{id}", "now takes a body, required", "- action     mail/list")
	a.Actions = nil // stays as it is
	a.Description = "Mail"
	if plan, err = c.PutApp(ctx, ws, a); err != nil || len(plan.Changes) != 1 {
		t.Errorf("a description: %v, %v", plan, err)
	}
	if _, err := c.Action(ctx, ws, "mail", "send"); err != nil {
		t.Error(err)
	}
	a.Actions = []ductape.Action{{Tag: "x", Method: "GET", Resource: "/x"}, {Tag: "x", Method: "GET", Resource: "/y"}, {Tag: "bad tag", Method: "?", Resource: "z"}}
	_, err = c.PutApp(ctx, ws, a)
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), `apps.mail.actions.x: tag "x" is there twice`, "is not a method", "must be a path")
}

func TestPutAppProblems(t *testing.T) {
	c, _ := newCatalog(t)
	key := func(k string) []ductape.Variable { return []ductape.Variable{{Key: k}} }
	for want, a := range map[string]ductape.App{
		`tag "" is missing`:                   {},
		`tag "a b" is not allowed`:            {Tag: "a b"},
		"envs[0]: slug is missing":            {Tag: "a", Envs: []ductape.AppEnv{{BaseURL: "https://a.io"}}},
		"envs.e.base_url: is missing":         {Tag: "a", Envs: []ductape.AppEnv{{Slug: "e"}}},
		"is not a media type":                 {Tag: "a", Envs: []ductape.AppEnv{{Slug: "e", BaseURL: "https://a.io", RequestType: "json"}}},
		"hosts[1]: \"https://b.io\" is not a": {Tag: "a", Envs: []ductape.AppEnv{{Slug: "e", BaseURL: "https://a.io", Hosts: []string{"b.io:80", "https://b.io"}}}},
		`hosts[0]: "*.b.io"`:                  {Tag: "a", Envs: []ductape.AppEnv{{Slug: "e", BaseURL: "https://a.io", Hosts: []string{"*.b.io"}}}},
		"auths.k.name: is missing":            {Tag: "a", Auths: []ductape.Auth{{Tag: "k", Type: ductape.AuthAPIKey, In: "header"}}},
		"auths.k.in: must be header":          {Tag: "a", Auths: []ductape.Auth{{Tag: "k", Type: ductape.AuthAPIKey, Name: "k", In: "body"}}},
		`did you mean bearer?`:                {Tag: "a", Auths: []ductape.Auth{{Tag: "k", Type: "barer"}}},
		"auths.k: tag \"k\" is there twice":   {Tag: "a", Auths: []ductape.Auth{{Tag: "k", Type: "basic"}, {Tag: "k", Type: "basic"}}},
		"key is missing":                      {Tag: "a", Variables: key("")},
		"without braces":                      {Tag: "a", Variables: key("a}")},
		"constants.k: value is missing":       {Tag: "a", Constants: []ductape.Constant{{Key: "k"}}},
		"constants.k.value.0: column 9":       {Tag: "a", Constants: []ductape.Constant{{Key: "k", Value: json.RawMessage(`["$Session{"]`)}}},
		"only its own place may":              {Tag: "a", Constants: []ductape.Constant{{Key: "k", Value: json.RawMessage(`"$Secret{connection/a/b/c/d/e/f}"`)}}},
		"must be brackets, indices":           {Tag: "a", Settings: ductape.Settings{Nesting: "x"}},
		"must be off, params or strict":       {Tag: "a", Settings: ductape.Settings{Validate: "x"}},
		"needs in (header or body)":           {Tag: "a", Settings: ductape.Settings{Idempotency: &ductape.IdempotencyKey{}}},
	} {
		_, err := c.PutApp(context.Background(), ws, &a)
		contains(t, strings.Replace(wantCode(t, err, ductape.CodeInvalidInput).Error(), "tag is missing", `tag "" is missing`, 1), want)
	}
}

func TestDescribe(t *testing.T) {
	body := func(required bool, kind string, fields ...ductape.Field) *ductape.Body {
		return &ductape.Body{Required: required, Contents: []ductape.Content{{Type: kind, Fields: fields}}}
	}
	base := ductape.Action{Tag: "a", Method: "GET", Resource: "/a", Params: []ductape.Param{{Name: "q", In: "query", Type: "string"}}, Body: body(false, "application/json", ductape.Field{Name: "f", Type: "string", Required: true})}
	for want, change := range map[string]func(*ductape.Action){
		"endpoint: GET /a → GET /b":     func(a *ductape.Action) { a.Resource = "/b" },
		"server: (none) → https://b.io": func(a *ductape.Action) { a.BaseURL = "https://b.io" },
		"removed field query.q":         func(a *ductape.Action) { a.Params = nil },
		"type of query.q: string → any": func(a *ductape.Action) { a.Params = []ductape.Param{{Name: "q", In: "query"}} },
		"new field header.h": func(a *ductape.Action) {
			a.Params = append(slices.Clone(a.Params), ductape.Param{Name: "h", In: "header"})
		},
		"body.f is no longer required, body is now required": func(a *ductape.Action) {
			a.Body = body(true, "application/json", ductape.Field{Name: "f", Type: "string"})
		},
		"body types: application/json → text/plain":    func(a *ductape.Action) { a.Body = body(false, "text/plain", a.Body.Contents[0].Fields...) },
		"removed field body.f, no longer takes a body": func(a *ductape.Action) { a.Body = nil },
		"security changed": func(a *ductape.Action) { a.Security = []ductape.SecurityAlternative{} },
		"now deprecated":   func(a *ductape.Action) { a.Deprecated = true },
		"name: (none) → x, description: (none) → y": func(a *ductape.Action) { a.Name, a.Description = "x", "y" },
		"edited by hand": func(a *ductape.Action) { a.Edited = []string{"name"} },
	} {
		now := base
		change(&now)
		if got := strings.Join(new(past).describe(&base, &now), ", "); got != want {
			t.Errorf("described as %q, want %q", got, want)
		}
	}
}

// With prune, what the file no longer says of an imported app goes back to its
// description.
func TestPruneOfImportedApp(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	apply := func(file string) *Plan {
		return mustApply(t, c, ApplyRequest{File: []byte(file), Files: map[string][]byte{"p": []byte(petstore)}, Prune: true})
	}
	apply(`apps: [ { tag: pets, import: p, name: Mine, settings: { nesting: json }, envs: [ { slug: prd, base_url: https://own.io }, { slug: dev, base_url: http://d.io } ],
	  auths: [ { tag: mine, type: basic } ], actions: [ { tag: extra, method: GET, resource: /x }, { tag: list_pets, name: Mine } ] } ]`)
	golden(t, "pruned.plan", apply(`apps: [ { tag: pets, import: p } ]`).String())
	a, err := c.App(ctx, ws, "pets")
	if err != nil || a.Name != "Pets" || len(a.Envs) != 1 || a.Envs[0].BaseURL != "https://pets.acme.io/v1" || len(a.Auths) != 1 || len(a.Edited) != 0 {
		t.Errorf("app: %+v, %v", a, err)
	}
	if again := apply(`apps: [ { tag: pets, import: p } ]`); !again.Empty() {
		t.Errorf("applied again:\n%s", again)
	}
}

// An environment in use gets no further hosts without consent.
func TestGuardHosts(t *testing.T) {
	stored := &ductape.App{Envs: []ductape.AppEnv{{Slug: "prd", BaseURL: "https://a.io", Hosts: []string{"old.io"}}}}
	m := &merge{accepted: map[string]bool{"ok.io": true}, stored: stored, fresh: stored, uses: []use{{appEnv: "prd"}}}
	fresh := &ductape.App{Envs: []ductape.AppEnv{{Slug: "prd", BaseURL: "https://a.io", Hosts: []string{"a.io", "old.io", "ok.io", "new.io"}}}}
	m.guard(fresh)
	if got := strings.Join(fresh.Envs[0].Hosts, " "); got != "a.io old.io ok.io" || len(m.warnings) != 1 || !strings.Contains(m.warnings[0].Message, "new.io") {
		t.Errorf("hosts %s, warnings %+v", got, m.warnings)
	}
}

func TestPlanListsManyActionsShortly(t *testing.T) {
	p := &Plan{Imports: map[string][]ductape.Warning{"a": {{Code: "x"}, {Code: "y"}, {Code: "x"}}}}
	for i := range 25 {
		p.add("+", "action", "a/"+strings.Repeat("x", i+1))
	}
	contains(t, p.String(), "+ action     a: and 5 more\n", "! apps.a: 3 warnings of the import: 2 x, 1 y\n", "25 to add")
	if n := strings.Count(p.String(), "+ action"); n != 21 {
		t.Errorf("%d lines", n)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	var p problems
	for range maxProblems + 5 {
		p.add("x", "y")
	}
	e := wantCode(t, p.err("it"), ductape.CodeInvalidInput)
	if len(e.Problems) != maxProblems+1 || !strings.Contains(e.Message, "105 problems") {
		t.Errorf("%d problems: %s", len(e.Problems), e.Message)
	}
}
