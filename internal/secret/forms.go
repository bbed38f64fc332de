package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
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
// text: itself, and of each of its writings hex, and base64 (RFC 4648, both
// alphabets) at each of the three places at which it can stand in a longer encoded
// text. Percent-encoded and escaped forms are found by decoding the text instead
// (eachLayer), which finds every choice an encoder may make of what to escape.
func formsOf(secret string) []form {
	if len(secret) < MinLength {
		return shortForms(secret)
	}
	out := []form{{text: secret}}
	for _, text := range writings(secret) {
		lower := hex.EncodeToString([]byte(text))
		out = append(out, form{text: lower}, form{text: strings.ToUpper(lower)})
		for before := range 3 {
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				out = append(out, form{text: base64Core(enc, text, before), base64: true, partial: before > 0})
			}
		}
	}
	return out
}

// writings returns a secret as it may stand in a request, each way once: as it is, in
// JSON, in a URL or a form, and in XML. An API that tells back a request in base64
// or hex has encoded one of these.
func writings(secret string) []string {
	if !strings.ContainsFunc(secret, isEscapedSomewhere) {
		return []string{secret}
	}
	query := url.QueryEscape(secret)
	all := []string{
		secret, inJSON(secret, false), inJSON(secret, true),
		query, strings.ReplaceAll(query, "+", "%20"), strings.NewReplacer("~", "%7E", "%2A", "*").Replace(query),
		xmlText.Replace(secret), xmlAttribute.Replace(secret),
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// isEscapedSomewhere is false of the letters, digits and signs that stand for
// themselves everywhere, as most secrets are made of.
func isEscapedSomewhere(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
}

var (
	xmlText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	xmlAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// inJSON is the inside of a JSON string.
func inJSON(text string, escapeHTML bool) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escapeHTML)
	_ = e.Encode(text)                      // a string never fails
	return string(b.Bytes()[1 : b.Len()-2]) // without the quotes and the line end
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
