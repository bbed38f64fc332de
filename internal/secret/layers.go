package secret

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A layer is a text after escapes were undone, with the way back to the places
// in the text that was given.
type layer struct {
	text string
	from []span // of each byte of text; nil: the text as given
}

// origin returns where a part of the layer stood in the given text.
func (l layer) origin(s span) span {
	if l.from == nil || s.start == s.end {
		return s
	}
	return span{l.from[s.start].start, l.from[s.end-1].end}
}

// maxLayers bounds how often escapes within escapes are undone: a JSON string
// in a JSON string that is percent-encoded, and the like.
const maxLayers = 3

// layersOf returns the text itself and every different text that undoing escapes
// up to maxLayers times gives.
func layersOf(s string) []layer {
	all := []layer{{text: s}}
	for round, from := 0, 0; round < maxLayers; round++ {
		to := len(all)
		for _, l := range all[from:to] {
			all = appendDecoded(all, l)
		}
		from = to
	}
	return all
}

// decoders are the ways to undo escapes, and the sign without which each finds
// none.
var decoders = []struct {
	sign byte
	undo decoder
}{{'\\', backslash}, {'%', percent}, {'+', percentPlus}, {'&', xmlReference}}

func appendDecoded(all []layer, l layer) []layer {
	for _, d := range decoders {
		if strings.IndexByte(l.text, d.sign) < 0 {
			continue
		}
		next := l.decode(d.undo)
		if !slices.ContainsFunc(all, func(have layer) bool { return have.text == next.text }) {
			all = append(all, next)
		}
	}
	return all
}

// A decoder appends what the escape at the start of s stands for, and returns
// how many bytes of s it took: 0 when there is none.
type decoder func(out []byte, s string) ([]byte, int)

func (l layer) decode(d decoder) layer {
	text := make([]byte, 0, len(l.text))
	from := make([]span, 0, len(l.text))
	for i := 0; i < len(l.text); {
		out, n := d(text, l.text[i:])
		if n == 0 {
			out, n = append(out, l.text[i]), 1
		}
		for range len(out) - len(text) {
			from = append(from, l.origin(span{i, i + n}))
		}
		text, i = out, i+n
	}
	return layer{text: string(text), from: from}
}

// percent undoes percent-encoding (RFC 3986, 2.1).
func percent(out []byte, s string) ([]byte, int) {
	if s[0] != '%' {
		return out, 0
	}
	if c, ok := hexDigits(s, 1, 2); ok {
		return append(out, byte(c)), 3
	}
	return out, 0
}

// percentPlus is percent with + for space, as forms have it.
func percentPlus(out []byte, s string) ([]byte, int) {
	if s[0] == '+' {
		return append(out, ' '), 1
	}
	return percent(out, s)
}

// letters are the one-letter escapes of JSON (RFC 8259, 7) and of Go.
var letters = [256]byte{
	'"': '"', '\\': '\\', '/': '/', '\'': '\'',
	'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'a': '\a', 'v': '\v',
}

// backslash undoes the escapes of JSON and of Go's %q, in which net/http quotes
// URLs in errors.
func backslash(out []byte, s string) ([]byte, int) {
	if s[0] != '\\' || len(s) < 2 {
		return out, 0
	}
	if c := letters[s[1]]; c != 0 {
		return append(out, c), 2
	}
	switch s[1] {
	case 'x':
		if c, ok := hexDigits(s, 2, 2); ok {
			return append(out, byte(c)), 4
		}
	case 'u':
		return unicodeEscape(out, s)
	case 'U':
		if c, ok := hexDigits(s, 2, 8); ok {
			return utf8.AppendRune(out, rune(c)), 10
		}
	}
	return out, 0
}

// unicodeEscape undoes \uXXXX, and two that are a surrogate pair.
func unicodeEscape(out []byte, s string) ([]byte, int) {
	c, ok := hexDigits(s, 2, 4)
	if !ok {
		return out, 0
	}
	if utf16.IsSurrogate(rune(c)) && len(s) > 7 && s[6] == '\\' && s[7] == 'u' {
		if low, ok := hexDigits(s, 8, 4); ok {
			return utf8.AppendRune(out, utf16.DecodeRune(rune(c), rune(low))), 12
		}
	}
	return utf8.AppendRune(out, rune(c)), 6
}

// entities are the references of XML 1.0, 4.6, which HTML has too.
var entities = []struct {
	text string
	is   byte
}{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}

// xmlReference undoes XML's references to entities and characters (XML 1.0, 4.1).
func xmlReference(out []byte, s string) ([]byte, int) {
	if s[0] != '&' {
		return out, 0
	}
	for _, e := range entities {
		if strings.HasPrefix(s, e.text) {
			return append(out, e.is), len(e.text)
		}
	}
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 3 || s[1] != '#' {
		return out, 0
	}
	digits, base := s[2:end], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	c, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return out, 0
	}
	return utf8.AppendRune(out, rune(c)), end + 1
}

func hexDigits(s string, at, n int) (uint32, bool) {
	if len(s) < at+n {
		return 0, false
	}
	c, err := strconv.ParseUint(s[at:at+n], 16, 32)
	return uint32(c), err == nil
}
