package placeholder

import (
	"strings"

	"github.com/ductape-go/ductape"
)

// String prints the template in one canonical form. Parse reads it back as the
// same template.
func (t *Template) String() string {
	var b strings.Builder
	for i := range t.parts {
		if n := t.parts[i].node; n != nil {
			n.print(&b)
			continue
		}
		printText(&b, t.parts[i].text, i+1 < len(t.parts))
	}
	return b.String()
}

// printText doubles the $ that stand before something of a placeholder's shape,
// or at the end when a placeholder follows. Text that spells $Literal{…}, which
// doubling does not escape, is printed as one.
func printText(b *strings.Builder, text string, followed bool) {
	for text != "" {
		from, to := dollars(text)
		rest := text[to:]
		if _, n, ok := literalAt(rest); ok && to > from {
			b.WriteString(text[:to-1] + ductape.Literal("$"+rest[:n]))
			text = rest[n:]
			continue
		}
		b.WriteString(text[:to])
		if shaped(rest) || rest == "" && followed {
			b.WriteString(text[from:to])
		}
		text = rest
	}
}

func (n *node) print(b *strings.Builder) {
	switch n.kind {
	case refNode:
		n.ref.print(b)
	case literalNode:
		b.Write(n.literal)
	case callNode:
		b.WriteString("$" + n.fn.name + "(")
		n.printArgs(b)
		b.WriteByte(')')
	case arrayNode:
		b.WriteByte('[')
		n.printArgs(b)
		b.WriteByte(']')
	case objectNode:
		b.WriteByte('{')
		n.printArgs(b)
		b.WriteByte('}')
	}
}

func (n *node) printArgs(b *strings.Builder) {
	for i := range n.args {
		if i > 0 {
			b.WriteString(", ")
		}
		if n.kind == objectNode {
			b.Write(n.keys[i])
			b.WriteString(": ")
		}
		n.args[i].print(b)
	}
}

func (r *Ref) print(b *strings.Builder) {
	b.WriteString("$" + r.Kind.String())
	if r.Kind == Now {
		b.WriteString("()")
	}
	for _, name := range r.Path {
		b.WriteString("{" + name + "}")
	}
}
