package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

func lines(problems []ductape.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Where+": "+p.Message)
	}
	return strings.Join(out, "\n")
}

func TestValidate(t *testing.T) {
	refs := map[string]string{
		"#/Node":  `{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},"next":{"$ref":"#/Node"}}}`,
		"#/Base":  `{"type":"object","required":["t"],"properties":{"t":{"type":"string"}},"oneOf":[{"$ref":"#/Child"}]}`,
		"#/Child": `{"allOf":[{"$ref":"#/Base"},{"required":["c"]}]}`,
		"#/Id":    `{"type":"string","readOnly":true}`,
	}
	for _, c := range []struct{ name, version, schema, value, want string }{
		{
			"all at once", "3.1.0", `{"type":"object","required":["name","items"],"additionalProperties":false,"properties":{"name":{"type":"string","minLength":2},"items":{"type":"array","items":{"type":"object","properties":{"price":{"type":"number","minimum":0}}}}}}`,
			`{"name":"x","items":[{"price":-1},{"price":"1"}],"colour":1}`,
			"input.body.colour: is not known here\ninput.body.items[0].price: must be at least 0\ninput.body.items[1].price: must be a number, not a string\ninput.body.name: must have at least 2 characters, not 1",
		},
		{"missing", "3.0.3", `{"type":"object","required":["a","b"]}`, `{}`, "input.body.a: is required\ninput.body.b: is required"},
		{"enum", "3.0.3", `{"enum":["a",1,null]}`, `"c"`, `input.body: must be one of "a", 1, null`},
		{"const is exact", "3.1.0", `{"const":9007199254740993}`, `9007199254740992`, "input.body: must be 9007199254740993"},
		{"1.0 is an integer", "3.1.0", `{"type":"integer"}`, `1.0`, ""},
		{"multiple is exact", "3.1.0", `{"type":"number","multipleOf":0.01}`, `19.99`, ""},
		{"not a multiple", "3.1.0", `{"type":"number","multipleOf":0.01}`, `19.999`, "input.body: must be a multiple of 0.01"},
		{"nullable", "3.0.3", `{"type":"string","nullable":true,"enum":["a"]}`, `null`, ""},
		{"null is not", "3.0.3", `{"type":"string"}`, `null`, "input.body: must be a string, not null"},
		{"list of types", "3.1.0", `{"type":["string","null"]}`, `null`, ""},
		{"exclusive as a flag", "3.0.3", `{"type":"integer","minimum":3,"exclusiveMinimum":true}`, `3`, "input.body: must be more than 3"},
		{"beside a $ref, before 3.1", "3.0.3", `{"$ref":"#/Id","maxLength":1}`, `"long"`, ""},
		{"beside a $ref, since 3.1", "3.1.0", `{"$ref":"#/Id","maxLength":1}`, `"long"`, "input.body: must have at most 1 character, not 4"},
		{"readOnly is not required", "3.0.3", `{"type":"object","required":["id","x"],"properties":{"id":{"$ref":"#/Id"},"x":{}}}`, `{}`, "input.body.x: is required"},
		{"circular", "3.0.3", `{"$ref":"#/Node"}`, `{"v":1,"next":{"v":2,"next":{"v":"3"}}}`, "input.body.next.next.v: must be an integer, not a string"},
		{"forms that include their base", "3.0.3", `{"$ref":"#/Base"}`, `{"t":1,"c":2}`, "input.body.t: must be a string, not a number"},
		{"forms that include their base, right", "3.0.3", `{"$ref":"#/Base"}`, `{"t":"x","c":2}`, ""},
		{"a pattern RE2 cannot compile", "3.0.3", `{"type":"string","pattern":"^(?!x)"}`, `"xy"`, ""},
		{"pattern", "3.0.3", `{"type":"string","pattern":"^a+$"}`, `"b"`, "input.body: must match the pattern ^a+$"},
		{"date-time", "3.0.3", `{"type":"string","format":"date-time"}`, `"yesterday"`, `input.body: must be a date and time as in "2024-01-15T09:30:00Z" (RFC 3339)`},
		{"unknown format", "3.0.3", `{"type":"string","format":"colour"}`, `"x"`, ""},
		{"int32", "3.0.3", `{"type":"integer","format":"int32"}`, `2147483648`, "input.body: must be an integer of 32 bits"},
		{"any of two types", "3.1.0", `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, `true`, "input.body: must be a string or an integer"},
		{"the form of the right type", "3.1.0", `{"anyOf":[{"type":"null"},{"type":"object","required":["a"]}]}`, `{}`, "input.body.a: is required"},
		{"unevaluated", "3.1.0", `{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"a":1,"b":2}`, "input.body.b: is not allowed here"},
		{"unevaluated items", "3.1.0", `{"prefixItems":[{}],"unevaluatedItems":false}`, `[1]`, ""},
		{"unknown $ref", "3.1.0", `{"$ref":"#/nowhere"}`, `1`, ""},
		{"includes itself", "3.1.0", `{"allOf":[{"$ref":"#/self"}]}`, `1`, ""},
		{"a number that would take all memory", "3.1.0", `{"type":"number","minimum":1}`, `1e999999999`, "input.body: holds a number too long to be checked"},
		{"a limit that would", "3.1.0", `{"type":"number","minimum":1e999999999}`, `1`, ""},
		{"odd names", "3.1.0", `{"properties":{"a b":{"type":"string"}}}`, `{"a b":1}`, `input.body["a b"]: must be a string, not a number`},
		{"not JSON", "3.1.0", `{}`, `{`, "input.body: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := schema.Compile(json.RawMessage(c.schema), c.version, resolver(refs))
			got := lines(v.Validate(jsontext.Value(c.value), "input.body"))
			if got != c.want && !(c.name == "not JSON" && got != "") {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// What the caller writes himself is not compared with a schema of values; JSON
// lines are, one by one, where the schema is that of a line.
func TestBodiesOfOtherMediaTypes(t *testing.T) {
	const object = `{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}`
	for _, c := range []struct{ media, schema, value, want string }{
		{"application/xml", object, `"<a>1</a>"`, ""},
		{"application/soap+xml; charset=utf-8", object, `"<a>1</a>"`, ""},
		{"application/xml", object, `{"a":"x"}`, "input.body.a: must be an integer, not a string"},
		{"application/x-ndjson", object, `"{\"a\":1}\n"`, ""},
		{"application/x-ndjson", object, `[{"a":1},{"a":2}]`, ""},
		{"application/x-ndjson", object, `[]`, ""},
		{"application/x-ndjson", object, `[{"a":1},{"a":"x"},{}]`, "input.body[1].a: must be an integer, not a string\ninput.body[2].a: is required"},
		{"application/geo+json-seq", object, `[{}]`, "input.body[0].a: is required"},
		{"application/jsonl", `{"type":"array","items":` + object + `}`, `[{"a":"x"}]`, "input.body[0].a: must be an integer, not a string"},
		{"application/json", object, `[{"a":1}]`, "input.body: must be an object, not an array"},
		{"application/json", object, `"x"`, "input.body: must be an object, not a string"},
		{"application/x-www-form-urlencoded", object, `"a=1"`, "input.body: must be an object, not a string"},
	} {
		set := schema.NewSet("3.1.0", nil)
		content := &ductape.Content{Type: c.media, Schema: []byte(c.schema)}
		if got := lines(set.Body(content, jsontext.Value(c.value), "input.body")); got != c.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", c.media, c.value, got, c.want)
		}
	}
}

// A field is known wherever the schema speaks of it, also under a condition.
func TestUnknownFields(t *testing.T) {
	for _, c := range []struct{ schema, value, want string }{
		{`{"properties":{"a":{}}}`, `{"a":1,"aa":2}`, "input.body.aa: is not a field of this body"},
		{`{"properties":{"a":{}},"if":{"properties":{"a":{"const":"x"}}},"then":{"required":["b"],"properties":{"b":{},"c":{}}},"else":{"properties":{"d":{}}}}`, `{"a":1,"b":1,"c":1,"d":1,"zzzz":1}`, "input.body.zzzz: is not a field of this body"},
		{`{"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}}}},"dependentRequired":{"a":["c"]}}`, `{"a":1,"b":1,"c":1}`, ""},
		{`{"properties":{"a":{}},"allOf":[{"if":{"required":["a"]},"then":{"$ref":"#/More"}}]}`, `{"a":1,"b":1}`, ""},
		{`{"properties":{"a":{}},"anyOf":[{"patternProperties":{"^x-":{}}},{}]}`, `{"a":1,"x-b":1}`, ""},
		{`{"properties":{"a":{}},"allOf":[{"$ref":"#/Self"}]}`, `{"b":1}`, "input.body.b: is not a field of this body"},
	} {
		set := schema.NewSet("3.1.0", resolver(map[string]string{"#/More": `{"properties":{"b":{}}}`, "#/Self": `{"allOf":[{"$ref":"#/Self"}]}`}))
		content := &ductape.Content{Type: "application/json", Schema: []byte(c.schema), Fields: []ductape.Field{{Name: "a"}}}
		got := lines(set.Unknown(content, jsontext.Value(c.value), "input.body"))
		if got, _, _ = strings.Cut(got, "; did you mean"); got != c.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", c.schema, c.value, got, c.want)
		}
	}
}

func TestUnenforced(t *testing.T) {
	v := schema.Compile(json.RawMessage(`{"type":"string","pattern":"^(?=a)b"}`), "", nil)
	v.Validate(jsontext.Value(`"x"`), "")
	if got := v.Unenforced(); len(got) != 1 || got[0] != "^(?=a)b" {
		t.Errorf("got %q", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	refs := map[string]string{}
	for i := range 50 {
		refs[fmt.Sprintf("#/%d", i)] = fmt.Sprintf(`{"type":"object","required":["x"],"properties":{"x":{"anyOf":[{"$ref":"#/%d"},{"type":"integer"}]}}}`, (i+1)%50)
	}
	set := schema.NewSet("3.1.0", resolver(refs))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			v := set.Compile(json.RawMessage(fmt.Sprintf(`{"$ref":"#/%d"}`, i)))
			if p := v.Validate(jsontext.Value(`{"x":{"x":{"x":1}}}`), ""); p != nil {
				t.Errorf("refused: %v", p)
			}
			if _, err := set.Sample(json.RawMessage(`{"$ref":"#/0"}`), schema.SampleOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
