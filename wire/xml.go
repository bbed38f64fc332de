package wire

import (
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// XML writes a value as an XML document by the `xml` hints of its schema
// (OpenAPI 3.2, 4.26; `attribute` and `wrapped` of 3.0 and 3.1 as well). Members
// keep the order of the input; attributes come first, as they must. Null is an
// empty element with xsi:nil="true", and a null attribute is left out.
//
// resolve gives the schema that a $ref names; it may be nil. The root element is
// named by the schema's xml.name, else by the component its $ref names, else by
// the one member that the value has.
func XML(body jsontext.Value, schema json.RawMessage, resolve func(ref string) (json.RawMessage, bool)) ([]byte, error) {
	if err := check(body); err != nil {
		return nil, err
	}
	x := xmlWriter{schemas: xmlSchemas{resolve: resolve, known: map[*byte]*xmlSchema{}}}
	x.dst = append(make([]byte, 0, 64+2*len(body)), `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...)
	x.limit = limitFor(x.dst, body)
	if err := x.root(body, x.schemas.read(jsontext.Value(schema), 0)); err != nil {
		return nil, err
	}
	return x.dst, nil
}

type xmlWriter struct {
	dst     []byte
	limit   int
	schemas xmlSchemas
}

// root writes the document's one element.
func (x *xmlWriter) root(v jsontext.Value, s *xmlSchema) error {
	name := s.component
	switch {
	case s.hints.name != "" || name != "":
	case v.Kind() == jsontext.KindBeginObject:
		only, inner, ok := onlyMember(v)
		if !ok {
			return fail("nothing names the document's element", "give the schema an xml.name, or the body one member that holds the rest")
		}
		key := text(only, nil)
		return underMember(x.root(inner, s.property(string(key)).named(string(key))), key)
	default:
		return fail("nothing names the document's element", "give the schema an xml.name, or the body one member that holds the rest")
	}
	if v.Kind() == jsontext.KindBeginArray {
		return x.wrapped(name, v, s, 0)
	}
	return x.element(s.hints.nameOr(name), v, s, 0)
}

func onlyMember(v jsontext.Value) (name, value jsontext.Value, ok bool) {
	c := enter(v)
	name, value, ok = c.next()
	if _, _, more := c.next(); more {
		return nil, nil, false
	}
	return name, value, ok
}

// node writes a value as what its schema makes of it, inside an element.
func (x *xmlWriter) node(name string, v jsontext.Value, s *xmlSchema, depth int) error {
	if depth > maxDepth {
		return fail("nested deeper than "+strconv.Itoa(maxDepth)+" levels", "")
	}
	kind := s.kind(v)
	switch {
	case kind == nodeAttribute:
		return nil // written with the element
	case kind == nodeText || kind == nodeCData:
		return x.textNode(kind, v)
	case v.Kind() == jsontext.KindBeginArray && kind == nodeElement:
		return x.wrapped(name, v, s, depth)
	case v.Kind() == jsontext.KindBeginArray:
		return x.items(name, v, s, depth)
	case kind == nodeNone && v.Kind() == jsontext.KindBeginObject:
		return x.children(v, s, depth)
	}
	return x.element(s.hints.nameOr(name), v, s, depth)
}

// wrapped writes an array inside an element of its own; items without a name
// take the wrapping one's (OpenAPI 3.2, "XML Arrays").
func (x *xmlWriter) wrapped(name string, v jsontext.Value, s *xmlSchema, depth int) error {
	name = s.hints.nameOr(name)
	if err := x.openTag(name, s, nil); err != nil {
		return err
	}
	x.dst = append(x.dst, '>')
	if err := x.items(name, v, s, depth); err != nil {
		return err
	}
	x.closeTag(name, s)
	return nil
}

func (x *xmlWriter) items(name string, v jsontext.Value, s *xmlSchema, depth int) error {
	item := s.item()
	for i, c := 0, enter(v); ; i++ {
		_, value, ok := c.next()
		if !ok {
			return nil
		}
		if err := x.node(name, value, item, depth+1); err != nil {
			return underItem(err, i)
		}
	}
}

// element writes <name …>…</name>.
func (x *xmlWriter) element(name string, v jsontext.Value, s *xmlSchema, depth int) error {
	if err := x.openTag(name, s, v); err != nil {
		return err
	}
	switch v.Kind() {
	case jsontext.KindNull:
		x.dst = append(x.dst, ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`...)
		return nil
	case jsontext.KindBeginObject:
		x.dst = append(x.dst, '>')
		if err := x.children(v, s, depth); err != nil {
			return err
		}
	case jsontext.KindBeginArray:
		return fail("an array where the schema has an element", "")
	default:
		x.dst = append(x.dst, '>')
		if err := x.escaped(text(v, nil), false); err != nil {
			return err
		}
	}
	x.closeTag(name, s)
	return nil
}

