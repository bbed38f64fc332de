package sample

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds how deep arrays and objects may nest.
const MaxDepth = 512

// ErrDepth is returned by Parse for text that nests deeper than MaxDepth.
var ErrDepth = errors.New("nested too deep")

// A Kind is the kind of a Value.
type Kind byte

// The kinds. The zero Value is Null, so that what is missing reads as null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// A Value is a JSON value whose members keep their order. Its methods never
// fail: what has another type than asked for reads as empty.
type Value struct {
	Kind    Kind
	Literal string // String: its text; Number and Bool: as written
	Items   []Value
	Members []Member
}

// A Member is one name and value of an object.
type Member struct {
	Name  string
	Value Value
}

// Parse reads the one JSON value that is data; see ParseFirst.
func Parse(data []byte) (Value, error) {
	v, rest, err := ParseFirst(data)
	if err == nil && len(rest) > 0 {
		return Value{}, errors.New("text after the value")
	}
	return v, err
}

// ParseFirst reads the JSON value that data begins with and returns the text
// after it, without space. It skips a byte order mark, replaces invalid UTF-8
// and keeps the last of duplicate names.
func ParseFirst(data []byte) (v Value, rest []byte, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if v, err = read(dec, 0); err != nil {
		return v, nil, err
	}
	return v, bytes.TrimSpace(data[dec.InputOffset():]), nil
}

func read(dec *jsontext.Decoder, depth int) (Value, error) {
	if depth > MaxDepth {
		return Value{}, ErrDepth
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return Value{}, unexpected(err, depth)
	}
	switch tok.Kind() {
	case '{':
		return readObject(dec, depth)
	case '[':
		return readArray(dec, depth)
	case '"':
		return Value{Kind: String, Literal: tok.String()}, nil
	case '0':
		return Value{Kind: Number, Literal: tok.String()}, nil
	case 't', 'f':
		return Value{Kind: Bool, Literal: tok.String()}, nil
	}
	return Value{}, nil
}

func readObject(dec *jsontext.Decoder, depth int) (Value, error) {
	v := Value{Kind: Object}
	at := map[string]int{} // :: name -> index in v.Members
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return Value{}, unexpected(err, depth+1)
		}
		n := name.String()
		m, err := read(dec, depth+1)
		if err != nil {
			return Value{}, err
		}
		if i, ok := at[n]; ok {
			v.Members[i].Value = m
			continue
		}
		at[n] = len(v.Members)
		v.Members = append(v.Members, Member{n, m})
	}
	_, err := dec.ReadToken()
	return v, unexpected(err, depth+1)
}

func readArray(dec *jsontext.Decoder, depth int) (Value, error) {
	v := Value{Kind: Array}
	for dec.PeekKind() != ']' {
		item, err := read(dec, depth+1)
		if err != nil {
			return Value{}, err
		}
		v.Items = append(v.Items, item)
	}
	_, err := dec.ReadToken()
	return v, unexpected(err, depth+1)
}

// unexpected turns the end of the text inside a value into ErrUnexpectedEOF.
func unexpected(err error, depth int) error {
	if depth > 0 && errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Get returns the member called name, or null.
func (v Value) Get(name string) Value {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return Value{}
}

// Has reports whether v is an object with a member called name.
func (v Value) Has(name string) bool {
	for _, m := range v.Members {
		if m.Name == name {
			return true
		}
	}
	return false
}

// Text returns a string's text and a number's or boolean's as written.
func (v Value) Text() string { return v.Literal }

// True reports whether v is true, or the text "true".
func (v Value) True() bool { return v.Literal == "true" }

// IsNull reports whether v is null or missing.
func (v Value) IsNull() bool { return v.Kind == Null }

// JSON returns v as compact JSON.
func (v Value) JSON() json.RawMessage { return v.append(nil) }

func (v Value) append(b []byte) []byte {
	switch v.Kind {
	case String:
		return append(b, Quote(v.Literal)...)
	case Number, Bool:
		return append(b, v.Literal...)
	case Array:
		b = append(b, '[')
		for i, item := range v.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.append(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i, m := range v.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, Quote(m.Name)...), ':')
			b = m.Value.append(b)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// Quote returns s as a JSON string.
func Quote(s string) json.RawMessage {
	q, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return json.RawMessage(`""`)
	}
	return json.RawMessage(q)
}

// Pointer returns the JSON pointer of a member or item of the value at base.
func Pointer[T string | int](base string, step T) string {
	switch s := any(step).(type) {
	case int:
		return base + "/" + strconv.Itoa(s)
	case string:
		return base + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
	}
	return base
}
