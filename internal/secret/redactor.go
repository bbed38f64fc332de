package secret

import (
	"slices"
	"strings"
)

// MinLength is the length below which a secret is looked for only where it
// stands alone, not inside a word, in bytes. Who shows what such a secret was
// filled into hides that by its place, and warns who sets one.
const MinLength = 4

// A Redactor takes secrets out of text: every occurrence, in every form in which
// they travel (see forms). Text that only looks like a secret stays.
//
// Looking is safe for concurrent use; Add is not. A nil Redactor returns text as
// it is. Secrets of fewer than MinLength bytes are looked for as words only.
type Redactor struct {
	forms []form // longest first
	has   map[form]struct{}
}

// NewRedactor returns a Redactor of the values.
func NewRedactor(values ...Value) *Redactor {
	r := &Redactor{}
	r.Add(values...)
	return r
}

// Add adds further values, such as "user:password" as HTTP Basic joins them.
// Without the blanks around it a value gives itself away as well: a header loses
// them on its way (RFC 9110, 5.5).
func (r *Redactor) Add(values ...Value) {
	for _, v := range values {
		r.add(v.Expose())
		r.add(strings.TrimSpace(v.Expose()))
	}
	slices.SortStableFunc(r.forms, func(a, b form) int { return len(b.text) - len(a.text) })
}

func (r *Redactor) add(text string) {
	for _, f := range formsOf(text) {
		if _, has := r.has[f]; has {
			continue
		}
		if r.has == nil {
			r.has = map[form]struct{}{}
		}
		r.has[f] = struct{}{}
		r.forms = append(r.forms, f)
	}
}

// String returns s with every secret replaced by Redacted.
func (r *Redactor) String(s string) string {
	if r == nil || len(r.forms) == 0 {
		return s
	}
	found := r.find(s)
	if len(found) == 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for _, f := range found {
		b.WriteString(s[from:f.start])
		b.WriteString(Redacted)
		from = f.end
	}
	b.WriteString(s[from:])
	return b.String()
}

// Bytes is String for bytes. It returns b itself when there is nothing to
// replace, and a new slice otherwise.
func (r *Redactor) Bytes(b []byte) []byte {
	if r == nil || len(r.forms) == 0 {
		return b
	}
	s := string(b)
	if out := r.String(s); out != s {
		return []byte(out)
	}
	return b
}

// Header returns a copy of h with every secret replaced in names and values.
func (r *Redactor) Header(h map[string][]string) map[string][]string {
	out := make(map[string][]string, len(h))
	for k, vs := range h {
		k = r.String(k)
		for _, v := range vs {
			out[k] = append(out[k], r.String(v))
		}
	}
	return out
}

// A span is a part of a text, in bytes.
type span struct{ start, end int }

// find returns where secrets stand in s, in order and joined where they overlap:
// a secret that begins inside another leaves no tail behind.
func (r *Redactor) find(s string) []span {
	if !strings.ContainsAny(s, escapeSigns) {
		return r.plain(s)
	}
	var found []span
	eachLayer(s, func(l *layer) { found = append(found, l.origin(r.plain(l.text))...) })
	return join(found)
}

// plain is find for a text whose escapes are not undone.
func (r *Redactor) plain(s string) []span {
	var found []span
	for _, f := range r.forms {
		found = append(found, f.in(s)...)
	}
	return join(found)
}

func join(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []span
	for _, s := range spans {
		out = appendSpan(out, s)
	}
	return out
}

// appendSpan adds a span behind others, to the last of them where they touch.
func appendSpan(spans []span, s span) []span {
	if n := len(spans); n > 0 && s.start <= spans[n-1].end {
		spans[n-1].end = max(spans[n-1].end, s.end)
		return spans
	}
	return append(spans, s)
}
