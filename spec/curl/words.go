package curl

import "strings"

// A word is one word of a command, as the shell hands it over.
type word struct {
	text  string
	shell []string // what in it a shell fills in, as written: $NAME, $(command), `command`, %NAME%
}

// A splitter reads words as a shell does.
type splitter struct {
	text       string
	pos        int
	windows    bool // cmd.exe: only double quotes quote
	powershell bool // a backtick escapes

	part     strings.Builder // of the open word
	begun    bool            // a word is open, if only by its quotes
	shell    []string
	redirect string // the operator whose file comes next: ">", "<<"
	heredoc  string // the word that ends the text below the line; empty: none
	now      command
	piped    bool // the open command reads what another wrote
	all      []command

	unclosed       int // how many $( were not
	counted, lines int // how far lines are counted, and how many there are
}

func newSplitter(text string) *splitter {
	s := &splitter{text: strings.TrimPrefix(text, "\ufeff")}
	if isWindows(s.text) {
		s.windows, s.text = true, withoutCarets(s.text)
	}
	s.powershell = !s.windows && isPowerShell(s.text)
	return s
}

// isPowerShell tells a command line that continues with a backtick from one that
// ends with a `command`.
func isPowerShell(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasSuffix(line, "`") && strings.Count(line, "`")%2 == 1 {
			return true
		}
	}
	return false
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

func (s *splitter) commands() []command {
	for s.pos < len(s.text) {
		s.step()
	}
	if s.heredoc != "" {
		s.cut("the text that <<" + s.heredoc + " promises is missing")
	}
	s.endCommand()
	return s.all
}

func (s *splitter) step() {
	c, rest := s.text[s.pos], s.text[s.pos:]
	switch {
	case c == '\\' && !s.windows, c == '`' && s.powershell:
		s.escape(rest)
	case c == '\'' && !s.windows:
		s.single()
	case strings.HasPrefix(rest, "$'") && !s.windows:
		s.pos++
		s.ansi()
	case strings.HasPrefix(rest, `$"`) && !s.windows:
		s.pos++
	case c == '"':
		s.double()
	case c == '<', c == '>', strings.HasPrefix(rest, "&>"):
		s.redirection(rest)
	case c == '\n':
		s.newline()
	case c == ';', c == '|', c == '&' && !s.insideURL(rest):
		s.operator(c)
	case c == ' ', c == '\t', c == '\r', (c == '(' || c == ')') && !s.begun:
		s.pos++
		s.endWord()
	case c == '#' && !s.begun && !s.windows:
		s.skipTo('\n')
	default:
		s.pos += s.bare(rest)
	}
}

func (s *splitter) put(text string) {
	s.part.WriteString(text)
	s.begun = true
}

// maxExpansions bounds what is noted of one word.
const maxExpansions = 100

// bare reads what is in no quotes, or in double ones, and returns how many bytes
// it took: what a shell fills in is kept as it is written.
func (s *splitter) bare(rest string) int {
	n := s.expansion(rest)
	if n > 0 && len(s.shell) < maxExpansions {
		s.shell = append(s.shell, rest[:n])
	}
	n = max(n, 1)
	s.put(rest[:n])
	return n
}

// escape reads a backslash: at the end of a line, if only by blanks, it
// continues the command.
func (s *splitter) escape(rest string) {
	blank := strings.TrimLeft(rest[1:], " \t\r")
	switch {
	case blank == "":
		s.cut("the text ends where the command goes on")
		s.pos = len(s.text)
	case blank[0] == '\n':
		s.pos += len(rest) - len(blank) + 1
		if strings.ContainsAny(rest[1:len(rest)-len(blank)], " \t") {
			s.endWord()
		}
	default:
		s.put(rest[1:2])
		s.pos += 2
	}
}

func (s *splitter) skipTo(c byte) {
	if i := strings.IndexByte(s.text[s.pos:], c); i >= 0 {
		s.pos += i
		return
	}
	s.pos = len(s.text)
}

// insideURL reports whether an ampersand joins the parameters of an address that
// was pasted without quotes.
func (s *splitter) insideURL(rest string) bool {
	return s.begun && strings.Contains(s.part.String(), "?") && len(rest) > 1 && strings.IndexByte("& \t\r\n>", rest[1]) < 0
}

func (s *splitter) newline() {
	s.pos++
	s.endWord()
	if s.heredoc != "" {
		s.hereDocument()
	}
	s.endCommand()
}

func (s *splitter) operator(c byte) {
	s.pos++
	s.endCommand()
	double := strings.HasPrefix(s.text[s.pos:], string(c))
	s.piped = c == '|' && !double
	if double {
		s.pos++
	}
}

func (s *splitter) endWord() {
	if s.begun {
		s.add(word{s.part.String(), s.shell})
	}
	s.part.Reset()
	s.begun, s.shell = false, nil
}

func (s *splitter) add(w word) {
	if s.redirect != "" {
		s.redirected(w)
		return
	}
	if len(s.now.words) == 0 {
		s.now.line = s.line(s.pos - 1)
	}
	s.now.words = append(s.now.words, w)
}

func (s *splitter) endCommand() {
	s.endWord()
	s.redirect = ""
	if len(s.now.words) > 0 {
		s.now.piped = s.piped
		s.all = append(s.all, s.now)
		s.piped = false
	}
	s.now = command{}
}

// cut notes that the open command is not whole, and why.
func (s *splitter) cut(why string) {
	if s.now.cut == "" {
		s.now.cut = why
	}
}

// line returns the line of a place, from 1; 0 where the lines are not known.
func (s *splitter) line(pos int) int {
	if s.windows {
		return 0
	}
	pos = min(max(pos, 0), len(s.text))
	if pos < s.counted {
		return 1 + strings.Count(s.text[:pos], "\n")
	}
	s.lines += strings.Count(s.text[s.counted:pos], "\n")
	s.counted = pos
	return 1 + s.lines
}
