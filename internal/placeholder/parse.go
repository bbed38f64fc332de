package placeholder

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxDepth = 32     // of calls, arrays and objects in one another
	maxNodes = 10_000 // of one template; more could not be evaluated
)

// A parser walks over text once, forwards.
type parser struct {
	text  string
	pos   int // bytes
	depth int
	nodes int

	counted int // columns are counted up to this byte
	columns int // characters before it
}

// column returns the column of the byte at pos, which never goes back.
func (p *parser) column(pos int) int {
	if pos < p.counted {
		return utf8.RuneCountInString(p.text[:pos]) + 1
	}
	p.columns += utf8.RuneCountInString(p.text[p.counted:pos])
	p.counted = pos
	return p.columns + 1
}

func (p *parser) fail(pos int, format string, args ...any) error {
	return &SyntaxError{Column: p.column(pos), Message: fmt.Sprintf(format, args...)}
}

// template reads all of the text.
func (p *parser) template() ([]part, error) {
	var parts []part
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			parts = append(parts, part{text: lit.String()})
			lit.Reset()
		}
	}
	for p.pos < len(p.text) {
		placeholder := p.plain(&lit)
		if !placeholder {
			continue
		}
		flush()
		n, err := p.placeholder()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{node: &n})
	}
	flush()
	return parts, nil
}

// plain copies text up to and including the next run of $ to lit. It reports
// whether a placeholder begins at p.pos; its $ is not copied.
func (p *parser) plain(lit *strings.Builder) bool {
	rest := p.text[p.pos:]
	from, to := dollars(rest)
	lit.WriteString(rest[:from])
	p.pos += to
	run, after := to-from, rest[to:]
	if text, n, ok := literalAt(after); ok && run > 0 {
		lit.WriteString(rest[from : to-1])
		lit.WriteString(text)
		p.pos += n
		return false
	}
	if !shaped(after) {
		lit.WriteString(rest[from:to])
		return false
	}
	lit.WriteString(rest[from : from+run/2])
	if run%2 == 0 {
		return false
	}
	if !known(after) {
		lit.WriteByte('$')
		return false
	}
	p.pos--
	return true
}

// placeholder reads a reference or a call. p.pos is at its $.
func (p *parser) placeholder() (node, error) {
	start := p.pos
	if p.nodes++; p.nodes > maxNodes {
		return node{}, p.fail(start, "more than %d placeholders and values in one text", maxNodes)
	}
	n := nameLen(p.text[start+1:])
	name := p.text[start+1 : start+1+n]
	p.pos = start + 1 + n
	next := byte(0)
	if p.pos < len(p.text) {
		next = p.text[p.pos]
	}
	switch {
	case name == "Now":
		return p.now(start, next == '(')
	case next == '{' && name == "Literal":
		return p.literal(start)
	case next == '{' && isBraced(name):
		return p.braced(start, name)
	case next == '{' && kindOf(name) != 0:
		return p.reference(start, kindOf(name))
	case next == '(' && functionOf(name) != nil:
		return p.call(start, functionOf(name))
	}
	return node{}, p.unknown(start, name)
}

func (p *parser) unknown(start int, name string) error {
	if name == "" {
		return p.fail(start, "a reference or function must follow the $; write text in quotes")
	}
	if kindOf(name) != 0 || functionOf(name) != nil {
		return p.fail(start, "$%s is incomplete", name)
	}
	return p.fail(start, "there is no reference or function $%s", name)
}

func (p *parser) now(start int, parens bool) (node, error) {
	column := p.column(start)
	if parens {
		p.pos++
		p.space()
		if p.peek() != ')' {
			return node{}, p.fail(start, "$Now takes no argument: write $Now or $Now()")
		}
		p.pos++
	}
	ref := Ref{Kind: Now, Text: p.text[start:p.pos], Column: column, InCall: p.depth > 0}
	return node{kind: refNode, ref: ref, column: column}, nil
}

