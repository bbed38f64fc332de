package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// body reads the request body of an operation, nil when it takes none.
func (r *reader) body(op tree.Node, method string) *ductape.Body {
	written := op.Get("requestBody")
	if !written.OK() {
		return nil
	}
	n := r.resolve(written)
	if written != n {
		for m := range written.Members() {
			if key := m.Key(); key != "required" && key != "$ref" && key != "description" && key != "summary" && !strings.HasPrefix(key, "x-") {
				r.warn("ref_sibling_ignored", m, "beside this $ref only required, a summary and a description count, not \""+key+"\"")
			}
		}
	}
	b := &ductape.Body{Required: n.Get("required").True() || written.Get("required").True()}
	content := r.part(n, "content")
	for media := range content.Members() {
		b.Contents = append(b.Contents, r.content(op, media))
	}
	if len(b.Contents) == 0 || !b.Required && bodyless(method) && isEmptyObject(content, b.Contents) {
		return nil
	}
	sortContents(b.Contents)
	return b
}

// bodyless reports whether requests of a method usually have no body.
func bodyless(method string) bool {
	return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS" || method == "TRACE"
}

// isEmptyObject reports whether a body can only be an object without members,
// as Stripe's description gives each GET.
func isEmptyObject(content tree.Node, contents []ductape.Content) bool {
	for media := range content.Members() {
		schema := media.Get("schema")
		if !schema.Get("properties").OK() || schema.Get("properties").Len() > 0 || schema.Get("additionalProperties").Kind() != 'f' {
			return false
		}
	}
	return len(contents) > 0
}

func (r *reader) content(op, written tree.Node) ductape.Content {
	media := r.resolve(written)
	schema := media.Get("schema")
	c := ductape.Content{
		Type:     r.sendable(written.Key(), written, schema),
		Schema:   r.schema(schema),
		Fields:   r.fields(schema),
		Encoding: r.encodings(media.Get("encoding")),
	}
	c.Example = r.example(media, c.Type)
	if items := media.Get("itemSchema"); items.OK() {
		c.Schema = ofItems(c.Schema, r.schema(items))
	}
	for _, key := range [...]string{"prefixEncoding", "itemEncoding"} {
		if m := media.Get(key); m.OK() {
			r.warn("encoding_positional", m, "parts that are told apart by their position are not written from values; give the body as text or as a file")
		}
	}
	r.nesting.body(c)
	r.nameXML(&c, op, written, schema)
	return c
}

// ofItems returns the schema of a sequence of items, which each have a schema of
// their own beside that of the whole (OpenAPI 3.2, 4.14.1, itemSchema).
func ofItems(whole, item json.RawMessage) json.RawMessage {
	list := append(append(json.RawMessage(`{"type":"array","items":`), item...), '}')
	if whole == nil {
		return list
	}
	return slices.Concat(json.RawMessage(`{"allOf":[`), whole, json.RawMessage(`,`), list, json.RawMessage(`]}`))
}

// sendable returns the media type to send for the one that is written: mended,
// and not a range.
func (r *reader) sendable(written string, at, schema tree.Node) string {
	t := meantType(written)
	if t != written {
		r.warn("media_type_repaired", at, "\""+written+"\" is no media type; the body is sent as "+t)
	}
	if strings.Contains(t, "*") {
		t = r.concrete(t, schema)
		r.warn("media_type_wildcard", at, "the body's type "+written+" is sent as "+t)
	}
	return t
}

func isForm(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/x-www-form-urlencoded")
}

func (r *reader) encodings(n tree.Node) map[string]ductape.Encoding {
	if n.Len() == 0 {
		return nil
	}
	out := map[string]ductape.Encoding{}
	for m := range n.Members() {
		style := r.style(m.Get("style"), ductape.InQuery) // written as in a query (OpenAPI 3.2, 4.15.1.2)
		if style == "" && m.Get("style").Text() != "" {
			style = "form" // that there is one says it is not written as JSON
		}
		e := ductape.Encoding{
			ContentType:   m.Get("contentType").Text(),
			Style:         style,
			AllowReserved: m.Get("allowReserved").True(),
			Headers:       r.fixedHeaders(m.Get("headers")),
		}
		if v, ok := m.Get("explode").Bool(); ok {
			e.Explode = &v
		}
		r.noteNested(m)
		out[m.Key()] = e
	}
	return out
}

// noteNested reports what an encoding says of the parts inside its own (OpenAPI
// 3.2, 4.15.2).
func (r *reader) noteNested(encoding tree.Node) {
	for _, key := range [...]string{"encoding", "prefixEncoding", "itemEncoding"} {
		if m := encoding.Get(key); m.OK() {
			r.warn("encoding_ignored", m, "parts inside a part are not written from values; give that part as text or as a file")
		}
	}
}

// fixedHeaders returns the part headers that have one value; others cannot be
// sent and are reported.
func (r *reader) fixedHeaders(n tree.Node) map[string]string {
	var out map[string]string
	for h := range n.Members() {
		header := r.resolve(h)
		value := fixedHeader(header.Get("schema"))
		if strings.EqualFold(h.Key(), "Content-Type") {
			continue // OpenAPI 3.2, 4.15.1: contentType says it
		}
		if value == "" {
			r.warn("part_header_ignored", h, "the part header "+h.Key()+" has no fixed value and is not sent")
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[h.Key()] = value
	}
	return out
}

func fixedHeader(schema tree.Node) string {
	for _, key := range [...]string{"const", "default"} {
		if v := schema.Get(key).Scalar(); v != "" {
			return v
		}
	}
	if values := schema.Get("enum").Texts(); len(values) == 1 {
		return values[0]
	}
	return ""
}

// meantType mends what real descriptions write for a media type.
func meantType(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "json", "applicationjson", "application-json":
		return "application/json"
	case "form-data", "application/form-data", "multipart":
		return "multipart/form-data"
	case "x-www-form-urlencoded", "form", "application/www-form-urlencoded":
		return "application/x-www-form-urlencoded"
	case "xml":
		return "application/xml"
	}
	return text
}

// concrete returns the media type to send for a range of them.
func (r *reader) concrete(mediaRange string, schema tree.Node) string {
	k := r.kindOf(schema)
	switch {
	case strings.HasPrefix(mediaRange, "text/"):
		return "text/plain"
	case strings.HasPrefix(mediaRange, "multipart/"):
		return "multipart/form-data"
	case k.format == "binary", k.format == "byte", !strings.HasPrefix(mediaRange, "*/") && !strings.HasPrefix(mediaRange, "application/"):
		return "application/octet-stream"
	}
	return "application/json"
}

// sortContents puts the types that a call can fill from plain values first, and
// keeps the description's order otherwise.
func sortContents(contents []ductape.Content) {
	slices.SortStableFunc(contents, func(a, b ductape.Content) int { return rank(a.Type) - rank(b.Type) })
}

func rank(mediaType string) int {
	base, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	base = strings.TrimSpace(base)
	switch {
	case base == "application/json", strings.HasSuffix(base, "+json"), base == "text/json", isForm(base), base == "multipart/form-data":
		return 0
	}
	return 1
}
