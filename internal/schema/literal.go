package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/placeholder"
)

// literal escapes what would be a reference in a call, as a sample is sent as it
// is.
func literal(v jsontext.Value) jsontext.Value {
	if bytes.IndexByte(v, '$') < 0 {
		return v
	}
	switch v.Kind() {
	case '"':
		return quote(placeholder.Escape(textOf(v)))
	case '[':
		items := itemsOf(v)
		for i := range items {
			items[i] = literal(items[i])
		}
		return arrayOf(items)
	case '{':
		members := membersOf(v)
		for i := range members {
			members[i].value = literal(members[i].value)
		}
		return objectOf(members)
	}
	return v
}
