package run

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/decoder"
)

// A member is one name and value of a JSON object, in the order they came.
type member struct {
	name  string
	value jsontext.Value
}

var (
	errNotObject = errors.New("must be a JSON object")
	errMore      = errors.New("has more after its end")
)

// membersOf lists the members of an object. The values are parts of raw.
func membersOf(raw jsontext.Value) ([]member, error) {
	dec := decoder.Of(raw)
	defer dec.Free()
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	if tok.Kind() != '{' {
		return nil, errNotObject
	}
	out := make([]member, 0, 4)
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		end := dec.InputOffset()
		out = append(out, member{key, raw[end-int64(len(value)) : end : end]})
	}
	if _, err = dec.ReadToken(); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0 {
		return nil, errMore
	}
	return out, nil
}

// objectOf writes members as one object.
func objectOf(members []member) jsontext.Value {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, m.name) // the name was valid when it was read
		out = append(out, ':')
		out = append(out, m.value...)
	}
	return append(out, '}')
}

// isNothing reports whether a value is null or {}: the same as not being there.
func isNothing(v jsontext.Value) bool {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || string(v) == "null" {
		return true
	}
	return v[0] == '{' && len(bytes.TrimSpace(v[1:])) == 1
}
