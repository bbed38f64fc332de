package server

import (
	"errors"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// What is wrong with a call's text is told with its place.
func TestCallsThatAreNotJSON(t *testing.T) {
	for _, c := range []struct{ call, want string }{
		{`{"env":"dev","input":{"body":{"a":1,"a":2}}}`, "the call is not valid; nothing was sent; input.body.a: is a duplicate"},
		{`{"input":{"body":{"items":[{},{"a":1,"\u0061":2}]}}}`, "input.body.items[1].a: is a duplicate"},
		{`{"env":"dev","env":"prd"}`, "env: is a duplicate"},
		{`{"input":{"body":{"a":tru}}}`, "input.body.a: is not JSON: invalid character"},
		{`{"input":{"body":[1,}]}}`, "is not JSON"},
		{`{"input":`, "input: is not JSON: unexpected EOF"},
		{``, "body: is not JSON"},
		{`[]`, "body: must be a JSON object"},
		{`{} {}`, "body: has more after its end"},
	} {
		_, err := decodeCall([]byte(c.call))
		var e *ductape.Error
		if !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput || len(e.Problems) != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.call, err)
			continue
		}
		if hinted := e.Hint != ""; hinted != (e.Problems[0].Where == "body") {
			t.Errorf("%s: hint %q", c.call, e.Hint)
		}
	}
}
