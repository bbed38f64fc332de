package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func TestReadFileErrors(t *testing.T) {
	for _, tt := range []struct{ name, file, where, message string }{
		{"unknown field", "apps:\n  - tag: a\n    bse_url: x\n", "line 3, apps[0]", `unknown field "bse_url"; known: `},
		{"misspelt field", "apps:\n  - tag: a\n    improt: x\n", "line 3, apps[0]", `unknown field "improt"; did you mean import?`},
		{"misspelt deep", "products:\n- tag: p\n  apps:\n  - {acess_tag: x}\n", "line 4, products[0].apps[0]", `did you mean access_tag?`},
		{"two documents", "apps: []\n---\napps: []\n", "file", "not one YAML document"},
		{"empty", "", "file", ""},
		{"nothing named", "apps: []", "file", "names no apps and no products"},
		{"a list", "- a\n", "line 1", "must be a mapping"},
		{"twice", "apps:\n- tag: a\n  tag: b\n", "line 3, apps[0]", `"tag" is there twice`},
		{"not a list", "apps: {tag: a}", "line 1, apps", "must be a list"},
		{"text for number", "products: [{tag: p, caches: [{tag: c, expiry: soon}]}]", "line 1, products[0].caches[0].expiry", "must be a whole number"},
		{"fraction", "products: [{tag: p, caches: [{tag: c, expiry: 1.5}]}]", "line 1, products[0].caches[0].expiry", "must be a whole number"},
		{"text for bool", "apps: [{tag: a, envs: [{slug: d, allow_private: maybe}]}]", "line 1, apps[0].envs[0].allow_private", "must be true or false"},
		{"list for text", "apps: [{tag: [a]}]", "line 1, apps[0].tag", "must be a single value"},
		{"no tag", "apps: [{name: a}]", "apps[0]", "tag is missing"},
		{"bad tag", "apps: [{tag: 'a b'}]", "apps.a b", "not allowed"},
		{"same tag", "apps: [{tag: a}, {tag: a}]", "apps.a", "is there twice"},
		{"same env", "apps: [{tag: a, envs: [{slug: d}, {slug: d}]}]", "apps.a.envs.d", "is there twice"},
		{"not a number", "apps: [{tag: a, constants: [{key: k, value: .nan}]}]", "line 1, apps[0].constants[0].value", "cannot be written as a JSON number"},
		{"broken", "apps: [", "line 2, column 1", "not YAML"},
		{"undefined alias", "apps: *x", "line 1, column 7", ""},
		{"secret as list", "products: [{tag: p, apps: [{access_tag: a, app: a, envs: [{auth: {t: topsecret}}]}]}]", "line 1, products[0].apps[0].envs[0].auth.t", "must be a mapping"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readFile([]byte(tt.file))
			e := wantCode(t, err, ductape.CodeInvalidInput)
			p := e.Problems[0]
			if p.Where != tt.where || !strings.Contains(p.Message, tt.message) {
				t.Errorf("problem %q: %q; want %q: %q", p.Where, p.Message, tt.where, tt.message)
			}
			lacks(t, "the error", []byte(err.Error()), "topsecret")
		})
	}
}

func TestReadFileListsEveryUnknownField(t *testing.T) {
	_, err := readFile([]byte("apps:\n- {tag: a, x: 1, y: 2}\nzapps: []\n"))
	if e := wantCode(t, err, ductape.CodeInvalidInput); len(e.Problems) != 3 {
		t.Errorf("problems: %+v", e.Problems)
	}
}

func TestReadFileValues(t *testing.T) {
	f, err := readFile([]byte(`
x-shared: &env { slug: dev, base_url: http://127.0.0.1, allow_private: yes }
apps:
  - tag: 007
    version: 1.10
    envs:
      - *env
      - { <<: *env, slug: prd, allow_private: false }
    constants:
      - { key: big, value: 12345678901234567890.10 }
      - { key: hex, value: 0x10 }
      - { key: text, value: '007' }
      - { key: tree, value: { b: [1, null, true, 2020-01-01], a: ~ } }
products:
  - tag: p
    envs: [dev, 2024, { slug: prd, name: Production }]
    apps: [ { access_tag: a, app: "007", envs: [ { product_env: dev, app_env: dev, auth: { t: { pin: 0123 } } } ] } ]
`))
	if err != nil {
		t.Fatal(err)
	}
	a := f.Apps[0]
	if a.Tag != "007" || a.Version != "1.10" || !*a.Envs[0].AllowPrivate || *a.Envs[1].AllowPrivate || a.Envs[1].Slug != "prd" || *a.Envs[1].BaseURL != "http://127.0.0.1" {
		t.Errorf("app: %+v", a)
	}
	for i, want := range []string{"12345678901234567890.10", "16", `"007"`, `{"b":[1,null,true,"2020-01-01"],"a":null}`} {
		if got := string(a.Constants[i].Value); got != want {
			t.Errorf("constant %d = %s, want %s", i, got, want)
		}
	}
	p := f.Products[0]
	if p.Envs[1].Slug != "2024" || p.Envs[2].Name != "Production" || p.Apps[0].Envs[0].Auth["t"]["pin"] != "0123" {
		t.Errorf("product: %+v", p)
	}
}

func TestReadFileBounds(t *testing.T) {
	bomb := "x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("x-%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	for name, file := range map[string]string{
		"alias bomb": bomb + "apps: [{tag: a, constants: [{key: k, value: *a11}]}]\n",
		"cycle":      "apps: [{tag: a, constants: [{key: k, value: &x [*x]}]}]\n",
		"deep":       "apps: [{tag: a, constants: [{key: k, value: " + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}]}]\n",
		"merge loop": "apps: [{tag: a, constants: [&m {key: k, <<: *m}]}]\n",
		"large":      "apps: []\n#" + strings.Repeat("x", maxFileBytes),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readFile([]byte(file))
			wantCode(t, err, ductape.CodeInvalidInput)
		})
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte(shop))
	f.Add([]byte("apps: [{tag: a, constants: [&m {key: k, <<: [*m, *m], value: {? [a] : b}}]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := readFile(data)
		if (file == nil) == (err == nil) {
			t.Fatalf("file %v, error %v", file, err)
		}
	})
}
