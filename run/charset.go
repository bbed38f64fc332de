package run

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"github.com/ductape-go/ductape/internal/secret"
)

// inCharset gives text the encoding that its Content-Type names, and says where
// it cannot. Text of a charset that is not known here is refused, and not sent
// under a label that does not fit it.
func inCharset(text []byte, name string) ([]byte, error) {
	switch strings.ToLower(name) {
	case "", "utf-8", "utf8":
		return text, nil
	}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("is not text, and its media type asks for the charset %s", name)
	}
	switch strings.ToLower(name) {
	case "us-ascii", "ascii":
		return below(text, 0x80, name)
	case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1": // for which browsers take windows-1252
		return below(text, 0x100, name)
	case "utf-16": // RFC 2781, 4.3: with a mark of its byte order
		return utf16Text(binary.BigEndian, "\uFEFF"+string(text)), nil
	case "utf-16be":
		return utf16Text(binary.BigEndian, string(text)), nil
	case "utf-16le":
		return utf16Text(binary.LittleEndian, string(text)), nil
	}
	return listed(text, name)
}

// below writes text in a charset that is the beginning of Unicode.
func below(text []byte, end rune, name string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for _, c := range string(text) {
		if c >= end {
			return nil, cannotStand(c, name)
		}
		out = append(out, byte(c))
	}
	return out, nil
}

func cannotStand(c rune, name string) error {
	return fmt.Errorf("holds %s, which the charset %s does not have (set another in headers.Content-Type, if the API takes it)", strconv.QuoteRune(c), name)
}

func utf16Text(order binary.AppendByteOrder, text string) []byte {
	out := make([]byte, 0, 2*len(text))
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// listed writes text in a charset of the WHATWG's Encoding Standard. What it
// does not have would be written as an HTML reference: it is found by reading
// again what was written.
func listed(text []byte, name string) ([]byte, error) {
	encoding, _ := charset.Lookup(name)
	if encoding == nil {
		return nil, fmt.Errorf("would have to be written in the charset %q, which is not known here", name)
	}
	out, err := encoding.NewEncoder().Bytes(text)
	if err != nil {
		return nil, fmt.Errorf("cannot be written in the charset %s", name)
	}
	back, err := encoding.NewDecoder().Bytes(out)
	if err != nil || !bytes.Equal(back, text) {
		return nil, cannotStand(firstUnlike(string(text), string(back)), name)
	}
	return out, nil
}

func firstUnlike(a, b string) rune {
	other := []rune(b)
	for i, c := range []rune(a) {
		if i >= len(other) || other[i] != c {
			return c
		}
	}
	return utf8.RuneError
}

// asciiJSON writes what is not ASCII as escapes. JSON has no charset (RFC 8259,
// 8.1 and 11); so written it says the same to those who read a label, and to
// those who do not.
func asciiJSON(value []byte) []byte {
	out := make([]byte, 0, len(value)+len(value)/8)
	for _, c := range string(value) {
		if c < utf8.RuneSelf {
			out = append(out, byte(c))
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

// formInCharset changes the encoding of a form's percent-encoded text.
func formInCharset(form []byte, name string) ([]byte, error) {
	var out []byte
	for at := 0; at < len(form); {
		text, next := percentRun(form, at)
		if next == at {
			out, at = append(out, form[at]), at+1
			continue
		}
		bytes, err := inCharset(text, name)
		if err != nil {
			return nil, err
		}
		for _, c := range bytes {
			out = fmt.Appendf(out, "%%%02X", c)
		}
		at = next
	}
	return out, nil
}

// percentRun decodes the percent-encoded bytes that begin at a place and are not
// ASCII, and says where they end.
func percentRun(form []byte, at int) (text []byte, next int) {
	for at+2 < len(form) && form[at] == '%' {
		c, err := strconv.ParseUint(string(form[at+1:at+3]), 16, 8)
		if err != nil || c < utf8.RuneSelf {
			break
		}
		text, at = append(text, byte(c)), at+3
	}
	return text, at
}

// recodesSecret reports whether a body may hold a secret in a charset in which
// nobody would know it again.
func (one *run) recodesSecret(typ string, body []byte) bool {
	if !strings.Contains(strings.ToLower(typ), "charset=") && !bytes.Contains(bytes.ToLower(body), []byte("charset=")) {
		return false
	}
	return slices.ContainsFunc(one.opened, func(v secret.Value) bool {
		return strings.ContainsFunc(v.Expose(), func(c rune) bool { return c >= utf8.RuneSelf })
	})
}

// charsetOf is the charset that a Content-Type names, "" when it names none or
// UTF-8.
func charsetOf(typ string) string {
	if !strings.Contains(strings.ToLower(typ), "charset") {
		return ""
	}
	_, params, err := mime.ParseMediaType(typ)
	if err != nil || strings.EqualFold(params["charset"], "utf-8") || strings.EqualFold(params["charset"], "utf8") {
		return ""
	}
	return params["charset"]
}
