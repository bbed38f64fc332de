package curl

import (
	"regexp"
	"strings"
)

var (
	shellName   = regexp.MustCompile(`^\$(?:(?:env:)?[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?]|\{[^{}\s]*\})`)
	windowsName = regexp.MustCompile(`^%[A-Za-z_][A-Za-z0-9_]*%`)
	hexPair     = regexp.MustCompile(`^%[0-9A-Fa-f]{2}`)
)

// maxExpansion bounds how far the end of one is looked for.
const maxExpansion = 1 << 12

// expansion returns the length of what a shell would fill in at the beginning of
// rest: a variable, or the output of a command.
func (s *splitter) expansion(rest string) int {
	rest = rest[:min(len(rest), maxExpansion)]
	switch {
	case rest[0] != '$' && rest[0] != '`' && rest[0] != '%':
		return 0
	case s.windows:
		if hexPair.MatchString(rest) {
			return 0
		}
		return len(windowsName.FindString(rest))
	case strings.HasPrefix(rest, "$(") && s.unclosed < maxExpansions:
		return s.balanced(rest)
	case rest[0] == '`':
		if end := strings.IndexByte(rest[1:], '`'); end >= 0 {
			return end + 2
		}
		s.cut("a backtick is never closed")
		return 0
	}
	return len(shellName.FindString(rest))
}

// balanced returns the length of $(...).
func (s *splitter) balanced(rest string) int {
	depth := 0
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '\'', '"':
			if end := strings.IndexByte(rest[i+1:], rest[i]); end >= 0 {
				i += end + 1
			}
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	s.cut("a $( is never closed")
	s.unclosed++
	return 0
}

// redirection reads an operator that sends text to or from a file.
func (s *splitter) redirection(rest string) {
	if rest[0] == '>' && !s.begun && len(s.now.words) == 0 {
		s.pos++ // a prompt
		return
	}
	word := s.part.String()
	if s.begun && rest[0] != '&' && (word == "" || strings.Trim(word, "0123456789") != "") {
		s.put(rest[:1]) // inside a word: <name> in a pattern of an address
		s.pos++
		return
	}
	if rest[0] != '&' {
		s.part.Reset()
		s.begun = false
	}
	s.endWord()
	for _, op := range [...]string{"<<<", "<<-", "<<", "<&", "<", "&>>", "&>", ">>", ">&", ">|", ">"} {
		if strings.HasPrefix(rest, op) {
			s.redirect = op
			s.pos += len(op)
			return
		}
	}
}

// redirected takes the word behind such an operator.
func (s *splitter) redirected(w word) {
	switch s.redirect {
	case "<<<":
		s.now.stdin, s.now.hasStdin = w.text, true
	case "<<", "<<-":
		s.heredoc = w.text
	}
	s.redirect = ""
}

// hereDocument reads the text below a command, which it takes as its input.
func (s *splitter) hereDocument() {
	end := s.heredoc
	s.heredoc = ""
	var text strings.Builder
	for s.pos < len(s.text) {
		line, _, more := strings.Cut(s.text[s.pos:], "\n")
		s.pos += len(line)
		if more {
			s.pos++
		}
		if strings.TrimSpace(line) == end {
			s.now.stdin, s.now.hasStdin = text.String(), true
			return
		}
		text.WriteString(strings.TrimSuffix(line, "\r") + "\n")
	}
	s.now.stdin, s.now.hasStdin = text.String(), true
	s.cut("the text behind <<" + end + " does not end with it")
}
