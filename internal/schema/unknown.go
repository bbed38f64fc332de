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
	sh := s.shapeOf(s.parse(c.Schema))
	if len(sh.additional)+len(sh.patterned) > 0 {
		return nil
	}
	names := make([]string, len(c.Fields))
	known := make(map[string]bool, len(c.Fields)+len(sh.required))
	for _, name := range sh.required { // described or not, it has to be there
		known[name] = true
	}
	for i, f := range c.Fields {
		names[i], known[f.Name] = f.Name, true
	}
	var out []ductape.Problem
	for _, m := range membersOf(v) {
		if known[m.name] {
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
