package openapi

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A bodyParam is one parameter of Swagger 2.0 that makes up the body.
type bodyParam struct {
	node    tree.Node // the parameter
	written tree.Node // where it stands in the list: itself, or a reference
	level   int       // which list it is of; an operation's is behind its path's
}

func (p bodyParam) isWhole() bool { return p.node.Get("in").Text() == "body" }

// replaces reports whether a parameter takes the place of one before it. The
// name of a body has no effect (Swagger 2.0, Parameter Object), so that of an
// operation replaces its path's.
func (p bodyParam) replaces(q bodyParam) bool {
	if p.isWhole() != q.isWhole() {
		return false
	}
	return p.node.Get("name").Scalar() == q.node.Get("name").Scalar() || p.isWhole() && p.level != q.level
}

// addBodyParam adds a parameter that makes up the body.
func (r *reader) addBodyParam(list []bodyParam, p bodyParam) []bodyParam {
	for i, q := range list {
		if !p.replaces(q) {
			continue
		}
		if p.level == q.level {
			r.warn("param_repeated", p.written, "the parameter "+p.node.Get("name").Scalar()+" is described twice in one list; the last one is used")
		}
		list[i] = p
		return list
	}
	return append(list, p)
}

// formerBody builds the body from body and formData parameters.
func (r *reader) formerBody(at place, op tree.Node, params []bodyParam) *ductape.Body {
	if len(params) == 0 {
		return nil
	}
	types := r.contentTypes(at, op)
	whole := r.onlyBody(params)
	if whole.OK() {
		return r.formerWhole(op, whole, types)
	}
	return r.formerForm(params, types)
}

// onlyBody returns the parameter that is the whole body, if there is one, and
// reports those it leaves no place for (Swagger 2.0: "there can only be one body
// parameter", which cannot stand beside formData).
func (r *reader) onlyBody(params []bodyParam) (whole tree.Node) {
	for _, p := range params {
		if p.isWhole() && !whole.OK() {
			whole = p.node
		}
	}
	for _, p := range params {
		name := p.node.Get("name").Scalar()
		switch {
		case !whole.OK() || p.node == whole:
		case p.isWhole():
			r.warn("body_param_extra", p.written, "a request has one body; the parameter "+name+" is a second one and was left out")
		default:
			r.warn("body_param_extra", p.written, "a request has a body or a form; the parameter "+name+" of the form was left out")
		}
	}
	return whole
}

func (r *reader) formerWhole(op, p tree.Node, types []string) *ductape.Body {
	if len(types) == 0 {
		types = []string{"application/json"}
	}
	b := &ductape.Body{Required: p.Get("required").True()}
	schema := p.Get("schema")
	for _, t := range types {
		c := ductape.Content{Type: r.sendable(t, p, schema), Schema: r.schema(schema), Fields: r.fields(schema), Example: r.example(p, t)}
		r.nameXML(&c, op, p, schema)
		b.Contents = append(b.Contents, c)
	}
	sortContents(b.Contents)
	return b
}

// formerForm builds one object out of formData parameters.
func (r *reader) formerForm(params []bodyParam, types []string) *ductape.Body {
	c := ductape.Content{}
	b := &ductape.Body{}
	properties, required := []byte{'{'}, []byte{}
	file := false
	for i, param := range params {
		p := param.node
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
