package openapi

import (
	"strings"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// checkDialect reports a jsonSchemaDialect or $schema (OpenAPI 3.1, 4.8.24.5)
// that schemas are not read by. The keywords came with OpenAPI 3.1.
func (r *reader) checkDialect(n tree.Node) {
	text := n.Text()
	if text == "" || r.v2 || r.v30 || knownDialect(text) {
		return
	}
	r.warnOnce("dialect_unknown", "", n, "schemas are read by JSON Schema 2020-12 and OpenAPI's keywords, not by the dialect "+shorten(text))
}

func knownDialect(uri string) bool {
	uri = strings.TrimSuffix(uri, "#")
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		uri = rest
	}
	if uri == "json-schema.org/draft/2020-12/schema" {
		return true
	}
	version, ok := strings.CutPrefix(uri, "spec.openapis.org/oas/3.")
	_, name, found := strings.Cut(version, "/")
	return ok && found && strings.HasPrefix(name, "dialect/")
}
