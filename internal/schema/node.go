package schema

import (
	"math/big"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is a schema as it was read: what is well formed of it. The zero node
// accepts everything.
type node struct {
	never bool // the schema false

	ref      string
	types    []string // in the order written; none: any
	nullable bool
	format   string
	patterns []string
	enum     []jsontext.Value // nil: any value
	constant jsontext.Value

	minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf *big.Rat
	minLength, maxLength                                             *int

	minItems, maxItems, minContains, maxContains *int
	unique                                       bool
	prefix                                       []*node
	items, contains, unevaluatedItems            *node

	minProperties, maxProperties                     *int
	properties, patternProperties, dependentSchemas  []property
	dependentRequired                                map[string][]string
	required                                         []string
	additional, propertyNames, unevaluatedProperties *node

	allOf, anyOf, oneOf []*node
	not, when, then     *node // when is the keyword if
	otherwise           *node // else

	discriminator   string
	mapping         map[string]string // value of the discriminator -> $ref
	examples        []jsontext.Value
	standard        jsontext.Value // the keyword default
	readOnly        bool
	contentEncoding string

	built *compiled // guarded by the Set
}

// A property is a schema under a name.
type property struct {
	name string
	node *node
}

// both returns a schema that asks for everything that each of nodes asks for.
func both(nodes ...*node) *node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return &node{allOf: nodes}
}

// constantly returns a schema that accepts one text.
func constantly(text string) *node {
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return &node{}
	}
	return &node{constant: quoted}
}
