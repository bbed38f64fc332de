package schema

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// maxValueDepth bounds how deep a value that is checked may nest.
const maxValueDepth = 500

var (
	errTooDeep = errors.New("is nested too deep to be checked")
	errNumber  = errors.New("holds a number too long to be checked")
)

// decode turns JSON into Go values, numbers as they are written.
func decode(raw jsontext.Value) (any, error) {
	dec := lenient(raw)
	v, err := decodeNext(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); err != io.EOF {
		return nil, errors.New("is not one JSON value")
	}
	return v, nil
}

func decodeNext(dec *jsontext.Decoder, depth int) (any, error) {
	if depth > maxValueDepth {
		return nil, errTooDeep
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case '{':
		return decodeObject(dec, depth)
	case '[':
		return decodeArray(dec, depth)
	case '"':
		return tok.String(), nil
	case '0':
		text := tok.String()
		if !tractable(text) {
			return nil, errNumber
		}
		return json.Number(text), nil
	case 't', 'f':
		return tok.Bool(), nil
	}
	return nil, nil
}

func decodeObject(dec *jsontext.Decoder, depth int) (any, error) {
	out := map[string]any{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if out[key], err = decodeNext(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.ReadToken()
	return out, err
}

func decodeArray(dec *jsontext.Decoder, depth int) (any, error) {
	out := []any{}
	for dec.PeekKind() != ']' {
		v, err := decodeNext(dec, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := dec.ReadToken()
	return out, err
}
