package server_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// routes is the HTTP API of DESIGN section 5.1.
var routes = strings.Fields(`
POST:/v1/actions/run
GET:/v1/apps POST:/v1/apps/import GET:/v1/apps/{} PUT:/v1/apps/{} DELETE:/v1/apps/{}
GET:/v1/apps/{}/actions GET:/v1/apps/{}/actions/{} GET:/v1/apps/{}/actions/{}/sample PUT:/v1/apps/{}/actions/{} DELETE:/v1/apps/{}/actions/{}
GET:/v1/products GET:/v1/products/{} PUT:/v1/products/{} DELETE:/v1/products/{}
GET:/v1/products/{}/apps/{} PUT:/v1/products/{}/apps/{} DELETE:/v1/products/{}/apps/{}
GET:/v1/products/{}/caches/{} PUT:/v1/products/{}/caches/{} DELETE:/v1/products/{}/caches/{}
GET:/v1/products/{}/sessions/{} PUT:/v1/products/{}/sessions/{} DELETE:/v1/products/{}/sessions/{}
GET:/v1/secrets GET:/v1/secrets/{} GET:/v1/secrets/{}/versions POST:/v1/secrets/{}/rotate PUT:/v1/secrets/{} DELETE:/v1/secrets/{}
POST:/v1/sessions/start POST:/v1/sessions/verify POST:/v1/sessions/refresh POST:/v1/sessions/revoke
POST:/v1/sessions/decrypt GET:/v1/sessions GET:/v1/sessions/users GET:/v1/sessions/stats POST:/v1/keys/rotate-session
GET:/v1/runs GET:/v1/runs/{} GET:/v1/keys POST:/v1/keys DELETE:/v1/keys/{} POST:/v1/apply
GET:/healthz GET:/readyz
`)

var pathName = regexp.MustCompile(`\{[^}]*\}`)

// The description of the API lists every route. That it is valid OpenAPI is
// judged by somebody else's reader, in judge/openapi_test.go.
func TestOpenAPI(t *testing.T) {
	w := newWorld(t)
	r := w.ask("", "GET", "/openapi.json", "")
	if r.status != 200 || !strings.Contains(r.header.Get("Content-Type"), "json") {
		t.Fatalf("%d %v", r.status, r.header)
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ OperationID, Summary string }
	}
	if err := json.Unmarshal([]byte(r.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("openapi: %s", doc.OpenAPI)
	}
	var listed []string
	for path, item := range doc.Paths {
		for method, op := range item {
			listed = append(listed, strings.ToUpper(method)+":"+pathName.ReplaceAllString(path, "{}"))
			if op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s %s has no operationId or summary", method, path)
			}
		}
	}
	for _, route := range routes {
		if !slices.Contains(listed, route) {
			t.Errorf("%s is not described", route)
		}
	}
	for _, route := range listed {
		if !slices.Contains(routes, route) {
			t.Errorf("%s is described, but nobody listed it here", route)
		}
	}
}

// Each route that is described is there: it wants a key, or answers.
func TestDescribedRoutesAreThere(t *testing.T) {
	w := newWorld(t)
	for _, route := range routes {
		method, path, _ := strings.Cut(route, ":")
		r := w.ask("", method, strings.ReplaceAll(path, "{}", "x"), "")
		if want := map[bool]int{true: 401, false: 200}[strings.HasPrefix(path, "/v1/")]; r.status != want {
			t.Errorf("%s without a key: %d %s", route, r.status, r.body)
		}
	}
	for _, page := range []string{"/docs"} {
		if r := w.ask("", "GET", page, ""); r.status != 200 {
			t.Errorf("%s: %d", page, r.status)
		}
	}
}

func TestNothingThere(t *testing.T) {
	w := newWorld(t)
	for _, s := range []scenario{
		{name: "no such path", method: "GET", path: "/v1/nothing", status: 404, code: "not_found", has: []string{"openapi.json"}},
		{name: "the root", method: "GET", path: "/", status: 404, code: "not_found"},
		{name: "healthz", method: "GET", path: "/healthz", key: "-", status: 200, has: []string{"ok"}},
		{name: "readyz", method: "GET", path: "/readyz", key: "-", status: 200, has: []string{"ok"}},
	} {
		w.play(s)
	}
	r := w.ask(w.key, "PATCH", "/v1/actions/run", "{}")
	if r.status != 404 && r.status != 405 || !json.Valid([]byte(r.body)) {
		t.Errorf("a wrong method: %d %s", r.status, r.body)
	}
}
