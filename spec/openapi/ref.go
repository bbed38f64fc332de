package openapi

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/ductape-go/ductape/spec/internal/load"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// moved returns the location that relative references in a file start at: where
// it was found in the end (RFC 3986, 5.1.3).
func (o *Options) moved(location string) string {
	if o.Moved != nil {
		if to := o.Moved(location); to != "" {
			return to
		}
	}
	return location
}

// maxFiles bounds how many files one description may be spread over.
const maxFiles = 20_000

// A file is one document of a description.
type file struct {
	location string // where it was found: absolute, or relative as the main location is
	name     string // how keys of schemas name it; empty for the main file
	doc      *tree.Doc
	index    *resourceIndex         // schemas with an $id; nil before first use
	dynamic  map[string][]tree.Node // $dynamicAnchor -> schemas; nil before first use
}

type refKey struct {
	doc   *tree.Doc
	scope *resource // the schema with an $id that it stands in
	ref   string
}

func (r *reader) refKey(ref tree.Node) refKey {
	return refKey{ref.Doc, r.of[ref.Doc].resources().at(ref), ref.Text()}
}

// resolve follows $ref until something else is found. A reference that leads
// nowhere or in a circle is no value, with a warning.
func (r *reader) resolve(n tree.Node) tree.Node {
	for range 64 {
		ref := n.Get("$ref")
		if !ref.IsString() {
			return n
		}
		target := r.target(ref)
		if !target.OK() {
			r.warn("ref_not_found", ref, r.missing(ref))
			return tree.Node{}
		}
		if target == n {
			break
		}
		n = target
	}
	r.warn("ref_circular", n, "the reference leads back to itself")
	return tree.Node{}
}

// beside reads what stands beside a $ref that is no schema's: from OpenAPI 3.1 a
// description replaces the one referred to, and nothing else counts (3.2, 4.22).
func (r *reader) beside(written, found tree.Node, description *string) {
	if written == found || !found.OK() {
		return
	}
	for m := range written.Members() {
		switch key := m.Key(); {
		case key == "$ref" || key == "summary" || strings.HasPrefix(key, "x-"):
		case key == "description":
			if text := m.Text(); text != "" && (*description == "" || !r.v2 && !r.v30) {
				*description = text
			}
		default:
			r.warn("ref_sibling_ignored", m, "beside this $ref only a summary and a description count, not \""+key+"\"")
		}
	}
}

// missing says why a reference leads nowhere.
func (r *reader) missing(at tree.Node) string {
	ref := at.Text()
	location, _, _ := strings.Cut(ref, "#")
	if location != "" {
		absolute := Resolve(r.of[at.Doc].location, location)
		if why := r.lost[absolute]; why != "" {
			return absolute + " could not be read: " + why
		}
	}
	return "nothing is found at " + ref
}

// target finds what a reference names, or no value.
func (r *reader) target(ref tree.Node) tree.Node {
	key := r.refKey(ref)
	if n, ok := r.found[key]; ok {
		return n
	}
	r.found[key] = tree.Node{} // while it is looked for: the way to it may lead through itself
	n, known := r.byID(ref)
	if !known {
		n = r.locate(key)
	}
	r.found[key] = n
	return n
}

// locate finds what a reference names that no $id leads to.
func (r *reader) locate(ref refKey) tree.Node {
	location, fragment, _ := strings.Cut(ref.ref, "#")
	f := r.fileAt(ref, location)
	if f == nil {
		return tree.Node{}
	}
	if n := f.fragment(fragment); n.OK() {
		return n
	}
	return r.through(f.doc.Root(), fragment)
}

// through finds what a JSON pointer names where something on the way is itself a
// reference: "#/components/schemas/pet" where schemas is {"$ref": "schemas.yaml"}.
// A pointer does not lead there by RFC 6901, but bundlers follow it and people
// rely on that.
func (r *reader) through(n tree.Node, pointer string) tree.Node {
	rest, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return tree.Node{}
	}
	if decoded, err := url.PathUnescape(rest); err == nil {
		rest = decoded
	}
	for token := range strings.SplitSeq(rest, "/") {
		next := n.Step(token)
		if !next.OK() && n.Get("$ref").IsString() {
			next = r.resolve(n).Step(token)
		}
		if n = next; !n.OK() {
			break
		}
	}
	return n
}

