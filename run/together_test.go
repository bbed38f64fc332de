package run_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// addBody adds an action that POSTs a required body of one media type.
func (w *world) addBody(tag, media, schema string, fields ...ductape.Field) *ductape.Action {
	w.t.Helper()
	w.app.Actions = append(w.app.Actions, ductape.Action{
		Tag: tag, Method: "POST", Resource: "/" + tag,
		Body: &ductape.Body{Required: true, Contents: []ductape.Content{{Type: media, Schema: []byte(schema), Fields: fields}}},
	})
	w.save()
	return &w.app.Actions[len(w.app.Actions)-1]
}

// One answer names what is wrong with names, parameters and body, also where the
// body's schema is not looked at.
func TestProblemsTogether(t *testing.T) {
	w := newWorld(t)
	a := w.addBody("note", "text/plain", `{"type":"string"}`)
	a.Resource = "/notes/{id}"
	a.Params = []ductape.Param{{Name: "id", In: ductape.InPath, Required: true, Type: "integer"}, {Name: "q", In: ductape.InQuery, Type: "boolean"}, {Name: "name", In: ductape.InPath}}
	w.save()
	for _, c := range []struct{ input, want string }{
		{`{"params":{"id":1,"zz":1,"name":"x"},"query":{"q":7},"body":[1]}`, "input.params.zz: note has no path parameter \"zz\"; input.query.q: must be a boolean, not 7; input.body: cannot be written as text/plain"},
		{`{"params":{"name":"x"}}`, "input.params.id: is required; input.body: is required"},
		{`{"params":{"id":"x","name":"y"},"headers":{"Host":"z"},"body":{}}`, "input.params.id: must be an integer, not the text \"x\"; input.headers.Host: is set by the connection and cannot be chosen; input.body: is required"},
		{`{"id":1,"name":"x"}`, "nothing was sent; input.body: is required"},
		{`{"params":{"id":"$Session{a}{b}","zz":1,"name":"x"},"body":"$Session{a}{b}"}`, "input.params.zz: note has no path parameter \"zz\""},
	} {
		if got := w.refused(w.call("note", c.input), ductape.CodeInvalidInput); !strings.Contains(got, c.want) {
			t.Errorf("%s\ngot  %s\nwant %s", c.input, got, c.want)
		}
	}
}

// A path parameter that is missing because its key fits two places is one fault.
func TestOneFaultIsToldOnce(t *testing.T) {
	w := newWorld(t)
	if got := w.refused(w.call("update_thing", `{"id":"1"}`), ductape.CodeInvalidInput); !strings.HasSuffix(got, `nothing was sent; input.id: "id" fits params and body; say which with a prefix, as in "params:id"`) {
		t.Error(got)
	}
}

// A body that is left out is {} where that can be what is meant.
func TestBodiesLeftOut(t *testing.T) {
	for _, mode := range []ductape.Validation{"", ductape.ValidateStrict} {
		w := newWorld(t)
		w.app.Settings.Validate = mode
		w.app.Schemas = map[string]json.RawMessage{"#/components/schemas/List": json.RawMessage(`{"type":"array"}`), "#/components/schemas/Maybe": json.RawMessage(`{"type":"object","nullable":true}`), "#/components/schemas/Loop": json.RawMessage(`{"$ref":"#/components/schemas/Loop"}`)}
		w.app.Source = &ductape.Source{Format: "openapi", Version: "3.0.3"}
		for _, c := range []struct{ schema, empty, null string }{
			{`{"type":"object"}`, "{}", "{}"},
			{`{}`, "{}", "{}"},
			{`{"type":"array"}`, "", ""},
			{`{"$ref":"#/components/schemas/List"}`, "", ""},
			{`{"$ref":"#/components/schemas/Loop"}`, "{}", "{}"},
			{`{"type":["object","null"]}`, "{}", "null"},
			{`{"$ref":"#/components/schemas/Maybe"}`, "{}", "null"},
			{`{"type":"string","nullable":true}`, "", "null"},
			{`{"anyOf":[{"type":"array"},{"type":"null"}]}`, "", "null"},
			{`{"oneOf":[{"type":"array"},{"type":"object"}]}`, "{}", "{}"},
			{`{"allOf":[{"$ref":"#/components/schemas/List"}]}`, "", ""},
		} {
			w.t = t
			w.addBody("b", "application/json", c.schema)
			for input, want := range map[string]string{`{}`: c.empty, `{"body":{}}`: c.empty, `{"body":null}`: c.null} {
				if want == "" {
					if got := w.refused(w.call("b", input), ductape.CodeInvalidInput); !strings.HasSuffix(got, "; input.body: is required") {
						t.Errorf("%q %s %s: %s", mode, c.schema, input, got)
					}
				} else if got := w.sent("b", input); !strings.HasSuffix(got, "\n\n"+want) {
					t.Errorf("%q %s %s: %s", mode, c.schema, input, got)
				}
			}
			w.app.Actions = w.app.Actions[:len(w.app.Actions)-1]
		}
		for _, media := range []string{"text/plain", "application/octet-stream"} {
			w.addBody("raw_"+media[:4], media, `{"type":"string"}`)
			if got := w.refused(w.call("raw_"+media[:4], `{}`), ductape.CodeInvalidInput); !strings.Contains(got, "input.body: is required") {
				t.Error(got)
			}
		}
	}
}
