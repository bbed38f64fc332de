package run_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// exact is a body that any reader and writer on the way would change.
const exact = "{\n  \"a\" : 1,\t\"text\":\"\\u0041\\/\\u00e9 é <&> \\u2028\",\r\n" +
	`  "big": 1e400, "exact":12345678901234567890.10, "zero":-0.0,"e":1E+2 ,` +
	"\n\"empty\" : { } , \"list\":[ 1 ,2,\n3 ], \"dollar\":\"$5 ${x} $$ \\u0024{\", \"k\\u0041\\/\" : null\n}"

// A body that needs no change goes out byte for byte, however it is given.
func TestBodiesPassThroughByteForByte(t *testing.T) {
	w := newWorld(t)
	for name, input := range map[string]any{
		"raw input":           json.RawMessage(`{"body":` + exact + `}`),
		"raw input in space":  json.RawMessage(" {\n\"body\" :\t" + exact + " }\n"),
		"bytes":               []byte(`{"body":` + exact + `}`),
		"a jsontext value":    jsontext.Value(`{"body":` + exact + `}`),
		"an Input":            ductape.Input{Body: json.RawMessage(exact)},
		"a pointer to one":    &ductape.Input{Body: jsontext.Value(exact)},
		"a map":               map[string]any{"body": json.RawMessage(exact), "headers": map[string]string{}},
		"flat":                json.RawMessage(exact),
		"flat in white space": json.RawMessage("\n " + exact + "\n"),
	} {
		call := w.call("create_thing", "")
		call.Input = input
		before := len(w.api.requests())
		if _, err := w.runCall(call); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, got, _ := strings.Cut(w.api.requests()[before], "\n\n"); got != exact {
			t.Errorf("%s: sent\n%s\nwant\n%s", name, got, exact)
		}
	}
}

// What is not one JSON value is told with its place, and cannot reach into what
// stands around it.
func TestBadRawInput(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name  string
		input any
		says  string
	}{
		{"more after the end", json.RawMessage(`{"body":{"a":1}} {}`), "input: has more after its end"},
		{"a part that leaves its place", ductape.Input{Body: json.RawMessage(`{}, "query":{"a":1}`)}, "input.body: has more after its end"},
		{"a part that is cut off", map[string]any{"body": json.RawMessage(`{"a":`)}, "input.body.a: is not JSON"},
		{"a part that is no JSON", ductape.Input{Body: json.RawMessage(`{"a":[1,x]}`)}, "input.body.a[1]: is not JSON"},
		{"a name twice in the input", json.RawMessage(`{"body":{},"body":{"a":1}}`), "input.body: is a duplicate"},
		{"a name twice in a body", json.RawMessage(`{"body":{"a":[{"b":1,"\u0062":2}]}}`), "input.body.a[0].b: is a duplicate"},
		{"a name twice in a part", ductape.Input{Body: json.RawMessage(`{"a":1,"a":1}`)}, "input.body.a: is a duplicate"},
		{"a Go value that is no JSON", ductape.Input{Body: func() {}}, "input: json: unsupported type"},
	} {
		call := w.call("create_thing", "")
		call.Input = c.input
		w.t = t
		if got := w.refused(call, ductape.CodeInvalidInput); !strings.Contains(got, c.says) {
			t.Errorf("%s: error %q does not say %q", c.name, got, c.says)
		}
	}
}

// A raw part that is empty is null, as in encoding/json.
func TestEmptyRawParts(t *testing.T) {
	w := newWorld(t)
	for _, input := range []any{nil, json.RawMessage(nil), []byte{}, json.RawMessage("null"), ductape.Input{Body: json.RawMessage(nil)}, (*ductape.Input)(nil), map[string]any(nil)} {
		call := w.call("create_thing", "")
		call.Input = input
		before := len(w.api.requests())
		if _, err := w.runCall(call); err != nil {
			t.Errorf("%#v: %v", input, err)
		} else if got := w.api.requests()[before]; strings.Contains(got, "\n\n") {
			t.Errorf("%#v sends %q", input, got)
		}
	}
}
