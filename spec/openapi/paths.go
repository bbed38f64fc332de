package openapi

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/naming"
)

// the methods of a path item; query came with OpenAPI 3.2
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD", "patch": "PATCH",
	"trace": "TRACE", "query": "QUERY",
}

// A place is where an operation stands: what it shares with others of its path.
type place struct {
	path string    // as the description writes it
	item tree.Node // the path item
	over tree.Node // members beside the path item's $ref, which go first
}

// says returns a text of an operation, else the one that its path has for all of
// its operations.
func (p place) says(op tree.Node, key string) tree.Node {
	for _, from := range [...]tree.Node{op, p.over, p.item} {
		if text := from.Get(key); text.Text() != "" || text.IsObject() {
			return text
		}
	}
	return tree.Node{}
}

func (r *reader) readPaths() {
	r.rootSecurity = r.security(r.root.Get("security"))
	for _, key := range [...]string{"paths", "x-ms-paths"} {
		paths := r.root.Get(key)
		if paths.Get("$ref").IsString() {
			paths = r.resolve(paths)
		}
		for item := range paths.Members() {
			if !strings.HasPrefix(item.Key(), "x-") {
				r.readPath(item)
			}
		}
	}
}

func (r *reader) readPath(item tree.Node) {
	p := place{path: item.Key(), item: item}
	if item.Get("$ref").IsString() {
		p.item, p.over = r.resolve(item), item
	}
	seen := map[string]bool{}
	var additional []tree.Node // read last: a field of the path item goes first
	for _, from := range [...]tree.Node{p.over, p.item} {
		here := map[string]bool{}
		for member := range from.Members() {
			key := member.Key()
			method, ok := methods[strings.ToLower(key)]
			switch {
			case ok && !seen[method] && member.IsObject():
				seen[method], here[method] = true, true
				r.readOperation(p, method, member)
			case ok && here[method]:
				r.warn("path_member_unknown", member, "the method "+method+" is described already, in other letters; this one was left out")
			case key == "additionalOperations":
				additional = append(additional, member)
			case ok && !member.IsObject():
				r.warn("path_member_unknown", member, "this "+key+" is no operation, which would be an object; it was left out")
			case !ok && !pathMember(key):
				r.warn("path_member_unknown", member, "a path has no \""+key+"\"; it was left out")
			}
		}
	}
	for _, list := range additional {
		r.readAdditional(p, list, seen)
	}
}

// readAdditional reads the operations of methods that have no field of their
// own. A key is the method as it is sent, in its own capitals (OpenAPI 3.2,
// 4.9.1; RFC 9110, 9.1).
func (r *reader) readAdditional(p place, list tree.Node, seen map[string]bool) {
	for op := range list.Members() {
		method := op.Key()
		switch {
		case strings.HasPrefix(method, "x-"):
		case !httpguts.ValidHeaderFieldName(method): // both are tokens (RFC 9110, 5.6.2)
			r.warn("path_member_unknown", op, "\""+method+"\" cannot be a method (RFC 9110, 9.1); it was left out")
		case seen[method] || !op.IsObject():
			r.warn("path_member_unknown", op, "the method "+method+" has a field of its own, or is described already; this one was left out")
		default:
			seen[method] = true
			r.readOperation(p, method, op)
		}
	}
}

// pathMember reports whether a path item may have a member beside its methods.
func pathMember(key string) bool {
	switch key {
	case "$ref", "summary", "description", "servers", "parameters":
		return true
	}
	return strings.HasPrefix(key, "x-")
}

func (r *reader) readOperation(p place, method string, n tree.Node) {
	op := r.resolve(n)
	if !op.IsObject() {
		return
	}
	a := ductape.Action{
		Method:      method,
		Name:        strings.TrimSpace(p.says(op, "summary").Text()),
		Description: r.text(p.says(op, "description")),
		Folder:      r.folder(op),
		OperationID: r.operationID(op),
		Deprecated:  op.Get("deprecated").True(),
		BaseURL:     r.ownServer(p, op),
		Security:    r.operationSecurity(op),
	}
	var form []bodyParam
	path, fragment, _ := strings.Cut(p.path, "#")
	var query []string
	a.Resource, query = template(path)
	a.Params, form = r.params(p, op, a.Resource, query)
	if fragment != "" && !fixFragment(a.Params, fragment) {
		r.warn("path_fragment", p.item, "#"+fragment+" is never sent and only tells operations apart")
	}
	if r.v2 {
		a.Body = r.formerBody(p, op, form)
		r.settleHeaders(&a, p, op)
	} else {
		a.Body = r.body(op, method)
	}
	a.Responses = r.responses(op)
	r.noteIgnored(op)
	named := a.Resource
	if fragment != "" {
		named += "#" + fragment
	}
	r.app.Actions = append(r.app.Actions, a)
	r.operations = append(r.operations, naming.Operation{
		Method: method, Path: named, ID: op.Get("operationId").Scalar(), Folder: firstOf(a.Folder), Listing: r.listing(op, named, method), Query: query,
	})
}

func firstOf(list []string) []string { return list[:min(1, len(list))] }

// fixFragment gives the parameter that a path's fragment names the fragment's
// value: "/#Action=ListQueues" is an operation of its own through the parameter
// Action. It reports whether there is one.
func fixFragment(params []ductape.Param, fragment string) bool {
	name, value, ok := strings.Cut(fragment, "=")
	if !ok {
		return false
	}
	for i := range params {
		p := &params[i]
		if p.Name != name || p.In != ductape.InQuery && p.In != ductape.InHeader {
			continue
		}
		if p.Default == nil {
			p.Default, _ = jsontext.AppendQuote(nil, value)
		}
		return true
	}
	return false
}

// operationID returns the description's own name of an operation; only the
// first of several that share it keeps it.
func (r *reader) operationID(op tree.Node) string {
	n := op.Get("operationId")
	id := strings.TrimSpace(n.Scalar())
	if id == "" {
		return ""
	}
	if r.ids[id] {
		r.warn("operation_id_repeated", n, "the operationId "+id+" names another operation too; this one goes by its tag")
		return ""
	}
	r.ids[id] = true
	return id
}

// folder returns the tags of an operation; from OpenAPI 3.2 a tag may name its
// parent.
func (r *reader) folder(op tree.Node) []string {
	tags := op.Get("tags").Texts()
	if len(tags) == 0 {
		return nil
	}
	slices.SortStableFunc(tags, func(a, b string) int { return r.tagRank(a) - r.tagRank(b) })
	for range 8 {
		parent := r.parentTag(tags[0])
		if parent == "" {
			break
		}
		if slices.Contains(tags, parent) {
			break
		}
		tags = append([]string{parent}, tags...)
	}
	return tags
}

func (r *reader) parentTag(name string) string { return r.tag(name).Get("parent").Text() }

// tagRank puts tags that are badges or name an audience, from OpenAPI 3.2 on,
// behind those that sort operations.
func (r *reader) tagRank(name string) int {
	switch r.tag(name).Get("kind").Text() {
	case "badge", "audience":
		return 1
	}
	return 0
}

// tag returns what the description says of a tag.
func (r *reader) tag(name string) tree.Node {
	if r.tags == nil {
		r.tags = map[string]tree.Node{}
		for tag := range r.root.Get("tags").Items() {
			r.tags[tag.Get("name").Text()] = tag
		}
	}
	return r.tags[name]
}

func (r *reader) noteIgnored(op tree.Node) {
	if c := op.Get("callbacks"); c.Len() > 0 {
		r.warn("callback_ignored", c, "callbacks are requests the API makes, not ones that can be called")
	}
}
