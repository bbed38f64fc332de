package load

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// What YAML becomes is JSON text with the members in their order and numbers as
// they were written, and that is read like any other.

func yamlDocument(data []byte) (*tree.Doc, error) {
	root, repairs, err := compose(data)
	if err != nil {
		return nil, err
	}
	c := converter{limit: min(1<<20+20*len(data), 64<<20+4*len(data)), repairs: repairs, open: map[*yaml.Node]bool{}}
	if err := c.value(root, 0); err != nil {
		return nil, err
	}
	doc, err := tree.Parse(c.out)
	if err != nil {
		return nil, err
	}
	doc.Repairs = append(c.repairs, doc.Repairs...)
	return doc, nil
}

// mend replaces what YAML does not allow and people write all the same: tabs in
// indentation, each by as many spaces, and control characters.
func mend(data []byte, tab string) (mended []byte, what string) {
	out := make([]byte, 0, len(data))
	indent, tabs, controls := true, false, false
	for _, c := range data {
		switch {
		case c == '\n':
			indent = true
		case c == '\t' && indent:
			out = append(out, tab...)
			tabs = true
			continue
		case c < 0x20 && c != '\t' && c != '\r', c == 0x7f:
			c = ' '
			controls = true
		case c != ' ':
			indent = false
		}
		out = append(out, c)
	}
	var said []string
	if tabs {
		said = append(said, fmt.Sprintf("tabs in the indentation were read as %d spaces", len(tab)))
	}
	if controls {
		said = append(said, "control characters were read as spaces")
	}
	if !validUTF8(out) {
		out = bytes.ToValidUTF8(out, []byte("\uFFFD"))
		said = append(said, "bytes that are not UTF-8 were replaced")
	}
	return out, strings.Join(said, ", ")
}

// A converter writes a YAML tree as JSON.
type converter struct {
	out     []byte
	limit   int
	repairs []tree.Repair
	merges  int
	open    map[*yaml.Node]bool // anchors being written, to notice one inside itself
}

func (c *converter) value(n *yaml.Node, depth int) error {
	if depth > tree.MaxDepth {
		return fmt.Errorf("line %d: values are nested deeper than %d levels", n.Line, tree.MaxDepth)
	}
	if len(c.out) > c.limit {
		return ErrBomb
	}
	switch n.Kind {
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.SequenceNode:
		return c.sequence(n, depth)
	case yaml.AliasNode:
		return c.alias(n, depth)
	case yaml.ScalarNode:
		c.scalar(n)
	default:
		c.out = append(c.out, "null"...)
	}
	return nil
}

func (c *converter) alias(n *yaml.Node, depth int) error {
	if n.Alias == nil || c.open[n.Alias] {
		return fmt.Errorf("line %d: the alias *%s stands inside what it names", n.Line, n.Value)
	}
	c.open[n.Alias] = true
	defer delete(c.open, n.Alias)
	return c.value(n.Alias, depth+1)
}

func (c *converter) sequence(n *yaml.Node, depth int) error {
	c.out = append(c.out, '[')
	for i, item := range n.Content {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		if err := c.value(item, depth+1); err != nil {
			return err
		}
	}
	c.out = append(c.out, ']')
	return nil
}

func (c *converter) mapping(n *yaml.Node, depth int) error {
	c.out = append(c.out, '{')
	first := true
	var own map[string]bool
	if hasMerge(n) {
		own = map[string]bool{}
	}
	err := c.members(n, depth, &first, own)
	c.out = append(c.out, '}')
	return err
}

// members writes the members of a mapping; with own set, merged ones (<<) come
// after its own and do not replace them.
func (c *converter) members(n *yaml.Node, depth int, first *bool, own map[string]bool) error {
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			merges = append(merges, value)
			continue
		}
		name, ok := keyText(key)
		if !ok {
			c.repairs = append(c.repairs, tree.Repair{Code: "yaml_repaired", Message: fmt.Sprintf("line %d: a member whose name is a list or mapping was left out", key.Line)})
			continue
		}
		if own != nil {
			own[name] = true
		}
		if err := c.member(name, value, depth, first); err != nil {
			return err
		}
	}
	for _, m := range merges {
		if err := c.merge(m, depth, first, own); err != nil {
			return err
		}
	}
	return nil
}

func (c *converter) member(name string, value *yaml.Node, depth int, first *bool) error {
	if !*first {
		c.out = append(c.out, ',')
	}
	*first = false
	c.quote(name)
	c.out = append(c.out, ':')
	return c.value(value, depth+1)
}

func keyText(key *yaml.Node) (string, bool) {
	if key.Kind == yaml.AliasNode && key.Alias != nil {
		key = key.Alias
	}
	return key.Value, key.Kind == yaml.ScalarNode
}

func (c *converter) quote(s string) {
	out, err := jsontext.AppendQuote(c.out, s)
	if err != nil { // broken UTF-8 was replaced
		c.repairs = append(c.repairs, tree.Repair{Code: "control_character", Message: "bytes that are not UTF-8 were replaced in " + strconv.Quote(s)})
	}
	c.out = out
}
