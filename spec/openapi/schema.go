package openapi

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A pendingSchema is a schema that is referred to and has to be kept.
type pendingSchema struct {
	key string    // text of the reference as the kept schemas have it
	ref tree.Node // the $ref, where it stands
	to  tree.Node // what it leads to, where another than that of a $ref
}

// schema returns the bytes of a schema. References to and from other files are
// rewritten to keys of App.Schemas, and all are noted to be kept.
func (r *reader) schema(n tree.Node) json.RawMessage {
	if !n.OK() {
		return nil
	}
	return r.rewrite(n, false, 0)
}

// rewrite returns the bytes of a schema, or with names of a map of schemas.
func (r *reader) rewrite(n tree.Node, names bool, depth int) json.RawMessage {
	var out []byte
	start, _ := n.Span()
	raw := n.Raw()
	done := 0
	replace := func(old tree.Node, text []byte) {
		from, to := old.Span()
		out = append(append(out, raw[done:from-start]...), text...)
		done = to - start
	}
	r.eachRef(n, names, func(ref tree.Node) {
		text := ref.Text()
		key, several := r.dynamic(ref)
		if !several {
			key = r.key(ref)
			r.pending = append(r.pending, pendingSchema{key: key, ref: ref})
		}
		if key != text {
			quoted, _ := jsontext.AppendQuote(nil, key)
			replace(ref, quoted)
		}
	}, func(names tree.Node) {
		replace(names, r.borrowed(names, depth))
	})
	if done == 0 {
		return json.RawMessage(raw)
	}
	return json.RawMessage(append(out, raw[done:]...))
}

// maxBorrowed bounds what borrowed maps may add, as they may name each other.
const maxBorrowed = 16 << 20

// borrowed returns a map of schemas that is only a reference to one elsewhere:
// JSON Schema knows no such thing, but bundlers do, so it is written out.
func (r *reader) borrowed(names tree.Node, depth int) []byte {
	target := r.resolve(names)
	if !target.IsObject() || depth > 8 || r.borrowedBytes > maxBorrowed {
		return []byte("{}")
	}
	out := r.rewrite(target, true, depth+1)
	r.borrowedBytes += len(out)
	return out
}

// isBorrowed reports whether a map of schemas is only a reference to one.
func isBorrowed(names tree.Node) bool {
	return names.Get("$ref").IsString()
}

// eachRef yields the references inside a schema and the maps of schemas that are
// borrowed, in order. names says that n is a map from names to schemas, where no
// member is a keyword.
func (r *reader) eachRef(n tree.Node, names bool, yield, borrow func(tree.Node)) {
	switch {
	case n.IsArray():
		for item := range n.Items() {
			r.eachRef(item, false, yield, borrow)
		}
	case !n.IsObject():
	case names && isBorrowed(n):
		borrow(n)
	default:
		for member := range n.Members() {
			r.eachRefIn(member, names, yield, borrow)
		}
	}
}

func (r *reader) eachRefIn(member tree.Node, names bool, yield, borrow func(tree.Node)) {
	switch {
	case names:
		r.eachRef(member, false, yield, borrow)
	case member.IsString():
		if member.KeyIs("$ref") || member.KeyIs("$dynamicRef") || member.KeyIs("$recursiveRef") {
			yield(member)
		}
		if member.KeyIs("pattern") {
			r.checkPattern(member)
		}
		if member.KeyIs("$schema") {
			r.checkDialect(member)
		}
	case !member.IsObject() && !member.IsArray(), isData(member):
	default:
		if member.KeyIs("patternProperties") {
			r.checkNames(member)
		}
		r.eachRef(member, holdsNames(member), yield, borrow)
	}
}

// isData reports whether a keyword holds values, not schemas.
func isData(n tree.Node) bool {
	return n.KeyIs("example") || n.KeyIs("examples") || n.KeyIs("default") || n.KeyIs("enum") || n.KeyIs("const") ||
		n.KeyIs("required") || n.KeyIs("discriminator") || n.KeyIs("xml") || n.KeyIs("externalDocs")
}

// holdsNames reports whether a keyword holds schemas by name.
func holdsNames(n tree.Node) bool {
	return n.KeyIs("properties") || n.KeyIs("patternProperties") || n.KeyIs("$defs") || n.KeyIs("definitions") || n.KeyIs("dependentSchemas")
}

// key returns the text by which a reference is kept. References inside the main
// file stay as they are written, but for those that an $id leads to: what they
// name is kept by its place.
func (r *reader) key(at tree.Node) string {
	ref, f := at.Text(), r.of[at.Doc]
	switch n, known := r.byID(at); {
	case n.OK():
		return r.of[n.Doc].name + "#" + n.Pointer()
	case known:
		return ref
	}
	location, fragment, hasFragment := strings.Cut(ref, "#")
	if location == "" && f == r.main {
		return ref
	}
	name, isMain := "", false
	if found := r.fileAt(r.refKey(at), location); found != nil {
		name, isMain = found.name, found == r.main
	} else {
		name = r.relative(Resolve(f.location, location))
	}
	switch {
	case isMain:
		return "#" + fragment
	case !hasFragment:
		return name
	}
	return name + "#" + fragment
}

// keepSchemas keeps every schema that is referred to, and those they refer to.
func (r *reader) keepSchemas() {
	for len(r.pending) > 0 {
		p := r.pending[len(r.pending)-1]
		r.pending = r.pending[:len(r.pending)-1]
		if _, ok := r.app.Schemas[p.key]; ok {
			continue
		}
		target := p.to
		if !target.OK() {
			target = r.target(p.ref)
		}
		if !target.OK() {
			r.app.Schemas[p.key] = json.RawMessage("{}")
			r.warn("ref_not_found", p.ref, r.missing(p.ref)+"; any value is accepted there")
			continue
		}
		schema := r.schema(target)
		r.kept += len(schema)
		if r.kept > maxKept+8*r.main.doc.Size() {
			schema = json.RawMessage("{}")
			r.warn("schemas_too_large", p.ref, "references lead into each other so often that the schemas would not fit; any value is accepted there")
		}
		r.app.Schemas[p.key] = schema
	}
}

// maxKept bounds, beside eight times the description, what the kept schemas may
// take: each reference into a schema keeps that part once more.
const maxKept = 64 << 20
