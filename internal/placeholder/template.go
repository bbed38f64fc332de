package placeholder

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A Template is text with placeholders, parsed. It never changes and any number
// of goroutines may use it.
type Template struct {
	parts []part
	value jsontext.Value // the JSON string, when the whole text is literal
}

// Maybe reports whether text could hold a placeholder or an escape. False means
// that it is plain text for sure.
func Maybe(text string) bool { return strings.IndexByte(text, '$') >= 0 }

// Parse reads text. Its error is a *SyntaxError.
func Parse(text string) (*Template, error) {
	t, err := parse(text)
	if err != nil {
		return nil, err
	}
	for i := range t.parts {
		if n := t.parts[i].node; n != nil {
			err = n.check()
		}
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// parse reads text without trying its constant calls: who evaluates it at once
// finds what is wrong in them anyway.
func parse(text string) (*Template, error) {
	p := parser{text: text}
	parts, err := p.template()
	if err != nil {
		return nil, err
	}
	t := &Template{parts: parts}
	if !t.literal() && !utf8.ValidString(text) {
		return nil, &SyntaxError{Column: 1, Message: "text with placeholders must be valid UTF-8"}
	}
	t.quote()
	return t, nil
}

// quote prepares the text for standing inside JSON strings.
func (t *Template) quote() {
	for i := range t.parts {
		if t.parts[i].node != nil {
			continue
		}
		// Only a wholly literal text can be invalid UTF-8 here: Eval refuses it.
		q, err := jsontext.AppendQuote(nil, t.parts[i].text)
		if err != nil {
			continue
		}
		t.parts[i].quoted = q[1 : len(q)-1]
		if t.literal() {
			t.value = q
		}
	}
	if len(t.parts) == 0 {
		t.value = jsontext.Value(`""`)
	}
}

func (t *Template) literal() bool {
	return len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].node == nil
}

// Static returns the text and true when the template holds no placeholder.
func (t *Template) Static() (string, bool) {
	if !t.literal() {
		return "", false
	}
	if len(t.parts) == 0 {
		return "", true
	}
	return t.parts[0].text, true
}

// Whole reports whether the text is exactly one placeholder, so that Eval keeps
// the type of its value.
func (t *Template) Whole() bool { return len(t.parts) == 1 && t.parts[0].node != nil }

// Refs returns every reference in the template, those in arguments too, in the
// order in which they are written.
func (t *Template) Refs() []Ref {
	var refs []Ref
	for i := range t.parts {
		if n := t.parts[i].node; n != nil {
			refs = n.appendRefs(refs)
		}
	}
	return refs
}
