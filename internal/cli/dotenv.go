package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An envEntry is one NAME=value of a .env file.
type envEntry struct {
	name, value string
	line        int
}

// A dotenvError says where a .env file is broken. It never holds any of a value.
type dotenvError struct {
	line    int
	message string
}

func (e *dotenvError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.message) }

// parseDotenv reads a .env file:
//
//	# a comment
//	NAME=value              to the line's end or to " #", without spaces around it
//	export NAME=value       as in a shell
//	NAME='value'            as it stands, over several lines too
//	NAME="value"            the same, with \n \r \t \" \\ and \$
//
// Nothing is expanded: $OTHER is text. Of a name that stands twice, both are
// returned.
func parseDotenv(text string) ([]envEntry, error) {
	if !utf8.ValidString(text) {
		return nil, &dotenvError{1, "the file is not UTF-8 text"}
	}
	p := &dotenv{text: strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), line: 1}
	var all []envEntry
	for {
		p.blank()
		if p.text == "" {
			return all, nil
		}
		e, err := p.entry()
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
}

// A dotenv is what is left of a file.
type dotenv struct {
	text string
	line int
}

func (p *dotenv) fail(format string, args ...any) error {
	return &dotenvError{p.line, fmt.Sprintf(format, args...)}
}

// skip takes n bytes and counts their lines.
func (p *dotenv) skip(n int) {
	p.line += strings.Count(p.text[:n], "\n")
	p.text = p.text[n:]
}

func (p *dotenv) spaces() { p.text = strings.TrimLeft(p.text, " \t") }

// blank skips empty lines and comments.
func (p *dotenv) blank() {
	for {
		p.skip(len(p.text) - len(strings.TrimLeft(p.text, " \t\n")))
		if !strings.HasPrefix(p.text, "#") {
			return
		}
		p.skip(p.lineLength())
	}
}

func (p *dotenv) lineLength() int {
	if i := strings.IndexByte(p.text, '\n'); i >= 0 {
		return i
	}
	return len(p.text)
}

func (p *dotenv) entry() (envEntry, error) {
	if rest, ok := strings.CutPrefix(p.text, "export"); ok && rest != strings.TrimLeft(rest, " \t") {
		p.text = strings.TrimLeft(rest, " \t")
	}
	n := 0
	for n < len(p.text) && isEnvName(p.text[n], n == 0) {
		n++
	}
	e := envEntry{name: p.text[:n], line: p.line}
	p.text = p.text[n:]
	p.spaces()
	if n == 0 || !strings.HasPrefix(p.text, "=") {
		return e, p.fail("expected NAME=value; a name has letters, digits and _, and begins with no digit")
	}
	p.text = p.text[1:]
	p.spaces()
	var err error
	switch {
	case strings.HasPrefix(p.text, "'"):
		e.value, err = p.single(e.name)
	case strings.HasPrefix(p.text, `"`):
		e.value, err = p.double(e.name)
	default:
		e.value = p.bare()
		return e, nil
	}
	if err == nil {
		err = p.end(e.name)
	}
	return e, err
}

func isEnvName(c byte, first bool) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || !first && c >= '0' && c <= '9'
}

// bare is a value without quotes: a # begins a comment when a space is before it.
func (p *dotenv) bare() string {
	line := p.text[:p.lineLength()]
	p.skip(len(line))
	if strings.HasPrefix(line, "#") {
		return ""
	}
	for i := 1; i < len(line); i++ {
		if line[i] == '#' && (line[i-1] == ' ' || line[i-1] == '\t') {
			line = line[:i]
		}
	}
	return strings.Trim(line, " \t\r")
}

func (p *dotenv) single(name string) (string, error) {
	end := strings.IndexByte(p.text[1:], '\'')
	if end < 0 {
		return "", p.fail("the ' after %s= is never closed", name)
	}
	value := p.text[1 : 1+end]
	p.skip(end + 2)
	return value, nil
}

// escapes are what may follow a backslash in double quotes.
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\\': '\\', '$': '$', '\'': '\'', '`': '`'}

func (p *dotenv) double(name string) (string, error) {
	var b strings.Builder
	for i := 1; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case '"':
			p.skip(i + 1)
			return b.String(), nil
		case '\\':
			i++
			if i == len(p.text) {
				break
			}
			to, ok := escapes[p.text[i]]
			if !ok { // kept, as other readers of such files do
				b.WriteByte('\\')
				to = p.text[i]
			}
			b.WriteByte(to)
		default:
			b.WriteByte(c)
		}
	}
	return "", p.fail(`the " after %s= is never closed`, name)
}

// end wants nothing but a comment behind a value in quotes.
func (p *dotenv) end(name string) error {
	line := p.text[:p.lineLength()]
	if rest := strings.TrimLeft(line, " \t\r"); rest != "" && (rest[0] != '#' || rest == line) {
		return p.fail("there is text behind the closing quote of %s", name)
	}
	p.skip(len(line))
	return nil
}
