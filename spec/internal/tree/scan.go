package tree

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A scanner walks the bytes once and records the entries.
type scanner struct {
	src     []byte
	pos     int
	depth   int
	entries []entry
	keys    keySet

	trailing   bool     // text follows the document's value
	dirty      bool     // a string holds control characters or broken UTF-8
	duplicates []uint32 // entries whose key came again later in the object
}

var errTruncated = "the text ends in the middle of a value"

func (s *scanner) fail(pos int, message string) *SyntaxError {
	pos = min(pos, len(s.src))
	line := 1 + bytes.Count(s.src[:pos], []byte{'\n'})
	column := pos - bytes.LastIndexByte(s.src[:pos], '\n')
	return &SyntaxError{Offset: pos, Line: line, Column: column, Message: message, Truncated: pos >= len(s.src)}
}

func (s *scanner) space() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// value reads the value at pos and adds it to the entries.
func (s *scanner) value(key uint32) *SyntaxError {
	if s.pos >= len(s.src) {
		return s.fail(s.pos, errTruncated)
	}
	at := len(s.entries)
	s.entries = append(s.entries, entry{start: uint32(s.pos), key: key})
	var err *SyntaxError
	switch c := s.src[s.pos]; {
	case c == '{':
		err = s.object()
	case c == '[':
		err = s.array()
	case c == '"':
		err = s.str()
	case c == '-' || c >= '0' && c <= '9':
		err = s.number()
	default:
		err = s.word()
	}
	if err != nil {
		return err
	}
	s.entries[at].end = uint32(s.pos)
	s.entries[at].next = uint32(len(s.entries))
	return nil
}

func (s *scanner) enter() *SyntaxError {
	s.depth++
	if s.depth > MaxDepth {
		return s.fail(s.pos, "values are nested deeper than "+itoa(MaxDepth)+" levels")
	}
	s.pos++
	s.space()
	return nil
}

func (s *scanner) object() *SyntaxError {
	if err := s.enter(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	mark := s.keys.open()
	for first := true; ; first = false {
		if s.pos < len(s.src) && s.src[s.pos] == '}' && first {
			s.pos++
			return nil
		}
		if err := s.member(); err != nil {
			return err
		}
		more, err := s.separator('}')
		if err != nil {
			return err
		}
		if !more {
			s.duplicates = s.keys.close(mark, s.duplicates)
			return nil
		}
	}
}

func (s *scanner) member() *SyntaxError {
	if s.pos >= len(s.src) {
		return s.fail(s.pos, errTruncated)
	}
	if s.src[s.pos] != '"' {
		return s.fail(s.pos, "a member's name in double quotes was expected")
	}
	key := s.pos
	if err := s.str(); err != nil {
		return err
	}
	s.keys.add(s.src[key+1:s.pos-1], uint32(len(s.entries)))
	s.space()
	if s.pos >= len(s.src) {
		return s.fail(s.pos, errTruncated)
	}
	if s.src[s.pos] != ':' {
		return s.fail(s.pos, "':' was expected after a member's name")
	}
	s.pos++
	s.space()
	return s.value(uint32(key))
}

func (s *scanner) array() *SyntaxError {
	if err := s.enter(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.pos < len(s.src) && s.src[s.pos] == ']' {
		s.pos++
		return nil
	}
	for {
		if err := s.value(0); err != nil {
			return err
		}
		more, err := s.separator(']')
		if err != nil || !more {
			return err
		}
	}
}

// separator reads what follows a value inside an object or array.
func (s *scanner) separator(end byte) (more bool, err *SyntaxError) {
	s.space()
	if s.pos >= len(s.src) {
		return false, s.fail(s.pos, errTruncated)
	}
	switch s.src[s.pos] {
	case ',':
		s.pos++
		s.space()
		return true, nil
	case end:
		s.pos++
		return false, nil
	}
	return false, s.fail(s.pos, "',' or '"+string(end)+"' was expected")
}

// plain marks the bytes that need no look inside a string.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\' && c < 0x80
	}
	return t
}()

func (s *scanner) str() *SyntaxError {
	src, i := s.src, s.pos+1
	for i < len(src) {
		c := src[i]
		switch {
		case plain[c]:
			i++
		case c == '"':
			s.pos = i + 1
			return nil
		case c == '\\':
			n, ok := escape(src[i:])
			if !ok {
				if rest := src[i:]; len(rest) < 2 || rest[1] == 'u' && len(rest) < 6 {
					return s.fail(len(src), errTruncated)
				}
				return s.fail(i, "a string holds an unknown escape")
			}
			i += n
		case c < 0x20:
			s.dirty = true
			i++
		default:
			r, n := utf8.DecodeRune(src[i:])
			s.dirty = s.dirty || r == utf8.RuneError && n == 1
			i += n
		}
	}
	return s.fail(len(src), "the text ends in the middle of a string")
}

// escape returns the length of the escape at the start of b.
func escape(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, false
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, true
	case 'u':
		if len(b) < 6 {
			return 0, false
		}
		for _, c := range b[2:6] {
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
				return 0, false
			}
		}
		return 6, true
	}
	return 0, false
}

func (s *scanner) digits() bool {
	from := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > from
}

func (s *scanner) number() *SyntaxError {
	start := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	zero := s.pos < len(s.src) && s.src[s.pos] == '0'
	from := s.pos
	ok := s.digits() && (!zero || s.pos == from+1)
	if ok && s.pos < len(s.src) && s.src[s.pos] == '.' {
		s.pos++
		ok = s.digits()
	}
	if ok && s.pos < len(s.src) && s.src[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
		ok = s.digits()
	}
	if !ok {
		if s.pos < len(s.src) {
			s.pos = start
		}
		return s.fail(s.pos, "a number was expected")
	}
	return nil
}

func (s *scanner) word() *SyntaxError {
	for _, w := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(s.src[s.pos:], []byte(w)) {
			s.pos += len(w)
			return nil
		}
	}
	return s.fail(s.pos, "a value was expected")
}
