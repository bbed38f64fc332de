package catalog

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"
)

var rawType = reflect.TypeFor[json.RawMessage]()

type member struct{ key, value *yaml.Node }

// members lists a mapping's members in order, with `<<` merged in and
// duplicates refused.
func (d *yamlDecoder) members(n *yaml.Node, where string) []member {
	if n.Kind != yaml.MappingNode {
		d.fail(n, where, "must be a mapping of names to values")
		return nil
	}
	d.nodes += len(n.Content) / 2
	var out, merged []member
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge":
			merged = append(merged, d.merged(value, where)...)
		case key.Kind != yaml.ScalarNode:
			d.fail(key, where, "a name must be a single value")
		case seen[key.Value]:
			d.fail(key, where, "%s is there twice", quote(key.Value))
		default:
			seen[key.Value] = true
			out = append(out, member{key, value})
		}
	}
	for _, m := range merged {
		if !seen[m.key.Value] {
			seen[m.key.Value] = true
			out = append(out, m)
		}
	}
	return out
}

// merged lists the members that a `<<` brings in: of one mapping, or of a list
// of them, the first winning.
func (d *yamlDecoder) merged(n *yaml.Node, where string) []member {
	n, ok := d.enter(n, where)
	defer d.leave(n)
	if !ok {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return d.members(n, where)
	}
	var out []member
	for _, item := range n.Content {
		out = append(out, d.merged(item, where)...)
	}
	return out
}

// raw writes any YAML value as JSON, numbers as they stand where JSON allows.
func (d *yamlDecoder) raw(n *yaml.Node, where string) []byte {
	switch n.Kind {
	case yaml.SequenceNode:
		return d.rawList(n, where)
	case yaml.MappingNode:
		return d.rawObject(n, where)
	case yaml.ScalarNode:
		return d.rawScalar(n, where)
	}
	d.fail(n, where, "cannot be written as JSON")
	return nil
}

// rawChild is raw one level down, where bounds are counted and null is a value.
func (d *yamlDecoder) rawChild(n *yaml.Node, where string) []byte {
	n, ok := d.enter(n, where)
	defer d.leave(n)
	if !ok {
		return []byte("null")
	}
	return d.raw(n, where)
}

func (d *yamlDecoder) rawList(n *yaml.Node, where string) []byte {
	out := []byte{'['}
	for i, item := range n.Content {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, d.rawChild(item, where)...)
	}
	return append(out, ']')
}

func (d *yamlDecoder) rawObject(n *yaml.Node, where string) []byte {
	out := []byte{'{'}
	for i, m := range d.members(n, where) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(d.rawText(out, m.key, where), ':')
		out = append(out, d.rawChild(m.value, join(where, clip(m.key.Value)))...)
	}
	return append(out, '}')
}

func (d *yamlDecoder) rawText(out []byte, n *yaml.Node, where string) []byte {
	text, err := jsontext.AppendQuote(out, n.Value)
	if err != nil {
		d.fail(n, where, "is not valid UTF-8")
	}
	return text
}

func (d *yamlDecoder) rawScalar(n *yaml.Node, where string) []byte {
	switch n.ShortTag() {
	case "!!null":
		return []byte("null")
	case "!!bool":
		b, _ := yamlBool(n.Value)
		return strconv.AppendBool(nil, b)
	case "!!int", "!!float":
		return d.rawNumber(n, where)
	default:
		return d.rawText(nil, n, where)
	}
}

func (d *yamlDecoder) rawNumber(n *yaml.Node, where string) []byte {
	if b := []byte(n.Value); json.Valid(b) {
		return b
	}
	if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
		return strconv.AppendInt(nil, i, 10)
	}
	if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return strconv.AppendFloat(nil, f, 'g', -1, 64)
	}
	d.fail(n, where, "%s cannot be written as a JSON number", quote(n.Value))
	return []byte("null")
}

// fieldsOf maps the json names of a struct's fields to their index.
func fieldsOf(t reflect.Type) map[string]int {
	out := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name := jsonName(t.Field(i)); name != "" {
			out[name] = i
		}
	}
	return out
}

func jsonName(f reflect.StructField) string {
	tag := f.Tag.Get("json")
	for i := range len(tag) {
		if tag[i] == ',' {
			return tag[:i]
		}
	}
	if tag == "-" {
		return ""
	}
	return tag
}
