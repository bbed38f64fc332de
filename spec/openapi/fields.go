package openapi

import (
	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// maxFields bounds the fields of one body; a schema that combines many others
// may have any number.
const maxFields = 2000

// A fieldSet gathers the top-level properties of a body.
type fieldSet struct {
	r      *reader
	fields []ductape.Field
	at     map[string]int
	seen   map[tree.Node]bool
	needed map[string]bool
}

// fields returns the top-level properties of a schema, through references and
// combinations. A property of only some alternatives is not required.
func (r *reader) fields(schema tree.Node) []ductape.Field {
	s := fieldSet{r: r, at: map[string]int{}, seen: map[tree.Node]bool{}, needed: map[string]bool{}}
	s.add(schema, true)
	for i := range s.fields {
		s.fields[i].Required = s.needed[s.fields[i].Name]
	}
	return s.fields
}

func (s *fieldSet) add(n tree.Node, always bool) {
	if !n.IsObject() || s.seen[n] || len(s.fields) > maxFields {
		return
	}
	s.seen[n] = true
	properties := n.Get("properties")
	if isBorrowed(properties) {
		properties = s.r.resolve(properties)
	}
	for p := range properties.Members() {
		s.property(p)
	}
	if always {
		for _, name := range n.Get("required").Texts() {
			s.needed[name] = true
		}
	}
	if ref := n.Get("$ref"); ref.IsString() {
		s.add(s.r.target(ref), always)
	}
	for part := range n.Get("allOf").Items() {
		s.add(part, always)
	}
	for _, keyword := range [...]string{"anyOf", "oneOf"} {
		list := n.Get(keyword)
		only := list.Len() == 1
		for part := range list.Items() {
			s.add(part, always && only)
		}
	}
}

func (s *fieldSet) property(p tree.Node) {
	name := p.Key()
	if _, ok := s.at[name]; ok {
		return
	}
	s.at[name] = len(s.fields)
	k := s.r.kindOf(p)
	f := ductape.Field{Name: name, Type: k.typ, Format: k.format, ReadOnly: p.Get("readOnly").True()}
	if k.encoded {
		f.Format = "byte"
	}
	if k.typ == "array" {
		f.Items = itemType(s.r.kindOf(s.r.itemsOf(p, new(int))))
	}
	s.fields = append(s.fields, f)
}

// itemType says of an array's items what a Field says of itself: files, and text
// that stands for bytes, are marked.
func itemType(k kind) string {
	switch {
	case k.format == "binary":
		return k.typ + ":binary"
	case k.encoded || k.format == "byte":
		return k.typ + ":byte"
	}
	return k.typ
}

// itemsOf returns the schema of an array's items, through references.
// steps bounds the search.
func (r *reader) itemsOf(n tree.Node, steps *int) tree.Node {
	*steps++
	if items := n.Get("items"); items.OK() || *steps > 100 {
		return items
	}
	if ref := n.Get("$ref"); ref.IsString() {
		return r.itemsOf(r.target(ref), steps)
	}
	for _, keyword := range [...]string{"allOf", "anyOf", "oneOf"} {
		for part := range n.Get(keyword).Items() {
			if items := r.itemsOf(part, steps); items.OK() {
				return items
			}
		}
	}
	return tree.Node{}
}
