package catalog

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// eachText visits every string value of a JSON document that is valid.
func eachText(raw []byte, f func(text string)) {
	walkText(raw, func(_ jsontext.Pointer, text string) { f(text) })
}

func walkText(raw []byte, f func(at jsontext.Pointer, text string)) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return
		}
		if tok.Kind() == '"' && !isName(dec) {
			f(dec.StackPointer(), tok.String())
		}
	}
}

// isName reports whether the token just read is an object member's name.
func isName(dec *jsontext.Decoder) bool {
	kind, length := dec.StackIndex(dec.StackDepth())
	return kind == '{' && length%2 == 1
}

// dotted writes a JSON pointer as a place: "/a/0" is ".a.0".
func dotted(p jsontext.Pointer) string {
	var b strings.Builder
	for tok := range p.Tokens() {
		b.WriteByte('.')
		b.WriteString(clip(tok))
	}
	return b.String()
}
