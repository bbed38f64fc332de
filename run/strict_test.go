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

func TestValidationOff(t *testing.T) {
	w := newWorld(t)
	w.app.Settings.Validate = ductape.ValidateOff
	w.save()
	if got := w.sent("get_thing", `{"params":{"id":"1"},"query":{"limit":"ten"}}`); !strings.Contains(got, "limit=ten") {
		t.Error(got)
	}
}
