package schema_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func TestActionInput(t *testing.T) {
	one := func(c ductape.Content) *ductape.Body { return &ductape.Body{Contents: []ductape.Content{c}} }
	for _, c := range []struct {
		name   string
		action ductape.Action
		all    bool
		want   string
	}{
		{"nothing", ductape.Action{}, false, `{}`},
		{"params", ductape.Action{Params: []ductape.Param{
			{Name: "id", In: ductape.InPath, Schema: raw(`{"type":"string","example":""}`)},
			{Name: "limit", In: ductape.InQuery, Schema: raw(`{"type":"integer"}`)},
			{Name: "sort", In: ductape.InQuery, Required: true, Schema: raw(`{"type":"string","enum":["asc","desc"]}`), Example: raw(`"desc"`)},
			{Name: "X-Trace", In: ductape.InHeader, Required: true, Schema: raw(`{"type":"string","example":"a\r\nb"}`)},
			{Name: "sid", In: ductape.InCookie, Required: true, Schema: raw(`{"type":"string","example":"a;b"}`)},
		}}, false, `{"params":{"id":"string","sid":"string"},"query":{"sort":"desc"},"headers":{"X-Trace":"string"}}`},
		{"optional params", ductape.Action{Params: []ductape.Param{{Name: "limit", In: ductape.InQuery, Schema: raw(`{"type":"integer"}`), Example: raw(`"20"`)}}}, true, `{"query":{"limit":"20"}}`},
		{"a dot is no path value", ductape.Action{Params: []ductape.Param{{Name: "p", In: ductape.InPath, Schema: raw(`{"type":"string","enum":[".","x"]}`)}}}, false, `{"params":{"p":"x"}}`},
		{"media type example", ductape.Action{Body: one(ductape.Content{Type: "application/json", Schema: raw(`{"type":"object","required":["a"]}`), Example: raw(`{"a":"b"}`)})}, false, `{"body":{"a":"b"}}`},
		{"wrong example", ductape.Action{Body: one(ductape.Content{Type: "application/json", Schema: raw(`{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}`), Example: raw(`{"a":"b"}`)})}, false, `{"body":{"a":1}}`},
		{"no schema", ductape.Action{Body: one(ductape.Content{Type: "application/json"})}, false, `{"body":{}}`},
		{"a form without empty objects", ductape.Action{Body: one(ductape.Content{Type: "application/x-www-form-urlencoded", Schema: raw(`{"type":"object","required":["a"],"properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}}}}`)})}, false, `{"body":{"a":{"b":"string"}}}`},
		{
			"files",
			ductape.Action{Body: one(ductape.Content{
				Type: "multipart/form-data", Schema: raw(`{"type":"object","required":["f","g"],"properties":{"f":{"type":"string","format":"binary"},"g":{"type":"array","items":{"type":"string","format":"binary"}}}}`),
				Fields: []ductape.Field{{Name: "f", Type: "string", Format: "binary"}, {Name: "g", Type: "array", Items: "string:binary"}},
			})},
			false,
			`{"body":{"f":{"filename":"example.txt","content_type":"text/plain","base64":"ZXhhbXBsZQ=="},"g":[{"filename":"example.txt","content_type":"text/plain","base64":"ZXhhbXBsZQ=="}]}}`,
		},
		{"binary", ductape.Action{Body: one(ductape.Content{Type: "application/octet-stream", Schema: raw(`{"type":"string","format":"binary"}`)})}, false, `{"body":{"filename":"example.bin","base64":"ZXhhbXBsZQ=="}}`},
		{"text that is shown", ductape.Action{Body: one(ductape.Content{Type: "application/javascript", Example: raw(`"var a = 1"`)})}, false, `{"body":"var a = 1"}`},
		{"binary described as an object", ductape.Action{Body: one(ductape.Content{Type: "image/gif", Schema: raw(`{"type":"object","format":"file"}`)})}, false, `{"body":{"filename":"example.bin","base64":"ZXhhbXBsZQ=="}}`},
		{"text", ductape.Action{Body: one(ductape.Content{Type: "text/plain", Schema: raw(`{"type":"string"}`)})}, false, `{"body":"string"}`},
		{"an object as text", ductape.Action{Body: one(ductape.Content{Type: "application/x-yaml", Schema: raw(`{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}`)})}, false, `{"body":"{\"a\":1}"}`},
		{"what looks like a reference is sent as it is", ductape.Action{Body: one(ductape.Content{Type: "application/json", Schema: raw(`{"type":"string","example":"$Session{user}{id}"}`)})}, false, `{"body":"$$Session{user}{id}"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := schema.ActionInput(&c.action, "3.0.3", nil, schema.SampleOptions{All: c.all})
			if err != nil || string(got) != c.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, c.want)
			}
			if p := schema.NewSet("3.0.3", nil).CheckInput(&c.action, got); p != nil {
				t.Errorf("its own input is refused: %v", p)
			}
		})
	}
}

func TestActionInputThatCannotBe(t *testing.T) {
	a := ductape.Action{
		Params: []ductape.Param{{Name: "q", In: ductape.InQuery, Required: true, Schema: raw(`{"type":"integer","minimum":2,"maximum":1}`)}},
		Body:   &ductape.Body{Contents: []ductape.Content{{Type: "application/json", Schema: raw(`{"type":"object","required":["a"],"properties":{"a":false}}`)}}},
	}
	_, err := schema.ActionInput(&a, "", nil, schema.SampleOptions{})
	var e *ductape.Error
	if !errors.As(err, &e) || len(e.Problems) < 2 || e.Problems[0].Where != "input.query.q" {
		t.Errorf("got %v", err)
	}
}

func TestCheckInput(t *testing.T) {
	a := ductape.Action{
		Params: []ductape.Param{
			{Name: "id", In: ductape.InPath, Schema: raw(`{"type":"integer","minimum":1}`)},
			{Name: "tags", In: ductape.InQuery, Required: true, Schema: raw(`{"type":"array","items":{"type":"string"},"minItems":2}`)},
			{Name: "X-Flag", In: ductape.InHeader, Schema: raw(`{"type":"boolean"}`)},
			{Name: "text", In: ductape.InQuery, Schema: raw(`{"type":"string","maxLength":3}`)},
		},
		Body: &ductape.Body{Required: true, Contents: []ductape.Content{{Type: "application/json", Schema: raw(`{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}`)}}},
	}
	form := a
	form.Body = &ductape.Body{Contents: []ductape.Content{{Type: "multipart/form-data", Schema: raw(`{"type":"object","properties":{"n":{"type":"integer"},"f":{"type":"string","format":"binary"}}}`)}}}
	for _, c := range []struct {
		name   string
		action *ductape.Action
		input  string
		want   string
	}{
		{"right", &a, `{"params":{"id":"7"},"query":{"tags":["a",1],"text":123},"headers":{"x-flag":"true"},"body":{"n":1}}`, ""},
		{
			"all at once", &a, `{"params":{"id":"0"},"query":{"tags":["a"],"text":1234},"headers":{"X-Flag":"yes"},"body":{"n":"1"}}`,
			"input.params.id: must be at least 1\ninput.query.tags: must have at least 2 items, not 1\ninput.headers.X-Flag: must be a boolean, not a string\ninput.query.text: must have at most 3 characters, not 4\ninput.body.n: must be an integer, not a string",
		},
		{"missing", &a, `{}`, "input.params.id: is required\ninput.query.tags: is required\ninput.body.n: is required"},
		{"a form spells numbers", &form, `{"params":{"id":1},"query":{"tags":["a","b"]},"body":{"n":"12","f":{"filename":"x","base64":""}}}`, ""},
		{"a form that does not", &form, `{"params":{"id":1},"query":{"tags":["a","b"]},"body":{"n":"12x"}}`, "input.body.n: must be an integer, not a string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := lines(schema.NewSet("3.0.3", nil).CheckInput(c.action, jsontext.Value(c.input)))
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
