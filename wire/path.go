package wire

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// AppendPath appends a path parameter in its style. Everything but unreserved
// characters is percent-encoded, so the value cannot leave its segment; whether
// the segment it stands in becomes "." or ".." is for [Path] to judge. An
// undefined value is an error, and so is an empty text in style simple, which
// would make a path with a hole.
func AppendPath(dst []byte, p *ductape.Param, v jsontext.Value) ([]byte, error) {
	if err := checkParam(v); err != nil {
		return dst, of(err, p.Name)
	}
	if Omitted(p, v) {
		return dst, &Error{Param: p.Name, Message: "a path parameter needs a value"}
	}
	w := writer{dst: dst, limit: limitFor(dst, v), names: unreserved, values: unreserved}
	if p.AllowReserved {
		w.values = reservedPath
	}
	if err := w.path(p, v); err != nil {
		return dst, of(err, p.Name)
	}
	if len(w.dst) == len(dst) {
		return dst, &Error{Param: p.Name, Message: "a path parameter cannot be empty"}
	}
	return w.dst, nil
}

func (w *writer) path(p *ductape.Param, v jsontext.Value) error {
	if p.ContentType != "" {
		return w.content(p, v)
	}
	st, err := styleOf(p)
	if err != nil {
		return err
	}
	w.lead, w.sep = st.lead, st.sep
	return w.compose(st, p.Name, v)
}

// Path fills a path template such as "/v1/customers/{customer}". A name that
// params does not declare for the path is written in style simple. What stands
// around the names is copied; characters that no URL may hold are
// percent-encoded in it.
//
// A segment that a value turns into "." or ".." is refused, in any spelling that
// a client or server is known to resolve: "%2e", and pieces of a value between
// encoded slashes or before a semicolon.
func Path(template string, params []ductape.Param, value func(name string) (jsontext.Value, bool)) (string, error) {
	dst := make([]byte, 0, len(template)+64)
	var filled []span
	for rest := template; ; {
		text, name, after, ok := nextName(rest)
		dst = appendEscaped(dst, []byte(text), templateText)
		if !ok {
			break
		}
		start := len(dst)
		var v jsontext.Value
		if value != nil {
			v, _ = value(name)
		}
		var err error
		if dst, err = AppendPath(dst, pathParam(params, name), v); err != nil {
			return "", err
		}
		filled = append(filled, span{name, start, len(dst)})
		rest = after
	}
	for _, f := range filled {
		if f.climbs(dst) {
			return "", &Error{Param: f.name, Message: `makes a path segment "." or "..", which would lead to another place`}
		}
	}
	return string(dst), nil
}

// nextName cuts a template at its next {name}.
func nextName(s string) (text, name, after string, ok bool) {
	open := strings.IndexByte(s, '{')
	if open < 0 {
		return s, "", "", false
	}
	end := strings.IndexByte(s[open:], '}')
	if end < 2 {
		return s, "", "", false
	}
	return s[:open], s[open+1 : open+end], s[open+end+1:], true
}

func pathParam(params []ductape.Param, name string) *ductape.Param {
	for i := range params {
		if params[i].In == ductape.InPath && params[i].Name == name {
			return &params[i]
		}
	}
	return &ductape.Param{Name: name, In: ductape.InPath}
}

// A span is where a value stands in a path.
type span struct {
	name       string
	start, end int
}

// climbs reports whether the segment around the span is a dot segment.
func (f span) climbs(path []byte) bool {
	if q := bytes.IndexByte(path, '?'); q >= 0 {
		if f.start > q {
			return false
		}
		path = path[:q]
	}
	from := bytes.LastIndexByte(path[:f.start], '/') + 1
	to := len(path)
	if i := bytes.IndexByte(path[f.end:], '/'); i >= 0 {
		to = f.end + i
	}
	return dotSegment(path[from:to])
}

// dotSegment reports whether a segment, or a piece of it between encoded
// slashes, is a dot segment once decoded. A single dot between encoded slashes
// is harmless and passes.
func dotSegment(segment []byte) bool {
	if dots := dotsOf(segment); dots == 1 || dots == 2 {
		return true
	}
	for {
		piece, rest, more := cutSlash(segment)
		if dotsOf(piece) == 2 {
			return true
		}
		if !more {
			return false
		}
		segment = rest
	}
}

// dotsOf counts the dots of a piece that holds nothing else; otherwise it is 0.
// What follows a semicolon does not count: some servers cut it off first.
func dotsOf(piece []byte) (n int) {
	for len(piece) > 0 {
		switch {
		case piece[0] == '.':
			piece = piece[1:]
		case hasTriple(piece, '2', 'e'):
			piece = piece[3:]
		case piece[0] == ';', hasTriple(piece, '3', 'b'):
			return n
		default:
			return 0
		}
		n++
	}
	return n
}

// cutSlash cuts at the next encoded slash or backslash.
func cutSlash(s []byte) (before, after []byte, found bool) {
	for i := range s {
		if hasTriple(s[i:], '2', 'f') || hasTriple(s[i:], '5', 'c') {
			return s[:i], s[i+3:], true
		}
	}
	return s, nil, false
}

func hasTriple(s []byte, hi, lo byte) bool {
	return len(s) > 2 && s[0] == '%' && s[1] == hi && s[2]|0x20 == lo
}
