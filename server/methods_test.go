package server_test

import (
	"net/http"
	"testing"

	"github.com/ductape-go/ductape"
)

// A path that is known answers a method it does not take with those it does.
func TestMethods(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ method, path, allow string }{
		{http.MethodGet, "/v1/actions/run", "POST"},
		{http.MethodOptions, "/v1/actions/run", "POST"},
		{http.MethodDelete, "/v1/actions/run?dry_run=true", "POST"},
		{http.MethodPost, "/healthz", "GET, HEAD"},
		{http.MethodPost, "/v1/apps", "GET, HEAD"},
		{http.MethodPatch, "/v1/secrets/KEY", "DELETE, GET, HEAD, PUT"},
		{http.MethodGet, "/v1/apps/import", ""}, // the app named import
		{"NEW", "/v1/runs/run_1", "GET, HEAD"},
		{http.MethodPut, "/openapi.json", "GET, HEAD"},
		{http.MethodGet, "/v1/nowhere", ""},
		{http.MethodPost, "/", ""},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			got := w.ask(w.key, c.method, c.path, "")
			if c.allow == "" {
				if got.status != http.StatusNotFound || got.header.Get("Allow") != "" {
					t.Errorf("%d %v", got.status, got.header)
				}
				return
			}
			if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != c.allow {
				t.Errorf("%d, Allow %q", got.status, got.header.Get("Allow"))
			}
			checkProblem(t, got, ductape.CodeMethodNotAllowed)
		})
	}
}
