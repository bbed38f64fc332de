package openapi

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// example returns the first example of a parameter, or of a body in a media type.
func (r *reader) example(n tree.Node, mediaType string) json.RawMessage {
	examples := n.Get("examples")
	for _, key := range [...]string{"example", "x-example"} {
		if e := n.Get(key); e.OK() {
			r.onlyExample(examples, 0)
			return r.exampleValue(e)
		}
	}
	r.onlyExample(examples, 1)
	if examples.IsArray() { // a list of values, where a map belongs
		for e := range examples.Items() {
			return e.Raw()
		}
	}
	for e := range examples.Members() {
		if v := r.exampleObject(r.resolve(e), mediaType); v != nil {
			return v
		}
	}
	return nil
}

// onlyExample reports, once, that of several examples one is kept.
func (r *reader) onlyExample(examples tree.Node, kept int) {
	if examples.Len() > kept {
		r.warnOnce("example_extra", "", examples, "of several examples the first is kept, here and wherever there are several")
	}
}

// exampleObject reads an Example Object: value, or from OpenAPI 3.2 dataValue,
// or the serializedValue of a body.
func (r *reader) exampleObject(n tree.Node, mediaType string) json.RawMessage {
	for _, key := range [...]string{"value", "dataValue"} {
		if v := n.Get(key); v.OK() {
			return r.exampleValue(v)
		}
	}
	if v := n.Get("externalValue"); v.OK() {
		r.warn("example_external", v, "the example at "+v.Text()+" was not read")
	}
	return unserialized(n.Get("serializedValue"), mediaType)
}

// unserialized returns what a body is given as, of the text that is sent: JSON
// itself, and the text of other types but forms, which are made of values. A
// parameter's text has its name and escapes in it and is no value either.
func unserialized(n tree.Node, mediaType string) json.RawMessage {
	base, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch {
	case !n.IsString() || mediaType == "" || isForm(base) || isMultipart(base):
		return nil
	case base != "application/json" && !strings.HasSuffix(base, "+json"):
		return n.Raw()
	}
	if text := jsontext.Value(n.Text()); text.IsValid() {
		return json.RawMessage(text)
	}
	return nil
}

// exampleValue returns a value; one that is only a reference is followed.
func (r *reader) exampleValue(n tree.Node) json.RawMessage {
	if n.Len() == 1 && n.Get("$ref").IsString() {
		target := r.resolve(n)
		if v := target.Get("value"); v.OK() {
			target = v
		}
		return target.Raw()
	}
	return n.Raw()
}
