package catalog

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// shopCatalog returns a catalog with the shop applied.
func shopCatalog(t testing.TB) *Catalog {
	t.Helper()
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(shop))
	return c
}

func connection(access string, auth map[string]map[string]string) ductape.Connection {
	return ductape.Connection{AccessTag: access, App: "pets", Envs: []ductape.ConnectionEnv{{ProductEnv: "dev", AppEnv: "dev", Auth: auth}}}
}

func bearer(token string) map[string]map[string]string {
	return map[string]map[string]string{"token_access": {"token": token}}
}

func TestPutConnectionProblems(t *testing.T) {
	c := shopCatalog(t)
	base := connection("new", bearer("$Secret{K}"))
	for _, tt := range []struct {
		name   string
		change func(*ductape.Connection)
		want   string
	}{
		{"fine", func(*ductape.Connection) {}, ""},
		{"bad tag", func(c *ductape.Connection) { c.AccessTag = "a b" }, `access_tag "a b" is not allowed`},
		{"unknown app", func(c *ductape.Connection) { c.App = "pet" }, `apps.new.app: there is no app "pet"; did you mean pets?`},
		{"unknown app env", func(c *ductape.Connection) { c.Envs[0].AppEnv = "dve" }, `apps.new.envs.dev.app_env: the app "pets" has no environment "dve"; did you mean dev?`},
		{"unknown env", func(c *ductape.Connection) { c.Envs[0].ProductEnv = "stagin" }, `product_env: the product has no environment "stagin"; did you mean staging?`},
		{"env twice", func(c *ductape.Connection) { c.Envs = append(c.Envs, c.Envs[0]) }, `environment "dev" is there twice`},
		{"unknown auth", func(c *ductape.Connection) {
			c.Envs[0].Auth = map[string]map[string]string{"token_acces": {"token": "$Secret{K}"}}
		}, `the app "pets" has no auth "token_acces"; did you mean token_access`},
		{"unknown field", func(c *ductape.Connection) {
			c.Envs[0].Auth = map[string]map[string]string{"token_access": {"tokn": "x"}}
		}, `auth.token_access.tokn: unknown field "tokn"; did you mean token?`},
		{"no values", func(c *ductape.Connection) {
			c.Envs[0].Auth = map[string]map[string]string{"token_access": {}}
		}, `auth.token_access: has no values`},
		{"broken placeholder", func(c *ductape.Connection) { c.Envs[0].Auth = bearer("abcdefgh$Secret{K") }, `envs.dev.auth.token_access.token: column `},
		{"broken variable", func(c *ductape.Connection) {
			c.Envs[0].Variables = map[string]json.RawMessage{"region": json.RawMessage(`{"a":["$Session{"]}`)}
		}, `variables.region.a.0: column `},
		{"foreign credential", func(*ductape.Connection) {}, `refers to the sealed credential of another place`},
		{"credential in a variable", func(c *ductape.Connection) {
			c.Envs[0].Variables = map[string]json.RawMessage{"region": json.RawMessage(`"$Secret{connection/x/y/z/a/b/c}"`)}
		}, `refers to a sealed credential`},
		{"lost credential", func(c *ductape.Connection) {
			c.Envs[0].Auth = bearer("$Secret{connection/my-product/new/dev/token_access/token/0000}")
		}, `no longer kept`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, err := clone(&base)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(conn)
			if strings.HasPrefix(tt.name, "foreign") {
				conn.Envs[0].Auth = bearer(sealedToken(t, c))
			}
			_, err = c.PutConnection(context.Background(), ws, "my-product", *conn)
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			contains(t, wantCode(t, err, ductape.CodeInvalidInput).Error(), tt.want)
		})
	}
}

// sealedToken returns the reference that stands where the shop wrote a literal.
func sealedToken(t testing.TB, c *Catalog) string {
	t.Helper()
	p, err := c.Product(context.Background(), ws, "my-product")
	if err != nil {
		t.Fatal(err)
	}
	return p.Apps[0].Envs[1].Auth["token_access"]["token"]
}

