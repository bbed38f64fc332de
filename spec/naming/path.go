package naming

import (
	"slices"
	"strings"
)

// A path is a path template taken apart.
type path struct {
	segments []segment
	params   []string // names of all parameters, snake_case
	version  string   // leading version segments: "v1"
	prefix   string   // leading segments that name no resource: "api"
	slash    bool     // it ends in a slash
}

// qualifiers returns the words that were left out, which tell paths of the same
// words apart; each alone, then all together.
func (p *path) qualifiers() []string {
	var list []string
	for _, q := range [...]string{p.version, p.prefix, p.slashWord()} {
		if q != "" {
			list = append(list, q)
		}
	}
	if len(list) > 1 {
		all := make([]string, 0, len(list))
		for _, q := range [...]string{p.prefix, p.version, p.slashWord()} {
			if q != "" {
				all = append(all, q)
			}
		}
		list = append(list, strings.Join(all, "_"))
	}
	return list
}

func (p *path) slashWord() string {
	if p.slash {
		return "slash"
	}
	return ""
}

// bare is what two paths have in common that differ in their qualifiers only.
func (p *path) bare() string {
	var b strings.Builder
	for _, s := range p.segments {
		b.WriteByte('/')
		b.WriteString(strings.Join(s.words, "_"))
		if s.param != "" {
			b.WriteString("{}")
		}
	}
	return b.String()
}

// A segment is one part of a path between slashes (or before a custom method's
// colon): fixed words, or a parameter.
type segment struct {
	words []string // fixed words; empty for a parameter
	param string
	verb  bool // after a colon, "/things/{id}:cancel", or of a fragment
}

func parsePath(template string) path {
	var p path
	template, query, _ := strings.Cut(template, "?")
	p.slash = len(template) > 1 && strings.HasSuffix(template, "/")
	template, does := cutPhrase(template)
	for raw := range strings.SplitSeq(template, "/") {
		p.add(raw)
	}
	if does != nil {
		p.segments = append(p.segments, segment{words: does, verb: true})
	}
	p.dropPrefix()
	p.dropVersions()
	if query != "" { // "/x?action=y" and "/#Action=y" tell operations apart
		p.segments = append(p.segments, segment{words: Words(query)})
	}
	return p
}

// cutPhrase cuts a fragment off that says what is done: "/files/{file}#add_shared_link".
func cutPhrase(template string) (path string, phrase []string) {
	path, fragment, _ := strings.Cut(template, "#")
	if words := Words(fragment); isPhrase(words) {
		return path, words
	}
	return template, nil
}

func (p *path) add(raw string) {
	switch {
	case raw == "":
		return
	case raw[0] == ':' && len(raw) > 1:
		raw = "{" + raw[1:] + "}"
	}
	raw = trimFormat(raw)
	open, end := strings.IndexByte(raw, '{'), strings.LastIndexByte(raw, '}')
	if colon := strings.LastIndexByte(raw, ':'); colon > end && colon > 0 {
		p.add(raw[:colon])
		if words := Words(raw[colon+1:]); len(words) > 0 {
			p.segments = append(p.segments, segment{words: words, verb: true})
		}
		return
	}
	if open < 0 || end < open {
		if words := Words(trimExtension(raw)); len(words) > 0 {
			p.segments = append(p.segments, segment{words: words})
		}
		return
	}
	name := Snake(raw[open+1 : end])
	p.params = append(p.params, name)
	if words := Words(raw[:open]); len(words) > 0 {
		p.segments = append(p.segments, segment{words: words})
	}
	p.segments = append(p.segments, segment{param: name})
}

// trimExtension removes the format at the end of a segment: "calls.json".
func trimExtension(raw string) string {
	for _, ext := range []string{".json", ".xml", ".php", ".html", ".aspx", ".do"} {
		if s, ok := strings.CutSuffix(raw, ext); ok && s != "" {
			return s
		}
	}
	return raw
}

