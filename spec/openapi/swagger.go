package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// What Swagger 2.0 says in its own way: host, basePath and schemes, consumes and
// produces, body and formData parameters, collectionFormat.

func (r *reader) formerServers() []server {
	host := strings.TrimSpace(r.root.Get("host").Text())
	base := strings.TrimRight(r.root.Get("basePath").Text(), "/")
	if base != "" && !strings.HasPrefix(base, "/") {
		base = "/" + base
	}
	if host == "" {
		if base == "" {
			return nil
		}
		if at := r.absolute(base); isURL(at) {
			return []server{{url: at}}
		}
		r.warn("server_missing", r.root, "the description does not say which host the API is on; set base_url")
		return []server{{url: base}}
	}
	if _, after, ok := strings.Cut(host, "://"); ok { // a host is not a URL, but people write one
		host = strings.TrimRight(after, "/")
	}
	return []server{{url: r.formerScheme() + "://" + strings.TrimRight(host, "/") + base}}
}

// formerScheme prefers https, of several.
func (r *reader) formerScheme() string {
	schemes := r.root.Get("schemes").Texts()
	switch {
	case slices.Contains(schemes, "https"):
		return "https"
	case slices.Contains(schemes, "http"):
		return "http"
	case len(schemes) == 0 && strings.HasPrefix(r.opt.Location, "http://"):
		return "http"
	}
	return "https"
}

// mediaTypes returns consumes or produces: the operation's, else the document's.
func (r *reader) mediaTypes(op tree.Node, key string) []string {
	if own := op.Get(key); own.OK() {
		return own.Texts()
	}
	return r.root.Get(key).Texts()
}

// formerSchema fills in the schema of a parameter that is its own schema.
func (r *reader) formerSchema(p *ductape.Param, n tree.Node) {
	if schema := n.Get("schema"); schema.OK() { // as in OpenAPI 3
		r.paramSchema(p, n)
		return
	}
	k := r.kindOf(n)
	p.Type, p.Format = k.typ, k.format
	p.Schema = r.inlineSchema(n)
	if k.typ == "array" {
		p.Style, p.Explode = r.collection(n, p.In == ductape.InQuery)
	}
	p.Default = fixedValue(p, n)
}

// keywords of a parameter that make up its schema
var schemaKeywords = map[string]bool{
	"type": true, "format": true, "items": true, "default": true, "enum": true, "maximum": true, "exclusiveMaximum": true, "minimum": true,
	"exclusiveMinimum": true, "maxLength": true, "minLength": true, "pattern": true, "maxItems": true, "minItems": true, "uniqueItems": true, "multipleOf": true,
}

func (r *reader) inlineSchema(n tree.Node) json.RawMessage {
	if schema := n.Get("schema"); schema.OK() {
		return r.schema(schema)
	}
	out := []byte{'{'}
	for m := range n.Members() {
		key := m.Key()
		if !schemaKeywords[key] {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, key)
		out = append(out, ':')
		if key == "type" && m.Text() == "file" {
			out = append(out, `"string","format":"binary"`...)
			continue
		}
		if key == "pattern" && m.IsString() {
			r.checkPattern(m)
		}
		out = append(out, r.schema(m)...)
	}
	return json.RawMessage(append(out, '}'))
}

// collection turns collectionFormat into style and explode. csv, the default,
// is what path and header parameters do without being told. forms says that the
// parameter stands in a query or form, where alone multi is valid.
func (r *reader) collection(n tree.Node, forms bool) (style string, explode *bool) {
	joined := false
	if inner := n.Get("items").Get("collectionFormat"); inner.OK() && n.Get("items").Get("type").Text() == "array" {
		r.warn("collection_format_nested", inner, "arrays inside an array have no separator of their own; give them as text that is joined already")
	}
	switch format := n.Get("collectionFormat"); format.Text() {
	case "multi":
		if forms {
			apart := true
			return "form", &apart
		}
		r.warn("collection_format_unknown", format, "multi is for query and formData parameters; values are separated by commas")
	case "ssv":
		return "spaceDelimited", &joined
	case "pipes":
		return "pipeDelimited", &joined
	case "tsv":
		return "tabDelimited", &joined
	case "", "csv":
	default:
		r.warn("collection_format_unknown", format, "there is no collectionFormat \""+format.Text()+"\"; values are separated by commas")
	}
	if forms {
		return "form", &joined
	}
	return "", nil
}

