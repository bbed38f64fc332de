// Package openapi reads OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 descriptions into
// a ductape.App.
//
// It is lenient: a description that is an API description imports, and whatever
// could not be carried over is a warning with its place. It reads only the part
// that calls need; schemas stay the bytes they were. Start with Read.
package openapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/losses"
	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/naming"
)

// Options say how to read a description.
type Options struct {
	Tag      string                                // tag of the app; empty: derived from its title
	Location string                                // where the description came from; relative refs and servers start here
	Open     func(location string) ([]byte, error) // reads a file that is referred to; nil: such refs become warnings
	Moved    func(location string) string          // where a redirect led from a location; empty or nil: nowhere
}

// A reader holds what is known while one description is read.
type reader struct {
	opt  Options
	app  *ductape.App
	main *file
	root tree.Node
	v2   bool // Swagger 2.0
	v30  bool // OpenAPI 3.0, whose schemas have no keywords but those of its own

	files map[string]*file    // absolute location -> file; nil when it cannot be read
	of    map[*tree.Doc]*file // the file a document was parsed from
	found map[refKey]tree.Node
	lost  map[string]string // location -> why it cannot be read

	pending []pendingSchema // schemas referred to and not yet kept
	types   map[tree.Node]kind

	patterns      map[string]bool      // pattern -> whether it compiles
	kept          int                  // bytes of App.Schemas
	borrowedBytes int                  // what maps of schemas that stand elsewhere have added
	auths         map[string]string    // name of a security scheme -> tag of its auth
	schemes       map[tree.Node]string // a security scheme -> tag of its auth
	authTags      map[string]int       // tag of an auth -> the last number that was put behind it
	sites         map[string]bool      // the sites that the app's servers are of
	bases         map[string]bool      // the base URLs of the app's environments
	variables     map[string]int       // key of a variable -> where in app.Variables it is

	rootSecurity []ductape.SecurityAlternative
	operations   []naming.Operation   // beside app.Actions
	ids          map[string]bool      // operationIds seen
	tags         map[string]tree.Node // what is said of tags; nil before first use
	nesting      nestingCount         // what says that forms and queries nest as Stripe's do

	losses losses.List
}

// Read reads a parsed description. It returns the app, the version the
// description states ("3.1.0") and everything that was not carried over. It
// fails only when the document is no API description.
func Read(doc *tree.Doc, opt Options) (*ductape.App, string, []ductape.Warning, error) {
	root := doc.Root()
	version := Version(root)
	if version == "" {
		return nil, "", nil, ductape.NewError(ductape.CodeInvalidInput, "not an OpenAPI description: it has neither `openapi` nor `swagger`")
	}
	r := newReader(doc, opt)
	r.v2 = root.Get("swagger").OK() && !root.Get("openapi").OK()
	r.v30 = !r.v2 && strings.HasPrefix(version, "3.0")
	if !knownVersion(version) {
		r.warn("version_unknown", r.root, "version \""+version+"\" of the format is not known; it is read as the nearest that is")
	}
	r.checkDialect(r.root.Get("jsonSchemaDialect"))
	r.readInfo()
	r.readSecuritySchemes()
	r.readServers()
	r.readPaths()
	r.noteWebhooks()
	if len(r.app.Actions) == 0 {
		r.warn("operations_missing", r.root, "the description has no operations; there is nothing to call")
	}
	r.name()
	r.keepSchemas()
	if r.nesting.nested() {
		r.app.Settings.Nesting = ductape.NestIndices
	}
	return r.app, version, r.losses.Warnings(), nil
}

// knownVersion reports whether there is such a version: 2.0, 3.0, 3.1, 3.2, with
// anything behind.
func knownVersion(version string) bool {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	switch major {
	case "2":
		return minor == "0" || minor == ""
	case "3":
		return minor == "0" || minor == "1" || minor == "2" || minor == ""
	}
	return false
}

// Version returns the version of the format a description states, or "" when it
// is none.
func Version(root tree.Node) string {
	if v := root.Get("openapi").Scalar(); v != "" {
		return v
	}
	return root.Get("swagger").Scalar()
}

func newReader(doc *tree.Doc, opt Options) *reader {
	asked := opt.Location
	opt.Location = opt.moved(asked)
	main := &file{location: opt.Location, doc: doc}
	r := &reader{
		opt: opt, main: main, root: doc.Root(),
		app:       &ductape.App{Schemas: map[string]json.RawMessage{}},
		files:     map[string]*file{asked: main, opt.Location: main},
		of:        map[*tree.Doc]*file{doc: main},
		found:     map[refKey]tree.Node{},
		lost:      map[string]string{},
		patterns:  map[string]bool{},
		types:     map[tree.Node]kind{},
		auths:     map[string]string{},
		schemes:   map[tree.Node]string{},
		authTags:  map[string]int{},
		sites:     map[string]bool{},
		bases:     map[string]bool{},
		variables: map[string]int{},
		ids:       map[string]bool{},
	}
	r.callItself(main)
	r.noteRepairs(main)
	return r
}

// warn reports once that something at n was not carried over.
func (r *reader) warn(code string, n tree.Node, message string) {
	r.losses.AddAt(code, r.identity(n), func() string { return r.where(n) }, message)
}

// warnOnce reports what is said once of a description, at its first place.
func (r *reader) warnOnce(code, about string, n tree.Node, message string) {
	if r.losses.First("once", code, about) {
		r.warn(code, n, message)
	}
}

// identity tells a node from all others, at less cost than its pointer.
func (r *reader) identity(n tree.Node) string {
	if !n.OK() {
		return ""
	}
	at := strconv.FormatUint(uint64(n.ID()), 10)
	if f := r.of[n.Doc]; f != nil {
		return f.name + "#" + at
	}
	return at
}

func (r *reader) where(n tree.Node) string {
	if !n.OK() {
		return ""
	}
	pointer := n.PointerStart(losses.MaxWhere)
	if f := r.of[n.Doc]; f != nil && f.name != "" {
		return f.name + "#" + pointer
	}
	return pointer
}

func (r *reader) readInfo() {
	info := r.resolve(r.root.Get("info"))
	title := strings.TrimSpace(info.Get("title").Scalar())
	r.app.Name = title
	r.app.Description = r.text(info.Get("description"))
	r.app.Version = info.Get("version").Scalar()
	r.app.Tag = r.opt.Tag
	if r.app.Tag == "" {
		r.app.Tag = naming.Tag(title)
	}
}

// text returns a string that may stand behind a reference.
func (r *reader) text(n tree.Node) string {
	if n.IsObject() {
		n = r.resolve(n)
	}
	return n.Text()
}

func (r *reader) noteWebhooks() {
	for _, key := range []string{"webhooks", "x-webhooks"} {
		for hook := range r.root.Get(key).Members() {
			r.warn("webhook_ignored", hook, "the webhook "+hook.Key()+" is a request the API makes, not one that can be called")
		}
	}
}

// name gives every action its tag.
func (r *reader) name() {
	for i, names := range naming.Operations(r.operations) {
		r.app.Actions[i].Tag = names.Tag
		r.app.Actions[i].Aliases = names.Aliases
	}
}
