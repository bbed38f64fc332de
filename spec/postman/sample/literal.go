package sample

import "strings"

// Literal returns text so that no part of it reads as a placeholder: every $ of
// a run before Name{, Name( or the word Now is doubled.
func Literal(text string) string { return escape(text, false) }

// LiteralBefore is Literal for text that a placeholder follows: a run of $ at
// its end is doubled too.
func LiteralBefore(text string) string { return escape(text, true) }

func escape(text string, before bool) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var b strings.Builder
	for rest := text; rest != ""; {
		head, _, found := strings.Cut(rest, "$")
		b.WriteString(head)
		if !found {
			break
		}
		after := strings.TrimLeft(rest[len(head):], "$")
		run := rest[len(head) : len(rest)-len(after)]
		b.WriteString(run)
		if startsPlaceholder(after) || before && after == "" {
			b.WriteString(run)
		}
		rest = after
	}
	return b.String()
}

// startsPlaceholder reports whether text after a $ has a placeholder's shape.
func startsPlaceholder(s string) bool {
	n := 0
	for n < len(s) && (s[n] >= 'A' && s[n] <= 'Z' || n > 0 && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= '0' && s[n] <= '9')) {
		n++
	}
	if n > 0 && n < len(s) && (s[n] == '{' || s[n] == '(') {
		return true
	}
	return s[:n] == "Now" && !strings.HasPrefix(s[n:], "_")
}
