package secret

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// A form is a text that gives a secret away when it appears.
type form struct {
	text    string
	base64  bool // also take the letters around it that hold some of the secret's bits
	partial bool // base64: the letter before holds some of them
	alone   bool // only where it is no part of a longer word
}

// formsOf returns the forms of a secret that are looked for in every layer of a
// text: itself, hex, and base64 (RFC 4648, both alphabets) at each of the three
// places at which it can stand in a longer encoded text. Percent-encoded and
// escaped forms are found by decoding the text instead (layersOf), which finds
// every choice an encoder may make of what to escape.
func formsOf(secret string) []form {
	if len(secret) < MinLength {
		return shortForms(secret)
	}
	lower := hex.EncodeToString([]byte(secret))
	out := []form{{text: secret}, {text: lower}, {text: strings.ToUpper(lower)}}
	for before := range 3 {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			out = append(out, form{text: base64Core(enc, secret, before), base64: true, partial: before > 0})
		}
	}
	return out
}

// shortForms returns the forms of a secret that is too short to be looked for
// inside words: every "a" taken out of a message would only make it unreadable.
func shortForms(secret string) []form {
	if secret == "" {
		return nil
	}
	lower := hex.EncodeToString([]byte(secret))
	var out []form
	for _, text := range []string{
		secret, lower, strings.ToUpper(lower),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		out = append(out, form{text: text, alone: true})
	}
	return out
}

// base64Core encodes a secret that has some bytes before it (modulo 3), and
// returns the letters that depend on the secret alone.
func base64Core(enc *base64.Encoding, secret string, before int) string {
	text := enc.EncodeToString(append(make([]byte, before), secret...))
	first := (before*8 + 5) / 6
	last := (before + len(secret)) * 8 / 6
	return text[first:last]
}

// in returns every place of the form in text, those that touch as one.
func (f form) in(text string) []span {
	var out []span
	for from := 0; ; {
		i := strings.Index(text[from:], f.text)
		if i < 0 {
			return out
		}
		start, end := from+i, from+i+len(f.text)
		if !f.alone || standsAlone(text, start, end) {
			out = appendSpan(out, f.widen(text, start, end))
		}
		from = start + 1
	}
}

// standsAlone reports whether a part of the text is no part of a longer word.
// Where it begins or ends with a sign, its neighbour there does not matter.
func standsAlone(text string, start, end int) bool {
	joined := func(a, b byte) bool { return isWord(a) && isWord(b) }
	return (start == 0 || !joined(text[start-1], text[start])) && (end == len(text) || !joined(text[end-1], text[end]))
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// widen takes in the neighbouring base64 letters that hold bits of the secret,
// and the padding.
func (f form) widen(text string, start, end int) span {
	if !f.base64 {
		return span{start, end}
	}
	if f.partial && start > 0 && isBase64(text[start-1]) {
		start--
	}
	if end < len(text) && isBase64(text[end]) {
		end++
	}
	for end < len(text) && text[end] == '=' {
		end++
	}
	return span{start, end}
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_'
}
