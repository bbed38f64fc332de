package wire

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A nodeKind is what a schema makes in an XML document (OpenAPI 3.2, nodeType).
type nodeKind string

const (
	nodeElement   nodeKind = "element"
	nodeAttribute nodeKind = "attribute"
	nodeText      nodeKind = "text"
	nodeCData     nodeKind = "cdata"
	nodeNone      nodeKind = "none"
)

// xmlHints are the fields of an XML Object.
type xmlHints struct {
	name, namespace, prefix string
	nodeType                nodeKind
	attribute, wrapped      bool
}

func (h xmlHints) nameOr(name string) string {
	if h.name != "" {
		return h.name
	}
	return name
}

// xmlSchemas reads schemas once each, as they are met.
type xmlSchemas struct {
	resolve func(string) (json.RawMessage, bool)
	known   map[*byte]*xmlSchema // first byte of its text -> schema
}

// An xmlSchema is what the writer needs to know of a schema, its $ref followed.
type xmlSchema struct {
	all       *xmlSchemas
	component string // name of the component the $ref led to
	hints     xmlHints
	props     map[string]jsontext.Value // property -> its schema
	items     jsontext.Value
	parts     []jsontext.Value      // members of allOf, anyOf, oneOf
	joined    []jsontext.Value      // those of allOf
	found     map[string]*xmlSchema // property -> where the parts have it
}

const maxHops = 16 // of $ref and of single parts

// read reads a schema that may not even be JSON: it then says nothing.
func (all *xmlSchemas) read(v jsontext.Value, hops int) *xmlSchema {
	if len(v) > 0 && all.known[&v[0]] == nil && check(v) != nil {
		return &xmlSchema{all: all}
	}
	return all.follow(v, hops)
}

// of reads a schema that stands inside another.
func (all *xmlSchemas) of(v jsontext.Value) *xmlSchema { return all.follow(v, 0) }

func (all *xmlSchemas) follow(v jsontext.Value, hops int) *xmlSchema {
	if v.Kind() != jsontext.KindBeginObject {
		return &xmlSchema{all: all}
	}
	if s, ok := all.known[&v[0]]; ok {
		return s
	}
	s := &xmlSchema{all: all}
	all.known[&v[0]] = s
	var ref string
	for c := enter(v); ; {
		name, value, ok := c.next()
		if !ok {
			break
		}
		s.take(string(text(name, nil)), value, &ref)
	}
	if hops == maxHops {
		return s
	}
	if target, ok := all.lookUp(ref); ok {
		s.inherit(all.read(target, hops+1), ref)
	}
	if len(s.parts) == 1 { // the 3.0 way to put words beside a $ref
		s.inherit(all.follow(s.parts[0], hops+1), "")
	}
	if s.hints == (xmlHints{}) {
		s.hints = all.partHints(s.joined)
	}
	for _, part := range s.joined { // a list, with words beside its $ref
		if s.items == nil {
			s.items = all.follow(part, hops+1).items
		}
	}
	return s
}

// partHints returns the hints that are written out in a part, which stand for
// the whole; those of a component are its own.
func (all *xmlSchemas) partHints(parts []jsontext.Value) (h xmlHints) {
	for _, part := range parts {
		own, ref := xmlHints{}, false
		each(part, jsontext.KindBeginObject, func(name, v jsontext.Value) {
			switch string(text(name, nil)) {
			case "xml":
				own = readHints(v)
			case "$ref":
				ref = true
			}
		})
		if own != (xmlHints{}) && !ref {
			return own
		}
	}
	return h
}

