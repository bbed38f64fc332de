package openapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A resource is a schema with an $id of its own: references inside it start at
// that, and others find it by that, before any file is looked for (JSON Schema
// 2020-12, 8.2.1 and 9.1.1). Bundled schemas are made of them.
type resource struct {
	root    tree.Node
	uri     string    // absolute as far as its base is
	outer   *resource // the one it stands in; nil: none
	anchors map[string]tree.Node
}

// A resourceIndex is what a document has of resources and anchors.
type resourceIndex struct {
	list    []*resource // in the document's order, so that one follows its outer one
	byURI   map[string]*resource
	anchors map[string]tree.Node // of the document itself; nil before first use
}

// base returns the URI that references in a file start at: its own $self
// (OpenAPI 3.2, 4.1.2.2.2), else where it was found.
func (f *file) base() string {
	if self := f.doc.Root().Get("$self").Text(); self != "" {
		self, _, _ = strings.Cut(self, "#")
		return resolveURI(f.location, self)
	}
	return f.location
}

// resources returns the schemas of a file that have an $id.
func (f *file) resources() *resourceIndex {
	if f.index != nil {
		return f.index
	}
	f.index = &resourceIndex{byURI: map[string]*resource{}}
	f.doc.EachParent("$id", func(schema, id tree.Node) {
		if text := strings.TrimSuffix(id.Text(), "#"); text != "" && !strings.HasPrefix(text, "#") {
			f.index.list = append(f.index.list, &resource{root: schema, uri: text})
		}
	})
	slices.SortFunc(f.index.list, func(a, b *resource) int { return cmp.Compare(a.root.ID(), b.root.ID()) })
	var outer *resource
	room := 1<<20 + 4*f.doc.Size()
	for _, res := range f.index.list {
		for outer != nil && !outer.root.Holds(res.root) {
			outer = outer.outer
		}
		base := f.base()
		if outer != nil {
			base = outer.uri
		}
		res.outer = outer
		if room -= len(base) + len(res.uri); room > 0 { // each may be as long as all around it
			res.uri = resolveURI(base, res.uri)
		}
		f.index.byURI[res.uri] = res
		outer = res
	}
	return f.index
}

// at returns the resource that a node stands in, or nil.
func (x *resourceIndex) at(n tree.Node) *resource {
	i, found := slices.BinarySearchFunc(x.list, n.ID(), func(res *resource, id uint32) int { return cmp.Compare(res.root.ID(), id) })
	if !found {
		i--
	}
	if i < 0 {
		return nil
	}
	res := x.list[i]
	for res != nil && !res.root.Holds(n) {
		res = res.outer
	}
	return res
}

// readAnchors finds the $anchor and $dynamicAnchor of each resource and of the
// document, and the $id that is only a fragment, as before 2019-09.
func (f *file) readAnchors() {
	x := f.resources()
	x.anchors = map[string]tree.Node{}
	for _, keyword := range [...]string{"$id", "$dynamicAnchor", "$anchor"} {
		f.doc.EachParent(keyword, func(schema, value tree.Node) {
			name, isFragment := strings.CutPrefix(value.Text(), "#")
			if keyword == "$id" && !isFragment {
				return
			}
			if res := x.at(schema); res != nil {
				res.setAnchor(name, schema)
				return
			}
			x.anchors[name] = schema
		})
	}
}

func (res *resource) setAnchor(name string, schema tree.Node) {
	if res.anchors == nil {
		res.anchors = map[string]tree.Node{}
	}
	res.anchors[name] = schema
}

// anchor returns the schema of that name: the document's own, else the first of
// a resource, which should have been asked for by its $id.
func (f *file) anchor(name string) tree.Node {
	if f.resources().anchors == nil {
		f.readAnchors()
	}
	if n, ok := f.index.anchors[name]; ok {
		return n
	}
	for _, res := range f.index.list {
		if n, ok := res.anchors[name]; ok {
			return n
		}
	}
	return tree.Node{}
}

// within finds what a fragment names inside a resource, or no value.
func (f *file) within(res *resource, fragment string) tree.Node {
	if fragment == "" {
		return res.root
	}
	if strings.HasPrefix(fragment, "/") {
		if n := f.doc.Pointer(res.root.Pointer() + fragment); n.OK() {
			return n
		}
		decoded, err := url.PathUnescape(fragment)
		if err != nil {
			return tree.Node{}
		}
		return f.doc.Pointer(res.root.Pointer() + decoded)
	}
	if f.index.anchors == nil {
		f.readAnchors()
	}
	return res.anchors[fragment]
}

// byID finds what a reference names by an $id of its own file or the main one.
// known says that there is such an $id, whether or not it has what is named.
func (r *reader) byID(ref tree.Node) (n tree.Node, known bool) {
	f := r.of[ref.Doc]
	scope := f.resources().at(ref)
	location, fragment, _ := strings.Cut(ref.Text(), "#")
	if location == "" {
		if scope != nil {
			n = f.within(scope, fragment)
		}
		return n, n.OK() // else it may have been meant from the root of the file
	}
	uri := r.absoluteURI(f, scope, location)
	for _, from := range [...]*file{f, r.main} {
		if res := from.resources().byURI[uri]; res != nil {
			return from.within(res, fragment), true
		}
	}
	return n, false
}

// absoluteURI resolves a reference's location against the $id, $self or place
// that it starts at.
func (r *reader) absoluteURI(f *file, scope *resource, location string) string {
	if scope != nil {
		return resolveURI(scope.uri, location)
	}
	return resolveURI(f.base(), location)
}

// resolveURI resolves a URI of any scheme, or the name of a file.
func resolveURI(base, ref string) string {
	if u, err := url.Parse(ref); err == nil && len(u.Scheme) > 1 {
		return ref
	}
	return Resolve(base, ref)
}
