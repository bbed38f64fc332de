package placeholder

import (
	"bytes"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// lenient reads what comes from outside as it is: duplicate names stay.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// quote returns text as a JSON string. Invalid UTF-8 cannot stand in one and
// becomes U+FFFD.
func quote(text string) jsontext.Value {
	v, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		v, _ = jsontext.AppendQuote(nil, string([]rune(text)))
	}
	return v
}

func unquote(v jsontext.Value) (string, error) {
	if len(v) >= 2 && bytes.IndexByte(v, '\\') < 0 {
		return string(v[1 : len(v)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, v)
	return string(text), err
}

func integer(n int) jsontext.Value { return strconv.AppendInt(nil, int64(n), 10) }

func compact(v jsontext.Value) (jsontext.Value, error) {
	return jsontext.AppendFormat(nil, v, append([]jsontext.Options{jsontext.PreserveRawStrings(true)}, lenient...)...)
}

// members returns the members of an array; of an object its names and values in
// turn.
func members(v jsontext.Value) ([]jsontext.Value, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(v), lenient...)
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var items []jsontext.Value
	for d.StackDepth() > 0 {
		if k := d.PeekKind(); k == ']' || k == '}' {
			_, err := d.ReadToken()
			return items, err
		}
		item, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		end := d.InputOffset()
		items = append(items, v[end-int64(len(item)):end])
	}
	return items, io.ErrUnexpectedEOF
}
