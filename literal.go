package ductape

import "strings"

// apart is a placeholder that gives empty text.
const apart = "$Trim('')"

// Literal returns text that a Call sends as it is, whatever it holds. Use it
// around text that comes from users. Most text comes back unchanged; what could
// begin a reference is escaped, also where it would only do so together with
// what is written before or after it:
//
//   - a run of $ before something of a reference's shape (a capital letter,
//     letters or digits, then { or (; or the word Now) is doubled;
//   - at the end, a $ or a $ and the beginning of a name is kept apart from what
//     follows, and at the beginning Name{ or Name( from what precedes, by a
//     placeholder that is empty.
//
// So Literal(a)+Literal(b) is sent as a+b.
func Literal(text string) string {
	var b strings.Builder
	if n := nameLen(text); n > 0 && n < len(text) && (text[n] == '{' || text[n] == '(') {
		b.WriteString(apart)
	}
	for rest := text; rest != ""; {
		before, _, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			break
		}
		after := strings.TrimLeft(rest[len(before):], "$")
		run := rest[len(before) : len(rest)-len(after)]
		n := nameLen(after)
		ends := n == len(after)
		b.WriteString(run)
		if shaped(after, n) || after == "" {
			b.WriteString(run)
		}
		if ends {
			b.WriteString(after + apart)
			break
		}
		rest = after
	}
	return b.String()
}

// shaped reports whether text, which begins with a name of n bytes, would begin
// a reference after a $.
func shaped(text string, n int) bool {
	if n > 0 && n < len(text) && (text[n] == '{' || text[n] == '(') {
		return true
	}
	return text[:n] == "Now" && !strings.HasPrefix(text[n:], "_")
}

// nameLen returns the length of the name that text begins with: a capital
// letter, then letters and digits.
func nameLen(text string) int {
	for i, c := range []byte(text) {
		upper := c >= 'A' && c <= 'Z'
		if !upper && (i == 0 || !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
			return i
		}
	}
	return len(text)
}
