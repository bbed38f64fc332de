package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// maxItemsMade bounds an array that is made.
const maxItemsMade = 1000

// array makes an array: as many items as it must have, but one where it can, as
// an empty list says nothing.
func (m *maker) array(sh *shape, variant, more int) jsontext.Value {
	want := max(sh.minItems, len(sh.prefix), sh.minContains, 1)
	if sh.maxItems >= 0 {
		want = min(want, sh.maxItems)
	}
	if want += more; want > maxItemsMade || sh.maxItems >= 0 && want > sh.maxItems {
		return nil
	}
	var items []jsontext.Value
	for i := 0; i < want; i++ {
		item, ok := m.item(sh, items, i, variant)
		if !ok {
			if len(items) < max(sh.minItems, sh.minContains) {
				return nil
			}
			break // one is better, but none will do
		}
		items = append(items, item)
	}
	return arrayOf(items)
}

// item makes the item at i, unlike those before it where they must differ.
func (m *maker) item(sh *shape, before []jsontext.Value, i, variant int) (jsontext.Value, bool) {
	n := sh.itemAt(i)
	if !sh.unique {
		return m.make(n, variant)
	}
	for try := range 4 {
		v, ok := m.make(n, variant+i+try*len(before))
		if ok && !holds(before, v) {
			return v, true
		}
	}
	return nil, false
}

func (sh *shape) itemAt(i int) *node {
	var parts []*node
	if i < len(sh.prefix) {
		parts = append(parts, sh.prefix[i])
	} else {
		parts = append(parts, sh.items...)
	}
	if i < sh.minContains {
		parts = append(parts, sh.contains...)
	}
	if len(parts) == 0 {
		return &node{}
	}
	return both(parts...)
}

func holds(list []jsontext.Value, v jsontext.Value) bool {
	for _, other := range list {
		if bytes.Equal(other, v) {
			return true
		}
	}
	return false
}
