package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// A member is one name and value of an object.
type member struct {
	name  string
	value jsontext.Value
}

// lenient reads what real descriptions hold.
func lenient(raw []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// membersOf lists the members of an object, in order; what is no object has
// none.
func membersOf(raw jsontext.Value) []member {
	if raw.Kind() != '{' {
		return nil
	}
	dec := lenient(raw)
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	var out []member
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return out
		}
		key := name.String()
		value, err := dec.ReadValue()
		if err != nil {
			return out
		}
		out = append(out, member{key, value.Clone()})
	}
	return out
}

// itemsOf lists the items of an array; what is no array has none.
func itemsOf(raw jsontext.Value) []jsontext.Value {
	if raw.Kind() != '[' {
		return nil
	}
	dec := lenient(raw)
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	var out []jsontext.Value
	for k := dec.PeekKind(); k != ']' && k != 0; k = dec.PeekKind() {
		value, err := dec.ReadValue()
		if err != nil {
			return out
		}
		out = append(out, value.Clone())
	}
	return out
}

// textOf returns the text of a JSON string, and "" for the rest.
func textOf(raw jsontext.Value) string {
	if raw.Kind() != '"' {
		return ""
	}
	text, _ := jsontext.AppendUnquote(nil, bytes.TrimSpace(raw)) // an error is about invalid UTF-8, and text is usable then
	return string(text)
}

// textsOf returns the strings of an array.
func textsOf(raw jsontext.Value) []string {
	var out []string
	for _, item := range itemsOf(raw) {
		if item.Kind() == '"' {
			out = append(out, textOf(item))
		}
	}
	return out
}

// objectOf writes members as an object.
func objectOf(members []member) jsontext.Value {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quote(m.name)...), ':'), m.value...)
	}
	return append(out, '}')
}

// arrayOf writes values as an array.
func arrayOf(items []jsontext.Value) jsontext.Value {
	return append(append([]byte{'['}, bytes.Join(asBytes(items), []byte{','})...), ']')
}

func asBytes(items []jsontext.Value) [][]byte {
	out := make([][]byte, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// quote writes text as a JSON string; what is not UTF-8 in it is replaced.
func quote(text string) jsontext.Value {
	out, _ := jsontext.AppendQuote(nil, text)
	return out
}
