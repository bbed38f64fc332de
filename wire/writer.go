package wire

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// A writer appends the parts of one value.
type writer struct {
	dst    []byte
	lead   string // before the first part
	sep    string // between parts
	parts  int    // written so far
	limit  int    // len(dst) that may not be passed
	names  alphabet
	values alphabet
	bad    func(byte) bool // refused in raw text
	buf    []byte          // for text with escapes
	key    []byte          // name of the nested value at hand, escaped
}

// limitFor bounds what a value may grow to, so that one long name above many
// short values cannot fill the memory.
func limitFor(dst []byte, v jsontext.Value) int { return len(dst) + 1<<20 + 64*len(v) }

func (w *writer) begin() {
	if w.parts++; w.parts == 1 {
		w.dst = append(w.dst, w.lead...)
	} else {
		w.dst = append(w.dst, w.sep...)
	}
}

// write appends text in an alphabet.
func (w *writer) write(s []byte, a alphabet) error {
	if a == raw {
		if err := w.judge(s); err != nil {
			return err
		}
	}
	if len(w.dst)+len(s) > w.limit {
		return fail("the names above it make the request far larger than the input", "shorten them, or send the value as JSON")
	}
	w.dst = appendEscaped(w.dst, s, a)
	return nil
}

func (w *writer) judge(s []byte) error {
	for _, c := range s {
		if w.bad(c) {
			return fail("holds a character that cannot stand there: "+charName(c), "remove it; this place has no escape for it")
		}
	}
	return nil
}

func charName(c byte) string {
	switch c {
	case '\r':
		return "carriage return"
	case '\n':
		return "line feed"
	case 0:
		return "NUL"
	case ' ':
		return "blank"
	case '\t':
		return "tab"
	}
	if c > ' ' && c < 0x7f {
		return string(rune(c))
	}
	return "byte 0x" + string([]byte{hex[c>>4], hex[c&15]})
}

// text is what a scalar says; valid until the next call.
func (w *writer) text(v jsontext.Value) []byte {
	t := text(v, w.buf)
	if cap(w.buf) == 0 && v.Kind() == jsontext.KindString && len(t) > 0 && &t[0] != &v[1] {
		w.buf = t[:0]
	}
	return t
}

// compose writes a value by RFC 6570, 3.2.1, the rule behind every style but
// deepObject.
func (w *writer) compose(st style, name string, v jsontext.Value) error {
	switch {
	case !composite(v):
		w.begin()
		return w.pair(st, name, v, 0)
	case st.explode && v.Kind() == jsontext.KindBeginArray:
		return w.items(st, name, v)
	case st.explode:
		return w.members(st, v)
	default:
		return w.joined(st, name, v)
	}
}

// pair writes a scalar, with its name where the style wants one. Sep is what
// stands between it and its like, 0 for nothing.
func (w *writer) pair(st style, name string, v jsontext.Value, sep byte) error {
	t := w.text(v)
	if st.named {
		if err := w.write([]byte(name), w.names); err != nil {
			return err
		}
		if st.bare && len(t) == 0 {
			return nil
		}
		w.dst = append(w.dst, '=')
	}
	return w.data(t, sep)
}

// items writes an array one part per item.
func (w *writer) items(st style, name string, v jsontext.Value) error {
	for i, c := 0, enter(v); ; i++ {
		_, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if composite(item) {
			return underItem(notNested(st.name), i)
		}
		w.begin()
		if err := w.pair(st, name, item, st.between()); err != nil {
			return underItem(err, i)
		}
	}
}

// members writes an object one part per member: name=value.
func (w *writer) members(st style, v jsontext.Value) error {
	for c := enter(v); ; {
		name, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if composite(item) {
			return underMember(notNested(st.name), text(name, nil))
		}
		w.begin()
		if err := w.member(st, name, item); err != nil {
			return underMember(err, text(name, nil))
		}
	}
}

func (w *writer) member(st style, name, v jsontext.Value) error {
	if err := w.write(w.text(name), w.names); err != nil {
		return err
	}
	if t := w.text(v); len(t) > 0 || !st.bare {
		w.dst = append(w.dst, '=')
		return w.data(t, st.between())
	}
	return nil
}

// joined writes an array or object as one text with delimiters.
func (w *writer) joined(st style, name string, v jsontext.Value) error {
	w.begin()
	if st.named {
		if err := w.write([]byte(name), w.names); err != nil {
			return err
		}
	}
	start := len(w.dst)
	if st.named {
		w.dst = append(w.dst, '=')
	}
	first := len(w.dst)
	written := 0
	for i, c := 0, enter(v); ; i++ {
		key, item, ok := c.next()
		if !ok {
			break
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if written++; written > 1 {
			w.delimiter(st.delim)
		}
		if err := w.joinedItem(st, key, item); err != nil {
			if key != nil {
				return underMember(err, text(key, nil))
			}
			return underItem(err, i)
		}
	}
	if st.bare && len(w.dst) == first {
		w.dst = w.dst[:start]
	}
	return nil
}

func (w *writer) joinedItem(st style, key, item jsontext.Value) error {
	if composite(item) {
		return notNested(st.name)
	}
	if key != nil {
		if err := w.item(w.text(key), st.delim); err != nil {
			return err
		}
		w.delimiter(st.delim)
	}
	return w.item(w.text(item), st.delim)
}

func (w *writer) delimiter(c byte) {
	if c == ',' {
		w.dst = append(w.dst, c)
		return
	}
	w.dst = appendEscaped(w.dst, []byte{c}, w.values)
}

// item writes one item of a delimited text. Blanks, pipes and tabs are encoded
// as delimiters too, so they cannot be data (OpenAPI 3.2, appendix E).
func (w *writer) item(s []byte, delim byte) error {
	if delim != ',' && w.values != raw && bytes.IndexByte(s, delim) >= 0 {
		return fail("holds the delimiter "+charName(delim)+", which this style cannot express", "leave it out, or send each item on its own")
	}
	return w.data(s, delim)
}

// data writes text in which sep, 0 for none, is no delimiter: allowReserved
// would let it through as one.
func (w *writer) data(s []byte, sep byte) error {
	if w.values == raw || alphabets[sep]&w.values == 0 {
		return w.write(s, w.values)
	}
	for i, piece := range bytes.Split(s, []byte{sep}) {
		if i > 0 {
			w.dst = append(w.dst, '%', hex[sep>>4], hex[sep&15])
		}
		if err := w.write(piece, w.values); err != nil {
			return err
		}
	}
	return nil
}

func notNested(style string) error {
	return fail("style "+style+" has no way to write an array or object inside another",
		"OpenAPI leaves it undefined; set the app's nesting, or send the inner value as text")
}
