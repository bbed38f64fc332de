package openapi

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// maxDynamic is how many schemas of one $dynamicAnchor are put together.
const maxDynamic = 100

// dynamic returns the key of what a $dynamicRef leads to where several schemas of
// its file have that $dynamicAnchor. Which of them is meant depends on the schemas
// that a value has come through (JSON Schema 2020-12, 8.2.3.2), so any is accepted:
// never is the one that is meant refused.
func (r *reader) dynamic(ref tree.Node) (key string, ok bool) {
	_, name, _ := strings.Cut(ref.Text(), "#")
	if !ref.KeyIs("$dynamicRef") || name == "" || strings.Contains(name, "/") {
		return "", false
	}
	f := r.of[ref.Doc]
	named := f.dynamicAnchors()[name]
	if len(named) < 2 || len(named) > maxDynamic {
		return "", false
	}
	key = f.name + "#*" + name
	if _, kept := r.app.Schemas[key]; !kept {
		r.app.Schemas[key] = r.anyOf(named, ref)
	}
	return key, true
}

// dynamicAnchors returns the schemas of a file by their $dynamicAnchor.
func (f *file) dynamicAnchors() map[string][]tree.Node {
	if f.dynamic == nil {
		f.dynamic = map[string][]tree.Node{}
		f.doc.EachParent("$dynamicAnchor", func(schema, name tree.Node) {
			f.dynamic[name.Text()] = append(f.dynamic[name.Text()], schema)
		})
	}
	return f.dynamic
}

// anyOf returns a schema that accepts what any of some does, which are to be kept
// for ref.
func (r *reader) anyOf(list []tree.Node, ref tree.Node) json.RawMessage {
	out := []byte(`{"anyOf":[`)
	for i, n := range list {
		if i > 0 {
			out = append(out, ',')
		}
		at := r.of[n.Doc].name + "#" + n.Pointer()
		out, _ = jsontext.AppendQuote(append(out, `{"$ref":`...), at)
		out = append(out, '}')
		r.pending = append(r.pending, pendingSchema{at, ref, n})
	}
	return append(out, `]}`...)
}
