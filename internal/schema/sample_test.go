package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/schema"
)

// resolver keeps schemas by the text of their $ref.
func resolver(schemas map[string]string) schema.Resolve {
	return func(ref string) (json.RawMessage, bool) {
		s, ok := schemas[ref]
		return json.RawMessage(s), ok
	}
}

func TestSample(t *testing.T) {
	refs := resolver(map[string]string{
		"#/a/Pet":  `{"type":"object","required":["id","kind","name"],"properties":{"id":{"type":"integer","readOnly":true},"kind":{"type":"string"},"name":{"type":"string"}},"discriminator":{"propertyName":"kind"}}`,
		"#/a/Cat":  `{"allOf":[{"$ref":"#/a/Pet"},{"type":"object","required":["lives"],"properties":{"lives":{"type":"integer","minimum":9}}}]}`,
		"#/a/Dog":  `{"allOf":[{"$ref":"#/a/Pet"}]}`,
		"#/a/Node": `{"type":"object","required":["next"],"properties":{"next":{"$ref":"#/a/Node"}}}`,
		"#/a/Tree": `{"type":"object","required":["children"],"properties":{"children":{"type":"array","items":{"$ref":"#/a/Tree"}}}}`,
		"#/a/List": `{"type":"object","required":["next"],"properties":{"next":{"oneOf":[{"$ref":"#/a/List"},{"type":"null"}]}}}`,
		"#/a/Self": `{"allOf":[{"$ref":"#/a/Self"},{"type":"string"}]}`,
		"#/a/Base": `{"type":"object","required":["t"],"properties":{"t":{"type":"string"}},"oneOf":[{"$ref":"#/a/X"}],"discriminator":{"propertyName":"t","mapping":{"ex":"#/a/X"}}}`,
		"#/a/X":    `{"allOf":[{"$ref":"#/a/Base"},{"required":["x"],"properties":{"x":{"type":"boolean"}}}]}`,
	})
	for _, c := range []struct{ name, schema, want string }{
		{"example", `{"type":"string","example":"blue"}`, `"blue"`},
		{"example of another type", `{"type":"integer","example":"12"}`, `1`},
		{"examples", `{"type":"string","examples":["red","blue"]}`, `"red"`},
		{"default", `{"type":"string","default":"asc"}`, `"asc"`},
		{"const", `{"const":{"a":[1]}}`, `{"a":[1]}`},
		{"enum", `{"type":"string","enum":["","x"]}`, `"x"`},
		{"numbers stay exact", `{"type":"number","example":12345678901234567890.10}`, `12345678901234567890.10`},
		{"minimum", `{"type":"integer","minimum":10}`, `10`},
		{"exclusive minimum, OpenAPI 3.0", `{"type":"integer","minimum":10,"exclusiveMinimum":true}`, `11`},
		{"exclusive minimum, OpenAPI 3.1", `{"type":"integer","exclusiveMinimum":10}`, `11`},
		{"maximum", `{"type":"integer","maximum":-3}`, `-3`},
		{"between", `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`, `0.5`},
		{"multiple", `{"type":"integer","multipleOf":7,"minimum":15}`, `21`},
		{"multiple of a fraction", `{"type":"number","multipleOf":0.01,"minimum":2.345}`, `2.35`},
		{"length", `{"type":"string","minLength":9}`, `"stringxxx"`},
		{"short", `{"type":"string","maxLength":2}`, `"st"`},
		{"pattern", `{"type":"string","pattern":"^[A-Z]{3}-\\d{2}$"}`, `"AAA-00"`},
		{"pattern and length", `{"type":"string","pattern":"^acct_[a-z]+$","minLength":12}`, `"acct_aaaaaaaa"`},
		{"pattern that may be empty", `{"type":"string","pattern":"^[a-z]*$"}`, `"a"`},
		{"pattern with look-ahead", `{"type":"string","pattern":"^(?!x)[a-c]{2,2000}$"}`, `"aa"`},
		{"date-time", `{"type":"string","format":"date-time"}`, `"2024-01-15T09:30:00Z"`},
		{"uuid", `{"type":"string","format":"uuid"}`, `"0f8fad5b-d9cb-469f-a165-70867728950e"`},
		{"array", `{"type":"array","items":{"type":"integer"}}`, `[1]`},
		{"unique", `{"type":"array","minItems":3,"uniqueItems":true,"items":{"type":"integer"}}`, `[1,2,3]`},
		{"unique enum", `{"type":"array","minItems":2,"uniqueItems":true,"items":{"enum":["a","b"]}}`, `["a","b"]`},
		{"tuple", `{"type":"array","prefixItems":[{"type":"string"},{"type":"boolean"}]}`, `["string",true]`},
		{"contains", `{"type":"array","contains":{"const":7}}`, `[7]`},
		{"required only", `{"type":"object","required":["b"],"properties":{"a":{"type":"string"},"b":{"type":"integer"}}}`, `{"b":1}`},
		{"minProperties", `{"type":"object","minProperties":2,"properties":{"a":{"type":"string"}},"additionalProperties":{"type":"integer"}}`, `{"a":"string","key1":1}`},
		{"dependent", `{"type":"object","required":["a"],"properties":{"a":{"const":1},"b":{"const":2}},"dependentRequired":{"a":["b"]}}`, `{"a":1,"b":2}`},
		{"one of required", `{"type":"object","properties":{"a":{"const":1},"b":{"const":2}},"anyOf":[{"required":["b"]},{"required":["a"]}]}`, `{"b":2}`},
		{"oneOf excludes", `{"oneOf":[{"type":"integer"},{"type":"number"},{"type":"string"}]}`, `1.5`},
		{"if then", `{"type":"object","required":["a"],"properties":{"a":{"const":1}},"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]}}`, `{"a":1,"b":"string"}`},
		{"not", `{"type":"string","not":{"const":"string"}}`, `"string1"`},
		{"nullable recursion", `{"$ref":"#/a/List"}`, `{"next":{"next":null}}`},
		{"a tree ends", `{"$ref":"#/a/Tree"}`, `{"children":[{"children":[]}]}`},
		{"includes itself", `{"$ref":"#/a/Self"}`, `"string"`},
		{"discriminator", `{"oneOf":[{"$ref":"#/a/Cat"},{"$ref":"#/a/Dog"}],"discriminator":{"propertyName":"kind","mapping":{"cat":"#/a/Cat"}}}`, `{"kind":"cat","name":"string","lives":9}`},
		{"readOnly", `{"$ref":"#/a/Dog"}`, `{"kind":"string","name":"string"}`},
		{"readOnly in an example", `{"allOf":[{"$ref":"#/a/Pet"}],"example":{"id":1,"kind":"k","name":"n"}}`, `{"kind":"k","name":"n"}`},
		{"forms that include their base", `{"$ref":"#/a/Base"}`, `{"t":"ex","x":true}`},
		{"nothing said", `{}`, `"string"`},
		{"unknown type", `{"type":"strnig"}`, `"string"`},
		{"boolean schema", `true`, `"string"`},
		{"malformed", `{"type":"object","required":true,"properties":[],"minProperties":-1}`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := schema.Sample(json.RawMessage(c.schema), refs)
			if err != nil || string(got) != c.want {
				t.Fatalf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestSampleOfWhatCannotBe(t *testing.T) {
	refs := resolver(map[string]string{"#/N": `{"type":"object","required":["n"],"properties":{"n":{"$ref":"#/N"}}}`})
	for _, s := range []string{`false`, `{"$ref":"#/N"}`, `{"type":"integer","minimum":2,"maximum":1}`, `{"allOf":[{"type":"string"},{"type":"integer"}]}`} {
		if v, err := schema.Sample(json.RawMessage(s), refs); err == nil {
			t.Errorf("%s: no error, but %s", s, v)
		}
	}
}

func TestSampleWithAll(t *testing.T) {
	s := `{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"object","properties":{"c":{"type":"integer"}}},"id":{"type":"string","readOnly":true}}}`
	got, err := schema.NewSet("3.0.3", nil).Sample(json.RawMessage(s), schema.SampleOptions{All: true})
	if want := `{"a":"string","b":{"c":1}}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestSampleIsBounded(t *testing.T) {
	wide := `{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,"items":{"type":"string","minLength":100000}}}}`
	v, _ := schema.Sample(json.RawMessage(wide), nil)
	if len(v) > 4<<20 {
		t.Errorf("a sample of %d bytes", len(v))
	}
	deep := strings.Repeat(`{"anyOf":[{"not":{}},`, 100) + `{"type":"string"}` + strings.Repeat(`]}`, 100)
	if _, err := schema.Sample(json.RawMessage(deep), nil); err == nil {
		t.Log("found through all forms")
	}
}
