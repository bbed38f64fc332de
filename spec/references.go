package spec

import (
	"strings"

	"github.com/ductape-go/ductape/spec/internal/load"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// References lists the files and URLs a description refers to by $ref, as they
// are written, without fragments, each once, in order; what it calls by that name
// itself, by $id or $self, is not among them. A text that cannot be read refers
// to none.
func References(data []byte) []string {
	if refuse(data) != nil {
		return nil
	}
	doc, err := load.Document(data)
	if err != nil {
		return nil
	}
	var out []string
	seen := map[string]bool{"": true, doc.Root().Get("$self").Text(): true}
	doc.EachParent("$id", func(_, id tree.Node) { seen[strings.TrimSuffix(id.Text(), "#")] = true })
	doc.EachParent("$ref", func(_, ref tree.Node) {
		location, _, _ := strings.Cut(ref.Text(), "#")
		if !seen[location] {
			seen[location] = true
			out = append(out, location)
		}
	})
	return out
}
