package judge

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

func init() {
	for _, mediaType := range []string{"application/xml", "text/xml"} {
		openapi3filter.RegisterBodyDecoder(mediaType, decodeXML)
	}
}

// An element is what encoding/xml makes of any document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// decodeXML reads a document by the xml hints of its schema (OpenAPI 3.1, 4.8.26),
// which the judge itself cannot.
func decodeXML(body io.Reader, _ http.Header, schema *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	var root element
	if err := xml.NewDecoder(body).Decode(&root); err != nil {
		return nil, err
	}
	name := root.XMLName.Local
	switch want := xmlName(schema.Value, schema.Ref[strings.LastIndex(schema.Ref, "/")+1:]); {
	case want == name:
		return root.valueOf(schema.Value), nil
	case want != "":
		return nil, errors.New("the document is a " + name + ", not a " + want)
	}
	// Nothing names the root: it is the body, or the one member that it has.
	var all []any
	for _, shape := range shapes(schema.Value, 0) {
		if shape.has(name) {
			all = append(all, map[string]any{name: root.valueOf(shape.property(name))})
		}
	}
	return accepted(schema.Value, append(all, root.valueOf(schema.Value))), nil
}

// xmlName is the name of an element, or of an attribute.
func xmlName(s *openapi3.Schema, otherwise string) string {
	if x := hints(s); x.Name != "" {
		return x.Name
	}
	return otherwise
}

// hints are the xml hints of a schema: its own, or what is written in a part of
// it, as in OpenAPI 3.0 nothing may stand beside a $ref.
func hints(s *openapi3.Schema) openapi3.XML {
	if s.XML != nil {
		return *s.XML
	}
	for _, part := range s.AllOf {
		if part.Value.XML != nil && (part.Ref == "" || len(s.AllOf) == 1) {
			return *part.Value.XML
		}
	}
	return openapi3.XML{}
}

func (e *element) valueOf(s *openapi3.Schema) any {
	var all []any
	for _, shape := range shapes(s, 0) {
		switch {
		case shape.wants("array"):
			all = append(all, e.list(shape))
		case len(e.Children) > 0 || len(e.Attrs) > 0 || shape.wants("object"):
			all = append(all, e.object(shape))
		default:
			all = append(all, scalars(e.Text, false)...)
		}
	}
	return accepted(s, all)
}

// list reads an element that wraps the items of a list.
func (e *element) list(all shape) []any {
	out := []any{}
	for i := range e.Children {
		out = append(out, e.Children[i].valueOf(all.item()))
	}
	return out
}

func (e *element) object(all shape) map[string]any {
	out, known := map[string]any{}, map[string]bool{}
	for _, s := range all {
		for name := range s.Properties {
			p := all.property(name)
			tag, repeats := propertyName(p, name)
			known[tag] = true
			if v := e.property(p, tag, repeats); v != nil {
				out[name] = v
			}
		}
	}
	for i := range e.Children {
		name := e.Children[i].XMLName.Local
		if known[name] {
			continue
		}
		p := all.property(name)
		if all.has(name) {
			name = "element " + name // the property of that name has another element
		}
		out[name] = e.Children[i].valueOf(p)
	}
	return out
}

// propertyName is the name of a property's elements, and whether they are the
// items of a list that nothing wraps.
func propertyName(p *openapi3.Schema, name string) (tag string, repeats bool) {
	for _, shape := range shapes(p, 0) {
		if shape.wants("array") && !hints(p).Wrapped {
			return xmlName(shape.item(), name), true
		}
	}
	return xmlName(p, name), false
}

func (e *element) property(p *openapi3.Schema, tag string, repeats bool) any {
	if hints(p).Attribute {
		for _, a := range e.Attrs {
			if a.Name.Local == tag {
				return accepted(p, scalars(a.Value, false))
			}
		}
		return nil
	}
	wrapper := element{}
	for _, child := range e.Children {
		if child.XMLName.Local == tag {
			wrapper.Children = append(wrapper.Children, child)
		}
	}
	switch {
	case len(wrapper.Children) == 0:
		return nil
	case repeats:
		return wrapper.valueOf(p)
	}
	return wrapper.Children[0].valueOf(p)
}

func TestXML(t *testing.T) {
	const schema = `{"type":"object","xml":{"name":"order"},"properties":{
		"id":{"type":"integer","xml":{"attribute":true}},
		"name":{"type":"string","xml":{"name":"Name"}},
		"tags":{"type":"array","items":{"type":"string","xml":{"name":"tag"}}},
		"lines":{"type":"array","xml":{"wrapped":true},"items":{"type":"object","properties":{"n":{"type":"integer"}}}}}}`
	var s openapi3.Schema
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ doc, want string }{
		{`<order id="1"><Name>2</Name><tag>a</tag><tag>b</tag><lines><line><n>1</n></line></lines></order>`, `{"id":1,"lines":[{"n":1}],"name":"2","tags":["a","b"]}`},
		{`<order><name>2</name></order>`, `{"element name":"2"}`},
		{`<order><lines/><other>1</other></order>`, `{"lines":[],"other":1}`},
		{`<other/>`, ""},
	} {
		v, err := decodeXML(strings.NewReader(tc.doc), nil, &openapi3.SchemaRef{Value: &s}, nil)
		got, _ := json.Marshal(v)
		if tc.want == "" && err == nil || tc.want != "" && string(got) != tc.want {
			t.Errorf("%s is read as %s, want %s (%v)", tc.doc, got, tc.want, err)
		}
	}
}
