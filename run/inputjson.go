package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/decoder"
)

// encodeInput returns the input as JSON. JSON that is given as such stays byte
// for byte: the whole input, or a part of an Input or of a map.
func encodeInput(input any) (jsontext.Value, error) {
	if raw, ok := rawJSON(input); ok {
		return orEmpty(raw), nil
	}
	switch v := input.(type) {
	case nil:
		return orEmpty(nil), nil
	case []byte: // an input is an object, so it cannot mean base64
		return orEmpty(v), nil
	case ductape.Input:
		return partsJSON(partsOf(v))
	case *ductape.Input:
		if v != nil {
			return partsJSON(partsOf(*v))
		}
	case map[string]any:
		return partsJSON(partsOfMap(v))
	}
	raw, err := plainJSON(input)
	return orEmpty(raw), err
}

func orEmpty(raw jsontext.Value) jsontext.Value {
	if len(raw) == 0 || string(raw) == "null" {
		return jsontext.Value("{}")
	}
	return raw
}

// rawJSON is the JSON that a value is, if it is.
func rawJSON(v any) (jsontext.Value, bool) {
	switch v := v.(type) {
	case jsontext.Value:
		return v, true
	case json.RawMessage:
		return jsontext.Value(v), true
	}
	return nil, false
}

// An inputPart is one member of an input that is a Go value.
type inputPart struct {
	name  string
	value any
}

func partsOf(in ductape.Input) []inputPart {
	all := []inputPart{{"query", in.Query}, {"params", in.Params}, {"body", in.Body}, {"headers", in.Headers}}
	return slices.DeleteFunc(all, func(p inputPart) bool { return p.value == nil })
}

func partsOfMap(m map[string]any) []inputPart {
	var all []inputPart
	for _, name := range slices.Sorted(maps.Keys(m)) { // in the order of encoding/json
		all = append(all, inputPart{name, m[name]})
	}
	return all
}

func partsJSON(parts []inputPart) (jsontext.Value, error) {
	members := make([]member, len(parts))
	for i, p := range parts {
		raw, ok := rawJSON(p.value)
		if !ok {
			var err error
			if raw, err = plainJSON(p.value); err != nil {
				return nil, err
			}
		}
		if len(raw) == 0 {
			raw = jsontext.Value("null")
		}
		if err := oneValue(raw); err != nil { // before other members stand around it
			return nil, badJSON("input."+p.name, err)
		}
		members[i] = member{p.name, raw}
	}
	return objectOf(members), nil
}

// plainJSON writes a Go value.
func plainJSON(v any) (jsontext.Value, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the API gets these very bytes
	if err := enc.Encode(v); err != nil {
		return nil, badJSON("input", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// oneValue reports what keeps a text from being one JSON value.
func oneValue(raw jsontext.Value) error {
	dec := decoder.Of(raw)
	defer dec.Free()
	if _, err := dec.ReadValue(); err != nil {
		return err
	}
	if len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0 {
		return errMore
	}
	return nil
}

// badJSON is the answer to an input that cannot be read, with the place inside
// it where the reader says one. A name that stands twice is refused: docs/run.md
// says why.
func badJSON(where string, err error) error {
	e := fault("bind", ductape.CodeInvalidInput, "the call is not valid; nothing was sent")
	e.Cause = err
	message := err.Error()
	var at *jsontext.SyntacticError
	if errors.As(err, &at) {
		where += placeOf(at.JSONPointer)
		message = "is not JSON: " + at.Err.Error()
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		message = "is a duplicate: the name stands twice in its object, and readers differ on which one counts"
	}
	e.Problems = []ductape.Problem{{Where: where, Message: message}}
	return e
}

// placeOf writes a JSON pointer as places in an input are written.
func placeOf(p jsontext.Pointer) string {
	var b strings.Builder
	for name := range p.Tokens() {
		if isDigits(name) {
			b.WriteString("[" + name + "]")
		} else {
			b.WriteString("." + name)
		}
	}
	return b.String()
}
