package judge

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/server"
)

// The description of our own HTTP API is valid OpenAPI 3.1.
func TestOwnDescription(t *testing.T) {
	d, err := embedded.Open(t.Context(), embedded.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	h := server.New(server.Config{Runner: d.Runner, Catalog: d.Catalog, Sessions: d.Sessions, Store: d.Store, Flush: d.Queue.Flush, Version: "test"})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("openapi: %s", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Errorf("not valid: %v", err)
	}
	if len(doc.Paths.Map()) < 20 {
		t.Errorf("only %d paths are described", len(doc.Paths.Map()))
	}
}
