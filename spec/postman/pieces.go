package postman

import (
	"slices"
	"strings"
)

// A piece is literal text or the name of a variable.
type piece struct {
	text  string
	isVar bool
}

// pieces splits text at its {{variables}}.
func pieces(s string) []piece {
	var out []piece
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			break
		}
		j := strings.Index(s[i:], "}}")
		if j < 0 {
			break
		}
		if k := strings.LastIndex(s[i:i+j], "{{"); k > 0 { // {{a{{b}}: only the inner one is a variable
			i, j = i+k, j-k
		}
		name := strings.TrimSpace(s[i+2 : i+j])
		if i > 0 {
			out = append(out, piece{text: s[:i]})
		}
		if name == "" || strings.ContainsAny(name, "{}\n\"") {
			out = append(out, piece{text: s[i : i+j+2]})
		} else {
			out = append(out, piece{name, true})
		}
		s = s[i+j+2:]
	}
	if s != "" {
		out = append(out, piece{text: s})
	}
	return out
}

// names lists the variables in text, in order, each once.
func names(s string) []string {
	var out []string
	for _, p := range pieces(s) {
		if p.isVar && !slices.Contains(out, p.text) {
			out = append(out, p.text)
		}
	}
	return out
}
