package client

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// callJSON writes a call. The input's JSON is put in as it stands, since
// encoding/json would take the white space out of it.
func callJSON(call ductape.Call) ([]byte, error) {
	input, err := inputJSON(call.Input)
	if err != nil {
		return nil, err
	}
	call.Input = nil
	out, err := encode(call)
	if err != nil || len(input) == 0 {
		return out, err
	}
	out = append(out[:len(out)-len("}\n")], `,"input":`...)
	return append(append(out, input...), '}'), nil
}

// inputJSON writes an input, nothing for none. JSON that is given as such stays
// byte for byte: the whole input, or a part of an Input or of a map.
func inputJSON(input any) ([]byte, error) {
	if raw, ok := rawJSON(input); ok {
		return checked("input", raw)
	}
	switch v := input.(type) {
	case nil:
		return nil, nil
	case []byte: // an input is an object, so it cannot mean base64
		return checked("input", v)
	case ductape.Input:
		return partsJSON(partsOf(v))
	case *ductape.Input:
		if v != nil {
			return partsJSON(partsOf(*v))
		}
	case map[string]any:
		return partsJSON(partsOfMap(v))
	}
	return encode(input)
}

// rawJSON is the JSON that a value is, if it is.
func rawJSON(v any) ([]byte, bool) {
	switch v := v.(type) {
	case json.RawMessage:
		return v, true
	case jsontext.Value:
		return v, true
	}
	return nil, false
}

// A part is one member of an input.
type part struct {
	name  string
	value any
}

func partsOf(in ductape.Input) []part {
	all := []part{{"query", in.Query}, {"params", in.Params}, {"body", in.Body}, {"headers", in.Headers}}
	return slices.DeleteFunc(all, func(p part) bool { return p.value == nil })
}

func partsOfMap(m map[string]any) []part {
	var all []part
	for _, name := range slices.Sorted(maps.Keys(m)) { // in the order of encoding/json
		all = append(all, part{name, m[name]})
	}
	return all
}

func partsJSON(parts []part) ([]byte, error) {
	out := []byte{'{'}
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := encode(p.name)
		if err != nil {
			return nil, err
		}
		value, err := partJSON(p)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, bytes.TrimSpace(name)...), ':'), value...)
	}
	return append(out, '}'), nil
}

func partJSON(p part) ([]byte, error) {
	raw, ok := rawJSON(p.value)
	switch {
	case !ok:
		return encode(p.value)
	case len(raw) == 0:
		return []byte("null"), nil
	}
	return checked("input."+p.name, raw)
}

// checked is JSON that may be put into other JSON.
func checked(where string, raw []byte) ([]byte, error) {
	if len(raw) == 0 || json.Valid(raw) {
		return raw, nil
	}
	cause := json.Compact(new(bytes.Buffer), raw)
	e := ductape.NewError(ductape.CodeInvalidInput, "the call is not valid; nothing was sent")
	e.Problems = []ductape.Problem{{Where: where, Message: "is not JSON: " + cause.Error()}}
	e.Cause = cause
	return nil, e
}
