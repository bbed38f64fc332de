// Package load turns the bytes of a description, JSON or YAML, into a tree.
// Start with Document.
package load

import (
	"bytes"
	"errors"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// ErrBomb says that a YAML text grows out of proportion by its aliases.
var ErrBomb = errors.New("the YAML aliases expand out of proportion")

// maxRetry is how large a text that is nearly JSON may be to be read as YAML,
// which takes many times the memory.
const maxRetry = 8 << 20

// Document parses JSON, and YAML where it is none. The error says where and why
// the text could not be read, as the kind of text it looks like.
func Document(data []byte) (*tree.Doc, error) {
	data = tree.Text(data)
	start := bytes.TrimLeft(data, " \t\r\n")
	if !looksLikeJSON(start) {
		return yamlDocument(data)
	}
	doc, err := tree.Parse(data)
	if err == nil {
		return doc, nil
	}
	var syntax *tree.SyntaxError
	if errors.As(err, &syntax) && syntax.Truncated {
		return nil, err
	}
	if len(data) > maxRetry {
		return nil, err
	}
	// trailing commas, comments, single quotes: YAML's flow style has them
	if doc, other := yamlDocument(data); other == nil && doc.Root().IsObject() {
		doc.Repairs = append([]tree.Repair{{Code: "yaml_repaired", Message: "the text is not valid JSON (" + err.Error() + "); it was read as YAML"}}, doc.Repairs...)
		return doc, nil
	} else if errors.Is(other, ErrBomb) {
		return nil, other
	}
	return nil, err
}

// looksLikeJSON reports whether a text begins as JSON's objects and arrays do. A
// quote begins YAML whose keys are quoted; of JSON's, it begins no description.
func looksLikeJSON(start []byte) bool {
	return len(start) > 0 && (start[0] == '{' || start[0] == '[')
}
