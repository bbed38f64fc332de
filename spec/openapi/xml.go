package openapi

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// nameXML sees to it that something names the root element of an XML body: the
// schema's xml.name, or the component that it is (OpenAPI 3.2, "XML Node
// Names"). Where the schema is written out in the operation, and the description
// has a component of its members that is called like the operation's request, as
// AWS's have, that gives the name. Else it is reported.
func (r *reader) nameXML(c *ductape.Content, op, written, schema tree.Node) {
	if !isXML(c.Type) || r.namesRoot(schema, 0) || !r.needsRoot(schema, c) {
		return
	}
	if name := r.requestComponent(op, schema); name != "" {
		c.Schema = withXMLName(c.Schema, schema.Get("xml"), name)
		return
	}
	r.warn("xml_root_unnamed", written, "nothing names the root element of this "+c.Type+": the schema has no xml.name and is no component (OpenAPI 3.2, XML Node Names); "+
		"give the document as text, or an object whose one member is the root")
}

func isXML(mediaType string) bool {
	base, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	base = strings.TrimSpace(base)
	return base == "application/xml" || base == "text/xml" || strings.HasSuffix(base, "+xml")
}

// namesRoot reports whether a schema names the element it makes. A part that is
// alone in its allOf stands for the whole, as wire has it.
func (r *reader) namesRoot(schema tree.Node, depth int) bool {
	if schema.Get("xml").Get("name").Text() != "" || schema.Get("$ref").IsString() {
		return true
	}
	for part := range schema.Get("allOf").Items() {
		if part.Get("xml").Get("name").Text() != "" && !part.Get("$ref").IsString() {
			return true
		}
	}
	var only tree.Node
	parts := 0
	for _, key := range [...]string{"allOf", "anyOf", "oneOf"} {
		for part := range schema.Get(key).Items() {
			only = part
			parts++
		}
	}
	return parts == 1 && depth < 8 && r.namesRoot(only, depth+1)
}

// needsRoot reports whether a value of the schema is written as elements, and is
// no object of one member, which is the root.
func (r *reader) needsRoot(schema tree.Node, c *ductape.Content) bool {
	switch r.kindOf(schema).typ {
	case "object":
		return len(c.Fields) != 1
	case "array", "integer", "number", "boolean":
		return true
	case "string":
		return false
	}
	return len(c.Fields) > 1
}

// requestComponent returns the name of the component that is called like the
// operation, with "Request" behind, and has all members of the schema.
func (r *reader) requestComponent(op, schema tree.Node) string {
	id := op.Get("operationId").Text()
	if id == "" || !schema.Get("properties").IsObject() {
		return ""
	}
	components := r.root.Get("components").Get("schemas")
	if r.v2 {
		components = r.root.Get("definitions")
	}
	for _, base := range [...]string{id, strings.TrimRight(id, "0123456789_-")} { // CreateFunction2020_05_31
		name := base + "Request"
		if has := components.Get(name).Get("properties"); has.IsObject() && holdsAll(has, schema.Get("properties")) {
			return name
		}
	}
	return ""
}

func holdsAll(all, some tree.Node) bool {
	for m := range some.Members() {
		if !all.Get(m.Key()).OK() {
			return false
		}
	}
	return true
}

// withXMLName writes a name into the text of an object's schema.
func withXMLName(schema json.RawMessage, hints tree.Node, name string) json.RawMessage {
	quoted, _ := jsontext.AppendQuote(nil, name)
	if hints.IsObject() {
		inner := strings.TrimSpace(string(hints.Raw()))
		inner = strings.TrimSpace(inner[1 : len(inner)-1])
		if inner != "" {
			inner = "," + inner
		}
		return replaceMember(schema, "xml", `{"name":`+string(quoted)+inner+`}`)
	}
	return json.RawMessage(`{"xml":{"name":` + string(quoted) + `},` + strings.TrimLeft(string(schema), " \t\r\n")[1:])
}

// replaceMember writes another value for a member of an object.
func replaceMember(object json.RawMessage, name, value string) json.RawMessage {
	dec := jsontext.NewDecoder(strings.NewReader(string(object)))
	if _, err := dec.ReadToken(); err != nil {
		return object
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return object
		}
		text := key.String()
		old, err := dec.ReadValue()
		if err != nil {
			return object
		}
		if text == name {
			end := dec.InputOffset()
			start := end - int64(len(old))
			return json.RawMessage(string(object[:start]) + value + string(object[end:]))
		}
	}
	return object
}
