package session

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
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
