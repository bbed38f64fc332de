package curl

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A transfer is what one command asks for, or one part of it before --next.
type transfer struct {
	where    string
	warn     func(code, where, message string)
	command  *command
	urls     []word
	query    []string // --url-query
	method   string
	headers  []sample.Pair
	unknown  []string // headers whose value a shell fills in
	data     []string // parts of the body, joined by &
	hasData  bool
	file     bool // the body, or a part of it, is a file
	json     bool
	get      bool // -G: the data goes into the query
	head     bool
	upload   bool
	filename string // of the upload
	noGlob   bool
	form     []sample.Field
	auth     *ductape.Auth
}

// transfers reads the words of one command.
func transfers(c *command, where string, warn func(code, where, message string)) []*transfer {
	r := argReader{words: c.words[1:]}
	r.t = &transfer{where: where, warn: warn, command: c}
	all := []*transfer{r.t}
	for len(r.words) > 0 {
		w := r.next()
		switch arg := hyphens(w.text); {
		case r.onlyURLs, arg == "", arg == "-" && r.t.skip(w), arg[0] != '-':
			if arg != "-" {
				r.t.urls = append(r.t.urls, w)
			}
		case arg == "--":
			r.onlyURLs = true
		case arg == "--next", arg == "-:":
			r.t = &transfer{where: where, warn: warn, command: c}
			all = append(all, r.t)
		case strings.HasPrefix(arg, "--"):
			r.long(arg[2:], w)
		default:
			r.cluster(arg[1:], w)
		}
	}
	return all
}

// skip reports a word that is nothing.
func (t *transfer) skip(w word) bool {
	t.ignored("the word " + w.text)
	return true
}

// hyphens mends the dashes that word processors make of an option's hyphens.
func hyphens(arg string) string {
	for _, dash := range [...]string{"–", "—"} {
		if rest, ok := strings.CutPrefix(arg, dash); ok && rest != "" {
			if len(rest) == 1 {
				return "-" + rest
			}
			return "--" + strings.TrimLeft(rest, "-–—")
		}
	}
	return arg
}

// An argReader reads the options of a command, each with its value.
type argReader struct {
	t        *transfer
	words    []word
	onlyURLs bool
}

func (r *argReader) next() word {
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

// value takes the next word as an option's value.
func (r *argReader) value(option string) (word, bool) {
	if len(r.words) == 0 {
		r.t.warn(optionIncomplete, r.t.where, "--"+option+" has no value")
		return word{}, false
	}
	w := r.next()
	if name, ok := strings.CutPrefix(w.text, "-"); ok && name != "" && isOptionWord(name) {
		r.t.warn(optionIncomplete, r.t.where, "--"+option+" takes "+w.text+" as its value, which looks like an option")
	}
	return w, true
}

// isOptionWord reports whether a word behind its first hyphen is an option.
func isOptionWord(name string) bool {
	if long, ok := strings.CutPrefix(name, "-"); ok {
		return isOption(long)
	}
	return len(name) == 1 && short[name] != "" && (name[0] < '0' || name[0] > '9')
}

// long reads --name value, or --name=value as people write it.
func (r *argReader) long(name string, w word) {
	name, text, joined := strings.Cut(name, "=")
	r.t.option(name, func() (word, bool) {
		if joined {
			return word{text, w.shell}, true
		}
		return r.value(name)
	})
}

// cluster reads short options written together: -sSLd value, -XPOST.
func (r *argReader) cluster(s string, w word) {
	for s != "" {
		letter := s[:1]
		name := short[letter]
		s = s[1:]
		if name == "" {
			r.t.ignored("-" + letter)
			continue
		}
		rest := s
		taken := r.t.option(name, func() (word, bool) {
			if rest == "" {
				return r.value(name)
			}
			return word{strings.TrimPrefix(rest, "="), w.shell}, true
		})
		if taken {
			return
		}
	}
}

// option applies one option and reports whether it takes a value.
func (t *transfer) option(name string, value func() (word, bool)) (takes bool) {
	name = t.unexpanded(name)
	if set, ok := setters[name]; ok {
		if w, ok := value(); ok {
			t.noteShell(name, w)
			set(t, w)
		}
		return true
	}
	if set, ok := flags[name]; ok {
		set(t)
		return false
	}
	if takes = taking[name]; takes {
		value()
	}
	switch {
	case harmless[name]:
	case !isOption(name):
		t.warn(optionIgnored, t.where, "curl has no option --"+strings.Map(printable, name))
	default:
		t.ignored("--" + name)
	}
	return takes
}

// unexpanded returns the option that --expand-data and the like stand for.
func (t *transfer) unexpanded(name string) string {
	rest, ok := strings.CutPrefix(name, "expand-")
	if ok && isOption(rest) {
		t.ignored("what --variable fills in to --" + name)
		return rest
	}
	return name
}

func (t *transfer) ignored(what string) {
	t.warn(optionIgnored, t.where, "not carried over: "+strings.Map(shown, what))
}

// noteShell reports what only a shell could fill in. A credential's value is
// given on the connection anyway, and an address says so itself.
func (t *transfer) noteShell(option string, w word) {
	switch option {
	case "user", "oauth2-bearer", "aws-sigv4", "cookie", "header", "url":
		return
	}
	t.noteExpansions("--"+option, w)
}

func (t *transfer) noteExpansions(place string, w word) {
	for _, name := range slices.Compact(slices.Clone(w.shell)) {
		t.warn(shellExpansion, t.where, place+": "+expansionName(name)+" is filled in by a shell, which is never run; give the value as input")
	}
}

// expansionName shows a variable by its name, and nothing of a command, which
// may hold a secret.
func expansionName(s string) string {
	if strings.HasPrefix(s, "$(") {
		return "$(…)"
	}
	if s[0] == '`' {
		return "`…`"
	}
	return strings.Map(printable, s)
}

func printable(r rune) rune {
	if r <= ' ' || r > '~' {
		return -1
	}
	return r
}

// shown is printable, and keeps blanks.
func shown(r rune) rune {
	if r == ' ' {
		return r
	}
	return printable(r)
}
