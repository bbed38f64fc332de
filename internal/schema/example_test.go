package schema_test

import (
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// Examples are plain text, which a call escapes, or written as a call is
// (References); defaults are always written so.
func TestExamplesAndReferences(t *testing.T) {
	a := ductape.Action{
		Params: []ductape.Param{
			{Name: "q", In: ductape.InQuery, Required: true, Example: raw(`"$Variable{pm}{cv}"`)},
			{Name: "X-A", In: ductape.InHeader, Required: true, Default: raw(`"$Variable{pm}{cv}"`)},
			{Name: "s", In: ductape.InQuery, Required: true, Schema: raw(`{"type":"string","example":"$Now"}`)},
		},
		Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/json", Example: raw(`{"b":"$Variable{pm}{cv}","l":"$$Now"}`)}}},
	}
	for references, want := range map[bool]string{
		false: `{"query":{"q":"$$Variable{pm}{cv}","s":"$$Now"},"headers":{"X-A":"$Variable{pm}{cv}"},"body":{"b":"$$Variable{pm}{cv}","l":"$$$$Now"}}`,
		true:  `{"query":{"q":"$Variable{pm}{cv}","s":"$$Now"},"headers":{"X-A":"$Variable{pm}{cv}"},"body":{"b":"$Variable{pm}{cv}","l":"$$Now"}}`,
	} {
		got, err := schema.ActionInput(&a, "", nil, schema.SampleOptions{References: references})
		if err != nil || string(got) != want {
			t.Errorf("references %v: %v\n got %s\nwant %s", references, err, got, want)
		}
	}
}

// An example with fields that a strict check does not know is taken without
// them, or not at all.
func TestExampleWithUnknownFields(t *testing.T) {
	fields := []ductape.Field{{Name: "a", Type: "string"}}
	for _, c := range []struct{ name, schema, example, want string }{
		{"the fields go", `{"type":"object","properties":{"a":{"type":"string"}}}`, `{"a":"x","zz":1}`, `{"body":{"a":"x"}}`},
		{"the example goes", `{"type":"object","required":["a"],"minProperties":1,"properties":{"a":{"type":"string"}}}`, `{"zz":1}`, `{"body":{"a":"string"}}`},
		{"of the schema", `{"type":"object","properties":{"a":{"type":"string"}},"example":{"a":"x","zz":1}}`, ``, `{"body":{"a":"x"}}`},
		{"the schema takes any", `{"type":"object","additionalProperties":true}`, `{"zz":1}`, `{"body":{"zz":1}}`},
	} {
		content := ductape.Content{Type: "application/json", Schema: raw(c.schema), Example: raw(c.example), Fields: fields}
		a := ductape.Action{Body: &ductape.Body{Contents: []ductape.Content{content}}}
		got, err := schema.ActionInput(&a, "3.0.3", nil, schema.SampleOptions{})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.name, got, err, c.want)
		}
	}
}
