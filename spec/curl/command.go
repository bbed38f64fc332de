package curl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A command is one command of the text.
type command struct {
	words    []word
	line     int    // where it begins; 0: not known
	piped    bool   // it reads what another command writes
	cut      string // why it is not whole; empty: it is
	stdin    string // text that it reads: a here-document
	hasStdin bool
	set      []string // variables set for it alone: NAME=value curl …
}

// prefixes are words before a command that change nothing about its request.
var prefixes = []string{"$", "%", ">", ">>", "#", "sudo", "time", "env", "exec", "nohup", "command", "then", "do", "else", "if", "while", "!", "{", "PS>", "winpty"}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// unprefixed drops what stands before a command's name.
func (c *command) unprefixed() {
	for len(c.words) > 0 {
		first := c.words[0].text
		switch {
		case slices.Contains(prefixes, first):
		case first == "PS" && len(c.words) > 1 && strings.HasSuffix(c.words[1].text, ">"):
			c.words = c.words[1:]
		case assignment.MatchString(first) && len(c.words) > 1:
			name, _, _ := strings.Cut(first, "=")
			c.set = append(c.set, name)
		default:
			return
		}
		c.words = c.words[1:]
	}
}

func (c *command) isCurl() bool { return len(c.words) > 0 && isCurl(c.words[0].text) }

func isCurl(word string) bool {
	word = strings.ToLower(word[strings.LastIndexAny(word, `/\`)+1:])
	return word == "curl" || word == "curl.exe"
}

// closes reports whether the command only ends a block of the shell.
func (c *command) closes() bool {
	switch c.words[0].text {
	case "}", ")", "fi", "done", "esac":
		return true
	}
	return false
}

// name is what a warning calls the command.
func (c *command) name() string {
	name, _, _ := strings.Cut(c.words[0].text, "=")
	name = strings.Map(printable, name)
	if len(name) > 24 {
		name = name[:24] + "…"
	}
	if c.line > 0 {
		return fmt.Sprintf("%q in line %d", name, c.line)
	}
	return fmt.Sprintf("%q", name)
}

// isPowerShell tells the parameters of PowerShell's own curl, an alias of
// Invoke-WebRequest, from those of curl.
func (c *command) isPowerShell() bool {
	return slices.ContainsFunc(c.words, func(w word) bool {
		switch strings.ToLower(w.text) {
		case "-uri", "-method", "-headers", "-body", "-contenttype", "-infile", "-usebasicparsing", "-credential":
			return true
		}
		return false
	})
}
