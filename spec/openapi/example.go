package openapi

import (
	"encoding/json"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// example returns the first example of a parameter or media type.
func (r *reader) example(n tree.Node) json.RawMessage {
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
		if v := r.exampleObject(r.resolve(e)); v != nil {
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

// exampleObject reads an Example Object: value, or from OpenAPI 3.2 dataValue
// and serializedValue.
func (r *reader) exampleObject(n tree.Node) json.RawMessage {
	for _, key := range [...]string{"value", "dataValue", "serializedValue"} {
		if v := n.Get(key); v.OK() {
			return r.exampleValue(v)
		}
	}
	if v := n.Get("externalValue"); v.OK() {
		r.warn("example_external", v, "the example at "+v.Text()+" was not read")
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
