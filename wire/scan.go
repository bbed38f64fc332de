package wire

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// check refuses anything that is not exactly one JSON value. All scanning below
// relies on it. Two members of one name are let through: they are written twice.
func check(v jsontext.Value) error {
	if v.IsValid(jsontext.AllowDuplicateNames(true)) {
		return nil
	}
	return fail("not a JSON value in UTF-8", "")
}

// checkParam is check for a parameter, which may be absent.
func checkParam(v jsontext.Value) error {
	if absent(v) {
		return nil
	}
	return check(v)
}

// absent reports whether there is no value at all, not even null.
func absent(v jsontext.Value) bool { return len(trim(v)) == 0 }

// Omitted reports whether a query, header or cookie parameter with that value is
// left out of the request: it is undefined (RFC 6570, 2.3), that is absent, null,
// or an array or object that holds nothing but nulls. The empty string is not
// undefined. A parameter that uses `content` has no such rule: only an absent or
// null value leaves it out.
func Omitted(p *ductape.Param, v jsontext.Value) bool {
	if p.ContentType != "" {
		return absent(v) || v.Kind() == jsontext.KindNull
	}
	return undefined(v)
}

func undefined(v jsontext.Value) bool {
	switch v.Kind() {
	case jsontext.KindInvalid:
		return absent(v)
	case jsontext.KindNull:
		return true
	case jsontext.KindBeginArray, jsontext.KindBeginObject:
	default:
		return false
	}
	for c := enter(v); ; {
		_, item, ok := c.next()
		if !ok {
			return true
		}
		if item.Kind() != jsontext.KindNull {
			return false
		}
	}
}

// composite reports whether v is an array or an object.
func composite(v jsontext.Value) bool {
	k := v.Kind()
	return k == jsontext.KindBeginArray || k == jsontext.KindBeginObject
}

// holdsComposite reports whether a member of v is an array or an object.
func holdsComposite(v jsontext.Value) bool {
	if !composite(v) {
		return false
	}
	for c := enter(v); ; {
		_, item, ok := c.next()
		if !ok {
			return false
		}
		if composite(item) {
			return true
		}
	}
}

// A cursor walks over the members of one array or object of valid JSON, without
// decoding them.
type cursor struct {
	src    []byte
	pos    int
	object bool
}

// enter returns a cursor before the first member of v, an array or object.
func enter(v jsontext.Value) cursor {
	c := cursor{src: v}
	c.blank()
	c.object = c.pos < len(v) && v[c.pos] == '{'
	c.pos++
	return c
}

// next returns the next member; name is its quoted name, nil in an array.
func (c *cursor) next() (name, value jsontext.Value, ok bool) {
	c.blank()
	if c.pos < len(c.src) && c.src[c.pos] == ',' {
		c.pos++
		c.blank()
	}
	if c.pos >= len(c.src) || c.src[c.pos] == ']' || c.src[c.pos] == '}' {
		return nil, nil, false
	}
	if c.object {
		name = c.value()
		c.blank()
		c.pos++ // the colon
		c.blank()
	}
	return name, c.value(), true
}

func (c *cursor) blank() {
	for c.pos < len(c.src) {
		switch c.src[c.pos] {
		case ' ', '\t', '\r', '\n':
			c.pos++
		default:
			return
		}
	}
}

// value steps over one value and returns it.
func (c *cursor) value() jsontext.Value {
	start := min(c.pos, len(c.src))
	for depth := 0; c.pos < len(c.src); {
		switch c.src[c.pos] {
		case '"':
			c.quoted()
		case '{', '[':
			depth++
			c.pos++
			continue
		case '}', ']':
			depth--
			c.pos++
		case ',', ':', ' ', '\t', '\r', '\n':
			c.pos++
			continue
		default:
			c.literal()
		}
		if depth <= 0 {
			break
		}
	}
	return jsontext.Value(c.src[start:max(start, min(c.pos, len(c.src)))])
}

func (c *cursor) quoted() {
	for c.pos++; c.pos < len(c.src); c.pos++ {
		switch c.src[c.pos] {
		case '\\':
			c.pos++
		case '"':
			c.pos++
			return
		}
	}
}

func (c *cursor) literal() {
	for c.pos < len(c.src) {
		switch c.src[c.pos] {
		case ',', ':', '}', ']', '{', '[', '"', ' ', '\t', '\r', '\n':
			return
		}
		c.pos++
	}
}

// text returns what a scalar says: a string without its quotes and escapes, a
// number, true or false exactly as given. Null is the empty text. It uses buf
// only when a string holds escapes.
func text(v jsontext.Value, buf []byte) []byte {
	v = trim(v)
	switch v.Kind() {
	case jsontext.KindNull:
		return nil
	case jsontext.KindString:
	default:
		return v
	}
	inner := v[1 : len(v)-1]
	for _, c := range inner {
		if c == '\\' {
			out, _ := jsontext.AppendUnquote(buf[:0], v) // v was checked
			return out
		}
	}
	return inner
}

func trim(v jsontext.Value) jsontext.Value {
	c := cursor{src: v}
	c.blank()
	end := len(v)
	for end > c.pos {
		switch v[end-1] {
		case ' ', '\t', '\r', '\n':
			end--
			continue
		}
		break
	}
	return v[c.pos:end]
}

// appendCompact appends v without the blanks between its tokens; the tokens
// themselves stay as they were.
func appendCompact(dst []byte, v jsontext.Value) []byte {
	c := cursor{src: v}
	for c.blank(); c.pos < len(v); c.blank() {
		start := c.pos
		switch v[c.pos] {
		case '"':
			c.quoted()
		case '{', '}', '[', ']', ',', ':':
			c.pos++
		default:
			c.literal()
		}
		dst = append(dst, v[start:min(c.pos, len(v))]...)
	}
	return dst
}
