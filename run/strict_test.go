package run_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func strictWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.app.Settings.Validate = ductape.ValidateStrict
	w.app.Schemas = map[string]json.RawMessage{"#/components/schemas/Thing": json.RawMessage(
		`{"type":"object","required":["email"],"properties":{"email":{"type":"string"},"items":{"type":"array","items":{"type":"object","properties":{"price":{"type":"integer"}}}}}}`)}
	a := &w.app.Actions[0]
	a.Body.Required = true
	a.Body.Contents[0].Schema = []byte(`{"$ref":"#/components/schemas/Thing"}`)
	a.Body.Contents[0].Fields = []ductape.Field{{Name: "email", Type: "string"}, {Name: "items", Type: "array"}}
	g := &w.app.Actions[1]
	for i := range g.Params {
		if g.Params[i].Name == "limit" {
			g.Params[i].Schema = []byte(`{"type":"integer","maximum":100}`)
		}
	}
	make := *a
	make.Tag, make.OperationID, make.Params = "make_thing", "", []ductape.Param{{Name: "limit", In: ductape.InQuery, Required: true, Type: "integer", Schema: []byte(`{"type":"integer"}`)}}
	w.app.Actions = append(w.app.Actions, make)
	w.save()
	return w
}

func TestStrictInput(t *testing.T) {
	w := strictWorld(t)
	for _, c := range []struct{ name, event, input, says string }{
		{"a missing body", "create_thing", `{}`, "input.body: is required"},
		{"a required field", "create_thing", `{"body":{"items":[]}}`, "email"},
		{"deep inside", "create_thing", `{"body":{"email":"a@b.c","items":[{"price":"x"}]}}`, "input.body.items[0].price"},
		{"an unknown field", "create_thing", `{"body":{"email":"a@b.c","emial":"x"}}`, "did you mean email"},
		{"a limit of a parameter", "get_thing", `{"params":{"id":"1"},"query":{"limit":101}}`, "input.query.limit"},
		{"parameters and body in one answer", "make_thing", `{"query":{"limit":"x","extra":1},"body":{"email":1,"emial":"x"}}`, "input.query.limit: must be an integer, not a string; input.query.extra: is no query parameter of make_thing; input.body.email: must be a string, not a number; input.body.emial: is not a field"},
		{"what is missing in one answer", "make_thing", `{}`, "input.query.limit: is required; input.body: is required"},
		{"of a flat input, too", "make_thing", `{"limit":"x","items":[{"price":"y"}]}`, "input.limit: must be an integer, not a string; input.email: is required; input.items[0].price: "},
		{"once references are filled", "create_thing", `{"body":{"email":"a@b.c","items":[{"price":"$Variable{api}{region}"}]}}`, "input.body.items[0].price"},
		{"a body in the type asked for", "create_thing", `{"headers":{"Content-Type":"application/json; v=1"},"body":{"email":1}}`, "input.body.email"},
		{"an unknown query parameter", "get_thing", `{"params":{"id":"1"},"query":{"limt":1}}`, "did you mean limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			if got := w.refused(w.call(c.event, c.input), ductape.CodeInvalidInput); !strings.Contains(got, c.says) {
				t.Errorf("error %q does not say %q", got, c.says)
			}
		})
	}
	w.t = t
	if _, err := w.run("create_thing", `{"body":{"email":"a@b.c","items":[{"price":5}]}}`); err != nil {
		t.Error(err)
	}
	if _, err := w.run("create_thing", `{"email":"a@b.c"}`); err != nil {
		t.Error(err)
	}
}

// A body that is required and may be empty is {} when it is left out, and one
// that may be a file waits for the files.
func TestStrictBodiesThatAreFine(t *testing.T) {
	w := strictWorld(t)
	w.app.Schemas["#/components/schemas/Thing"] = json.RawMessage(`{"type":"object","properties":{"email":{"type":"string"}}}`)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "put_file", Method: "PUT", Resource: "/file", Body: &ductape.Body{Required: true, Contents: []ductape.Content{
		{Type: "application/octet-stream", Schema: []byte(`{"type":"string"}`)}, {Type: "application/json", Schema: []byte(`{"type":"object","required":["a"]}`)},
	}}})
	w.save()
	for _, input := range []string{`{}`, `{"body":{}}`, `{"body":null}`} {
		if _, err := w.run("create_thing", input); err != nil {
			t.Errorf("%s: %v", input, err)
		}
	}
	call := w.call("put_file", `{"body":{"file":"k"}}`)
	call.Files = map[string]ductape.File{"k": ductape.FileBytes("k", []byte("x"))}
	if _, err := w.runCall(call); err != nil {
		t.Error(err)
	}
	w.refused(w.call("put_file", `{"body":{"file":"k"}}`), ductape.CodeInvalidInput)
}

func TestValidationOff(t *testing.T) {
	w := newWorld(t)
	w.app.Settings.Validate = ductape.ValidateOff
	w.save()
	if got := w.sent("get_thing", `{"params":{"id":"1"},"query":{"limit":"ten"}}`); !strings.Contains(got, "limit=ten") {
		t.Error(got)
	}
}
