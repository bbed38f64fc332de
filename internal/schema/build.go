package schema

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

type compiled = jsonschema.Schema

// A builder makes what checks values out of a node. It holds the Set's lock.
// Path is the circular refs that led here without going into the value: one of
// them, met again, adds nothing.
type builder struct {
	set  *Set
	path []string
}

// compiled returns what checks values of a node.
func (s *Set) compiled(n *node) *compiled {
	s.mu.Lock()
	defer s.mu.Unlock()
	return builder{set: s}.node(n)
}

// inside builds a schema of a part of the value.
func (b builder) inside(n *node) *compiled {
	if n == nil {
		return nil
	}
	return builder{set: b.set}.node(n)
}

// node builds a schema of the value itself.
func (b builder) node(n *node) *compiled {
	if n == nil {
		return nil
	}
	if len(b.path) == 0 && n.built != nil {
		return n.built
	}
	c := &compiled{DraftVersion: 2020}
	if n.never {
		refused := false
		c.Bool = &refused
		return c
	}
	b.fill(c, n)
	if n.nullable && refusesNull(n) {
		c = &compiled{DraftVersion: 2020, Extensions: []jsonschema.SchemaExt{nullable{c}}}
	}
	if len(b.path) == 0 {
		n.built = c
	}
	return c
}

func refusesNull(n *node) bool {
	return n.ref != "" || n.enum != nil || n.constant != nil || n.not != nil || len(n.allOf)+len(n.anyOf)+len(n.oneOf) > 0 || n.when != nil
}

func (b builder) fill(c *compiled, n *node) {
	b.anyType(c, n)
	b.text(c, n)
	c.Minimum, c.Maximum, c.MultipleOf = n.minimum, n.maximum, n.multipleOf
	c.ExclusiveMinimum, c.ExclusiveMaximum = n.exclusiveMinimum, n.exclusiveMaximum
	b.array(c, n)
	b.object(c, n)
}

func (b builder) anyType(c *compiled, n *node) {
	if len(n.types) > 0 {
		c.Types = new(jsonschema.Types)
		for _, t := range n.types {
			c.Types.Add(t)
		}
		if n.nullable {
			c.Types.Add("null")
		}
	}
	if n.constant != nil {
		if v, err := decode(n.constant); err == nil {
			c.Const = &v
		}
	}
	if n.enum != nil {
		c.Extensions = append(c.Extensions, newOneOfValues(n.enum))
	}
	if n.ref != "" {
		c.Extensions = append(c.Extensions, b.reference(n.ref))
	}
	c.AllOf, c.AnyOf, c.OneOf = b.nodes(n.allOf), b.nodes(n.anyOf), b.nodes(n.oneOf)
	if n.discriminator != "" && c.OneOf != nil { // it tells the forms apart, where their schemas overlap
		c.AllOf, c.OneOf = append(c.AllOf, &compiled{DraftVersion: 2020, AnyOf: c.OneOf}), nil
	}
	c.Not, c.If, c.Then, c.Else = b.node(n.not), b.node(n.when), b.node(n.then), b.node(n.otherwise)
}

func (b builder) nodes(list []*node) []*compiled {
	var out []*compiled
	for _, n := range list {
		out = append(out, b.node(n))
	}
	return out
}

func (b builder) text(c *compiled, n *node) {
	c.MinLength, c.MaxLength, c.Format = n.minLength, n.maxLength, formats[n.format]
	for _, text := range n.patterns {
		c.Pattern = b.set.regexp(text)
	}
}

func (b builder) array(c *compiled, n *node) {
	c.MinItems, c.MaxItems, c.UniqueItems = n.minItems, n.maxItems, n.unique
	for _, item := range n.prefix {
		c.PrefixItems = append(c.PrefixItems, b.inside(item))
	}
	c.Items2020, c.UnevaluatedItems = b.inside(n.items), b.inside(n.unevaluatedItems)
	if c.Contains = b.inside(n.contains); c.Contains != nil {
		c.MinContains, c.MaxContains = n.minContains, n.maxContains
	}
	if len(n.prefix) > 0 || n.items != nil {
		c.Extensions = append(c.Extensions, evaluated{prefix: len(n.prefix), all: n.items != nil})
	}
}

func (b builder) object(c *compiled, n *node) {
	c.MinProperties, c.MaxProperties, c.Required = n.minProperties, n.maxProperties, b.needed(n)
	c.Properties, c.DependentRequired = b.named(n.properties), n.dependentRequired
	for _, p := range n.patternProperties {
		if c.PatternProperties == nil {
			c.PatternProperties = map[jsonschema.Regexp]*compiled{}
		}
		name, part := b.set.regexp(p.name), b.inside(p.node)
		if name.re == nil { // it is not known which names are meant: any may be, with any value
			part = &compiled{DraftVersion: 2020}
		}
		c.PatternProperties[name] = part
	}
	if n.additional != nil {
		c.AdditionalProperties = b.inside(n.additional)
		if n.additional.never {
			c.AdditionalProperties = false
		}
	}
	c.PropertyNames, c.UnevaluatedProperties = b.inside(n.propertyNames), b.inside(n.unevaluatedProperties)
	for _, p := range n.dependentSchemas {
		if c.DependentSchemas == nil {
			c.DependentSchemas = map[string]*compiled{}
		}
		c.DependentSchemas[p.name] = b.node(p.node)
	}
}

func (b builder) named(list []property) map[string]*compiled {
	if list == nil {
		return nil
	}
	out := make(map[string]*compiled, len(list))
	for _, p := range list {
		out[p.name] = b.inside(p.node)
	}
	return out
}

// needed lists what a request must have: readOnly properties are required in
// answers only (OpenAPI 3.0.3, 4.7.24.2).
func (b builder) needed(n *node) []string {
	return slices.DeleteFunc(slices.Clone(n.required), func(name string) bool {
		i := slices.IndexFunc(n.properties, func(p property) bool { return p.name == name })
		return i >= 0 && b.set.readOnly(n.properties[i].node)
	})
}

// readOnly follows references. The caller holds the lock.
func (s *Set) readOnly(n *node) bool {
	for range maxChain {
		if n.readOnly || n.ref == "" {
			return n.readOnly
		}
		n = s.refLocked(n.ref)
	}
	return false
}

// maxChain bounds references that lead to references.
const maxChain = 32
