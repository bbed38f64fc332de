package wire

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// maxDepth is how deep names may nest: a[b][c]… Nothing real comes near it.
const maxDepth = 64

// nested writes v under the name in w.key, which is escaped already.
func (w *writer) nested(v jsontext.Value, n ductape.Nesting, depth int) error {
	switch {
	case v.Kind() == jsontext.KindNull:
		return nil
	case !composite(v):
		return w.keyed(w.text(v))
	case depth > maxDepth:
		return fail("nested deeper than "+strconv.Itoa(maxDepth)+" levels", "")
	case n == ductape.NestJSON && depth > 0:
		return w.keyed(w.json(v))
	case v.Kind() == jsontext.KindBeginObject:
		return w.nestedObject(v, n, depth)
	default:
		return w.nestedArray(v, n, depth)
	}
}

func (w *writer) keyed(t []byte) error {
	w.begin()
	if len(w.dst)+len(w.key) > w.limit {
		return fail("the names above it make the request far larger than the input", "shorten them, or send the value as JSON")
	}
	w.dst = append(append(w.dst, w.key...), '=')
	return w.write(t, w.values)
}

func (w *writer) json(v jsontext.Value) []byte {
	w.buf = appendCompact(w.buf[:0], v)
	return w.buf
}

func (w *writer) nestedObject(v jsontext.Value, n ductape.Nesting, depth int) error {
	outer := len(w.key)
	for c := enter(v); ; {
		name, item, ok := c.next()
		if !ok {
			return nil
		}
		w.open()
		w.key = appendEscaped(w.key, w.text(name), w.names)
		w.close()
		if err := w.nested(item, n, depth+1); err != nil {
			return underMember(err, text(name, nil))
		}
		w.key = w.key[:outer]
	}
}

func (w *writer) nestedArray(v jsontext.Value, n ductape.Nesting, depth int) error {
	outer := len(w.key)
	for i, place, c := 0, 0, enter(v); ; i++ {
		_, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue // indices stay without holes
		}
		if n != ductape.NestRepeat {
			w.open()
			if n == ductape.NestIndices {
				w.key = strconv.AppendInt(w.key, int64(place), 10)
			}
			w.close()
		}
		if err := w.nested(item, n, depth+1); err != nil {
			return underItem(err, i)
		}
		w.key = w.key[:outer]
		place++
	}
}

func (w *writer) open()  { w.key = appendEscaped(w.key, []byte{'['}, w.names) }
func (w *writer) close() { w.key = appendEscaped(w.key, []byte{']'}, w.names) }
