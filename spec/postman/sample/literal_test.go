package sample_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// TestLiteral renders literal text: it comes out as it went in.
func TestLiteral(t *testing.T) {
	for _, text := range []string{"", "$", "$5", "plain", "$Session{x}{y}", "$$Session{x}", "$$$Now", "a $Now b", "$Nowhere", "$Add(1,2)", "$Unknown{x}", "$$Unknown(", "query($id: ID!)", "${x}", "$$"} {
		raw, err := jsontext.AppendQuote(nil, sample.Literal(text))
		if err != nil {
			t.Fatal(err)
		}
		out, err := placeholder.RenderJSON(nil, raw, nil, "")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, _ := jsontext.AppendUnquote(nil, out); string(got) != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
