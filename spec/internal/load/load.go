// Package load turns the bytes of a description, JSON or YAML, into a tree.
package load

import (
	"errors"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// ErrBomb says that a YAML text grows out of proportion by its aliases.
var ErrBomb = errors.New("aliases expand out of proportion")

// Document parses JSON, and YAML where it is none. The error says where and why
// neither could be read.
func Document(data []byte) (*tree.Doc, error) {
	return tree.Parse(data)
}
