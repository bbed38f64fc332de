package placeholder

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// value reads one argument or member.
func (p *parser) value() (node, error) {
	start := p.pos
	if p.pos >= len(p.text) {
		return node{}, p.fail(start, "a value is missing at the end")
	}
	c := p.text[start]
	if c == '$' {
		return p.placeholder()
	}
	if p.nodes++; p.nodes > maxNodes {
		return node{}, p.fail(start, "more than %d placeholders and values in one text", maxNodes)
	}
	switch {
	case c == '\'' || c == '"':
		return p.stringLiteral()
	case c == '[':
		return p.array()
	case c == '{':
		return p.object()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	return p.word()
}

func (p *parser) array() (node, error) {
	n := node{kind: arrayNode, column: p.column(p.pos)}
	err := p.nested(p.pos, func() (err error) {
		n.args, err = p.list(']', "array")
		return err
	})
	return n, err
}

func (p *parser) object() (node, error) {
	n := node{kind: objectNode, column: p.column(p.pos)}
	err := p.nested(p.pos, func() error { return p.members(&n) })
	return n, err
}

func (p *parser) members(n *node) error {
	open := p.pos
	p.pos++
	seen := map[string]bool{}
	for p.space(); p.peek() != '}' || len(n.keys) > 0; p.space() {
		if err := p.member(n, seen); err != nil {
			return err
		}
		p.space()
		if p.peek() == ',' {
			p.pos++
			continue
		}
		if p.peek() == '}' {
			break
		}
		return p.unclosed(open, '}', "object")
	}
	p.pos++
	return nil
}

func (p *parser) member(n *node, seen map[string]bool) error {
	start := p.pos
	key, err := p.key()
	if err != nil {
		return err
	}
	if seen[string(key)] {
		return p.fail(start, "object: the key %s stands twice", key)
	}
	seen[string(key)] = true
	p.space()
	if p.peek() != ':' {
		return p.fail(p.pos, "object: expected : after the key %s", key)
	}
	p.pos++
	p.space()
	item, err := p.value()
	if err != nil {
		return err
	}
	n.keys, n.args = append(n.keys, key), append(n.args, item)
	return nil
}

// key reads a quoted key, or a bare one of letters, digits, _ and -.
func (p *parser) key() (jsontext.Value, error) {
	if c := p.peek(); c == '\'' || c == '"' {
		n, err := p.stringLiteral()
		return n.literal, err
	}
	start := p.pos
	for p.pos < len(p.text) && (isNameByte(p.text[p.pos]) || p.text[p.pos] == '_' || p.text[p.pos] == '-') {
		p.pos++
	}
	if p.pos == start {
		return nil, p.fail(start, "object: expected a key")
	}
	return quote(p.text[start:p.pos]), nil
}

// number reads a number as JSON has it and keeps its text.
func (p *parser) number() (node, error) {
	start := p.pos
	for p.pos < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[p.pos]) >= 0 {
		p.pos++
	}
	text := jsontext.Value(p.text[start:p.pos])
	if !text.IsValid() {
		return node{}, p.fail(start, "%s is not a number", text)
	}
	return node{kind: literalNode, literal: text, column: p.column(start)}, nil
}

func (p *parser) word() (node, error) {
	start := p.pos
	for p.pos < len(p.text) && isNameByte(p.text[p.pos]) {
		p.pos++
	}
	switch word := p.text[start:p.pos]; word {
	case "true", "false", "null":
		return node{kind: literalNode, literal: jsontext.Value(word), column: p.column(start)}, nil
	case "":
		return node{}, p.fail(start, "expected a value")
	default:
		return node{}, p.fail(start, "%s is not a value; write text in quotes", word)
	}
}

func (p *parser) stringLiteral() (node, error) {
	start := p.pos
	end := p.text[start]
	var text strings.Builder
	for p.pos++; p.pos < len(p.text); {
		c := p.text[p.pos]
		p.pos++
		switch c {
		case end:
			return node{kind: literalNode, literal: quote(text.String()), column: p.column(start)}, nil
		case '\\':
			if err := p.escape(&text); err != nil {
				return node{}, err
			}
		default:
			text.WriteByte(c)
		}
	}
	return node{}, p.fail(start, "the text that begins here is never closed with %c", end)
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '\\': '\\', '/': '/', '\'': '\'', '"': '"', '$': '$'}

// escape reads what follows a backslash.
func (p *parser) escape(text *strings.Builder) error {
	at := p.pos - 1
	c := p.peek()
	if plain, ok := escapes[c]; ok {
		p.pos++
		text.WriteByte(plain)
		return nil
	}
	if c != 'u' {
		return p.fail(at, `unknown escape after \; there are \\ \' \" \/ \$ \n \t \r \b \f \uXXXX`)
	}
	r, ok := p.unicode()
	if ok && utf16.IsSurrogate(r) {
		second := rune(utf8.RuneError)
		if p.peek() == '\\' {
			p.pos++
			second, ok = p.unicode()
		}
		r = utf16.DecodeRune(r, second)
		ok = ok && r != utf8.RuneError
	}
	if !ok {
		return p.fail(at, `\u takes four hexadecimal digits, and a pair of them above \uffff`)
	}
	text.WriteRune(r)
	return nil
}

// unicode reads uXXXX.
func (p *parser) unicode() (rune, bool) {
	if p.pos+5 > len(p.text) || p.text[p.pos] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.text[p.pos+1 : p.pos+5]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	p.pos += 5
	return r, true
}
