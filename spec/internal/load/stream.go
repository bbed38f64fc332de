package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A YAML stream holds any number of documents (YAML 1.2.2, section 9.2); a
// description is the first that holds something.

// compose reads the first document of a text. Text that is not quite YAML is
// mended and tried again.
func compose(data []byte) (*yaml.Node, []tree.Repair, error) {
	data, repairs := plainVersion(data)
	root, more, err := firstDocument(data)
	if err == nil {
		return root, slices.Concat(repairs, more), nil
	}
	var again error
	for _, tab := range [...]string{"  ", "    ", "        "} {
		mended, what := mend(data, tab)
		if what == "" {
			return nil, nil, err
		}
		if root, more, again = firstDocument(mended); again == nil {
			repairs = append(repairs, tree.Repair{Code: "yaml_repaired", Message: what})
			return root, slices.Concat(repairs, more), nil
		}
		if !bytes.Contains(data, []byte("\t")) {
			break
		}
	}
	return nil, nil, again // it says the line; what was mended is not what is wrong
}

// the directives of the first document, up to the minor version of YAML
var versionDirective = regexp.MustCompile(`^(?:\x{feff})?(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^Y][^\n]*\n)*%YAML[ \t]+1\.([0-9]+)`)

// plainVersion gives a text that says it is YAML 1.2 or later the version that
// the reader of it knows, which reads 1.2 all the same. One later than 1.2 is to
// be read with a warning (YAML 1.2.2, section 6.8.1).
func plainVersion(data []byte) ([]byte, []tree.Repair) {
	at := versionDirective.FindSubmatchIndex(data)
	if at == nil {
		return data, nil
	}
	var repairs []tree.Repair
	minor := string(data[at[2]:at[3]])
	if minor != "1" && minor != "2" {
		repairs = []tree.Repair{{Code: "yaml_repaired", Message: "the text says that it is YAML 1." + minor + "; it was read as YAML 1.2"}}
	}
	out := append([]byte(nil), data[:at[2]]...)
	return append(append(out, '1'), data[at[3]:]...), repairs
}

// firstDocument reads a stream's first document, and says whether there are
// others.
func firstDocument(data []byte) (root *yaml.Node, repairs []tree.Repair, err error) {
	defer func() {
		p := recover() // a reader of outside bytes that is not ours
		switch {
		case p != nil && root != nil:
			repairs = furtherDocuments
		case p != nil:
			err = fmt.Errorf("the YAML cannot be read: %v", p)
		}
	}()
	stream := yaml.NewDecoder(bytes.NewReader(data))
	if root, err = firstFull(stream); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil, errors.New("the YAML holds nothing")
		}
		return nil, nil, err
	}
	for {
		other, err := document(stream)
		if errors.Is(err, io.EOF) {
			return root, repairs, nil
		}
		if err != nil || !isEmpty(other) {
			return root, furtherDocuments, nil
		}
	}
}

var furtherDocuments = []tree.Repair{{Code: "trailing_text", Message: "the YAML stream has further documents; the first was read"}}

// firstFull returns the first document that holds something, or the only one.
func firstFull(stream *yaml.Decoder) (*yaml.Node, error) {
	root, err := document(stream)
	for err == nil && isEmpty(root) {
		next, after := document(stream)
		if errors.Is(after, io.EOF) {
			break
		}
		root, err = next, after
	}
	return root, err
}

func document(stream *yaml.Decoder) (*yaml.Node, error) {
	var doc yaml.Node
	if err := stream.Decode(&doc); err != nil {
		return nil, err
	}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
		return doc.Content[0], nil
	}
	return &doc, nil
}

// isEmpty reports whether a document is nothing but its marks.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == 0 || n.Kind == yaml.DocumentNode || n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0
}
