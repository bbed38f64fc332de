package placeholder

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Lookup returns the value at path in v: each name is the key of an object or,
// made of digits, the index of an array. v must be valid JSON. Of keys that stand
// twice the first counts. It takes time in proportion to what stands before the
// value.
func Lookup(v jsontext.Value, path []string) (jsontext.Value, bool) {
	v = bytes.TrimSpace(v)
	for _, name := range path {
		next, ok := member(v, name)
		if !ok {
			return nil, false
		}
		v = next
	}
	return v, len(v) > 0
}

// LookupSession is Lookup in a session's data. The first name may be the tag of
// the session's type where the data has no such field.
func LookupSession(data jsontext.Value, path []string, tag string) (jsontext.Value, bool) {
	v, ok := Lookup(data, path)
	if ok || len(path) < 2 || path[0] != tag {
		return v, ok
	}
	if _, taken := Lookup(data, path[:1]); taken {
		return nil, false
	}
	return Lookup(data, path[1:])
}

// member finds one member of an object or array by walking over the bytes: a
// decoder would check again what was checked when the document came in.
func member(v jsontext.Value, name string) (jsontext.Value, bool) {
	if len(v) == 0 || v[0] != '{' && v[0] != '[' {
		return nil, false
	}
	object, index := v[0] == '{', -1
	if !object {
		if index = arrayIndex(name); index < 0 {
			return nil, false
		}
	}
	pos := 1
	for n := 0; ; n++ {
		pos = skipSpace(v, pos)
		found := n == index
		if object {
			key := pos
			pos = skipValue(v, pos)
			if pos == key || v[key] != '"' {
				return nil, false
			}
			found = keyIs(v[key:pos], name)
			if pos = skipSpace(v, pos); pos >= len(v) || v[pos] != ':' {
				return nil, false
			}
			pos = skipSpace(v, pos+1)
		}
		start := pos
		pos = skipValue(v, pos)
		if found {
			return v[start:pos:pos], pos > start
		}
		if pos = skipSpace(v, pos); pos >= len(v) || v[pos] != ',' {
			return nil, false
		}
		pos++
	}
}

// arrayIndex reads an index: digits without a leading zero.
func arrayIndex(name string) int {
	n, err := strconv.Atoi(name)
	if err != nil || n < 0 || strconv.Itoa(n) != name {
		return -1
	}
	return n
}

func keyIs(quoted []byte, name string) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return len(quoted) >= 2 && string(quoted[1:len(quoted)-1]) == name
	}
	text, err := jsontext.AppendUnquote(nil, quoted)
	return err == nil && string(text) == name
}

func skipSpace(v []byte, pos int) int {
	for pos < len(v) && (v[pos] == ' ' || v[pos] == '\t' || v[pos] == '\r' || v[pos] == '\n') {
		pos++
	}
	return pos
}

// skipValue returns where the value at pos ends; pos itself when there is none.
func skipValue(v []byte, pos int) int {
	depth := 0
	for start := pos; pos < len(v); {
		switch v[pos] {
		case '"':
			pos = skipString(v, pos)
		case '{', '[':
			depth++
			pos++
		case '}', ']':
			if depth == 0 {
				return start
			}
			depth--
			pos++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return pos
			}
			pos++
			continue
		default:
			pos = skipWord(v, pos)
		}
		if depth == 0 {
			return pos
		}
	}
	return pos
}

func skipString(v []byte, pos int) int {
	for start := pos + 1; ; {
		quote := bytes.IndexByte(v[min(pos+1, len(v)):], '"')
		if quote < 0 {
			return len(v)
		}
		pos += 1 + quote
		escapes := 0
		for pos-escapes > start && v[pos-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return pos + 1
		}
	}
}

func skipWord(v []byte, pos int) int {
	for pos < len(v) && bytes.IndexByte([]byte(`,:{}[]" `+"\t\r\n"), v[pos]) < 0 {
		pos++
	}
	return pos
}
