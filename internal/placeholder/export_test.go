package placeholder

import "reflect"

// Same reports whether two templates say the same, wherever it stood in the text.
func Same(a, b *Template) bool {
	return reflect.DeepEqual(blank(a.parts), blank(b.parts))
}

func blank(parts []part) []part {
	out := append([]part(nil), parts...)
	for i := range out {
		if out[i].node != nil {
			n := blankNode(*out[i].node)
			out[i].node = &n
		}
	}
	return out
}

func blankNode(n node) node {
	n.column, n.ref.Column, n.ref.Text = 0, 0, ""
	args := make([]node, len(n.args))
	for i := range n.args {
		args[i] = blankNode(n.args[i])
	}
	n.args = args
	if n.fn != nil {
		n.fn = &function{name: n.fn.name}
	}
	return n
}
