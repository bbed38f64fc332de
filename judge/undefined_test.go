package judge

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

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
		v := in.Query[p.Name]
		if p.In == ductape.InQuery && p.ContentType == "" && (holdsParts(v) || p.Style == "deepObject" && nests(v)) {
			return "query " + p.Name + " nests, for which OpenAPI defines no style"
		}
	}
	if a.Body == nil || len(a.Body.Contents) == 0 {
		return ""
	}
	encoding := a.Body.Contents[0].Encoding
	for _, name := range slices.Sorted(maps.Keys(encoding)) {
		if e := encoding[name]; e.Style == "deepObject" && nests(in.Body[name]) {
			return "body " + name + " nests in the style deepObject, which OpenAPI leaves undefined"
		}
	}
	return ""
}

// nests reports whether a value is more than an object of plain values.
func nests(v any) bool {
	_, list := v.([]any)
	return list || holdsParts(v)
}

// holdsParts reports whether a list or an object holds others.
func holdsParts(v any) bool {
	var parts []any
	switch v := v.(type) {
	case []any:
		parts = v
	case map[string]any:
		parts = slices.Collect(maps.Values(v))
	}
	return slices.ContainsFunc(parts, func(part any) bool {
		switch part.(type) {
		case []any, map[string]any:
			return true
		}
		return false
	})
}

// untypedPart returns why the judge cannot read a form: it takes a field whose
// schema states no type for null.
func untypedPart(op *openapi3.Operation, a *ductape.Action, input []byte) string {
	if op.RequestBody == nil || op.RequestBody.Value == nil || a.Body == nil || len(a.Body.Contents) == 0 || strings.HasSuffix(a.Body.Contents[0].Type, "json") {
		return ""
	}
	var in struct{ Body map[string]any }
	media := op.RequestBody.Value.Content.Get(a.Body.Contents[0].Type)
	if json.Unmarshal(input, &in) != nil || media == nil || media.Schema == nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(in.Body)) {
		if p := media.Schema.Value.Properties[name]; p != nil && p.Value.Type == nil {
			return "body " + name + " has no type, and the judge takes such a field for null"
		}
	}
	return ""
}

// readable returns parameters as the judge can read them.
func (j *judge) readable(path string, params openapi3.Parameters) openapi3.Parameters {
	var out openapi3.Parameters
	for _, p := range params {
		if p.Value == nil || j.leftOut(path, p.Value) {
			continue
		}
		out = append(out, &openapi3.ParameterRef{Value: typed(p.Value)})
	}
	return out
}

// leftOut reports whether a parameter is not to be judged: headers that are
// ignored (OpenAPI 3.2, 4.12.2), credentials, path parameters that the path has
// no place for, and optional lists in the style deepObject, for which the judge
// refuses any request though none is sent.
func (j *judge) leftOut(path string, p *openapi3.Parameter) bool {
	if p.In == "path" {
		return !strings.Contains(before(path, "?"), "{"+p.Name+"}")
	}
	if p.In == "header" {
		switch strings.ToLower(p.Name) {
		case "accept", "authorization":
			return true
		case "content-type":
			return !j.former
		}
	}
	return !p.Required && p.Style == "deepObject" && p.Schema != nil && p.Schema.Value.Type.Is("array")
}

// typed returns a parameter with a type: the judge reads one without as empty.
func typed(p *openapi3.Parameter) *openapi3.Parameter {
	if p.Schema == nil || hasType(p.Schema.Value, 0) {
		return p
	}
	changed := *p
	changed.Schema = &openapi3.SchemaRef{Value: openapi3.NewStringSchema()}
	return &changed
}

func hasType(s *openapi3.Schema, depth int) bool {
	if s == nil || depth > 5 {
		return false
	}
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range list {
			if !hasType(part.Value, depth+1) {
				return false
			}
		}
	}
	if s.Type.Is("array") {
		return s.Items != nil && hasType(s.Items.Value, depth+1)
	}
	return s.Type != nil && len(*s.Type) > 0 || len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0
}

// cannot reports whether the judge says itself that it cannot judge.
func cannot(err error) bool {
	for _, words := range []string{"unsupported schema of request body", "unsupported content type", "cannot compile pattern", "circular schema reference"} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}
