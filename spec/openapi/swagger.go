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
	return []server{{url: r.withoutUser(r.formerScheme()+"://"+strings.TrimRight(host, "/")+base, r.root)}}
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
