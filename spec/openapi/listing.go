package openapi

import (
	"strings"

	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/naming"
)

// listing reports whether a GET answers many things or one, as far as the
// schema of its answer tells.
func (r *reader) listing(op tree.Node, path, method string) naming.Listing {
	if method != "GET" {
		return naming.Unknown
	}
	schema := r.answer(op)
	if !schema.OK() {
		return naming.Unknown
	}
	words := naming.Words(path[strings.LastIndexByte(path, '/')+1:])
	plural := len(words) > 0 && naming.IsPlural(words[len(words)-1])
	return r.listingOf(schema, plural, 0)
}

func (r *reader) listingOf(schema tree.Node, plural bool, depth int) naming.Listing {
	switch r.kindOf(schema).typ {
	case "array":
		return naming.List
	case "object":
	case "":
		return naming.Unknown
	default:
		if plural {
			return naming.Unknown
		}
		return naming.Single
	}
	fields := r.fields(schema)
	for _, f := range fields {
		if f.Type == "array" && (plural || holdsList(f.Name) && pages(len(fields))) {
			return naming.List
		}
	}
	if r.wraps(schema, plural, depth) {
		return naming.List
	}
	if len(fields) == 0 {
		return naming.Unknown
	}
	return naming.Single
}

// pages reports whether an object is small enough to be a page of a list, not a
// thing that has a list inside.
func pages(fields int) bool { return fields <= 6 }

func holdsList(name string) bool {
	switch strings.ToLower(name) {
	case "data", "items", "results", "records", "entries", "values", "value", "list", "rows", "elements", "content":
		return true
	}
	return false
}

// wraps reports whether the list stands one level deeper: {"result": {"items": []}}.
func (r *reader) wraps(schema tree.Node, plural bool, depth int) bool {
	if depth > 1 {
		return false
	}
	for _, name := range [...]string{"data", "result", "results", "response", "_embedded", "payload"} {
		inner := r.property(schema, name, new(int))
		if inner.OK() && r.listingOf(inner, plural, depth+1) == naming.List {
			return true
		}
	}
	return false
}

// property returns the schema of a property, through references and allOf; steps
// bounds the search.
func (r *reader) property(schema tree.Node, name string, steps *int) tree.Node {
	*steps++
	if p := schema.Get("properties").Get(name); p.OK() || *steps > 100 {
		return p
	}
	if ref := schema.Get("$ref"); ref.IsString() {
		return r.property(r.target(ref), name, steps)
	}
	for part := range schema.Get("allOf").Items() {
		if p := r.property(part, name, steps); p.OK() {
			return p
		}
	}
	return tree.Node{}
}
