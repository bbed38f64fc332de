package catalog

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"go.yaml.in/yaml/v4"
)

// The bounds of a ductape.yaml: bytes of the file, and nodes after aliases are
// followed, so that an alias bomb ends in an error.
const (
	maxFileBytes = 10 << 20
	maxFileNodes = 500_000
	maxFileDepth = 100
)

// decodeYAML fills out, a pointer to a struct, from one YAML document. Unlike a
// plain decoder it lists every problem, each with its line, and knows the field
// a misspelt one resembles. Fields go by their json names.
func decodeYAML(data []byte, out any) error {
	var p problems
	root := parseYAML(data, &p)
	if root != nil {
		d := yamlDecoder{problems: &p, open: map[*yaml.Node]bool{}}
		d.decode(root, reflect.ValueOf(out).Elem(), "")
	}
	return p.err("the file")
}

func parseYAML(data []byte, p *problems) *yaml.Node {
	if len(data) > maxFileBytes {
		p.add("file", "larger than %d MB", maxFileBytes>>20)
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		notYAML(p, err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		p.add("file", "the file is empty")
		return nil
	}
	return doc.Content[0]
}

// notYAML says in plain words where a file is no YAML.
func notYAML(p *problems, err error) {
	var e *yaml.LoadError
	switch {
	case strings.Contains(err.Error(), "no documents in stream"):
		p.add("file", "the file is empty")
	case !errors.As(err, &e) || e.Mark.Line == 0:
		p.add("file", "not one YAML document: %s", strings.TrimPrefix(clipLong(err.Error()), "yaml: "))
	case e.ContextMsg != "" && e.ContextMark.Line > 0:
		p.add(placeOf(e.ContextMark.Line, e.ContextMark.Column), "not YAML: %s: %s, at %s", clipLong(e.ContextMsg), clipLong(e.Message), placeOf(e.Mark.Line, e.Mark.Column))
	default:
		p.add(placeOf(e.Mark.Line, e.Mark.Column), "not YAML: %s", clipLong(e.Message))
	}
}

func placeOf(line, column int) string { return fmt.Sprintf("line %d, column %d", line, column) }

// clipLong keeps a reader's message readable; it may quote the file.
func clipLong(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 300)]
}

var productEnvType = reflect.TypeFor[ductape.ProductEnv]()

type yamlDecoder struct {
	problems *problems
	nodes    int
	depth    int
	stopped  bool                // a bound was passed: nothing further is read
	open     map[*yaml.Node]bool // the values being read, to find one that holds itself
}

func (d *yamlDecoder) fail(n *yaml.Node, where, format string, args ...any) {
	place := "line " + strconv.Itoa(n.Line)
	if where != "" {
		place += ", " + where
	}
	d.problems.add(place, format, args...)
}

// enter follows aliases and counts, and reports false once a bound is passed or
// a value holds itself. Every enter is paired with a leave of what it returns.
func (d *yamlDecoder) enter(n *yaml.Node, where string) (*yaml.Node, bool) {
	d.nodes++
	d.depth++
	line := n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case d.stopped:
		return nil, false
	case d.nodes >= maxFileNodes || d.depth >= maxFileDepth:
		d.fail(line, where, "the file is too large or too deep once its aliases are followed")
		d.stopped = true
		return nil, false
	case d.open[n]:
		d.fail(line, where, "the value holds itself")
		d.stopped = true
		return nil, false
	}
	d.open[n] = true
	return n, true
}

func (d *yamlDecoder) leave(n *yaml.Node) {
	d.depth--
	delete(d.open, n)
}

func (d *yamlDecoder) decode(n *yaml.Node, v reflect.Value, where string) {
	n, ok := d.enter(n, where)
	defer d.leave(n)
	if !ok || isNull(n) {
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Type() == rawType {
		v.SetBytes(d.raw(n, where))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.object(n, v, where)
	case reflect.Slice:
		d.list(n, v, where)
	case reflect.Map:
		d.dict(n, v, where)
	default:
		d.scalar(n, v, where)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func (d *yamlDecoder) object(n *yaml.Node, v reflect.Value, where string) {
	fields := fieldsOf(v.Type())
	if n.Kind == yaml.ScalarNode && v.Type() == productEnvType { // envs: [dev, prd]
		v.Field(fields["slug"]).SetString(n.Value)
		return
	}
	for _, m := range d.members(n, where) {
		i, ok := fields[m.key.Value]
		if !ok && strings.HasPrefix(m.key.Value, "x-") {
			continue
		}
		if !ok {
			d.unknown(m.key, fields, where)
			continue
		}
		d.decode(m.value, v.Field(i), join(where, m.key.Value))
	}
}

func (d *yamlDecoder) unknown(key *yaml.Node, fields map[string]int, where string) {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	text := fmt.Sprintf("unknown field %s", quote(key.Value))
	if hint := nearest.Hint(key.Value, names); hint != "" {
		text += "; " + hint
	}
	d.fail(key, where, "%s", text)
}

func (d *yamlDecoder) list(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, where, "must be a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.decode(item, v.Index(i), fmt.Sprintf("%s[%d]", where, i))
	}
}

func (d *yamlDecoder) dict(n *yaml.Node, v reflect.Value, where string) {
	v.Set(reflect.MakeMap(v.Type()))
	for _, m := range d.members(n, where) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.decode(m.value, item, join(where, clip(m.key.Value)))
		v.SetMapIndex(reflect.ValueOf(m.key.Value), item)
	}
}

func (d *yamlDecoder) scalar(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.ScalarNode {
		d.fail(n, where, "must be a single value")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		b, ok := yamlBool(n.Value)
		if !ok {
			d.fail(n, where, "must be true or false")
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 0, 64)
		if err != nil {
			d.fail(n, where, "must be a whole number")
		}
		v.SetInt(i)
	default:
		d.fail(n, where, "cannot be set from a file")
	}
}

func yamlBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}