// part returns a member of n, or what it refers to. A list or a map as a whole is
// no place for a reference in OpenAPI, but descriptions over many files have it.
func (r *reader) part(n tree.Node, key string) tree.Node { return r.resolve(n.Get(key)) }

// fileAt returns the file that a reference leads to: one that calls itself so,
// one beside the file it stands in, or where its $id or $self says it is.
func (r *reader) fileAt(ref refKey, location string) *file {
	f := r.of[ref.doc]
	if location == "" {
		return f
	}
	uri, beside := r.absoluteURI(f, ref.scope, location), Resolve(f.location, location)
	if known := r.files[uri]; known != nil {
		return known
	}
	if found := r.open(f, beside); found != nil || uri == beside || !isURL(uri) {
		return found
	}
	return r.open(f, uri)
}

// fragment finds a JSON pointer (RFC 6901, section 6: percent-encoded in a URI
// fragment), an $anchor, or, as some files have it, a bare name of a member.
func (f *file) fragment(fragment string) tree.Node {
	if n := f.doc.Pointer(fragment); n.OK() {
		return n
	}
	if decoded, err := url.PathUnescape(fragment); err == nil && decoded != fragment {
		if n := f.doc.Pointer(decoded); n.OK() {
			return n
		}
		fragment = decoded
	}
	if strings.HasPrefix(fragment, "/") {
		return tree.Node{}
	}
	if n := f.anchor(fragment); n.OK() {
		return n
	}
	return f.doc.Pointer("/" + fragment)
}

// open returns the file at an absolute location that f refers to, or nil.
func (r *reader) open(f *file, location string) *file {
	if known, ok := r.files[location]; ok {
		return known
	}
	r.files[location] = nil
	switch {
	case r.opt.Open == nil:
		r.lost[location] = "other files were not given"
		return nil
	case isURL(f.location) && !isURL(location):
		r.lost[location] = "a description from a URL refers to URLs only"
		return nil
	case len(r.files) > maxFiles:
		r.lost[location] = "the description has too many files"
		return nil
	}
	data, err := r.opt.Open(location)
	if err != nil {
		r.lost[location] = err.Error()
		return nil
	}
	doc, err := load.Document(data)
	if err != nil {
		r.lost[location] = err.Error()
		return nil
	}
	opened := &file{location: r.opt.moved(location), name: r.relative(location), doc: doc}
	if other := r.files[opened.location]; other != nil { // two names of one file
		r.files[location] = other
		return other
	}
	r.files[location], r.files[opened.location] = opened, opened
	r.of[doc] = opened
	r.callItself(opened)
	r.noteRepairs(opened)
	return opened
}

// callItself lets a file be found by its own $self, unless that is another's.
func (r *reader) callItself(f *file) {
	if uri := f.base(); r.files[uri] == nil {
		r.files[uri] = f
	}
}

func (r *reader) noteRepairs(f *file) {
	for _, repair := range f.doc.Repairs {
		where := repair.Where
		if f.name != "" {
			where = f.name + "#" + where
		}
		r.losses.Add(repair.Code, where, repair.Message)
	}
}

// relative names a file as seen from the main one, so that the names do not
// depend on the folder a description was read from.
func (r *reader) relative(location string) string {
	main := strings.ReplaceAll(r.main.location, `\`, "/")
	dir := main[:strings.LastIndexByte(main, '/')+1]
	if rest, ok := strings.CutPrefix(location, dir); ok && rest != "" {
		return rest
	}
	if isURL(location) || isURL(main) {
		return location
	}
	rest, err := filepath.Rel(path.Dir(main), location)
	if err != nil {
		return location
	}
	return filepath.ToSlash(rest)
}

// Resolve returns the location a reference means when it stands in the file at
// base: both are URLs or file names with slashes.
func Resolve(base, ref string) string {
	if isURL(ref) || strings.HasPrefix(ref, "file:") {
		return ref
	}
	if isURL(base) {
		b, err := url.Parse(base)
		if err != nil {
			return ref
		}
		u, err := b.Parse(ref)
		if err != nil {
			return ref
		}
		return u.String()
	}
	if decoded, err := url.PathUnescape(ref); err == nil {
		ref = decoded
	}
	if path.IsAbs(ref) {
		return path.Clean(ref)
	}
	return path.Join(path.Dir(strings.ReplaceAll(base, `\`, "/")), strings.ReplaceAll(ref, `\`, "/"))
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
