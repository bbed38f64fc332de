package wire

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// FormOptions say how the fields of a form or multipart body are written.
type FormOptions struct {
	Encoding map[string]ductape.Encoding // field -> how the description wants it
	Fields   []ductape.Field             // what the description says of the fields
	Nesting  ductape.Nesting             // how the app wants nested values; empty: the OpenAPI rule
	Files    map[string]ductape.File     // what {"file": key} stands for in a multipart body
}

func (o *FormOptions) field(name string) *ductape.Field {
	for i := range o.Fields {
		if o.Fields[i].Name == name {
			return &o.Fields[i]
		}
	}
	return nil
}

// styled reports whether an encoding asks for the query styles: one of style,
// explode and allowReserved is given (OpenAPI 3.2, 4.15.1.2). Its content type
// is then ignored.
func styled(e ductape.Encoding) bool {
	return e.Style != "" || e.Explode != nil || e.AllowReserved
}

// delimited reports whether an encoding wants an array or object in one text.
func delimited(e ductape.Encoding) bool {
	switch e.Style {
	case styleSpace, stylePipe, styleTab, styleForm, "":
		return e.Explode != nil && !*e.Explode || e.Explode == nil && e.Style != "" && e.Style != styleForm
	}
	return false
}

// Form writes a JSON object as application/x-www-form-urlencoded, its fields in
// the order given. See the package documentation for how nested values are
// written; null fields are left out.
func Form(body jsontext.Value, o FormOptions) ([]byte, error) {
	if err := checkFields(body); err != nil {
		return nil, err
	}
	w := writer{
		dst: make([]byte, 0, len(body)+len(body)/4), limit: limitFor(nil, body),
		sep: "&", names: formSafe, values: formSafe,
	}
	for c := enter(body); ; {
		key, v, ok := c.next()
		if !ok {
			return w.dst, nil
		}
		if v.Kind() == jsontext.KindNull {
			continue
		}
		name := string(w.text(key))
		if err := w.field(name, &o, v); err != nil {
			return nil, of(err, name)
		}
	}
}

func checkFields(body jsontext.Value) error {
	if err := check(body); err != nil {
		return err
	}
	if body.Kind() != jsontext.KindBeginObject {
		return fail("a form is made from an object", "give the fields as {name: value}")
	}
	return nil
}

// field writes one field. The app's nesting wins over the description, except
// where that asks for what nesting cannot express: a delimited text, or a media
// type for the whole.
func (w *writer) field(name string, o *FormOptions, v jsontext.Value) error {
	e := o.Encoding[name]
	w.values = formSafe
	if styled(e) {
		if e.AllowReserved {
			w.values = reservedForm
		}
		if o.Nesting == "" || !composite(v) || delimited(e) {
			return w.styledField(name, e, o.Nesting, v)
		}
	}
	switch {
	case e.ContentType != "" && !styled(e):
		return w.typedFields(name, e.ContentType, v)
	case o.Nesting == ductape.NestJSON && composite(v):
		return w.named(name, w.json(v))
	case o.Nesting != "" || !composite(v):
		return w.under(name, o.Nesting, v)
	default:
		return w.typedFields(name, "", v)
	}
}

func (w *writer) styledField(name string, e ductape.Encoding, n ductape.Nesting, v jsontext.Value) error {
	if undefined(v) {
		return nil
	}
	return w.query(&ductape.Param{Name: name, In: ductape.InQuery, Style: e.Style, Explode: e.Explode}, n, v)
}

// typedFields writes a field by the OpenAPI rule: an array one field per item,
// each by the encoding of the whole (3.2, "Encoding By Name").
func (w *writer) typedFields(name, contentType string, v jsontext.Value) error {
	if v.Kind() != jsontext.KindBeginArray {
		return w.typedField(name, contentType, v)
	}
	for i, c := 0, enter(v); ; i++ {
		_, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if err := w.typedField(name, contentType, item); err != nil {
			return underItem(err, i)
		}
	}
}

// typedField writes a field in its media type: text for a scalar and JSON for
// the others unless the description says so.
func (w *writer) typedField(name, contentType string, v jsontext.Value) error {
	switch {
	case contentType != "" && composite(v):
		contentType = jsonAmong(contentType)
	case contentType != "":
	case composite(v):
		contentType = "application/json"
	default:
		contentType = "text/plain"
	}
	t, err := contentText(contentType, v)
	if err != nil {
		return err
	}
	return w.named(name, t)
}

func (w *writer) named(name string, t []byte) error {
	w.begin()
	if err := w.write([]byte(name), w.names); err != nil {
		return err
	}
	w.dst = append(w.dst, '=')
	return w.write(t, w.values)
}
