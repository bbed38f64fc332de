package schema

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// generate makes a text that matches a pattern and is of a length, from least to
// most characters (-1: no limit). It reports false when it found none. What it
// cannot read of a pattern, such as look-ahead, it leaves out.
func generate(pattern string, least, most, variant int) (string, bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		if tree, err = syntax.Parse(approximate(pattern), syntax.Perl); err != nil {
			return "", false
		}
	}
	re, _ := regexp.Compile(pattern) // nil: cannot be compared
	if len(pattern)*least > maxMatching {
		return "", false
	}
	for extra := 0; extra <= max(least, 1); extra = 2*extra + 1 {
		w := writer{extra: extra, variant: variant}
		w.write(tree)
		text := w.out.String()
		if len(text) > maxText || most >= 0 && utf8.RuneCountInString(text) > most {
			break
		}
		if text, ok := padded(text, pattern, re, least, most); ok && (text != "" || extra > 0) {
			return text, true
		}
	}
	return fitted(tree, re, least, most, variant)
}

// maxMatching bounds the work of comparing a text with its pattern: characters of
// the one times characters of the other.
const maxMatching = 10_000_000

// fitted spends exactly as many further repetitions as are missing.
func fitted(tree *syntax.Regexp, re *regexp.Regexp, least, most, variant int) (string, bool) {
	w := writer{variant: variant}
	w.write(tree)
	missing := least - utf8.RuneCountInString(w.out.String())
	if missing <= 0 || missing > maxText {
		text := w.out.String()
		return text, (most < 0 || utf8.RuneCountInString(text) <= most) && (re == nil || re.MatchString(text)) && missing <= 0
	}
	w = writer{variant: variant, spare: missing}
	w.write(tree)
	text := w.out.String()
	n := utf8.RuneCountInString(text)
	return text, n >= least && (most < 0 || n <= most) && (re == nil || re.MatchString(text))
}

// padded makes a text longer where the pattern does not mind.
func padded(text, pattern string, re *regexp.Regexp, least, most int) (string, bool) {
	if missing := least - utf8.RuneCountInString(text); missing > 0 {
		if re == nil || strings.HasSuffix(pattern, "$") || missing > maxText {
			return "", false
		}
		text += strings.Repeat("x", missing)
	}
	if most >= 0 && utf8.RuneCountInString(text) > most {
		return "", false
	}
	return text, re == nil || re.MatchString(text)
}

// A writer writes one text that a regular expression matches.
type writer struct {
	out     strings.Builder
	extra   int // further repetitions, wherever any are allowed
	spare   int // further repetitions in all, spent as soon as possible
	variant int
}

func (w *writer) write(re *syntax.Regexp) {
	if w.out.Len() > maxText {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			w.out.WriteRune(r)
		}
	case syntax.OpCharClass:
		w.out.WriteRune(pick(re.Rune, w.next()))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.out.WriteRune('a' + rune(w.next()%26))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[w.next()%len(re.Sub)])
	case syntax.OpStar:
		w.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(re.Sub[0], re.Min, re.Max)
	}
}

// next spends the variant on the first choice there is.
func (w *writer) next() int {
	v := w.variant
	w.variant = 0
	return v
}

func (w *writer) repeat(re *syntax.Regexp, least, most int) {
	n := least + w.extra
	if most >= 0 {
		n = min(n, most)
	}
	for range n {
		w.write(re)
	}
	for w.spare > 0 && (most < 0 || n < most) && w.out.Len() <= maxText {
		before := w.out.Len()
		w.write(re)
		if w.out.Len() == before {
			return
		}
		w.spare -= utf8.RuneCountInString(w.out.String()[before:])
		n++
	}
}

// pick takes a character of a class: a letter where it can.
func pick(class []rune, variant int) rune {
	var from []rune
	for _, want := range [...][2]rune{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}} {
		for i := 0; i+1 < len(class); i += 2 {
			for r := max(class[i], want[0]); r <= min(class[i+1], want[1]); r++ {
				from = append(from, r)
			}
		}
	}
	if len(from) > 0 {
		return from[variant%len(from)]
	}
	for i := 0; i+1 < len(class); i += 2 {
		for r := class[i]; r <= class[i+1] && r < class[i]+128; r++ {
			if unicode.IsPrint(r) && r != ' ' {
				return r
			}
		}
	}
	if len(class) == 0 {
		return 'a'
	}
	return class[0]
}

var (
	unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
	repeats       = regexp.MustCompile(`\{(\d*),?(\d*)\}`)
)

// approximate rewrites what ECMA-262 has and RE2 lacks: look-around is left out,
// long repetitions are cut.
func approximate(pattern string) string {
	pattern = unicodeEscape.ReplaceAllString(pattern, `\x{$1}`)
	pattern = strings.NewReplacer(`\/`, `/`, `\Z`, `$`, `\_`, `_`, `[^]`, `[\s\S]`).Replace(pattern)
	for _, open := range [...]string{"(?=", "(?!", "(?<=", "(?<!"} {
		for at := strings.Index(pattern, open); at >= 0; at = strings.Index(pattern, open) {
			pattern = pattern[:at] + pattern[groupEnd(pattern, at):]
		}
	}
	return repeats.ReplaceAllStringFunc(pattern, shorter)
}

// shorter cuts a repetition to what RE2 takes.
func shorter(text string) string {
	parts := repeats.FindStringSubmatch(text)
	const most = "1000"
	for i, n := range parts[1:] {
		if len(n) > 4 || len(n) == 4 && n > most {
			parts[i+1] = most
		}
	}
	switch {
	case !strings.Contains(text, ","):
		return "{" + parts[1] + "}"
	case parts[2] == most:
		parts[2] = ""
	}
	return "{" + parts[1] + "," + parts[2] + "}"
}

// groupEnd returns where the group that begins at a parenthesis ends.
func groupEnd(pattern string, at int) int {
	depth, class := 0, false
	for i := at; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(pattern)
}
