package judge

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// A form says nothing of types: 1 is a number where the schema wants one. valueOf
// returns the first way to read a node that the schema accepts, else the first
// there is, for the judge to refuse.
func valueOf(n *node, s *openapi3.Schema) any {
	var all []any
	for _, shape := range shapes(s, 0) {
		all = append(all, readings(n, shape)...)
	}
	return accepted(s, append(all, n.untyped()))
}

// untyped is what a node says where the schema permits none of its readings.
func (n *node) untyped() any {
	if len(n.members) == 0 {
		return strings.Join(n.texts, ",")
	}
	object := map[string]any{}
	for name, member := range n.members {
		object[name] = member.untyped()
	}
	return object
}

// A shape is schemas that hold all at once.
type shape []*openapi3.Schema

// shapes are the ways to choose one schema of every anyOf and oneOf.
func shapes(s *openapi3.Schema, depth int) []shape {
	out := []shape{{s}}
	if depth > 8 {
		return out
	}
	for _, part := range s.AllOf {
		out = both(out, shapes(part.Value, depth+1))
	}
	for _, choice := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		var either []shape
		for _, part := range choice {
			either = append(either, shapes(part.Value, depth+1)...)
		}
		if len(either) > 0 {
			out = both(out, either)
		}
	}
	return out
}

func both(left, right []shape) []shape {
	var out []shape
	for _, l := range left {
		for _, r := range right {
			if len(out) < 256 {
				out = append(out, append(l[:len(l):len(l)], r...))
			}
		}
	}
	return out
}

func (all shape) permits(kind string) bool {
	for _, s := range all {
		if !s.Type.Permits(kind) {
			return false
		}
	}
	return true
}

// wants is permits, of schemas that name a type.
func (all shape) wants(kind string) bool {
	named := func(s *openapi3.Schema) bool { return s.Type != nil }
	return all.permits(kind) && slices.ContainsFunc(all, named)
}

// readings are the values that a node may stand for.
func readings(n *node, all shape) []any {
	var out []any
	if len(n.members) == 0 {
		return texts(n, all)
	}
	if items := n.items(); items != nil && all.permits("array") {
		out = append(out, list(items, all))
	}
	if all.permits("object") {
		object := map[string]any{}
		for name, member := range n.members {
			object[name] = valueOf(member, all.property(name))
		}
		out = append(out, object)
	}
	return out
}

func list(items []*node, all shape) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = valueOf(item, all.item())
	}
	return out
}

// texts are the values that a text, or one name given several times, may stand
// for.
func texts(n *node, all shape) []any {
	var out []any
	if n.how.list && (len(n.texts) > 1 && all.permits("array") || all.wants("array")) {
		item, items := all.item(), []any{}
		for _, text := range n.texts {
			items = append(items, accepted(item, scalars(text, n.how.json)))
		}
		out = append(out, items)
	}
	if len(n.texts) == 1 {
		out = append(out, scalars(n.texts[0], n.how.json && (all.wants("object") || all.wants("array")))...)
	}
	return out
}

// scalars are the values that one text may stand for.
func scalars(text string, composite bool) []any {
	var v any
	if json.Unmarshal([]byte(text), &v) == nil {
		switch v.(type) {
		case float64, bool:
			return []any{v, text}
		case map[string]any, []any:
			if composite {
				return []any{v, text}
			}
		}
	}
	return []any{text}
}

// accepted is the first value that a schema accepts, else the first.
func accepted(s *openapi3.Schema, values []any) any {
	for _, v := range values {
		if s.VisitJSON(v, openapi3.SetSchemaRegexCompiler(lenientPattern)) == nil {
			return v
		}
	}
	return values[0]
}

// property is the schema of a member.
func (all shape) property(name string) *openapi3.Schema {
	var found, others openapi3.SchemaRefs
	for _, s := range all {
		if p := s.Properties[name]; p != nil {
			found = append(found, p)
		}
		if p := s.AdditionalProperties.Schema; p != nil {
			others = append(others, p)
		}
	}
	if len(found) == 0 {
		found = others
	}
	return every(found)
}

func (all shape) has(name string) bool {
	return slices.ContainsFunc(all, func(s *openapi3.Schema) bool { return s.Properties[name] != nil })
}

// item is the schema of a list's items.
func (all shape) item() *openapi3.Schema {
	var found openapi3.SchemaRefs
	for _, s := range all {
		if s.Items != nil {
			found = append(found, s.Items)
		}
	}
	return every(found)
}

func every(parts openapi3.SchemaRefs) *openapi3.Schema {
	if len(parts) == 1 {
		return parts[0].Value
	}
	return &openapi3.Schema{AllOf: parts}
}

func TestTyped(t *testing.T) {
	const schema = `{"type":"object","additionalProperties":false,"properties":{
		"n":{"type":"integer"},"s":{"type":"string"},"b":{"type":"boolean"},"any":{},
		"list":{"type":"array","items":{"type":"number"}},
		"map":{"type":"object","additionalProperties":{"type":"string"}},
		"either":{"anyOf":[{"type":"object","required":["k"],"properties":{"k":{"type":"integer"}}},{"type":"string","enum":[""]}]},
		"kinds":{"oneOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"v":{"type":"integer"}}},{"type":"object","required":["b"],"properties":{"b":{"type":"integer"},"v":{"type":"string"}}}]}
	}}`
	var s openapi3.Schema
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ form, want string }{
		{"n=1&s=1&b=true", `{"b":true,"n":1,"s":"1"}`},
		{"n=x", `{"n":"x"}`},
		{"list[0]=1&list[1]=2.5", `{"list":[1,2.5]}`},
		{"list=1", `{"list":1}`},
		{"list[x]=1", `{"list":{"x":"1"}}`},
		{"map[1]=1", `{"map":{"1":"1"}}`},
		{"map={}", `{"map":"{}"}`},
		{"either=", `{"either":""}`},
		{"either[k]=1", `{"either":{"k":1}}`},
		{"kinds[b]=1&kinds[v]=2", `{"kinds":{"b":1,"v":"2"}}`},
		{"other=1", `{"other":1}`},
	} {
		all, err := fields(tc.form)
		if err != nil {
			t.Fatal(err)
		}
		root := &node{}
		for _, f := range all {
			root.add(bracketed(f.name), f.raw, reading{})
		}
		got, err := json.Marshal(valueOf(root, &s))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tc.want {
			t.Errorf("%s is read as %s, want %s", tc.form, got, tc.want)
		}
	}
}
