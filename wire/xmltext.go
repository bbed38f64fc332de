package wire

import (
	"bytes"
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

// xmlName reports whether s is an NCName (Namespaces in XML 1.0), with letters
// beyond ASCII taken as they come; a colon is let through for names that carry
// their prefix themselves.
func xmlName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
		other := c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return s != "" && s[len(s)-1] != ':'
}
