package postman

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A link is a request's URL in parts, variables not yet replaced.
type link struct {
	protocol, user, host, port string
	path                       []string
	query                      []sample.Value // {key, value, disabled, description}
	variables                  []sample.Value // of :name segments
}

// readURL reads a URL that is a text or an object.
func readURL(v sample.Value) link {
	if v.Kind != sample.Object {
		return parseURL(v.Text())
	}
	if !v.Has("host") && !v.Has("path") && v.Get("raw").Text() != "" {
		l := parseURL(v.Get("raw").Text())
		if q := v.Get("query"); !q.IsNull() {
			l.query = queryEntries(q)
		}
		l.variables = pairs(v.Get("variable"))
		return l
	}
	l := link{
		protocol:  strings.TrimSuffix(strings.TrimSuffix(v.Get("protocol").Text(), "//"), ":"),
		host:      strings.Join(texts(v.Get("host")), "."),
		port:      v.Get("port").Text(),
		query:     queryEntries(v.Get("query")),
		variables: pairs(v.Get("variable")),
	}
	if a := v.Get("auth"); a.Kind == sample.Object {
		l.user = a.Get("user").Text()
	}
	if p := v.Get("path"); p.Kind == sample.String {
		path, query, _ := strings.Cut(p.Text(), "?")
		l.path = splitPath(path)
		if len(l.query) == 0 {
			l.query = parseQuery(query)
		}
	} else {
		l.path = texts(p)
	}
	if len(l.path) > 1 && l.path[0] == "" {
		l.path = l.path[1:]
	}
	return l
}

// pathName splits a segment :name or :name.json at its first dot, as Postman does,
// unless a variable is called by all of it.
func (l *link) pathName(seg string) (name, suffix string, ok bool) {
	all, ok := strings.CutPrefix(seg, ":")
	name, _, _ = strings.Cut(all, ".")
	if !ok || name == "" || strings.ContainsAny(name, "{}") {
		return "", "", false
	}
	if slices.ContainsFunc(l.variables, func(v sample.Value) bool { return variableKey(v) == all }) {
		name = all
	}
	return name, all[len(name):], true
}

// variableKey is what the variable of a :name segment is called.
func variableKey(v sample.Value) string {
	return cmp.Or(v.Get("key").Text(), v.Get("id").Text())
}

// texts reads a text, or an array of texts or of {type, value}.
func texts(v sample.Value) []string {
	if v.Kind != sample.Array {
		if v.Text() == "" {
			return nil
		}
		return []string{v.Text()}
	}
	out := make([]string, len(v.Items))
	for i, item := range v.Items {
		if item.Kind == sample.Object {
			item = item.Get("value")
		}
		out[i] = item.Text()
	}
	return out
}

// parseURL splits the text of a URL the way Postman does.
func parseURL(raw string) link {
	var l link
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return l
	}
	raw, _ = cutOutside(raw, '#')
	rest, query := cutOutside(raw, '?')
	l.query = parseQuery(query)
	if p, r, ok := strings.Cut(rest, "://"); ok && !strings.ContainsAny(p, "/{.") {
		l.protocol, rest = p, r
	}
	host, path := cutOutside(rest, '/')
	if host != rest {
		l.path = splitPath("/" + path)
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		l.user, _, _ = strings.Cut(host[:i], ":")
		host = host[i+1:]
	}
	if h, port, ok := cutLast(host, ":"); ok && !strings.Contains(port, "]") && !strings.Contains(h, "//") {
		l.port, host = port, h
	}
	l.host = host
	return l
}

// cutOutside cuts s at the first sep that is not inside a {{variable}}.
func cutOutside(s string, sep byte) (before, after string) {
	parts := splitOutside(s, sep, 2)
	if len(parts) < 2 {
		return s, ""
	}
	return parts[0], parts[1]
}

// splitOutside splits s at each sep that is not inside a {{variable}}, into at
// most n parts; n < 0 means all.
func splitOutside(s string, sep byte, n int) []string {
	var parts []string
	start, unclosed := 0, false
	for i := 0; i < len(s) && len(parts) != n-1; i++ {
		switch {
		case s[i] == sep:
			parts = append(parts, s[start:i])
			start = i + 1
		case !unclosed && strings.HasPrefix(s[i:], "{{"):
			end := strings.Index(s[i:], "}}")
			if unclosed = end < 0; !unclosed {
				i += end + 1
			}
		}
	}
	return append(parts, s[start:])
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 || strings.Contains(s[i:], "}}") && !strings.Contains(s[i:], "{{") {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func splitPath(p string) []string {
	if p == "" {
		return nil
	}
	return strings.Split(strings.TrimPrefix(p, "/"), "/")
}

// queryEntries reads a list of entries, or a text a=b&c=d.
func queryEntries(v sample.Value) []sample.Value {
	if v.Kind == sample.String {
		return parseQuery(strings.TrimPrefix(v.Text(), "?"))
	}
	return pairs(v)
}

func parseQuery(s string) []sample.Value {
	var out []sample.Value
	for _, pair := range splitOutside(s, '&', -1) {
		if pair != "" {
			k, val := cutOutside(pair, '=')
			out = append(out, entry(k, val))
		}
	}
	return out
}

func entry(key, value string) sample.Value {
	return sample.Value{Kind: sample.Object, Members: []sample.Member{
		{Name: "key", Value: sample.Value{Kind: sample.String, Literal: key}},
		{Name: "value", Value: sample.Value{Kind: sample.String, Literal: value}},
	}}
}

// unescape undoes %XX, and leaves what is no such escape.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexDigit(s[i+1]) >= 0 && hexDigit(s[i+2]) >= 0 {
			b.WriteByte(byte(hexDigit(s[i+1])<<4 | hexDigit(s[i+2])))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
