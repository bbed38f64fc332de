package curl

import (
	"regexp"
	"strconv"
	"strings"
)

// nextCurl is the beginning of a line that is a cURL command.
var nextCurl = regexp.MustCompile(`\n[ \t]*(?:\$ |% |> )?curl(?:\.exe)?[ \t]`)

// closed reads on to the end of what opened at start, which is next at end; -1:
// nowhere. It reports whether there is one. An open quote takes the rest of the
// text, or of the lines before the next command.
func (s *splitter) closed(start, end int, what string) (text string, ok bool) {
	if end >= 0 {
		text = s.text[start:end]
		s.pos = end + 1
		if nextCurl.MatchString(text) {
			s.cut(what + s.at(start) + " takes in another command; it is probably not closed where it should be")
		}
		return text, true
	}
	s.cut(what + s.at(start) + " is never closed")
	s.pos = len(s.text)
	if next := nextCurl.FindStringIndex(s.text[start:]); next != nil {
		s.pos = start + next[0]
	}
	return strings.TrimRight(s.text[start:s.pos], " \t\r\n"), false
}

func (s *splitter) at(pos int) string {
	if line := s.line(pos); line > 0 {
		return " in line " + strconv.Itoa(line)
	}
	return ""
}

// find returns where a quote ends; escape is the byte that hides the next one, 0
// for none.
func (s *splitter) find(start int, quote, escape byte) int {
	for i := start; i < len(s.text); i++ {
		switch s.text[i] {
		case quote:
			return i
		case escape:
			if escape != 0 {
				i++
			}
		}
	}
	return -1
}

func (s *splitter) single() {
	start := s.pos + 1
	text, _ := s.closed(start, s.find(start, '\'', 0), "a single quote")
	s.put(text)
}

func (s *splitter) escapeByte() byte {
	if s.powershell {
		return '`'
	}
	return '\\'
}

func (s *splitter) double() {
	start := s.pos + 1
	text, _ := s.closed(start, s.find(start, '"', s.escapeByte()), "a double quote")
	s.begun = true
	for text != "" {
		c := text[0]
		switch {
		case c == s.escapeByte() && strings.HasPrefix(text[1:], "\n"):
			text = text[2:]
		case c == s.escapeByte() && len(text) > 1 && strings.IndexByte("\"\\$`", text[1]) >= 0:
			s.put(text[1:2])
			text = text[2:]
		default:
			text = text[s.bare(text):]
		}
	}
}

// ansi reads $'...', which has the escapes of C.
func (s *splitter) ansi() {
	start := s.pos + 1
	text, _ := s.closed(start, s.find(start, '\'', '\\'), "a quote $'")
	s.begun = true
	for text != "" {
		if text[0] != '\\' || len(text) == 1 {
			s.put(text[:1])
			text = text[1:]
			continue
		}
		text = s.ansiEscape(text[1:])
	}
}

var ansiLetters = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", 'e': "\x1b", 'E': "\x1b"}

var ansiDigits = map[byte]struct{ base, digits int }{'x': {16, 2}, 'u': {16, 4}, 'U': {16, 8}}

// ansiEscape reads what stands behind a backslash and returns the rest.
func (s *splitter) ansiEscape(text string) (rest string) {
	c := text[0]
	if l, ok := ansiLetters[c]; ok {
		s.put(l)
		return text[1:]
	}
	number, coded := ansiDigits[c]
	switch {
	case coded:
		text = text[1:]
	case c >= '0' && c <= '7':
		number.base, number.digits = 8, 3
	default:
		s.put(text[:1])
		return text[1:]
	}
	end := 0
	for end < len(text) && end < number.digits && isDigit(text[end], number.base) {
		end++
	}
	n, _ := strconv.ParseUint(text[:end], number.base, 32)
	if c == 'u' || c == 'U' {
		s.put(string(rune(n)))
	} else {
		s.put(string([]byte{byte(n)}))
	}
	return text[end:]
}

func isDigit(c byte, base int) bool {
	_, err := strconv.ParseUint(string(rune(c)), base, 8)
	return err == nil
}
