package run

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// value is what is sent of a body, and whether the caller left it out: what is
// sent is then {}. Null is left out, but where the schema names it.
func (c bodyChoice) value(given jsontext.Value) (value jsontext.Value, missing bool) {
	if !isNothing(given) {
		return given, false
	}
	if given.Kind() == 'n' {
		content := c.content(given)
		if media, _ := mediaType(content.Type); isJSON(media) && c.accepts(content).null {
			return given, false
		}
	}
	return jsontext.Value("{}"), true
}

// accepted is what the types of a schema say of two values.
type accepted struct {
	said   bool // the schema names types at all
	object bool
	null   bool
}

// accepts reads the types that a body's schema names.
func (c bodyChoice) accepts(content ductape.Content) accepted {
	a := typeReader(c.plan.schemaOf).read(jsontext.Value(content.Schema), 0)
	a.object = a.object || !a.said
	return a
}

// A typeReader reads the types of a schema; the function gives those that are
// referred to.
type typeReader func(ref string) (json.RawMessage, bool)

// maxRefs bounds the schemas that one stands for, which may be a circle.
const maxRefs = 16

func (r typeReader) read(schema jsontext.Value, depth int) accepted {
	if schema.Kind() != '{' || depth > maxRefs {
		return accepted{}
	}
	members, err := membersOf(schema)
	if err != nil {
		return accepted{}
	}
	var a accepted
	for _, m := range members {
		switch m.name {
		case "$ref":
			a = a.or(r.referred(m.value, depth))
		case "type":
			a = a.or(typesNamed(m.value))
		case "nullable", "x-nullable":
			a.null = a.null || m.value.Kind() == 't'
		case "anyOf", "oneOf":
			a = a.or(r.branches(m.value, depth))
		case "allOf":
			a = a.or(r.all(m.value, depth))
		}
	}
	return a
}

func (r typeReader) referred(ref jsontext.Value, depth int) accepted {
	raw, ok := r(scalarText(ref))
	if !ok {
		return accepted{}
	}
	return r.read(jsontext.Value(raw), depth+1)
}

// branches is what any of several schemas accepts.
func (r typeReader) branches(list jsontext.Value, depth int) accepted {
	var out accepted
	for _, one := range itemsOf(list) {
		a := r.read(one, depth+1)
		a.object, a.said = a.object || !a.said, true
		out = out.or(a)
	}
	return out
}

// all is what the first of several schemas that names types accepts.
func (r typeReader) all(list jsontext.Value, depth int) accepted {
	for _, one := range itemsOf(list) {
		if a := r.read(one, depth+1); a.said {
			return a
		}
	}
	return accepted{}
}

func (a accepted) or(b accepted) accepted {
	return accepted{a.said || b.said, a.object || b.object, a.null || b.null}
}

func typesNamed(v jsontext.Value) accepted {
	names := itemsOf(v)
	if v.Kind() == '"' {
		names = []jsontext.Value{v}
	}
	a := accepted{said: len(names) > 0}
	for _, name := range names {
		a.object = a.object || scalarText(name) == "object"
		a.null = a.null || scalarText(name) == "null"
	}
	return a
}

// itemsOf lists the items of an array, of anything else none.
func itemsOf(list jsontext.Value) []jsontext.Value {
	var items []jsontext.Value
	if json.Unmarshal(list, &items) != nil {
		return nil
	}
	return items
}