// formerBody builds the body from body and formData parameters.
func (r *reader) formerBody(at place, op tree.Node, params []tree.Node) *ductape.Body {
	if len(params) == 0 {
		return nil
	}
	types := r.contentTypes(at, op)
	for _, p := range params {
		if p.Get("in").Text() == "body" {
			return r.formerWhole(op, p, types)
		}
	}
	return r.formerForm(params, types)
}

func (r *reader) formerWhole(op, p tree.Node, types []string) *ductape.Body {
	if len(types) == 0 {
		types = []string{"application/json"}
	}
	b := &ductape.Body{Required: p.Get("required").True()}
	schema := p.Get("schema")
	for _, t := range types {
		c := ductape.Content{Type: r.sendable(t, p, schema), Schema: r.schema(schema), Fields: r.fields(schema), Example: r.example(p)}
		r.nameXML(&c, op, p, schema)
		b.Contents = append(b.Contents, c)
	}
	sortContents(b.Contents)
	return b
}

// formerForm builds one object out of formData parameters.
func (r *reader) formerForm(params []tree.Node, types []string) *ductape.Body {
	c := ductape.Content{}
	b := &ductape.Body{}
	properties, required := []byte{'{'}, []byte{}
	file := false
	for i, p := range params {
		name := p.Get("name").Scalar()
		f := r.formField(&c, p)
		file = file || f.Format == "binary" || strings.HasSuffix(f.Items, ":binary")
		if i > 0 {
			properties = append(properties, ',')
		}
		properties, _ = jsontext.AppendQuote(properties, name)
		properties = append(append(properties, ':'), r.inlineSchema(p)...)
		if f.Required {
			b.Required = true
			if len(required) > 0 {
				required = append(required, ',')
			}
			required, _ = jsontext.AppendQuote(required, name)
		}
	}
	schema := append([]byte(`{"type":"object","properties":`), append(properties, '}')...)
	if len(required) > 0 {
		schema = append(append(append(schema, `,"required":[`...), required...), ']')
	}
	c.Schema = append(schema, '}')
	for _, t := range formTypes(types, file) {
		c.Type = t
		b.Contents = append(b.Contents, c)
	}
	return b
}

func (r *reader) formField(c *ductape.Content, p tree.Node) ductape.Field {
	k := r.kindOf(p)
	name := p.Get("name").Scalar()
	f := ductape.Field{Name: name, Type: k.typ, Format: k.format, Required: p.Get("required").True()}
	if f.Format == "byte" { // gives a part a media type from OpenAPI 3.0 on
		f.Format = ""
	}
	if k.typ == "array" {
		item := r.kindOf(p.Get("items"))
		f.Items = item.typ
		if item.format == "binary" {
			f.Items += ":binary"
		}
		style, explode := r.collection(p, true)
		if c.Encoding == nil {
			c.Encoding = map[string]ductape.Encoding{}
		}
		c.Encoding[name] = ductape.Encoding{Style: style, Explode: explode}
	}
	c.Fields = append(c.Fields, f)
	return f
}

// formTypes returns those of an operation's types that can carry a form.
func formTypes(types []string, file bool) []string {
	var out []string
	for _, t := range types {
		base := strings.ToLower(t)
		if strings.HasPrefix(base, "multipart/form-data") || isForm(base) && !file {
			out = append(out, t)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case file:
		return []string{"multipart/form-data"}
	}
	return []string{"application/x-www-form-urlencoded"}
}
