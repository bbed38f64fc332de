package schema

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
)

// Unknown returns the top-level fields of a body that its description does not
// name, not even as required. JSON Schema allows them; to a person they are slips
// of the pen. A schema that speaks of further properties itself is left to Body.
func (s *Set) Unknown(c *ductape.Content, v jsontext.Value, where string) []ductape.Problem {
	if len(c.Schema) == 0 || len(c.Fields) == 0 || v.Kind() != '{' {
		return nil
	}
	found := namesOf{set: s, known: make(map[string]bool, len(c.Fields)), seen: map[*node]bool{}}
	found.add(s.parse(c.Schema))
	if found.open {
		return nil
	}
	names := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		names[i], found.known[f.Name] = f.Name, true
	}
	var out []ductape.Problem
	for _, m := range membersOf(v) {
		if found.known[m.name] {
			continue
		}
		message := "is not a field of this body"
		if near := nearest.Nearest(m.name, names, 3); len(near) > 0 {
			message += "; did you mean " + strings.Join(near, ", ") + "?"
		}
		out = append(out, ductape.Problem{Where: where + "." + m.name, Message: message})
	}
	return out
}

// namesOf collects the names of properties that a schema speaks of, wherever it
// does so of the same object.
type namesOf struct {
	set   *Set
	known map[string]bool
	seen  map[*node]bool
	open  bool // it speaks of names that it does not list
}

func (f *namesOf) add(n *node) {
	if n == nil || f.seen[n] || f.open {
		return
	}
	if f.seen[n] = true; len(f.seen) > maxParts {
		f.open = true
		return
	}
	f.open = n.additional != nil || len(n.patternProperties) > 0
	for _, p := range n.properties {
		f.known[p.name] = true
	}
	for _, name := range n.required { // described or not, it has to be there
		f.known[name] = true
	}
	for _, names := range n.dependentRequired {
		for _, name := range names {
			f.known[name] = true
		}
	}
	if n.ref != "" {
		f.add(f.set.ref(n.ref))
	}
	for _, part := range slices.Concat(n.allOf, n.anyOf, n.oneOf) {
		f.add(part)
	}
	for _, p := range n.dependentSchemas {
		f.add(p.node)
	}
	f.add(n.when)
	f.add(n.then)
	f.add(n.otherwise)
}

// withoutUnknown leaves out of a body what Unknown tells.
func (s *Set) withoutUnknown(c *ductape.Content, v jsontext.Value) jsontext.Value {
	unknown := s.Unknown(c, v, "")
	if len(unknown) == 0 {
		return v
	}
	return objectOf(slices.DeleteFunc(membersOf(v), func(m member) bool {
		return slices.ContainsFunc(unknown, func(p ductape.Problem) bool { return p.Where == "."+m.name })
	}))
}
