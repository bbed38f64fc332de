package tree

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads a JSON document. The document keeps src, which must not change.
// The error is a *SyntaxError.
func Parse(src []byte) (*Doc, error) {
	src = Text(src)
	if len(src) >= math.MaxUint32 {
		return nil, errors.New("a document of more than 4 GB")
	}
	s := scanner{src: src, entries: make([]entry, 0, 64+len(src)/24)}
	if err := s.document(); err != nil {
		return nil, err
	}
	if !s.dirty && !s.trailing && len(s.duplicates) == 0 {
		return &Doc{src: src, entries: s.entries}, nil
	}
	return repair(&s)
}

func (s *scanner) document() *SyntaxError {
	s.space()
	if err := s.value(0); err != nil {
		return err
	}
	s.space()
	if s.pos == len(s.src) {
		return nil
	}
	if s.src[s.entries[0].start] != '{' {
		return s.fail(s.pos, "the value ends before the text does")
	}
	s.trailing = true
	s.src = s.src[:s.pos]
	return nil
}

// repair rewrites a document without control characters in strings, broken
// UTF-8 and repeated members (the last one stays), and reads it again.
func repair(s *scanner) (*Doc, error) {
	doc := &Doc{src: s.src, entries: s.entries}
	var repairs []Repair
	if s.trailing {
		repairs = append(repairs, Repair{Code: "trailing_text", Message: "text behind the end of the description was left out"})
	}
	if s.dirty {
		repairs = append(repairs, Repair{Code: "control_character", Message: "strings held control characters or bytes that are not UTF-8; they were escaped or replaced"})
	}
	slices.Sort(s.duplicates)
	for i, e := range s.duplicates {
		if i == 100 {
			repairs = append(repairs, Repair{Code: "duplicate_key", Message: "and " + strconv.Itoa(len(s.duplicates)-i) + " more"})
			break
		}
		repairs = append(repairs, Repair{Code: "duplicate_key", Where: doc.pointerTo(e, 1000), Message: "the member occurs more than once in its object; the last one was read"})
	}
	if !s.dirty && len(s.duplicates) == 0 {
		doc.Repairs = repairs
		return doc, nil
	}
	clean := clean(s.src, s.entries, s.duplicates)
	again := scanner{src: clean, entries: make([]entry, 0, len(s.entries))}
	if err := again.document(); err != nil {
		return nil, err
	}
	return &Doc{src: clean, entries: again.entries, Repairs: repairs}, nil
}

// clean copies src without the dropped members and with sound strings.
func clean(src []byte, entries []entry, drop []uint32) []byte {
	out := make([]byte, 0, len(src)+len(src)/16)
	pos := 0
	for _, e := range drop {
		from, to := int(entries[e].key), int(entries[e].end)
		if from < pos {
			continue // inside a member already dropped
		}
		if comma := bytes.IndexByte(src[to:], ','); comma >= 0 { // a later member follows
			to += comma + 1
		}
		out = appendClean(out, src[pos:from])
		pos = to
	}
	return appendClean(out, src[pos:])
}

func appendClean(out, b []byte) []byte {
	inString := false
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case inString && c == '\\' && i+1 < len(b):
			out = append(out, c, b[i+1])
			i += 2
		case c == '"':
			inString = !inString
			out = append(out, c)
			i++
		case inString && c < 0x20:
			out = append(out, `\u00`...)
			out = append(out, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
			i++
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			out = utf8.AppendRune(out, r)
			i += n
		}
	}
	return out
}

// Text returns src as UTF-8 without a byte order mark.
func Text(src []byte) []byte {
	switch {
	case bytes.HasPrefix(src, []byte{0xEF, 0xBB, 0xBF}):
		return src[3:]
	case bytes.HasPrefix(src, []byte{0xFF, 0xFE}):
		return fromUTF16(src[2:], func(a, b byte) uint16 { return uint16(b)<<8 | uint16(a) })
	case bytes.HasPrefix(src, []byte{0xFE, 0xFF}):
		return fromUTF16(src[2:], func(a, b byte) uint16 { return uint16(a)<<8 | uint16(b) })
	}
	return src
}

func fromUTF16(src []byte, unit func(a, b byte) uint16) []byte {
	units := make([]uint16, 0, len(src)/2)
	for i := 0; i+1 < len(src); i += 2 {
		units = append(units, unit(src[i], src[i+1]))
	}
	out := make([]byte, 0, len(src)/2)
	for _, r := range utf16.Decode(units) {
		out = utf8.AppendRune(out, r)
	}
	return out
}
