package secret

import (
	"hash/maphash"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A layer is a text after escapes were undone, with the way back to the text that
// was given. The way is gone anew where it is needed: to keep the place of every
// byte would take many times the text.
type layer struct {
	text string
	of   *layer // what it was decoded from; nil: it is the text as given
	undo decoder
}

// origin returns where parts of the layer stood in the given text. They are in
// order and do not touch, and so are those it returns, but for those that began
// or ended in one escape.
func (l *layer) origin(parts []span) []span {
	if l.of == nil || len(parts) == 0 {
		return parts
	}
	out := make([]span, len(parts))
	starts, ends := 0, 0 // how many are found
	var few [utf8.UTFMax]byte
	for i, at := 0, 0; i < len(l.of.text) && ends < len(parts); {
		b, n := l.undo(few[:0], l.of.text[i:])
		if n == 0 {
			b, n = few[:1], 1
		}
		for at += len(b); starts < len(parts) && parts[starts].start < at; starts++ {
			out[starts].start = i
		}
		i += n
		for ; ends < len(parts) && parts[ends].end <= at; ends++ {
			out[ends].end = i
		}
	}
	return l.of.origin(join(out))
}

// maxLayers bounds how often escapes within escapes are undone: a JSON string
// in a JSON string that is percent-encoded, and the like.
const maxLayers = 3

// eachLayer visits the text itself and every different text that undoing escapes
// up to maxLayers times gives. No more of them are held at once than are undone
// one after another.
func eachLayer(s string, visit func(l *layer)) {
	w := walk{visit: visit}
	w.from(&layer{text: s}, 0)
}

// A walk goes over the layers of one text.
type walk struct {
	visit func(l *layer)
	seen  []seenLayer
}

// A seenLayer is one that was visited, after so many times of undoing.
type seenLayer struct {
	hash  uint64
	depth int
}

func (w *walk) from(l *layer, depth int) {
	w.visit(l)
	if depth == maxLayers {
		return
	}
	for _, d := range decoders {
		if strings.IndexByte(l.text, d.sign) < 0 {
			continue
		}
		if next := l.decode(d.undo); next.text != l.text && w.first(next.text, depth+1) {
			w.from(next, depth+1)
		}
	}
}

var layerSeed = maphash.MakeSeed()

// first reports whether a text was not visited yet, or only where less of it
// could be undone.
func (w *walk) first(text string, depth int) bool {
	hash := maphash.String(layerSeed, text)
	for i := range w.seen {
		if w.seen[i].hash == hash {
			less := depth < w.seen[i].depth
			w.seen[i].depth = min(depth, w.seen[i].depth)
			return less
		}
	}
	w.seen = append(w.seen, seenLayer{hash, depth})
	return true
}

// decoders are the ways to undo escapes, and the sign without which each finds
// none.
var decoders = []struct {
	sign byte
	undo decoder
}{{'\\', backslash}, {'%', percent}, {'+', percentPlus}, {'&', xmlReference}}

const escapeSigns = `\%+&`

// A decoder appends what the escape at the start of s stands for, and returns
// how many bytes of s it took: 0 when there is none.
type decoder func(out []byte, s string) ([]byte, int)

func (l *layer) decode(undo decoder) *layer {
	text := make([]byte, 0, len(l.text)) // no escape is shorter than what it stands for
	for i := 0; i < len(l.text); {
		out, n := undo(text, l.text[i:])
		if n == 0 {
			out, n = append(out, l.text[i]), 1
		}
		text, i = out, i+n
	}
	return &layer{text: string(text), of: l, undo: undo}
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