// trimFormat removes a parameter for the format at the end of a segment:
// "{record}.{format}", "update{mediaTypeExtension}".
func trimFormat(raw string) string {
	open := strings.LastIndexByte(raw, '{')
	if open < 1 || raw[len(raw)-1] != '}' {
		return raw
	}
	switch words := Words(raw[open+1:]); {
	case len(words) == 0:
	case words[len(words)-1] == "format", words[len(words)-1] == "extension", words[len(words)-1] == "ext":
		return strings.TrimRight(raw[:open], ".")
	}
	return raw
}

// lastParams returns the parameters that stand together nearest the end.
func (p *path) lastParams() []string {
	end := len(p.segments)
	for end > 0 && p.segments[end-1].param == "" {
		end--
	}
	var names []string
	for begin := end; begin > 0 && p.segments[begin-1].param != ""; begin-- {
		names = append(names, p.segments[begin-1].param)
	}
	slices.Reverse(names)
	return names
}

// dropPrefix removes leading segments that name no resource: "api", "v1".
func (p *path) dropPrefix() {
	var versions, prefix []string
	defer func() { p.version, p.prefix = strings.Join(versions, "_"), strings.Join(prefix, "_") }()
	for len(p.segments) > 1 {
		w := p.segments[0].words
		if len(w) == 0 || p.segments[1].verb {
			break
		}
		left := &prefix
		switch {
		case isVersion(w[0]) && allVersions(w):
			left = &versions
		case len(w) == 1 && (w[0] == "api" || w[0] == "rest"), w[0] == "api" && allVersions(p.segments[1].words):
		default:
			return
		}
		*left = append(*left, w...)
		if p.segments[1].param != "" && len(p.segments) == 2 {
			break // "/v1/{id}": keep a word
		}
		p.segments = p.segments[1:]
	}
}

// dropVersions removes versions from the middle, "rules/v4/{rule}", and dates of
// versions from the end too: "emails/2026-09".
func (p *path) dropVersions() {
	kept := p.segments[:0]
	for i, s := range p.segments {
		inside := i > 0 && i < len(p.segments)-1
		if inside && len(s.words) == 1 && s.words[0][0] == 'v' && isVersion(s.words[0]) || i > 0 && isDate(s.words) {
			p.version = strings.TrimPrefix(p.version+"_"+strings.Join(s.words, "_"), "_")
			continue
		}
		kept = append(kept, s)
	}
	p.segments = kept
}

// isDate reports whether words are the date of a version, with or without a day
// and a stage: 2026-09, 2010-04-01, 2026-09-beta.
func isDate(words []string) bool {
	if n := len(words); n > 2 && stages[words[n-1]] {
		words = words[:n-1]
	}
	if len(words) < 2 || len(words) > 3 || len(words[0]) != 4 || words[0] < "1900" || words[0] > "2199" {
		return false
	}
	for _, w := range words[1:] {
		if len(w) != 2 || !isVersion(w) {
			return false
		}
	}
	return isVersion(words[0])
}

var stages = set("alpha beta rc preview")

func allVersions(words []string) bool {
	if len(words) == 0 {
		return false
	}
	for _, w := range words {
		if !isVersion(w) {
			return false
		}
	}
	return true
}

// spellings returns the ways an operationId may spell the path: with its
// parameters by name, as "id", and, where it ends in none, without them.
func (p *path) spellings(template string) [][]string {
	ways := [][]string{Words(template), p.spelled("*"), p.spelled("id")}
	if n := len(p.segments); n > 0 && p.segments[n-1].param == "" {
		ways = append(ways, p.spelled(""))
	}
	return ways
}

// spelled returns all words of the path without its version; each parameter as
// the word given, its own name for "*", nothing for "".
func (p *path) spelled(param string) []string {
	var out []string
	for _, s := range p.segments {
		out = append(out, s.words...)
		switch {
		case s.param == "" || param == "":
		case param == "*":
			out = append(out, strings.ReplaceAll(s.param, "_", ""))
		default:
			out = append(out, param)
		}
	}
	return out
}
