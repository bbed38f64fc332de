package session

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxData is how large the data of a session may be, in bytes of compact JSON.
const MaxData = 16 << 10

// readData checks the user data and returns it compact. None is an empty object.
func readData(data json.RawMessage) (jsontext.Value, error) {
	if len(data) == 0 || string(data) == "null" {
		return jsontext.Value("{}"), nil
	}
	compact, err := jsontext.AppendFormat(nil, jsontext.Value(data))
	v := jsontext.Value(compact)
	if err != nil {
		return nil, wrongData("data", "is no valid JSON: "+reason(err))
	}
	if v.Kind() != '{' {
		return nil, wrongData("data", "must be an object")
	}
	if len(v) > MaxData {
		return nil, wrongData("data", fmt.Sprintf("is %d bytes; at most %d fit in a token", len(v), MaxData)).
			WithHint("keep in the session what runs need, such as ids, and leave the rest in your own database")
	}
	return v, nil
}

// reason says what is wrong with JSON without quoting it: it may hold secrets.
func reason(err error) string {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return "a name stands twice in an object"
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("at byte %d", syntax.ByteOffset)
	}
	return "it cannot be read"
}

func wrongData(where, message string) *ductape.Error {
	e := ductape.NewError(ductape.CodeInvalidInput, "the session's data cannot be used")
	e.Problems = []ductape.Problem{{Where: where, Message: message}}
	return e
}

// identify returns the identifier of what the type's selector finds in the data;
// none without a selector.
func identify(keys []Key, scope Scope, data jsontext.Value) (string, error) {
	plain, err := plainIdentifier(scope, data)
	return current(keys, plain), err
}

func plainIdentifier(scope Scope, data jsontext.Value) (string, error) {
	if scope.Type.Selector == "" {
		return "", nil
	}
	ref, err := selector(scope.Type)
	if err != nil {
		return "", err
	}
	where := "data"
	for _, name := range ref.Path {
		where += "." + name
	}
	v, ok := placeholder.LookupSession(data, ref.Path, scope.Type.Tag)
	if !ok {
		return "", wrongData(where, fmt.Sprintf("is missing: the selector %s identifies the user by it", ref.Text))
	}
	switch v.Kind() {
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		if err != nil || len(text) == 0 {
			return "", wrongData(where, fmt.Sprintf("is empty: the selector %s identifies the user by it", ref.Text))
		}
		return Identifier(scope.Workspace, string(text)), nil
	case '0':
		return Identifier(scope.Workspace, string(v)), nil
	}
	return "", wrongData(where, fmt.Sprintf("must be text or a number: the selector %s identifies the user by it", ref.Text))
}

// selector reads a type's selector: one reference to the session.
func selector(typ ductape.SessionType) (placeholder.Ref, error) {
	t, err := placeholder.Parse(typ.Selector)
	if err != nil {
		return placeholder.Ref{}, wrongType(typ, "selector: "+err.Error())
	}
	refs := t.Refs()
	if !t.Whole() || len(refs) != 1 || refs[0].Kind != placeholder.Session || refs[0].Text != typ.Selector {
		return placeholder.Ref{}, wrongType(typ, "selector: must be one reference to the session, such as $Session{user}{id}")
	}
	return refs[0], nil
}