// children writes the members of an object that are not attributes.
func (x *xmlWriter) children(v jsontext.Value, s *xmlSchema, depth int) error {
	for c := enter(v); ; {
		name, value, ok := c.next()
		if !ok {
			return nil
		}
		key := string(text(name, nil))
		if err := x.node(key, value, s.property(key), depth+1); err != nil {
			return underMember(err, []byte(key))
		}
	}
}

// openTag writes "<name" with its namespace and, of an object, the attributes.
func (x *xmlWriter) openTag(name string, s *xmlSchema, v jsontext.Value) error {
	if err := x.tagName('<', name, s); err != nil {
		return err
	}
	if err := x.namespace(s.hints); err != nil || v.Kind() != jsontext.KindBeginObject {
		return err
	}
	for c := enter(v); ; {
		key, value, ok := c.next()
		if !ok {
			return nil
		}
		member := string(text(key, nil))
		p := s.property(member)
		if p.kind(value) != nodeAttribute || value.Kind() == jsontext.KindNull {
			continue
		}
		if err := x.attribute(p, member, value); err != nil {
			return underMember(err, []byte(member))
		}
	}
}

func (x *xmlWriter) attribute(p *xmlSchema, name string, v jsontext.Value) error {
	if composite(v) {
		return fail("an array or object cannot be an attribute", "")
	}
	if p.hints.prefix != "" {
		if err := x.namespace(p.hints); err != nil {
			return err
		}
	}
	if err := x.tagName(' ', p.hints.nameOr(name), p); err != nil {
		return err
	}
	x.dst = append(x.dst, '=', '"')
	if err := x.escaped(text(v, nil), true); err != nil {
		return err
	}
	x.dst = append(x.dst, '"')
	return nil
}

func (x *xmlWriter) namespace(h xmlHints) error {
	if h.namespace == "" {
		return nil
	}
	x.dst = append(x.dst, " xmlns"...)
	if h.prefix != "" {
		x.dst = append(append(x.dst, ':'), h.prefix...)
	}
	x.dst = append(x.dst, '=', '"')
	if err := x.escaped([]byte(h.namespace), true); err != nil {
		return err
	}
	x.dst = append(x.dst, '"')
	return nil
}

func (x *xmlWriter) closeTag(name string, s *xmlSchema) {
	x.dst = append(x.dst, '<')
	_ = x.tagName('/', name, s) // its opening was checked
	x.dst = append(x.dst, '>')
}

// tagName writes a name with its prefix, after a lead.
func (x *xmlWriter) tagName(lead byte, name string, s *xmlSchema) error {
	if !xmlName(name) || s.hints.prefix != "" && !xmlName(s.hints.prefix) {
		return fail(strconv.Quote(name)+" is not a name XML allows", "give the property an xml.name in the schema")
	}
	x.dst = append(x.dst, lead)
	if s.hints.prefix != "" {
		x.dst = append(append(x.dst, s.hints.prefix...), ':')
	}
	x.dst = append(x.dst, name...)
	if len(x.dst) > x.limit {
		return fail("the names in it make the document far larger than the input", "")
	}
	return nil
}
