package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func setOf(version string, schemas map[string]string) *Set {
	return NewSet(version, func(ref string) (json.RawMessage, bool) {
		raw, ok := schemas[ref]
		return json.RawMessage(raw), ok
	})
}

func TestChanges(t *testing.T) {
	for _, test := range []struct {
		name, old, now string
		want           []string
	}{
		{"nothing", `{"type":"object"}`, `{"type":"object","description":"x"}`, nil},
		{"an implied type", `{"properties":{"a":{}}}`, `{"type":"object","properties":{"a":{}}}`, nil},
		{
			"fields", `{"properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"integer"}},"required":["b"]}`,
			`{"properties":{"b":{"type":"string"},"c":{"type":"string"},"d":{},"e":{}},"required":["c","d"]}`,
			[]string{"body.b is no longer required", "body.c is now required", "type of body.c: integer → string", "new required field body.d", "new field body.e", "removed field body.a"},
		},
		{
			"inside objects and lists", `{"properties":{"o":{"properties":{"l":{"items":{"properties":{"x":{"type":"string"}}}}}}}}`,
			`{"properties":{"o":{"properties":{"l":{"items":{"properties":{"x":{"type":"boolean"},"y":{}},"required":["y"]}}}}}}`,
			[]string{"type of body.o.l[].x: string → boolean", "new required field body.o.l[].y"},
		},
		{"null", `{"type":"string"}`, `{"type":["string","null"]}`, []string{"type of body: string → null or string"}},
		{"null in the way of OpenAPI 3.0", `{"type":"string","nullable":true}`, `{"type":["string","null"]}`, nil},
		{"format", `{"type":"string","format":"date"}`, `{"type":"string"}`, []string{"format of body: date → (none)"}},
		{
			"values", `{"enum":["a","b",1.0]}`, `{"enum":["b",1.0,"c","d"]}`,
			[]string{`body no longer accepts "a"`, `body now accepts "c", "d"`},
		},
		{"only some values", `{"type":"string"}`, `{"type":"string","enum":["a","b","c","d","e","f"]}`, []string{`body accepts only "a", "b", "c", "d", "e", 1 more value`}},
		{"what the API writes", `{"properties":{"id":{"readOnly":true,"type":"string"},"x":{}}}`, `{"properties":{"id":{"readOnly":true,"type":"integer"},"x":{"readOnly":true}}}`, []string{"removed field body.x"}},
		{"further fields", `{"type":"object"}`, `{"type":"object","additionalProperties":false}`, []string{"body no longer accepts further fields"}},
		{"values of a map", `{"additionalProperties":{"type":"string"}}`, `{"additionalProperties":{"type":"integer"}}`, []string{"type of body.*: string → integer"}},
		{
			"alternatives by name", `{"oneOf":[{"$ref":"#/cat"},{"$ref":"#/dog"}]}`, `{"oneOf":[{"$ref":"#/dog"},{"$ref":"#/cow"}]}`,
			[]string{"new alternative of body: cow", "removed alternative of body: cat"},
		},
		{
			"allOf", `{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{"type":"string"}}}]}`, `{"allOf":[{"properties":{"a":{},"b":{"type":"integer"}}}]}`,
			[]string{"type of body.b: string → integer"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := setOf("3.1.0", nil)
			got := Changes(Version{set, json.RawMessage(test.old)}, Version{set, json.RawMessage(test.now)}, "body", nil)
			if !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestChangesBehindReferences(t *testing.T) {
	old := setOf("3.0.3", map[string]string{
		"#/order":  `{"properties":{"buyer":{"$ref":"#/person"},"seller":{"$ref":"#/person"},"shop":{"$ref":"#/shop"}}}`,
		"#/person": `{"properties":{"friends":{"type":"array","items":{"$ref":"#/person"}},"zip":{"type":"string"}}}`,
		"#/shop":   `{"properties":{"n":{"type":"string"}}}`,
	})
	now := setOf("3.0.3", map[string]string{
		"#/order":  `{"properties":{"buyer":{"$ref":"#/person"},"seller":{"$ref":"#/person"},"shop":{"$ref":"#/shop"}}}`,
		"#/person": `{"properties":{"friends":{"type":"array","items":{"$ref":"#/person"}},"zip":{"type":"integer"}}}`,
		"#/shop":   `{"properties":{"n":{"type":"integer"}}}`,
	})
	root := json.RawMessage(`{"$ref":"#/order"}`)
	got := Changes(Version{old, root}, Version{now, root}, "body", func(ref string) bool { return ref != "#/shop" })
	want := []string{"type of body.buyer.zip: string → integer", "type of body.seller.zip: string → integer"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: every way there once, not again in a circle, and nothing that touched says is the same", got, want)
	}
}

// Schemas that fork at every level have more paths than anybody can walk.
func TestChangesAreBounded(t *testing.T) {
	forks := func(leaf string) *Set {
		schemas := map[string]string{"#/30": `{"type":"` + leaf + `"}`}
		for i := range 30 {
			schemas[fmt.Sprintf("#/%d", i)] = strings.ReplaceAll(`{"properties":{"a":{"$ref":"N"},"b":{"$ref":"N"}}}`, "N", fmt.Sprintf("#/%d", i+1))
		}
		for i := range 100 {
			schemas["#/wide"] += fmt.Sprintf(`%s"f%d":{"type":%q}`, map[bool]string{true: ","}[i > 0], i, leaf)
		}
		schemas["#/wide"] = `{"properties":{` + schemas["#/wide"] + `}}`
		return setOf("3.1.0", schemas)
	}
	a, b := forks("string"), forks("integer")
	deep, wide := json.RawMessage(`{"$ref":"#/0"}`), json.RawMessage(`{"$ref":"#/wide"}`)
	c := &comparer{old: a, now: b, open: map[[2]*node]bool{}}
	c.nodes(a.schemaOf(deep), b.schemaOf(deep), "body", 0)
	if c.steps > 2*maxCompared {
		t.Errorf("%d steps", c.steps)
	}
	got := Changes(Version{a, wide}, Version{b, wide}, "body", nil)
	if len(got) != maxChangesSaid+1 || got[maxChangesSaid] != "and more" {
		t.Errorf("%d sentences, the last %q", len(got), got[len(got)-1])
	}
}
