package load

import (
	"go.yaml.in/yaml/v4"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// maxMerges bounds the merge keys of one text: they may name each other.
const maxMerges = 200_000

// merge writes the members of << (YAML 1.1 merge keys) that own does not hold.
func (c *converter) merge(n *yaml.Node, depth int, first *bool, own map[string]bool) error {
	c.merges++
	if depth > tree.MaxDepth || len(c.out) > c.limit || c.merges > maxMerges {
		return ErrBomb
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if n.Kind == yaml.SequenceNode {
		for _, part := range n.Content {
			if err := c.merge(part, depth+1, first, own); err != nil {
				return err
			}
		}
		return nil
	}
	var inner []*yaml.Node
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			inner = append(inner, value)
			continue
		}
		name, ok := keyText(key)
		if !ok || own[name] {
			continue
		}
		own[name] = true
		if err := c.member(name, value, depth, first); err != nil {
			return err
		}
	}
	for _, m := range inner {
		if err := c.merge(m, depth+1, first, own); err != nil {
			return err
		}
	}
	return nil
}

func hasMerge(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			return true
		}
	}
	return false
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}
