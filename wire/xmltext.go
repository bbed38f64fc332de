package wire

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// textNode writes a scalar as text or as a CDATA section.
func (x *xmlWriter) textNode(kind nodeKind, v jsontext.Value) error {
	if composite(v) {
		return fail("an array or object cannot be text", "")
	}
	t := text(v, nil)
	if kind == nodeText {
		return x.escaped(t, false)
	}
	if err := xmlChars(t); err != nil {
		return err
	}
	x.dst = append(x.dst, "<![CDATA["...)
	x.dst = append(x.dst, bytes.ReplaceAll(t, []byte("]]>"), []byte("]]]]><![CDATA[>"))...)
	x.dst = append(x.dst, "]]>"...)
	return nil
}

// escaped writes text so that a reader gets it back byte for byte: a carriage
// return, and in attributes every blank but the space, would else be changed
// (XML 1.0, 2.11 and 3.3.3).
func (x *xmlWriter) escaped(t []byte, attribute bool) error {
	if err := xmlChars(t); err != nil {
		return err
	}
	for _, c := range t {
		switch {
		case c == '&':
			x.dst = append(x.dst, "&amp;"...)
		case c == '<':
			x.dst = append(x.dst, "&lt;"...)
		case c == '>':
			x.dst = append(x.dst, "&gt;"...)
		case c == '"' && attribute:
			x.dst = append(x.dst, "&quot;"...)
		case c == '\r':
			x.dst = append(x.dst, "&#xD;"...)
		case c == '\n' && attribute:
			x.dst = append(x.dst, "&#xA;"...)
		case c == '\t' && attribute:
			x.dst = append(x.dst, "&#x9;"...)
		default:
			x.dst = append(x.dst, c)
		}
	}
	return nil
}

// xmlChars refuses what no XML 1.0 document can hold, escaped or not (2.2).
func xmlChars(t []byte) error {
	for i, c := range t {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return fail("holds a character that XML cannot carry: "+charName(c), "remove it, or send it in base64")
		}
		if c == 0xEF {
			if r, _ := utf8.DecodeRune(t[i:]); r == 0xFFFE || r == 0xFFFF {
				return fail("holds a character that XML cannot carry: U+FFFE or U+FFFF", "remove it")
			}
		}
	}
	return nil
}

// xmlName reports whether s is a Name (XML 1.0, 2.3). A colon may part a prefix
// from the rest, for names that carry theirs themselves.
func xmlName(s string) bool {
	for i, r := range s {
		if !nameStart(r) && (i == 0 || !nameChar(r)) {
			return false
		}
	}
	return s != "" && strings.Count(s, ":") <= 1 && !strings.HasPrefix(s, ":") && !strings.HasSuffix(s, ":")
}

func nameStart(r rune) bool { return unicode.Is(nameStarts, r) }

func nameChar(r rune) bool {
	return r >= '0' && r <= '9' || r == '-' || r == '.' || r == 0xB7 ||
		r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// nameStarts is NameStartChar.
var nameStarts = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: ':', Hi: ':', Stride: 1},
		{Lo: 'A', Hi: 'Z', Stride: 1},
		{Lo: '_', Hi: '_', Stride: 1},
		{Lo: 'a', Hi: 'z', Stride: 1},
		{Lo: 0xC0, Hi: 0xD6, Stride: 1},
		{Lo: 0xD8, Hi: 0xF6, Stride: 1},
		{Lo: 0xF8, Hi: 0x2FF, Stride: 1},
		{Lo: 0x370, Hi: 0x37D, Stride: 1},
		{Lo: 0x37F, Hi: 0x1FFF, Stride: 1},
		{Lo: 0x200C, Hi: 0x200D, Stride: 1},
		{Lo: 0x2070, Hi: 0x218F, Stride: 1},
		{Lo: 0x2C00, Hi: 0x2FEF, Stride: 1},
		{Lo: 0x3001, Hi: 0xD7FF, Stride: 1},
		{Lo: 0xF900, Hi: 0xFDCF, Stride: 1},
		{Lo: 0xFDF0, Hi: 0xFFFD, Stride: 1},
	},
	R32:         []unicode.Range32{{Lo: 0x10000, Hi: 0xEFFFF, Stride: 1}},
	LatinOffset: 6,
}
