package schema

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxNesting bounds how deep schemas may stand in each other.
const maxNesting = 200

// parse reads a schema. What is malformed in it is left out.
func (s *Set) parse(raw []byte) *node { return s.parseAt(raw, 0) }

func (s *Set) parseAt(raw jsontext.Value, depth int) *node {
	n := &node{}
	if raw.Kind() == 'f' {
		n.never = true
	}
	if depth > maxNesting {
		return n
	}
	members := membersOf(raw)
	if s.former {
		members = withoutSiblings(members)
	}
	r := reader{set: s, node: n, depth: depth + 1}
	for _, m := range members {
		r.keyword(m.name, m.value)
	}
	r.finish()
	return n
}

// withoutSiblings keeps only the $ref where there is one, and what is no
// assertion.
func withoutSiblings(members []member) []member {
	if !slices.ContainsFunc(members, func(m member) bool { return m.name == "$ref" && m.value.Kind() == '"' }) {
		return members
	}
	return slices.DeleteFunc(members, func(m member) bool { return m.name != "$ref" && m.name != "example" })
}

// A reader fills one node.
type reader struct {
	set              *Set
	node             *node
	depth            int
	openMin, openMax bool // exclusiveMinimum: true, before OpenAPI 3.1
	additional       *node
}

func (r *reader) keyword(name string, v jsontext.Value) {
	switch v.Kind() {
	case '"':
		r.text(name, v)
	case '0':
		r.number(name, v)
	case 't', 'f':
		r.flag(name, v.Kind() == 't')
	case '[':
		r.list(name, v)
	}
	if v.Kind() == '{' || v.Kind() == 't' || v.Kind() == 'f' {
		r.schema(name, v)
	}
	r.data(name, v)
}

func (r *reader) text(name string, v jsontext.Value) {
	n := r.node
	text := textOf(v)
	switch name {
	case "$ref", "$dynamicRef", "$recursiveRef":
		n.ref = text
	case "type":
		r.typeName(text)
	case "format":
		n.format = text
	case "pattern":
		n.patterns = []string{text}
	case "contentEncoding":
		n.contentEncoding = text
	case "contentMediaType":
		if text == "application/octet-stream" && n.format == "" {
			n.format = "binary"
		}
	case "discriminator": // Swagger 2.0
		n.discriminator = text
	case "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf":
		if number := jsontext.Value(strings.TrimSpace(text)); number.Kind() == '0' && number.IsValid() {
			r.number(name, number)
		}
	}
}

// typeName reads a type, also those that are none but are written.
func (r *reader) typeName(name string) {
	switch name {
	case "string", "integer", "number", "boolean", "array", "object":
	case "null":
		r.node.nullable = true
	case "int", "int32", "int64", "long":
		name = "integer"
	case "float", "double":
		name = "number"
	case "bool":
		name = "boolean"
	case "file":
		name, r.node.format = "string", "binary"
	default:
		return
	}
	if !slices.Contains(r.node.types, name) {
		r.node.types = append(r.node.types, name)
	}
}

func (r *reader) number(name string, v jsontext.Value) {
	n := r.node
	if at, ok := map[string]**big.Rat{
		"minimum": &n.minimum, "maximum": &n.maximum, "multipleOf": &n.multipleOf,
		"exclusiveMinimum": &n.exclusiveMinimum, "exclusiveMaximum": &n.exclusiveMaximum,
	}[name]; ok {
		*at, _ = exact(string(v))
		return
	}
	if at, ok := map[string]**int{
		"minLength": &n.minLength, "maxLength": &n.maxLength, "minItems": &n.minItems, "maxItems": &n.maxItems,
		"minContains": &n.minContains, "maxContains": &n.maxContains, "minProperties": &n.minProperties, "maxProperties": &n.maxProperties,
	}[name]; ok {
		*at = count(string(v))
	}
}

// count reads a number of things; too large a one is none.
func count(text string) *int {
	whole, fraction, _ := strings.Cut(text, ".")
	i, err := strconv.Atoi(whole)
	if err != nil || i < 0 || strings.Trim(fraction, "0") != "" {
		return nil
	}
	return &i
}

func (r *reader) flag(name string, v bool) {
	switch name {
	case "nullable", "x-nullable":
		r.node.nullable = r.node.nullable || v
	case "readOnly":
		r.node.readOnly = v
	case "uniqueItems":
		r.node.unique = v
	case "exclusiveMinimum":
		r.openMin = v
	case "exclusiveMaximum":
		r.openMax = v
	}
}

func (r *reader) list(name string, v jsontext.Value) {
	n := r.node
	switch name {
	case "type":
		for _, t := range textsOf(v) {
			r.typeName(t)
		}
	case "enum":
		n.enum = itemsOf(v)
	case "required":
		n.required = unique(textsOf(v))
	case "allOf":
		n.allOf = r.schemas(v)
	case "anyOf":
		n.anyOf = r.schemas(v)
	case "oneOf":
		n.oneOf = r.schemas(v)
	case "prefixItems", "items":
		n.prefix = r.schemas(v)
	case "examples":
		n.examples = append(n.examples, itemsOf(v)...)
	}
}

func unique(names []string) []string {
	var out []string
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (r *reader) data(name string, v jsontext.Value) {
	switch name {
	case "example", "x-example":
		r.node.examples = append([]jsontext.Value{v}, r.node.examples...)
	case "default":
		r.node.standard = v
	case "const":
		r.node.constant = v
	}
}

func (r *reader) finish() {
	n := r.node
	if r.openMin && n.minimum != nil {
		n.exclusiveMinimum, n.minimum = n.minimum, nil
	}
	if r.openMax && n.maximum != nil {
		n.exclusiveMaximum, n.maximum = n.maximum, nil
	}
	if n.multipleOf != nil && n.multipleOf.Sign() <= 0 {
		n.multipleOf = nil
	}
	if len(n.prefix) > 0 && r.additional != nil {
		n.items = r.additional
	}
	if len(n.enum) == 0 { // an empty list accepts nothing, and is never meant
		n.enum = nil
	}
}