// componentName returns the name of the component that a $ref leads to: the last
// part of a pointer into a map of schemas, an anchor, or a file that is one
// schema; empty when it leads elsewhere.
func componentName(ref string) string {
	file, fragment, _ := strings.Cut(ref, "#")
	if fragment == "" {
		name := file[strings.LastIndexByte(file, '/')+1:]
		for _, ext := range [...]string{".json", ".yaml", ".yml"} {
			name = strings.TrimSuffix(name, ext)
		}
		return name
	}
	pointer, last, found := cutLast(fragment)
	if found && !strings.HasSuffix(pointer, "/schemas") && !strings.HasSuffix(pointer, "/definitions") && !strings.HasSuffix(pointer, "/$defs") && pointer != "" {
		return ""
	}
	if decoded, err := url.PathUnescape(last); err == nil {
		last = decoded
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(last)
}

func cutLast(pointer string) (before, last string, found bool) {
	i := strings.LastIndexByte(pointer, '/')
	return pointer[:max(i, 0)], pointer[i+1:], i >= 0
}

func (all *xmlSchemas) lookUp(ref string) (jsontext.Value, bool) {
	if ref == "" || all.resolve == nil {
		return nil, false
	}
	v, ok := all.resolve(ref)
	return jsontext.Value(v), ok
}

func (s *xmlSchema) take(keyword string, v jsontext.Value, ref *string) {
	before := len(s.parts)
	switch keyword {
	case "$ref":
		if v.Kind() == jsontext.KindString {
			*ref = string(text(v, nil))
		}
	case "xml":
		s.hints = readHints(v)
	case "items":
		s.items = v
	case "properties":
		s.props = map[string]jsontext.Value{}
		each(v, jsontext.KindBeginObject, func(name, v jsontext.Value) { s.props[string(text(name, nil))] = v })
	case "allOf", "anyOf", "oneOf":
		each(v, jsontext.KindBeginArray, func(_, v jsontext.Value) { s.parts = append(s.parts, v) })
		if keyword == "allOf" {
			s.joined = slices.Clip(s.parts[before:])
		}
	}
}

// inherit takes over what a $ref leads to; what stands beside the $ref wins.
func (s *xmlSchema) inherit(t *xmlSchema, ref string) {
	s.component = cmp.Or(t.component, s.component, componentName(ref))
	if s.hints == (xmlHints{}) {
		s.hints = t.hints
	}
	if s.items == nil {
		s.items = t.items
	}
	if s.props == nil {
		s.props = t.props
	}
	s.parts = append(s.parts, t.parts...)
}

func readHints(v jsontext.Value) (h xmlHints) {
	each(v, jsontext.KindBeginObject, func(name, v jsontext.Value) {
		t := string(text(v, nil))
		switch string(text(name, nil)) {
		case "name":
			h.name = t
		case "namespace":
			h.namespace = t
		case "prefix":
			h.prefix = t
		case "nodeType":
			h.nodeType = nodeKind(t)
		case "attribute":
			h.attribute = t == "true"
		case "wrapped":
			h.wrapped = t == "true"
		}
	})
	return h
}

func each(v jsontext.Value, kind jsontext.Kind, do func(name, v jsontext.Value)) {
	if v.Kind() != kind {
		return
	}
	for c := enter(v); ; {
		name, item, ok := c.next()
		if !ok {
			return
		}
		do(name, item)
	}
}

// kind says what a value of the schema becomes.
func (s *xmlSchema) kind(v jsontext.Value) nodeKind {
	h := s.hints
	switch {
	case h.nodeType != "":
		return h.nodeType
	case h.attribute:
		return nodeAttribute
	case v.Kind() == jsontext.KindBeginArray && !h.wrapped:
		return nodeNone
	}
	return nodeElement
}

// property returns the schema of a property, looked for in the parts as well.
func (s *xmlSchema) property(name string) *xmlSchema {
	if v, ok := s.props[name]; ok {
		return s.all.of(v)
	}
	if found, ok := s.found[name]; ok || s.parts == nil {
		return cmp.Or(found, &xmlSchema{all: s.all})
	}
	if s.found == nil {
		s.found = map[string]*xmlSchema{}
	}
	s.found[name] = &xmlSchema{all: s.all} // for parts that lead back here
	for _, part := range s.parts {
		if found := s.all.of(part).property(name); found.described() {
			s.found[name] = found
			break
		}
	}
	return s.found[name]
}

// described reports whether the schema says anything of use here.
func (s *xmlSchema) described() bool {
	return s.hints != (xmlHints{}) || s.props != nil || s.items != nil || s.parts != nil || s.component != ""
}

func (s *xmlSchema) item() *xmlSchema { return s.all.of(s.items) }

// named returns the schema with a name for the root element.
func (s *xmlSchema) named(name string) *xmlSchema {
	if s.hints.name != "" {
		return s
	}
	t := *s
	t.hints.name = name
	return &t
}
