package schema

import (
	"math/big"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A shape is what a schema and all it includes by $ref and allOf ask of one
// value, put together. Where its parts disagree, what is made from it fails the
// check that follows.
type shape struct {
	set *Set

	never     bool
	types     []string // none: any
	nullable  bool
	readOnly  bool
	format    string
	patterns  []string
	constant  jsontext.Value
	enum      []jsontext.Value
	examples  []jsontext.Value
	standards []jsontext.Value

	low, high           *big.Rat
	openLow, openHigh   bool
	multipleOf          *big.Rat
	minLength, minItems int
	minProperties       int
	maxLength, maxItems int // -1: none
	maxProperties       int

	unique          bool
	items           []*node
	prefix          []*node
	contains        []*node
	minContains     int
	contentEncoding string

	properties []property // several of one name are put together
	patterned  []property
	additional []*node
	names      []*node
	required   []string
	dependent  map[string][]string

	choices []choice
	seen    map[*node]bool
}

// A choice is anyOf, oneOf, or if with then and else.
type choice struct {
	forms         []*node
	discriminator string
	mapping       map[string]string
}

// shapeOf puts together what a schema asks for.
func (s *Set) shapeOf(n *node) *shape {
	sh := &shape{set: s, maxLength: -1, maxItems: -1, maxProperties: -1, seen: map[*node]bool{}}
	sh.add(n)
	return sh
}

// clone returns a shape that can be added to.
func (sh *shape) clone() *shape {
	c := *sh
	c.seen = make(map[*node]bool, len(sh.seen))
	for n := range sh.seen {
		c.seen[n] = true
	}
	for _, list := range [...]*[]jsontext.Value{&c.enum, &c.examples, &c.standards} {
		*list = slices.Clip(*list)
	}
	for _, list := range [...]*[]*node{&c.items, &c.prefix, &c.contains, &c.additional, &c.names} {
		*list = slices.Clip(*list)
	}
	c.properties, c.patterned = slices.Clone(c.properties), slices.Clip(c.patterned)
	c.required, c.patterns, c.choices = slices.Clip(c.required), slices.Clip(c.patterns), slices.Clip(c.choices)
	return &c
}

// maxParts bounds how many schemas make up one shape.
const maxParts = 500

func (sh *shape) add(n *node) {
	if n == nil || sh.seen[n] || len(sh.seen) > maxParts {
		return
	}
	sh.seen[n] = true
	sh.addValue(n)
	sh.addNumber(n)
	sh.addSizes(n)
	sh.addArray(n)
	sh.addObject(n)
	sh.addChoices(n)
	if n.ref != "" {
		sh.add(sh.set.ref(n.ref))
	}
	for _, part := range n.allOf {
		sh.add(part)
	}
}

func (sh *shape) addValue(n *node) {
	sh.never = sh.never || n.never
	sh.readOnly = sh.readOnly || n.readOnly
	sh.nullable = sh.nullable || n.nullable
	if len(n.types) > 0 {
		sh.types = sharedTypes(sh.types, n.types)
	}
	if sh.format == "" {
		sh.format = n.format
	}
	if sh.contentEncoding == "" {
		sh.contentEncoding = n.contentEncoding
	}
	sh.patterns = append(sh.patterns, n.patterns...)
	if sh.constant == nil {
		sh.constant = n.constant
	}
	sh.enum = append(sh.enum, n.enum...)
	sh.examples = append(sh.examples, n.examples...)
	if n.standard != nil {
		sh.standards = append(sh.standards, n.standard)
	}
}

// sharedTypes returns the types that both lists allow; where none is, the first
// list, and the check fails.
func sharedTypes(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	var out []string
	for _, t := range a {
		switch {
		case slices.Contains(b, t), t == "integer" && slices.Contains(b, "number"):
			out = append(out, t)
		case t == "number" && slices.Contains(b, "integer"):
			out = append(out, "integer")
		}
	}
	if out == nil {
		return a
	}
	return out
}

func (sh *shape) addNumber(n *node) {
	sh.raise(n.minimum, false)
	sh.raise(n.exclusiveMinimum, true)
	sh.lower(n.maximum, false)
	sh.lower(n.exclusiveMaximum, true)
	switch {
	case n.multipleOf == nil:
	case sh.multipleOf == nil:
		sh.multipleOf = n.multipleOf
	default:
		sh.multipleOf = commonMultiple(sh.multipleOf, n.multipleOf)
	}
}

func (sh *shape) raise(to *big.Rat, open bool) {
	if to != nil && (sh.low == nil || to.Cmp(sh.low) > 0 || to.Cmp(sh.low) == 0 && open) {
		sh.low, sh.openLow = to, open
	}
}

func (sh *shape) lower(to *big.Rat, open bool) {
	if to != nil && (sh.high == nil || to.Cmp(sh.high) < 0 || to.Cmp(sh.high) == 0 && open) {
		sh.high, sh.openHigh = to, open
	}
}

func (sh *shape) addSizes(n *node) {
	for _, p := range [...]struct {
		to   *int
		from *int
	}{{&sh.minLength, n.minLength}, {&sh.minItems, n.minItems}, {&sh.minProperties, n.minProperties}} {
		if p.from != nil {
			*p.to = max(*p.to, *p.from)
		}
	}
	for _, p := range [...]struct {
		to   *int
		from *int
	}{{&sh.maxLength, n.maxLength}, {&sh.maxItems, n.maxItems}, {&sh.maxProperties, n.maxProperties}} {
		if p.from != nil && (*p.to < 0 || *p.from < *p.to) {
			*p.to = *p.from
		}
	}
}

func (sh *shape) addArray(n *node) {
	sh.unique = sh.unique || n.unique
	if n.items != nil {
		sh.items = append(sh.items, n.items)
	}
	for i, item := range n.prefix {
		if i < len(sh.prefix) {
			sh.prefix[i] = both(sh.prefix[i], item)
			continue
		}
		sh.prefix = append(sh.prefix, item)
	}
	if n.contains != nil {
		sh.contains = append(sh.contains, n.contains)
		sh.minContains = max(sh.minContains, 1)
		if n.minContains != nil {
			sh.minContains = max(sh.minContains, *n.minContains)
		}
	}
}

func (sh *shape) addObject(n *node) {
	for _, p := range n.properties {
		sh.addProperty(p)
	}
	sh.patterned = append(sh.patterned, n.patternProperties...)
	if n.additional != nil {
		sh.additional = append(sh.additional, n.additional)
	} else if n.unevaluatedProperties != nil {
		sh.additional = append(sh.additional, n.unevaluatedProperties)
	}
	if n.propertyNames != nil {
		sh.names = append(sh.names, n.propertyNames)
	}
	sh.require(n.required...)
	for name, needs := range n.dependentRequired {
		if sh.dependent == nil {
			sh.dependent = map[string][]string{}
		}
		sh.dependent[name] = needs
	}
}

func (sh *shape) addProperty(p property) {
	for i, old := range sh.properties {
		if old.name == p.name {
			sh.properties[i].node = both(old.node, p.node)
			return
		}
	}
	sh.properties = append(sh.properties, p)
}

func (sh *shape) require(names ...string) {
	for _, name := range names {
		if !slices.Contains(sh.required, name) {
			sh.required = append(sh.required, name)
		}
	}
}

func (sh *shape) addChoices(n *node) {
	for _, forms := range [...][]*node{n.oneOf, n.anyOf} {
		if len(forms) > 0 {
			sh.choices = append(sh.choices, choice{forms, n.discriminator, n.mapping})
		}
	}
	if n.when != nil {
		then, otherwise := n.when, &node{}
		if n.then != nil {
			then = both(n.when, n.then)
		}
		if n.otherwise != nil {
			otherwise = n.otherwise
		}
		sh.choices = append(sh.choices, choice{forms: []*node{then, otherwise}})
	}
}

// property returns the schema of a property, nil when there is none.
func (sh *shape) property(name string) *node {
	for _, p := range sh.properties {
		if p.name == name {
			return p.node
		}
	}
	return nil
}
