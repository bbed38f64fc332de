package curl

import (
	"slices"
	"strconv"
	"strings"
)

// commands splits text into the words of each curl command in it.
func commands(text string) [][]string {
	w := &splitter{text: strings.TrimPrefix(text, "\ufeff")}
	if isWindows(w.text) {
		w.windows, w.text = true, withoutCarets(w.text)
	}
	var out [][]string
	for _, words := range w.commands() {
		for len(words) > 0 && (words[0] == "$" || words[0] == "%" || words[0] == ">" || words[0] == "sudo" || words[0] == "time") {
			words = words[1:]
		}
		if len(words) > 0 && isCurl(words[0]) {
			out = append(out, words[1:])
		}
	}
	return out
}

func isCurl(word string) bool {
	word = strings.ToLower(word[strings.LastIndexAny(word, `/\`)+1:])
	return word == "curl" || word == "curl.exe"
}

// isWindows tells a command line of cmd.exe: it continues lines and escapes with ^.
func isWindows(text string) bool {
	return strings.Contains(text, "^\n") || strings.Contains(text, "^\r\n") || strings.Contains(text, `^"`)
}

func withoutCarets(text string) string {
	text = strings.NewReplacer("^\r\n", " ", "^\n", " ").Replace(text)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '^' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// A splitter reads words as a shell does.
type splitter struct {
	text    string
	pos     int
	windows bool // only double quotes quote
	word    strings.Builder
	begun   bool // a word is open, if only by its quotes
	words   []string
	all     [][]string
}

func (s *splitter) commands() [][]string {
	for s.pos < len(s.text) {
		s.step()
	}
	s.endCommand()
	return s.all
}

func (s *splitter) step() {
	c, rest := s.text[s.pos], s.text[s.pos:]
	switch {
	case c == '\\' && !s.windows, c == '`' && (strings.HasPrefix(rest, "`\n") || strings.HasPrefix(rest, "`\r\n")):
		s.escape(rest)
	case c == '\'' && !s.windows:
		s.single()
	case strings.HasPrefix(rest, "$'") && !s.windows:
		s.pos++
		s.ansi()
	case c == '"':
		s.double()
	case c == '\n', c == ';', c == '|', c == '&' && !s.windows, c == '&' && !s.begun:
		s.pos++
		s.endCommand()
	case c == ' ', c == '\t', c == '\r':
		s.pos++
		s.endWord()
	case c == '#' && !s.begun && !s.windows:
		s.skipTo('\n')
	default:
		s.put(c)
		s.pos++
	}
}

func (s *splitter) put(c byte) {
	s.word.WriteByte(c)
	s.begun = true
}

// escape reads a backslash: at the end of a line it continues the command.
func (s *splitter) escape(rest string) {
	switch {
	case strings.HasPrefix(rest[1:], "\r\n"):
		s.pos += 3
	case strings.HasPrefix(rest[1:], "\n"):
		s.pos += 2
	case len(rest) > 1:
		s.put(rest[1])
		s.pos += 2
	default:
		s.pos++
	}
}

func (s *splitter) skipTo(c byte) {
	if i := strings.IndexByte(s.text[s.pos:], c); i >= 0 {
		s.pos += i
		return
	}
	s.pos = len(s.text)
}

func (s *splitter) single() {
	s.begun = true
	s.pos++
	start := s.pos
	s.skipTo('\'')
	s.word.WriteString(s.text[start:s.pos])
	s.pos++
}

func (s *splitter) double() {
	s.begun = true
	for s.pos++; s.pos < len(s.text) && s.text[s.pos] != '"'; s.pos++ {
		c := s.text[s.pos]
		if c == '\\' && s.pos+1 < len(s.text) && strings.IndexByte("\"\\$`\n", s.text[s.pos+1]) >= 0 {
			s.pos++
			if c = s.text[s.pos]; c == '\n' {
				continue
			}
		}
		s.put(c)
	}
	s.pos++
}

// ansi reads $'...', which has the escapes of C.
func (s *splitter) ansi() {
	s.begun = true
	for s.pos++; s.pos < len(s.text) && s.text[s.pos] != '\''; {
		if s.text[s.pos] != '\\' || s.pos+1 >= len(s.text) {
			s.put(s.text[s.pos])
			s.pos++
			continue
		}
		s.pos++
		s.ansiEscape()
	}
	s.pos++
}

var ansiLetters = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", 'e': "\x1b", 'E': "\x1b"}

var ansiDigits = map[byte]struct{ base, digits int }{'x': {16, 2}, 'u': {16, 4}, 'U': {16, 8}}

func (s *splitter) ansiEscape() {
	c := s.text[s.pos]
	if l, ok := ansiLetters[c]; ok {
		s.word.WriteString(l)
		s.pos++
		return
	}
	number, coded := ansiDigits[c]
	if coded {
		s.pos++
	} else if c >= '0' && c <= '7' {
		number.base, number.digits = 8, 3
	} else {
		s.put(c)
		s.pos++
		return
	}
	end := s.pos
	for end < len(s.text) && end-s.pos < number.digits && isDigit(s.text[end], number.base) {
		end++
	}
	n, _ := strconv.ParseUint(s.text[s.pos:end], number.base, 32)
	if c == 'u' || c == 'U' {
		s.word.WriteRune(rune(n))
	} else {
		s.word.WriteByte(byte(n))
	}
	s.pos = end
}

func isDigit(c byte, base int) bool {
	_, err := strconv.ParseUint(string(rune(c)), base, 8)
	return err == nil
}

func (s *splitter) endWord() {
	if s.begun {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.begun = false
}

func (s *splitter) endCommand() {
	s.endWord()
	if len(s.words) > 0 {
		s.all = append(s.all, slices.Clone(s.words))
	}
	s.words = s.words[:0]
}
