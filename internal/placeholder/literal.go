package placeholder

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// literalAt reads Literal{…} at the beginning of s, which follows a $: the text
// that it stands for, and how many bytes it takes. What is in the braces must be
// base64url without padding (RFC 4648, section 5) of valid UTF-8.
func literalAt(s string) (text string, n int, ok bool) {
	const begin = "Literal{"
	if !strings.HasPrefix(s, begin) {
		return "", 0, false
	}
	end := len(begin)
	for end < len(s) && isBase64URL(s[end]) {
		end++
	}
	if end == len(s) || s[end] != '}' {
		return "", 0, false
	}
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(s[len(begin):end])
	return string(decoded), end + 1, err == nil && utf8.Valid(decoded)
}

func isBase64URL(c byte) bool { return isNameByte(c) || c == '-' || c == '_' }

// Escape returns text so that, standing alone, it reads as itself: where it
// would be read as something else the $ is doubled, and everything else stays
// readable. Text that is put together with other text wants ductape.Literal.
func Escape(text string) string {
	if !Maybe(text) {
		return text
	}
	var b strings.Builder
	printText(&b, text, false)
	return b.String()
}

// literal reads $Literal{…} as an argument.
func (p *parser) literal(start int) (node, error) {
	text, n, ok := literalAt(p.text[start+1:])
	if !ok {
		return node{}, p.fail(start, "$Literal{...} takes text in base64url without padding")
	}
	p.pos = start + 1 + n
	return node{kind: literalNode, literal: quote(text), column: p.column(start)}, nil
}
