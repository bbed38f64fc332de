package schema

import "github.com/go-json-experiment/json/jsontext"

// schema reads the keywords that hold schemas.
func (r *reader) schema(name string, v jsontext.Value) {
	n := r.node
	if at, ok := map[string]**node{
		"items": &n.items, "contains": &n.contains, "unevaluatedItems": &n.unevaluatedItems, "additionalItems": &r.additional,
		"additionalProperties": &n.additional, "propertyNames": &n.propertyNames, "unevaluatedProperties": &n.unevaluatedProperties,
		"not": &n.not, "if": &n.when, "then": &n.then, "else": &n.otherwise,
	}[name]; ok {
		*at = r.set.parseAt(v, r.depth)
		return
	}
	switch name {
	case "properties":
		n.properties = r.named(v)
	case "patternProperties":
		n.patternProperties = r.named(v)
	case "dependentSchemas":
		n.dependentSchemas = append(n.dependentSchemas, r.named(v)...)
	case "dependentRequired":
		r.dependent(v)
	case "dependencies":
		r.dependencies(v)
	case "discriminator":
		r.discriminator(v)
	}
}

func (r *reader) schemas(v jsontext.Value) []*node {
	var out []*node
	for _, item := range itemsOf(v) {
		out = append(out, r.set.parseAt(item, r.depth))
	}
	return out
}

// named reads schemas by name; of two with one name the last counts.
func (r *reader) named(v jsontext.Value) []property {
	var out []property
	at := map[string]int{}
	for _, m := range membersOf(v) {
		n := r.set.parseAt(m.value, r.depth)
		if i, ok := at[m.name]; ok {
			out[i].node = n
			continue
		}
		at[m.name] = len(out)
		out = append(out, property{m.name, n})
	}
	return out
}

func (r *reader) dependent(v jsontext.Value) {
	if r.node.dependentRequired == nil {
		r.node.dependentRequired = map[string][]string{}
	}
	for _, m := range membersOf(v) {
		if m.value.Kind() == '[' {
			r.node.dependentRequired[m.name] = textsOf(m.value)
		}
	}
}

// dependencies is what JSON Schema had before it was split in two (2019-09).
func (r *reader) dependencies(v jsontext.Value) {
	r.dependent(v)
	for _, m := range membersOf(v) {
		if m.value.Kind() == '{' {
			r.node.dependentSchemas = append(r.node.dependentSchemas, property{m.name, r.set.parseAt(m.value, r.depth)})
		}
	}
}

func (r *reader) discriminator(v jsontext.Value) {
	for _, m := range membersOf(v) {
		switch m.name {
		case "propertyName":
			r.node.discriminator = textOf(m.value)
		case "mapping":
			r.node.mapping = map[string]string{}
			for _, to := range membersOf(m.value) {
				r.node.mapping[to.name] = textOf(to.value)
			}
		}
	}
}
