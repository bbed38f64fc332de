package postman

import (
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// headers adds the enabled headers. own is the request's auth, which in Postman
// replaces a header that holds the same credential.
func (t *target) headers(v sample.Value, own inherited) {
	for i, h := range headerEntries(v) {
		if h.Get("disabled").True() {
			continue
		}
		at := sample.Pointer(t.at+"/header", i)
		if name := strings.TrimSpace(t.name(h.Get("key").Text(), at)); name != "" {
			t.header(name, h, own, at)
		}
	}
}

// headerEntries reads a list of entries, an object, or the text of headers.
func headerEntries(v sample.Value) []sample.Value {
	if v.Kind != sample.String {
		out := pairs(v)
		for i, h := range out {
			if k, val, ok := strings.Cut(h.Text(), ":"); ok && h.Kind == sample.String {
				out[i] = entry(k, strings.TrimSpace(val))
			}
		}
		return out
	}
	var out []sample.Value
	for line := range strings.Lines(v.Text()) {
		if k, val, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(k, "//") {
			out = append(out, entry(strings.TrimSpace(k), strings.TrimSpace(val)))
		}
	}
	return out
}

func (t *target) header(name string, h sample.Value, own inherited, at string) {
	value := text(h.Get("value"))
	switch strings.ToLower(name) {
	case "content-type":
		t.contentType(h, at)
		return
	case "connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade":
		t.warn(headerIgnored, at, quoted(name)+" is set by the connection") // RFC 9110, 7.6.1
		return
	}
	if sample.Judge(ductape.InHeader, name, value) == sample.Lift {
		t.credential(name, value, own, at)
		return
	}
	t.plainHeader(name, h, at)
}

// plainHeader adds a header that is no credential.
func (t *target) plainHeader(name string, h sample.Value, at string) {
	value := text(h.Get("value"))
	p := ductape.Param{Name: name, In: ductape.InHeader, Description: description(h.Get("description"))}
	if _, again := t.seen[[2]string{string(p.In), strings.ToLower(name)}]; again {
		t.warn(duplicateHeader, at, quoted(name)+" is there already")
		return
	}
	if t.fillExample(&p, value, at); p.Example != nil {
		if f := pieces(value); isKnown(t.scope, f) && sample.Judge(p.In, name, value) != sample.OnlyShown {
			p.Default, p.Example = p.Example, nil
		}
	}
	t.add(p)
}

// contentType notes the media type of the body; keepContentType says what
// becomes of the header when the body is known.
func (t *target) contentType(h sample.Value, at string) {
	if t.mediaAt != "" {
		t.warn(duplicateHeader, at, `"Content-Type" is there already`)
		return
	}
	t.media = strings.TrimSpace(t.scope.expand(text(h.Get("value"))))
	t.mediaEntry, t.mediaAt = h, at
}

// keepContentType keeps a Content-Type that no body has: as a header where
// there is no body, or where the type is a variable without a value. A form
// that is called something else is sent as the form it is.
func (t *target) keepContentType(body *ductape.Content) {
	switch {
	case t.media == "" || body != nil && body.Type == t.media:
	case body == nil || strings.Contains(t.media, "{{"):
		t.plainHeader("Content-Type", t.mediaEntry, t.mediaAt)
	default:
		t.warn(headerIgnored, t.mediaAt, "the body is sent as "+body.Type+", not as "+quoted(t.media))
	}
}

// isKnown reports whether every variable of a text has a value.
func isKnown(s *scope, ps []piece) bool {
	for _, p := range ps {
		if !p.isVar || p.text == "$timestamp" || p.text == "$isoTimestamp" {
			continue
		}
		if _, known := s.value(p.text); !known && !s.hides(p.text) {
			return false
		}
	}
	return true
}

// credential takes a header that holds a credential into an auth.
func (t *target) credential(name, value string, own inherited, at string) {
	a, rest := sample.HeaderAuth(name, value)
	if own.replaces(name) {
		t.literals.add(rest)
		t.warn(headerOverridden, at, quoted(name)+" is set by the request's auth")
		return
	}
	t.lift(a, rest, at)
}
