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
// that no judge of OpenAPI can: lists and objects inside a query parameter of
// another style than deepObject. For that one, it is brackets.
func undefined(a *ductape.Action, input []byte) string {
	var in struct{ Query, Body map[string]any }
	if json.Unmarshal(input, &in) != nil {
		return ""
	}
	for _, p := range a.Params {
		v := in.Query[p.Name]
		if p.In == ductape.InQuery && p.ContentType == "" && p.Style != "deepObject" && holdsParts(v) {
			return "query " + p.Name + " nests, for which OpenAPI defines no style"
		}
	}
	return ""
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
