package placeholder

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

type nodeKind uint8

const (
	refNode nodeKind = iota
	callNode
	literalNode
	arrayNode
	objectNode
)

// A node is an expression: a reference, a call, or a value in an argument.
type node struct {
	kind    nodeKind
	ref     Ref              // of a refNode
	fn      *function        // of a callNode
	args    []node           // of a callNode; the members of an array or object
	keys    []jsontext.Value // of an objectNode, quoted
	literal jsontext.Value   // of a literalNode
	column  int
}

// A part is a stretch of plain text, or a placeholder.
type part struct {
	text   string
	quoted []byte // text as it stands inside a JSON string, without the quotes
	node   *node  // nil for text
}

// constant reports whether n holds no reference.
func (n *node) constant() bool {
	if n.kind == refNode {
		return false
	}
	for i := range n.args {
		if !n.args[i].constant() {
			return false
		}
	}
	return true
}

// optional marks the references that need not resolve.
func (n *node) optional() {
	n.ref.Optional = true
	for i := range n.args {
		n.args[i].optional()
	}
}

// check evaluates the calls that hold no reference, so that what is wrong in
// them is found when the template is read.
func (n *node) check() error {
	if n.kind == callNode && n.constant() {
		_, err := newEvaluator(nil, nil).node(n)
		var failed *EvalError
		if errors.As(err, &failed) {
			return &SyntaxError{Column: failed.Column, Message: failed.message()}
		}
		return err
	}
	for i := range n.args {
		if err := n.args[i].check(); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) appendRefs(refs []Ref) []Ref {
	if n.kind == refNode {
		return append(refs, n.ref)
	}
	for i := range n.args {
		refs = n.args[i].appendRefs(refs)
	}
	return refs
}
