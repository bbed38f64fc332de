package schema

import (
	"encoding/json"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ductape-go/ductape"
)

// A Validator checks values against one schema. It is safe for concurrent use.
type Validator struct {
	set  *Set
	node *node
}

// Compile returns what checks values against a schema. It cannot fail: what is
// malformed in the schema is left out.
func (s *Set) Compile(schema json.RawMessage) *Validator {
	return &Validator{set: s, node: s.parse(schema)}
}

// Compile returns what checks values against a schema of a description whose
// format has the given version.
func Compile(schema json.RawMessage, version string, resolve Resolve) *Validator {
	return NewSet(version, resolve).Compile(schema)
}

// Unenforced lists the patterns met so far that cannot be compiled and accept
// everything.
func (v *Validator) Unenforced() []string { return v.set.Unenforced() }

// Validate returns everything that is wrong with a value that stands at where
// ("input.body"), each with its own place ("input.body.items[0].price").
func (v *Validator) Validate(value jsontext.Value, where string) []ductape.Problem {
	decoded, err := decode(value)
	if err != nil {
		return []ductape.Problem{{Where: where, Message: err.Error()}}
	}
	return v.set.check(v.node, decoded, where)
}

func (s *Set) check(n *node, value any, where string) []ductape.Problem {
	err := s.compiled(n).Validate(value)
	var fault *jsonschema.ValidationError
	if errors.As(err, &fault) {
		return problemsOf(fault, where)
	}
	return nil
}

// fits reports whether a schema accepts a value.
func (s *Set) fits(n *node, value jsontext.Value) bool {
	decoded, err := decode(value)
	return err == nil && s.compiled(n).Validate(decoded) == nil
}
