package openapi

import "github.com/ductape-go/ductape/spec/internal/tree"

// A kind is the type and format of a schema. An empty type allows several.
type kind struct {
	typ, format string
	encoded     bool // text that stands for bytes: contentEncoding, OpenAPI 3.1
}

// kindOf returns the type of a schema, through references and combinations.
func (r *reader) kindOf(n tree.Node) kind {
	return r.kindAt(n, 0)
}

func (r *reader) kindAt(n tree.Node, depth int) kind {
	if !n.IsObject() || depth > 32 {
		return kind{}
	}
	if k, ok := r.types[n]; ok {
		return k
	}
	r.types[n] = kind{} // a schema that contains itself says nothing
	k := r.ownKind(n)
	if ref := n.Get("$ref"); k.typ == "" && ref.IsString() {
		k = r.kindAt(r.target(ref), depth+1)
	}
	if k.typ == "" {
		k = r.combinedKind(n, depth)
	}
	if k.typ == "" {
		k.typ = impliedType(n)
	}
	if f := n.Get("format").Text(); f != "" {
		k.format = f
	}
	if k.format == "" && k.typ == "string" && n.Get("contentMediaType").Text() == "application/octet-stream" {
		k.format = "binary"
	}
	k.encoded = k.encoded || k.typ == "string" && n.Get("contentEncoding").Text() != ""
	r.types[n] = k
	return k
}

// ownKind reads the keyword type: a name, or from OpenAPI 3.1 a list of names.
func (r *reader) ownKind(n tree.Node) kind {
	t := n.Get("type")
	if t.IsArray() {
		var one string
		for _, name := range t.Texts() {
			switch {
			case name == "null":
			case one != "" && one != name:
				return kind{}
			default:
				one = name
			}
		}
		return kind{typ: typeName(one)}
	}
	if t.Text() == "file" {
		return kind{typ: "string", format: "binary"}
	}
	return kind{typ: typeName(t.Text())}
}

func typeName(name string) string {
	switch name {
	case "string", "integer", "number", "boolean", "array", "object":
		return name
	case "int", "int32", "int64", "long":
		return "integer"
	case "float", "double":
		return "number"
	case "bool":
		return "boolean"
	}
	return ""
}

// combinedKind returns the type all alternatives share, or the one that the
// parts of allOf state.
func (r *reader) combinedKind(n tree.Node, depth int) kind {
	for part := range n.Get("allOf").Items() {
		if k := r.kindAt(part, depth+1); k.typ != "" {
			return k
		}
	}
	for _, keyword := range [...]string{"anyOf", "oneOf"} {
		if list := n.Get(keyword); list.IsArray() {
			return r.sharedKind(list, depth)
		}
	}
	return kind{}
}

func (r *reader) sharedKind(list tree.Node, depth int) kind {
	var shared kind
	first := true
	for part := range list.Items() {
		if part.Get("type").Text() == "null" {
			continue
		}
		k := r.kindAt(part, depth+1)
		switch {
		case first:
			shared, first = k, false
		case k.typ != shared.typ:
			return kind{}
		case k.format != shared.format:
			shared.format = ""
		}
		shared.encoded = shared.encoded && k.encoded
	}
	return shared
}

// impliedType guesses the type from keywords that only one type has.
func impliedType(n tree.Node) string {
	switch {
	case n.Get("properties").IsObject(), n.Get("additionalProperties").IsObject():
		return "object"
	case n.Get("items").OK():
		return "array"
	}
	values := n.Get("enum")
	if c := n.Get("const"); c.OK() {
		return valueType(c)
	}
	shared := ""
	for v := range values.Items() {
		t := valueType(v)
		if t == "" || shared != "" && t != shared {
			return ""
		}
		shared = t
	}
	return shared
}

func valueType(n tree.Node) string {
	switch n.Kind() {
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 0:
		for _, c := range n.Raw() {
			if c == '.' || c == 'e' || c == 'E' {
				return "number"
			}
		}
		return "integer"
	}
	return ""
}
