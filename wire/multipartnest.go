package wire

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// nested makes one part per leaf, named as a nested form field would be, but
// without percent-encoding: a[b], a[], a[0]. A file is a leaf.
func (f *partsOf) nested(name string, v jsontext.Value, depth int) error {
	if v.Kind() == jsontext.KindNull {
		return nil
	}
	if _, isFile := asFile(v, f.field, f.o.Files); isFile || !composite(v) || binary(f.field) && v.Kind() == jsontext.KindBeginObject {
		return f.one(name, v)
	}
	if depth > maxDepth {
		return fail("nested deeper than "+strconv.Itoa(maxDepth)+" levels", "")
	}
	if len(name) > maxName {
		return longName()
	}
	for i, place, c := 0, 0, enter(v); ; i++ {
		key, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if err := f.nested(f.nestedName(name, key, place), item, depth+1); err != nil {
			if key != nil {
				return underMember(err, text(key, nil))
			}
			return underItem(err, i)
		}
		place++
	}
}

// maxName bounds the name of a part, which stands in each of a field's parts.
const maxName = 8 << 10

func longName() error {
	return fail("the name of a part is longer than "+strconv.Itoa(maxName)+" bytes", "shorten it, or send the value as JSON")
}

func (f *partsOf) nestedName(name string, key jsontext.Value, place int) string {
	switch {
	case key != nil:
		return name + "[" + string(text(key, nil)) + "]"
	case f.o.Nesting == ductape.NestIndices:
		return name + "[" + strconv.Itoa(place) + "]"
	case f.o.Nesting == ductape.NestRepeat:
		return name
	}
	return name + "[]"
}

// styled makes the parts of a field whose encoding names a query style (OpenAPI
// 3.2, 4.15.1.2), without percent-encoding.
func (f *partsOf) styled(v jsontext.Value) error {
	e := f.encoding
	p := ductape.Param{Name: f.name, In: ductape.InQuery, Style: e.Style, Explode: e.Explode}
	st, err := styleOf(&p)
	switch {
	case err != nil:
		return err
	case undefined(v):
		return nil
	case st.name == styleDeep:
		return f.deep(v)
	case !st.explode:
		return f.joined(st, v)
	case v.Kind() == jsontext.KindBeginArray:
		return f.items(v)
	}
	for c := enter(v); ; {
		key, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if err := f.one(string(text(key, nil)), item); err != nil {
			return underMember(err, text(key, nil))
		}
	}
}

func (f *partsOf) deep(v jsontext.Value) error {
	return f.nested(f.name, v, 0) // nesting is empty here: brackets
}

func (f *partsOf) joined(st style, v jsontext.Value) error {
	st.named = false
	w := writer{limit: limitFor(nil, v), names: raw, values: raw, bad: func(byte) bool { return false }}
	if err := w.joined(st, "", v); err != nil {
		return err
	}
	return f.add(Part{Name: f.name, Data: w.dst})
}
