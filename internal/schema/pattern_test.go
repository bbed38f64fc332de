package schema_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/schema"
)

// A name pattern that RE2 does not have says nothing of any name: what stands
// under one is not checked, and no name is refused.
func TestNamePatternThatCannotBeCompiled(t *testing.T) {
	for _, s := range []string{
		`{"type":"object","patternProperties":{"^(?!a)b":{"type":"integer"}}}`,
		`{"type":"object","patternProperties":{"^(?!a)b":{"type":"integer"}},"additionalProperties":false}`,
		`{"allOf":[{"patternProperties":{"^(?!a)b":{"type":"integer"}}}],"unevaluatedProperties":false}`,
	} {
		v := schema.Compile(raw(s), "3.1.0", nil)
		for _, value := range []string{`{"zz":"text"}`, `{"b":1}`} {
			if p := v.Validate(jsontext.Value(value), "body"); len(p) > 0 {
				t.Errorf("%s refuses %s: %v", s, value, p)
			}
		}
		if len(v.Unenforced()) != 1 {
			t.Errorf("%s: %v", s, v.Unenforced())
		}
	}
	v := schema.Compile(raw(`{"patternProperties":{"^(?!a)b":{"type":"integer"},"^x":{"type":"integer"}}}`), "3.1.0", nil)
	if p := v.Validate(jsontext.Value(`{"xy":"text"}`), "body"); len(p) != 1 {
		t.Errorf("a pattern that can be compiled is not enforced: %v", p)
	}
}