// reference reads the names in braces.
func (p *parser) reference(start int, kind Kind) (node, error) {
	column := p.column(start)
	var path []string
	for p.peek() == '{' {
		name, err := p.segment(kind)
		if err != nil {
			return node{}, err
		}
		path = append(path, name)
	}
	ref := Ref{Kind: kind, Path: path, Text: p.text[start:p.pos], Column: column, InCall: p.depth > 0}
	want := refKinds[kind]
	switch {
	case want.max > 0 && want.min == want.max && len(path) != want.max:
		return node{}, &SyntaxError{column, fmt.Sprintf("%s: $%s takes %s in braces, has %d", ref.Text, kind, plural(want.max, "name"), len(path))}
	case len(path) < want.min:
		return node{}, &SyntaxError{column, fmt.Sprintf("%s: $%s takes at least %s in braces", ref.Text, kind, plural(want.min, "name"))}
	}
	return node{kind: refNode, ref: ref, column: column}, nil
}

// segment reads one name in braces: literal text up to the }.
func (p *parser) segment(kind Kind) (string, error) {
	open := p.pos
	end := strings.IndexByte(p.text[open:], '}')
	if end < 0 {
		return "", p.fail(open, "$%s: the { is never closed with }", kind)
	}
	if end == 1 {
		return "", p.fail(open, "$%s: a name is missing between { and }", kind)
	}
	p.pos = open + end + 1
	return p.text[open+1 : open+end], nil
}

// braced reads $Size{ref}.
func (p *parser) braced(start int, name string) (node, error) {
	n := node{kind: callNode, fn: functionOf(name), column: p.column(start)}
	err := p.nested(start, func() error {
		p.pos++
		p.space()
		if p.peek() != '$' {
			return p.fail(p.pos, "$%s{...} takes a reference, such as $%s{$Session{items}}", name, name)
		}
		arg, err := p.placeholder()
		if err != nil {
			return err
		}
		n.args = []node{arg}
		p.space()
		if p.peek() != '}' {
			return p.fail(p.pos, "$%s: expected } after the reference", name)
		}
		p.pos++
		return nil
	})
	return n, err
}

// call reads a function's arguments. p.pos is at the parenthesis.
func (p *parser) call(start int, fn *function) (node, error) {
	n := node{kind: callNode, fn: fn, column: p.column(start)}
	err := p.nested(start, func() (err error) {
		n.args, err = p.list(')', "$"+fn.name)
		return err
	})
	if err != nil {
		return n, err
	}
	if len(n.args) < fn.min || fn.max > 0 && len(n.args) > fn.max {
		return n, &SyntaxError{n.column, fmt.Sprintf("$%s takes %s, has %d: $%s%s", fn.name, fn.count(), len(n.args), fn.name, fn.usage)}
	}
	if fn.lazy != nil {
		n.args[0].optional()
	}
	return n, nil
}

// nested runs f one level deeper.
func (p *parser) nested(start int, f func() error) error {
	if p.depth++; p.depth > maxDepth {
		return p.fail(start, "nested deeper than %d levels", maxDepth)
	}
	defer func() { p.depth-- }()
	return f()
}

// list reads values between the character at p.pos and end.
func (p *parser) list(end byte, of string) ([]node, error) {
	open := p.pos
	p.pos++
	var items []node
	for p.space(); p.peek() != end || len(items) > 0; p.space() {
		item, err := p.value()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		p.space()
		if p.peek() == ',' {
			p.pos++
			continue
		}
		if p.peek() == end {
			break
		}
		return nil, p.unclosed(open, end, of)
	}
	p.pos++
	return items, nil
}

func (p *parser) unclosed(open int, end byte, of string) error {
	if p.pos >= len(p.text) {
		return p.fail(open, "%s: the %c is never closed with %c", of, p.text[open], end)
	}
	return p.fail(p.pos, "%s: expected , or %c", of, end)
}

func (p *parser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
