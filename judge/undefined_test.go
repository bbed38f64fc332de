package judge

import (
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ductape-go/ductape"
)

// undefined returns why OpenAPI does not say what the bytes of a request are, so
// that no judge of OpenAPI can: a list, or lists and objects inside an object,
// in the style deepObject (OpenAPI 3.2, 4.12.6). Stripe's description uses it
// throughout; there stripe-mock is the judge.
func undefined(a *ductape.Action, input []byte) string {
	var in struct{ Query, Body map[string]any }
	if json.Unmarshal(input, &in) != nil {
		return ""
	}
	for _, p := range a.Params {
		if p.Style == "deepObject" && nests(in.Query[p.Name]) {
			return "query " + p.Name + " nests in the style deepObject, which OpenAPI leaves undefined"
		}
	}
	if a.Body == nil || len(a.Body.Contents) == 0 {
		return ""
	}
	for name, e := range a.Body.Contents[0].Encoding {
		if e.Style == "deepObject" && nests(in.Body[name]) {
			return "body " + name + " nests in the style deepObject, which OpenAPI leaves undefined"
		}
	}
	return ""
}

// nests reports whether a value is more than an object of plain values.
func nests(v any) bool {
	switch v := v.(type) {
	case []any:
		return true
	case map[string]any:
		for _, part := range v {
			switch part.(type) {
			case []any, map[string]any:
				return true
			}
		}
	}
	return false
}

// withoutLists returns an operation without its optional query parameters that
// are lists in the style deepObject: the judge refuses any request to it, though
// none of these is sent.
func withoutLists(params openapi3.Parameters) openapi3.Parameters {
	return slices.DeleteFunc(slices.Clone(params), func(p *openapi3.ParameterRef) bool {
		return p.Value != nil && !p.Value.Required && p.Value.Style == "deepObject" && p.Value.Schema != nil && p.Value.Schema.Value.Type.Is("array")
	})
}
