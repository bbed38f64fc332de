package wire

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// AppendQuery appends a query parameter to a query that is already escaped:
// "a=b&c=d", with an ampersand in front when dst is not empty. An undefined
// value (see [Omitted]) appends nothing; the empty string gives "name=".
//
// n says how an object or array inside another is written. Empty means brackets
// for deepObject, and an error for every other style, for which OpenAPI defines
// no nesting.
func AppendQuery(dst []byte, p *ductape.Param, n ductape.Nesting, v jsontext.Value) ([]byte, error) {
	if err := checkParam(v); err != nil {
		return dst, of(err, p.Name)
	}
	if Omitted(p, v) {
		return dst, nil
	}
	w := writer{dst: dst, limit: limitFor(dst, v), sep: "&", names: unreserved, values: unreserved}
	if len(dst) > 0 {
		w.lead = "&"
	}
	if p.AllowReserved {
		w.values = reservedQuery
	}
	var err error
	if p.ContentType != "" {
		err = w.content(p, v)
	} else {
		err = w.query(p, n, v)
	}
	if err != nil {
		return dst, of(err, p.Name)
	}
	return w.dst, nil
}

// query writes a value by the styles of a query. It also serves forms, and
// cookies of style form, which differ in alphabet and separator.
func (w *writer) query(p *ductape.Param, n ductape.Nesting, v jsontext.Value) error {
	st, err := styleOf(p)
	if err != nil {
		return err
	}
	switch {
	case st.name == styleDeep:
		if n == "" {
			n = ductape.NestBrackets
		}
		return w.under(p.Name, n, v)
	case n != "" && st.explode && holdsComposite(v):
		return w.spread(p.Name, n, v)
	default:
		return w.compose(st, p.Name, v)
	}
}

// under writes v as name[…]=…
func (w *writer) under(name string, n ductape.Nesting, v jsontext.Value) error {
	w.key = appendEscaped(w.key[:0], []byte(name), w.names)
	depth := 0
	if n == ductape.NestJSON && v.Kind() == jsontext.KindBeginArray {
		depth = 1
	}
	return w.nested(v, n, depth)
}

// spread writes an exploded value that holds nested ones: the members of an
// object stand on their own, each under its name.
func (w *writer) spread(name string, n ductape.Nesting, v jsontext.Value) error {
	if v.Kind() == jsontext.KindBeginArray {
		return w.under(name, n, v)
	}
	for c := enter(v); ; {
		key, item, ok := c.next()
		if !ok {
			return nil
		}
		w.key = appendEscaped(w.key[:0], w.text(key), w.names)
		if err := w.nested(item, n, 1); err != nil {
			return underMember(err, text(key, nil))
		}
	}
}

// AppendQueryString appends a parameter that is the whole query (OpenAPI 3.2,
// `in: querystring`): a form when its media type is one, else its text,
// percent-encoded.
func AppendQueryString(dst []byte, p *ductape.Param, n ductape.Nesting, v jsontext.Value) ([]byte, error) {
	if err := checkParam(v); err != nil {
		return dst, of(err, p.Name)
	}
	if Omitted(p, v) {
		return dst, nil
	}
	if len(dst) > 0 {
		return dst, &Error{Param: p.Name, Message: "a querystring parameter is the whole query and cannot follow another"}
	}
	if mediaType(p.ContentType) == formType && composite(v) {
		out, err := Form(v, FormOptions{Nesting: n})
		return append(dst, out...), of(err, p.Name)
	}
	t, err := contentText(p.ContentType, v)
	if err != nil {
		return dst, of(err, p.Name)
	}
	if mediaType(p.ContentType) == formType {
		return append(dst, t...), nil // written by the caller
	}
	return appendEscaped(dst, t, unreserved), nil
}
