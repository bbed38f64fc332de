package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/schema"
)

// FuzzSample makes samples of any schema, which may refer to itself, and has
// each judged by the schema it was made from.
func FuzzSample(f *testing.F) {
	for _, s := range []string{
		`{"type":"string","pattern":"^(a|b){2,5}[^x]\\d+$","minLength":4}`,
		`{"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}},"minProperties":3}`,
		`{"oneOf":[{"$ref":"#"},{"type":"array","uniqueItems":true,"minItems":4,"items":{"type":"boolean"}}]}`,
		`{"type":"number","multipleOf":0.003,"exclusiveMinimum":true,"minimum":1e300,"maximum":1e301}`,
		`{"allOf":[{"anyOf":[{"$ref":"#"},{"not":{"$ref":"#"}}]}],"if":{"type":"string"},"then":{"minLength":90000},"example":{"a":[1,null]}}`,
		`{"type":["array","null"],"items":{"$ref":"#"},"minItems":3,"contains":{"const":1}}`,
		`{"type":"object","patternProperties":{"^x-[a-z]{3,}$":{"type":"integer","format":"int32"}},"propertyNames":{"maxLength":6},"additionalProperties":false,"minProperties":2}`,
		`[]`, `true`, `{"type":"string","minLength":1000000000}`, `{"type":"array","minItems":1000000000}`,
		`{"pattern":"((((a{0,100}){0,100}){0,100}){0,100})","minLength":99999}`,
		`{"type":"string","pattern":"(?=x)(?<!y)\\u0041{1,5000}"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 64<<10 {
			return
		}
		resolve := func(ref string) (json.RawMessage, bool) { return text, ref == "#" }
		for _, version := range []string{"3.0.3", "3.1.0"} {
			set := schema.NewSet(version, resolve)
			for _, opt := range []schema.SampleOptions{{}, {All: true}} {
				v, err := set.Sample(text, opt)
				if !v.IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
					t.Fatalf("not JSON: %q", v)
				}
				if len(v) > 8<<20 {
					t.Fatalf("a sample of %d bytes", len(v))
				}
				if problems := set.Compile(text).Validate(v, "sample"); err == nil && problems != nil {
					t.Fatalf("%s is said to be right, but: %v", v, problems)
				}
			}
		}
	})
}

// FuzzValidate checks any value against any schema.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(`{"type":"integer","minimum":3}`), []byte(`1e400`))
	f.Add([]byte(`{"$ref":"#","items":{"$ref":"#"},"maxItems":2}`), []byte(`[[[[]]]]`))
	f.Add([]byte(`{"anyOf":[{"$ref":"#"},{"oneOf":[{"$ref":"#"},{"not":{"$ref":"#"}}]}]}`), []byte(`{"a":{"b":[1,2,"x"]}}`))
	f.Fuzz(func(t *testing.T, text, value []byte) {
		if len(text)+len(value) > 64<<10 {
			return
		}
		resolve := func(ref string) (json.RawMessage, bool) { return text, ref == "#" }
		for _, p := range schema.Compile(text, "3.1.0", resolve).Validate(value, "input") {
			if p.Where == "" || p.Message == "" {
				t.Fatalf("an empty problem: %+v", p)
			}
		}
	})
}
