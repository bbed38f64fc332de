package catalog

import (
	"bytes"
	"encoding/json"
)

// same reports whether two nouns are kept as the same JSON. Raw values count by
// their tokens, not their white space.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// clone copies a noun deeply, by way of the JSON it is kept as.
func clone[T any](v *T) (*T, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := new(T)
	return out, json.Unmarshal(b, out)
}
