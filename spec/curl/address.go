package curl

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// addresses returns the words that are URLs. Beside a real one, a word that
// looks like none is what is left of something else.
func (t *transfer) addresses() []word {
	if !slices.ContainsFunc(t.urls, func(w word) bool { return strings.Contains(w.text, "://") }) {
		return t.urls
	}
	return slices.DeleteFunc(slices.Clone(t.urls), func(w word) bool {
		stray := !looksLikeURL(w)
		if stray {
			t.warn(commandFailed, t.where, "a word that is no URL was left out, of "+strconv.Itoa(len(w.text))+" bytes")
		}
		return stray
	})
}

var hostStart = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9+]*://|localhost\b|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[:/?#]|$)|\[[0-9A-Fa-f:]+\]|[^/\s{}"',]+:[0-9]+(?:/|$))`)

func looksLikeURL(w word) bool {
	return hostStart.MatchString(w.text) || len(w.shell) > 0 && (strings.HasPrefix(w.text, "$") || strings.HasPrefix(w.text, "%"))
}

var (
	otherScheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)
	globbed     = regexp.MustCompile(`\{[^{}]*,[^{}]*\}|\[(?:[0-9]+-[0-9]+|[A-Za-z]-[A-Za-z])(?::[0-9]+)?\]`)
	named       = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_.-]*)\}`)
)

// target gives a request its URL, and reports whether it is one that can be
// called.
func (t *transfer) target(r *sample.Request, w word) bool {
	u := w.text
	if m := otherScheme.FindStringSubmatch(u); m != nil && !strings.EqualFold(m[1], "http") && !strings.EqualFold(m[1], "https") {
		t.warn(commandFailed, t.where, "only http and https are called, not "+m[1])
		return false
	}
	if strings.ContainsAny(u, "\r\n") {
		t.warn(commandFailed, t.where, "the URL "+strconv.Quote(redact(u))+" holds a line break; a quote is probably not closed")
		return false
	}
	if t.command.cut != "" && strings.ContainsAny(u, " \t") {
		t.warn(commandFailed, t.where, "the URL "+strconv.Quote(redact(u))+" holds blanks, as a quote is not closed")
		return false
	}
	if !t.noGlob && globbed.MatchString(u) {
		t.warn(urlGlobbed, t.where, "curl sends one request for each of several values; the braces or brackets stay as they are")
	}
	r.URL = t.withQuery(t.withUpload(u))
	t.template(r, w)
	return true
}

func (t *transfer) withUpload(u string) string {
	name := t.uploadName()
	if name == "" || strings.ContainsAny(u, "?#") {
		return u
	}
	_, rest, found := strings.Cut(u, "://")
	switch {
	case strings.HasSuffix(u, "/"):
		return u + url.PathEscape(name)
	case found && !strings.Contains(rest, "/"):
		return u + "/" + url.PathEscape(name)
	}
	return u
}

// withQuery adds what -G and --url-query put into the address.
func (t *transfer) withQuery(u string) string {
	more := t.query
	if t.get {
		more = append(slices.Clip(more), t.data...)
	}
	u, _, _ = strings.Cut(u, "#")
	if len(more) == 0 {
		return u
	}
	sep := "?"
	if strings.Contains(u, "?") {
		sep = "&"
	}
	return u + sep + strings.Join(more, "&")
}

// template makes parameters of what in the path stands for a value: {id}, and
// what a shell would fill in.
func (t *transfer) template(r *sample.Request, w word) {
	for _, s := range w.shell {
		r.URL = strings.ReplaceAll(r.URL, s, strings.NewReplacer("${", "$", "}", "").Replace(s))
	}
	base, rest := cutBase(r.URL)
	p, query, asks := strings.Cut(rest, "?")
	names := map[string]bool{}
	for _, s := range w.shell {
		plain := strings.NewReplacer("${", "$", "}", "").Replace(s)
		if name := naming.Snake(strings.Trim(plain, "$%")); name != "" && strings.Contains(p, plain) {
			p = strings.ReplaceAll(p, plain, "{"+name+"}")
			continue
		}
		t.noteAddress(base, s, plain)
	}
	for _, m := range named.FindAllStringSubmatch(p, -1) {
		names[m[1]] = true
	}
	if asks {
		p += "?" + query
	}
	if len(names) == 0 {
		return
	}
	r.URL = base + p
	full := r.URL
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	parsed, err := url.Parse(full)
	if err != nil {
		return // the builder says so
	}
	r.Template = parsed.EscapedPath()
	for _, m := range named.FindAllStringSubmatch(parsed.Path, -1) {
		if name := m[1]; names[name] {
			r.Template = strings.ReplaceAll(r.Template, "%7B"+name+"%7D", "{"+name+"}")
			r.Params = append(r.Params, ductape.Param{Name: name, In: ductape.InPath, Required: true, Type: "string"})
			delete(names, name)
		}
	}
}

// noteAddress reports a part of an address that a shell fills in and that is no
// path parameter.
func (t *transfer) noteAddress(base, s, plain string) {
	if strings.Contains(base, plain) {
		t.warn(baseURLMissing, t.where, expansionName(s)+" stands for the address; set base_url")
		return
	}
	t.noteExpansions("the address", word{shell: []string{s}})
}

// cutBase divides an address before its path.
func cutBase(u string) (base, rest string) {
	from := 0
	if i := strings.Index(u, "://"); i >= 0 {
		from = i + 3
	}
	if i := strings.IndexAny(u[from:], "/?"); i >= 0 {
		return u[:from+i], u[from+i:]
	}
	return u, ""
}

// withoutShell removes the addresses that only a shell knows.
func withoutShell(app *ductape.App) {
	unknown := func(s string) bool { return strings.ContainsAny(s, "$%") }
	for i := range app.Envs {
		env := &app.Envs[i]
		if unknown(env.BaseURL) {
			env.BaseURL = ""
		}
		env.Hosts = slices.DeleteFunc(env.Hosts, unknown)
	}
	for i := range app.Actions {
		if unknown(app.Actions[i].BaseURL) {
			app.Actions[i].BaseURL = ""
		}
	}
}
