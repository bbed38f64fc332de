package spec

import (
	"strings"

	"github.com/ductape-go/ductape/spec/internal/load"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// References lists the files and URLs a description refers to by $ref, as they
// are written, without fragments, each once, in order. A text that cannot be
// read refers to none.
func References(data []byte) []string {
	if refuse(data) != nil {
		return nil
	}
	doc, err := load.Document(data)
	if err != nil {
		return nil
	}
	var out []string
	seen := map[string]bool{"": true}
	doc.EachParent("$ref", func(_, ref tree.Node) {
		location, _, _ := strings.Cut(ref.Text(), "#")
		if !seen[location] {
			seen[location] = true
			out = append(out, location)
		}
	})
	return out
}