func TestLiteralCredentials(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	ref := sealedToken(t, c)
	if !strings.HasPrefix(ref, "$Secret{connection/my-product/pets-app/prd/token_access/token/") {
		t.Fatalf("in place of the literal: %q", ref)
	}
	key := secretRefs(ref)[0]
	v, err := c.OpenSecret(ctx, ws, key, ductape.SecretUse{App: "pets", AccessTag: "pets-app", Env: "prd"})
	if err != nil || v.Expose() != "plain-literal-token" {
		t.Errorf("opened: %v", err)
	}
	for name, use := range map[string]ductape.SecretUse{
		"another environment": {App: "pets", AccessTag: "pets-app", Env: "dev"},
		"another app":         {App: "mail", AccessTag: "mail-app", Env: "prd"},
		"a call's input":      {App: "pets", AccessTag: "pets-app", Env: "prd", FromInput: true},
	} {
		if _, err := c.OpenSecret(ctx, ws, key, use); ductape.CodeOf(err) != ductape.CodeSecretNotAllowed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := c.Secrets(ctx, ws); err != nil || len(all) != 0 {
		t.Errorf("listed: %v, %v", all, err)
	}
	_, err = c.Secret(ctx, ws, key)
	wantCode(t, err, ductape.CodeUnknownSecret)
	wantCode(t, c.DeleteSecret(ctx, ws, key), ductape.CodeUnknownSecret)
}

// What GET shows can be PUT again, and changes nothing.
func TestProductRoundTrip(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	p, err := c.Product(ctx, ws, "my-product")
	if err != nil {
		t.Fatal(err)
	}
	if plan := mustPut(t, c, p); !plan.Empty() {
		t.Errorf("the same product again:\n%s", plan)
	}
	old := secretRefs(sealedToken(t, c))[0]
	p.Apps[0].Envs[1].Auth["token_access"]["token"] = "$$Session{x}"
	mustPut(t, c, p)
	v, err := c.OpenSecret(ctx, ws, secretRefs(sealedToken(t, c))[0], ductape.SecretUse{AccessTag: "pets-app", Env: "prd"})
	if err != nil || v.Expose() != "$Session{x}" {
		t.Errorf("an escaped literal opens as something else: %v", err)
	}
	if _, err := c.store.Secret(ctx, ws, old); !isMissing(err) {
		t.Errorf("the replaced credential is left: %v", err)
	}
	p.Apps[0].Envs[1].Auth["token_access"]["token"] = "" // an empty value is no credential
	mustPut(t, c, p)
	if got := sealedToken(t, c); got != "" {
		t.Errorf("empty became %q", got)
	}
}

func TestParts(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	_, err := c.PutCache(ctx, ws, "my-product", ductape.CachePolicy{Tag: "x", Expiry: 0})
	wantCode(t, err, ductape.CodeInvalidInput)
	if _, err := c.PutCache(ctx, ws, "my-product", ductape.CachePolicy{Tag: "x", Expiry: 5}); err != nil {
		t.Error(err)
	}
	for _, bad := range []ductape.SessionType{
		{Tag: "s", Expiry: 0, Period: "days"},
		{Tag: "s", Expiry: 1, Period: "fortnights"},
		{Tag: "s", Expiry: 1 << 60, Period: "months"},
		{Tag: "s", Expiry: 1, Period: "days", RefreshExpiry: -1},
		{Tag: "s", Expiry: 1, Period: "days", Selector: "id"},
		{Tag: "s", Expiry: 1, Period: "days", Selector: "$Session{a}x"},
		{Tag: "s", Expiry: 1, Period: "days", Selector: "$Default($Session{a}, $Now)"},
	} {
		_, err := c.PutSessionType(ctx, ws, "my-product", bad)
		wantCode(t, err, ductape.CodeInvalidInput)
	}
	if _, err := c.PutSessionType(ctx, ws, "my-product", ductape.SessionType{Tag: "s", Expiry: 1, Period: "hour"}); err != nil {
		t.Error(err)
	}
	p, err := c.Product(ctx, ws, "my-product")
	if err != nil || len(p.Caches) != 2 || len(p.Sessions) != 2 || p.Sessions[1].Period != "hours" {
		t.Errorf("product: %+v, %v", p, err)
	}
	for _, err := range []error{
		c.DeleteCache(ctx, ws, "my-product", "x"), c.DeleteSessionType(ctx, ws, "my-product", "s"), c.DeleteConnection(ctx, ws, "my-product", "pets-app"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	wantCode(t, c.DeleteCache(ctx, ws, "my-product", "product-list"), ductape.CodeUnknownCache)
	wantCode(t, c.DeleteSessionType(ctx, ws, "my-product", "s"), ductape.CodeUnknownSession)
	wantCode(t, c.DeleteConnection(ctx, ws, "my-product", "pets-app"), ductape.CodeNotConnected)
	if all, _ := c.store.Secrets(ctx, ws); len(all) != 0 {
		t.Errorf("credentials left: %v", all)
	}
	_, err = c.PutCache(ctx, ws, "my-produkt", ductape.CachePolicy{Tag: "x", Expiry: 5})
	contains(t, wantCode(t, err, ductape.CodeUnknownProduct).Hint, "my-product")
	if err := c.DeleteProduct(ctx, ws, "my-product"); err != nil {
		t.Error(err)
	}
	wantCode(t, c.DeleteProduct(ctx, ws, "my-product"), ductape.CodeUnknownProduct)
	if err := c.DeleteApp(ctx, ws, "pets"); err != nil {
		t.Error(err)
	}
}

func TestBaseURLs(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://a.io": true, "http://127.0.0.1:80/x?y=1": true, "https://$Variable{a}{b}.io": true, "$Variable{a}{b}": true, "https://[::1]:8080": true,
		"": false, "a.io": false, "/v1": false, "ftp://a.io": false, "https://": false, "https://u:p@a.io": false, "https://a.io/#x": false, "https://a.io/#": false,
		"http://a b.io": false, "javascript:$Now": false, "https://$Variable{a": false,
	} {
		var p problems
		checkBaseURL(&p, "x", base)
		if (len(p.list) == 0) != ok {
			t.Errorf("%q: %v", base, p.list)
		}
	}
}

func TestPutActionProblems(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	for name, a := range map[string]ductape.Action{
		`method: "g t"`:                  {Tag: "x", Method: "g t", Resource: "/x"},
		"must be a path":                 {Tag: "x", Method: "GET", Resource: "x"},
		"must not hold spaces":           {Tag: "x", Method: "GET", Resource: "/x y"},
		"is not allowed":                 {Tag: "x/y", Method: "GET", Resource: "/x"},
		`has no {idd}; did you mean id?`: {Tag: "x", Method: "GET", Resource: "/x/{id}", Params: []ductape.Param{{Name: "idd", In: "path"}}},
		"must be path, query":            {Tag: "x", Method: "GET", Resource: "/x", Params: []ductape.Param{{Name: "idd", In: "body"}}},
		"twice":                          {Tag: "x", Method: "GET", Resource: "/x", Params: []ductape.Param{{Name: "q", In: "query"}, {Name: "q", In: "query"}}},
		`no auth "toke"`:                 {Tag: "x", Method: "GET", Resource: "/x", Security: []ductape.SecurityAlternative{{{Auth: "toke"}}}},
		"column 13":                      {Tag: "x", Method: "GET", Resource: "/x/$Variable{"},
	} {
		contains(t, wantCode(t, c.PutAction(ctx, ws, "pets", &a), ductape.CodeInvalidInput).Error(), name)
	}
	wantCode(t, c.PutAction(ctx, ws, "none", &ductape.Action{Tag: "x"}), ductape.CodeUnknownApp)
	contains(t, wantCode(t, c.DeleteAction(ctx, ws, "pets", "list_pet"), ductape.CodeUnknownAction).Hint, "list_pets")
}

func TestPathNames(t *testing.T) {
	for resource, want := range map[string]string{
		"/a": "", "/a/{b}/{c}": "b c", "/$Variable{app}{key}/{b}": "b", "/{": "",
	} {
		if got := strings.Join(pathNames(resource), " "); got != want {
			t.Errorf("pathNames(%q) = %q, want %q", resource, got, want)
		}
	}
}

// What is wrong with a credential is said without any of it.
func TestBrokenCredentialStaysUnsaid(t *testing.T) {
	c := shopCatalog(t)
	for _, value := range []string{
		"$Concat(sk_live_123456, 'x')", "sk_live_123456$Secret{K", "$Secret{sk_live_123456", "$Concat(['x'], 123456.sk_live_123456)",
		"$Concat({sk_live_123456 1})", "$Concat({sk_live_123456: 1, sk_live_123456: 2}, '')", "$Uppercase('sk_live_123456'", "$Uppercase($sk_live_123456)",
	} {
		_, err := c.PutConnection(context.Background(), ws, "my-product", connection("x", bearer(value)))
		e := wantCode(t, err, ductape.CodeInvalidInput)
		contains(t, e.Problems[0].Message, "column ")
		lacks(t, value, []byte(err.Error()), "sk_live_123456", "123456")
		t.Log(e.Problems[0].Message)
	}
}
