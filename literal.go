package ductape

import "encoding/base64"

// Literal returns text in a form that a Call sends as that text, whatever it
// holds. Use it around text that comes from users, in values of the input:
//
//	"Price: $" + ductape.Literal(price)
//
// Nothing in it can become a reference, nor join with what is written before or
// after it: Literal(a)+Literal(b) is sent as a+b. The form is $Literal{…} around
// the text in base64url without padding (RFC 4648, section 5); of the empty text
// it is empty. Bytes that are no UTF-8 become U+FFFD, as in JSON everywhere.
func Literal(text string) string {
	if text == "" {
		return ""
	}
	return "$Literal{" + base64.RawURLEncoding.EncodeToString([]byte(string([]rune(text)))) + "}"
}
