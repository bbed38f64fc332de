package catalog

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

const ws = ductape.DefaultWorkspace

// clock is a time that only a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func masterKey(t testing.TB) *secret.MasterKey {
	t.Helper()
	key, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newCatalog returns a catalog over a store that ends with the test.
func newCatalog(t testing.TB) (*Catalog, *clock) {
	t.Helper()
	s, err := sqlstore.OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return over(t, s)
}

func over(t testing.TB, s store.Store) (*Catalog, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	return New(Config{Store: s, Keyring: NewKeyring(s, masterKey(t)), Now: c.Now}), c
}

const petstore = `{
  "openapi": "3.0.3",
  "info": {"title": "Pets", "version": "1.0"},
  "servers": [{"url": "https://pets.acme.io/v1"}],
  "paths": {
    "/pets": {
      "get": {"operationId": "listPets", "summary": "List pets", "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}], "responses": {"200": {"description": "ok"}}},
      "post": {"operationId": "createPet", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}, "responses": {"200": {"description": "ok"}}}
    },
    "/pets/{id}": {
      "get": {"operationId": "getPet", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"200": {"description": "ok"}}}
    }
  },
  "components": {
    "schemas": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}, "tag": {"$ref": "#/components/schemas/Tag"}}}, "Tag": {"type": "string"}},
    "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
  },
  "security": [{"token": []}]
}`

const shop = `
apps:
  - tag: pets
    import: ./pets.json
    envs:
      - { slug: prd, base_url: https://pets.acme.io/v1 }
      - { slug: dev, base_url: http://127.0.0.1:9999, allow_private: true }
    auths:
      - { tag: token_access, type: bearer }
    variables:
      - { key: region }
  - tag: mail
    envs:
      - { slug: prd, base_url: https://mail.acme.io }
    auths:
      - { tag: key, type: api_key, in: header, name: X-Key }
    actions:
      - { tag: send, method: post, resource: '/v1/{account}/send' }
products:
  - tag: my-product
    envs: [dev, staging, { slug: prd, active: false }]
    apps:
      - access_tag: pets-app
        app: pets
        envs:
          - { product_env: dev, app_env: dev, auth: { token_access: { token: '$Secret{PETS_KEY}' } }, variables: { region: eu } }
          - { product_env: prd, app_env: prd, auth: { token_access: { token: plain-literal-token } } }
      - access_tag: mail-app
        app: mail
        envs:
          - { product_env: dev, app_env: prd, auth: { key: { value: '$Secret{MAIL_KEY}' } } }
    caches:   [ { tag: products-list, expiry: 60000 } ]
    sessions: [ { tag: user-session, selector: '$Session{user}{id}', expiry: 7, period: day } ]
`

func shopRequest(file string) ApplyRequest {
	return ApplyRequest{Location: "ductape.yaml", File: []byte(file), Files: map[string][]byte{"./pets.json": []byte(petstore)}}
}

func mustApply(t testing.TB, c *Catalog, req ApplyRequest) *Plan {
	t.Helper()
	plan, err := c.Apply(context.Background(), ws, req)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func wantCode(t testing.TB, err error, code ductape.Code) *ductape.Error {
	t.Helper()
	var e *ductape.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("error = %v, want %s", err, code)
	}
	return e
}

func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in:\n%s", p, text)
		}
	}
}

func lacks(t testing.TB, what string, b []byte, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if bytes.Contains(b, []byte(s)) {
			t.Errorf("%s holds %q", what, s)
		}
	}
}
