package naming

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Listing says whether the answer of an operation is a list of things.
type Listing int8

// What is known of an answer.
const (
	Unknown Listing = iota
	Single
	List
)

// An Operation is what a name is made from.
type Operation struct {
	Method  string   // upper case
	Path    string   // template: "/v1/customers/{customer}"
	ID      string   // operationId, empty when there is none
	Folder  []string // tags or folders, outermost first
	Listing Listing  // what a GET answers
	Query   []string // query parameters that the description writes into the path; they tell operations apart
}

// Names are the names of one operation.
type Names struct {
	Tag     string
	Aliases []string // other names it answers to, unique like the tag
}

// Operations names the operations of one API, in their order. A tag is the
// operationId in snake_case, unless that is missing or merely spells method and
// path ("PostCustomers"): then it is verb and resource ("create_customer").
func Operations(ops []Operation) []Names {
	n := newNamer(ops)
	order := make([]int, len(ops))
	paths := make([]path, len(ops))
	for i, op := range ops {
		order[i] = i
		paths[i] = parsePath(op.Path)
		n.note(op, paths[i])
	}
	for i, op := range ops {
		if s := paths[i].segments; len(s) > 1 && s[len(s)-1].param != "" {
			if name := n.describe(op, paths[i], true); !strings.HasPrefix(name, "list_") {
				n.items[name] = true
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(paths[a].segments), len(paths[b].segments)), strings.Compare(ops[a].Path, ops[b].Path),
			strings.Compare(ops[a].Method, ops[b].Method), strings.Compare(ops[a].ID, ops[b].ID))
	})
	candidates := make([][]string, len(ops))
	yields := yielding(ops, paths, order)
	for rank, i := range order {
		candidates[rank] = n.unclaimed(ops[i], n.candidates(ops[i], paths[i], yields[rank]))
	}
	out := make([]Names, len(ops))
	for rank, tag := range unique(candidates, yields) {
		out[order[rank]].Tag = tag
	}
	addAliases(out, ops)
	return out
}

// yielding tells, in the given order, which operations leave a name to another
// that has the same words with less around them: /v1/users to /users.
func yielding(ops []Operation, paths []path, order []int) []bool {
	type same struct{ method, bare string }
	least := map[same]int{}
	for i, op := range ops {
		key := same{op.Method, paths[i].bare()}
		if n, ok := least[key]; !ok || len(paths[i].qualifiers()) < n {
			least[key] = len(paths[i].qualifiers())
		}
	}
	out := make([]bool, len(order))
	for rank, i := range order {
		out[rank] = len(paths[i].qualifiers()) > least[same{ops[i].Method, paths[i].bare()}]
	}
	return out
}

// addAliases lets an operation answer to its operationId in snake_case, where
// no other operation does.
func addAliases(names []Names, ops []Operation) {
	claims := make(map[string]int, 2*len(ops))
	for i, op := range ops {
		claims[names[i].Tag]++
		if id := Snake(op.ID); id != "" && id != names[i].Tag {
			claims[id]++
		}
		if op.ID != "" {
			claims[op.ID] += 0
		}
	}
	for i, op := range ops {
		id := Snake(op.ID)
		if id != "" && id != names[i].Tag && id != op.ID && claims[id] == 1 {
			names[i].Aliases = append(names[i].Aliases, id)
		}
	}
}

// A namer knows what else exists under each path.
type namer struct {
	verbsOf map[string]map[string]bool // path -> methods
	listing map[string]Listing         // path -> what its GET answers
	items   map[string]bool            // names of operations on one thing of many
	ids     map[string]bool            // operationIds in snake_case
	claims  map[string]string          // operationId, as written and as a tag -> method and path of its operation; empty: of several

	collections map[string]bool // paths under which a GET answers one thing: "/things" where "/things/{id}" is
	procedures  bool            // every path names a procedure, called with POST
}

func newNamer(ops []Operation) *namer {
	return &namer{
		verbsOf: map[string]map[string]bool{}, listing: map[string]Listing{}, items: map[string]bool{}, collections: map[string]bool{},
		ids: map[string]bool{}, claims: map[string]string{}, procedures: areProcedures(ops),
	}
}

func (n *namer) note(op Operation, p path) {
	if n.verbsOf[op.Path] == nil {
		n.verbsOf[op.Path] = map[string]bool{}
	}
	n.verbsOf[op.Path][op.Method] = true
	n.ids[Snake(op.ID)] = true
	for _, id := range [...]string{op.ID, meaningfulID(op, p)} {
		owner := op.Method + " " + op.Path
		if other, claimed := n.claims[id]; claimed && other != owner {
			owner = "" // several have it, so that it is the tag of none
		}
		n.claims[id] = owner
	}
	if op.Method != "GET" {
		return
	}
	n.listing[op.Path] = op.Listing
	if whole := strings.TrimSuffix(op.Path, "/"); strings.HasSuffix(whole, "}") {
		n.collections[whole[:max(strings.LastIndexByte(whole, '/'), 0)]] = true
	}
}

// unclaimed leaves out the names that are another operation's operationId.
func (n *namer) unclaimed(op Operation, names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		owner, claimed := n.claims[name]
		return claimed && owner != op.Method+" "+op.Path && (owner != "" || name != Snake(op.ID))
	})
}

// candidates lists the names of an operation, the most guessable first.
// One that yields the plain name says early what tells it apart.
func (n *namer) candidates(op Operation, p path, yields bool) []string {
	for _, name := range op.Query {
		p.params = append(p.params[:len(p.params):len(p.params)], Snake(name))
	}
	id := meaningfulID(op, p)
	if n.isNumbered(id) {
		id = ""
	}
	described := n.describe(op, p, true)
	if len(p.params) == 0 && n.items[described] && op.Method != "POST" { // /account beside /accounts/{account}
		verb, rest, _ := strings.Cut(described, "_")
		described = verb + "_current_" + rest
	}
	var c []string
	if id != "" {
		c = append(c, id)
		if folder := Snake(strings.Join(op.Folder, " ")); folder != "" && !strings.HasPrefix(id, folder) {
			c = append(c, folder+"_"+id)
		}
	}
	asWritten := n.describe(op, p, false)
	ofItem := len(p.segments) > 0 && p.segments[len(p.segments)-1].param != "" // "get_customers" would promise many
	if !n.partOfItem(op) {
		c = append(c, described)
	}
	if yields {
		c = append(c, qualified(described, p)...)
	}
	if !ofItem {
		c = append(c, asWritten)
	}
	by := described
	if len(p.params) > 0 {
		if len(op.Query) == 0 {
			c = append(c, described+"_by_"+strings.Join(p.lastParams(), "_and_"))
		}
		by += "_by_" + strings.Join(p.params, "_and_")
		c = append(c, by)
	}
	if ofItem {
		c = append(c, asWritten)
	}
	if c = append(c, qualified(described, p)...); by != described {
		c = append(c, qualified(by, p)...)
	}
	spelled := Snake(op.Path)
	if verb, _, _ := strings.Cut(described, "_"); verb == "list" {
		c = append(c, join("list", []string{spelled}))
	}
	return append(c, strings.ToLower(op.Method)+"_"+spelled)
}

func qualified(name string, p path) []string {
	var out []string
	for _, q := range p.qualifiers() {
		out = append(out, name+"_"+q)
	}
	return out
}

// partOfItem reports whether a path adds a parameter to that of an item with the
// same method, which then has the plain name: "/sets/{set}" is get_set, and
// "/sets/{set}/{card}" is not.
func (n *namer) partOfItem(op Operation) bool {
	whole := strings.TrimSuffix(op.Path, "/")
	if !strings.HasSuffix(whole, "}") {
		return false
	}
	parent := whole[:max(strings.LastIndexByte(whole, '/'), 0)]
	return strings.HasSuffix(parent, "}") && n.verbsOf[parent][op.Method] && n.listing[parent] != List
}

// isNumbered reports whether an operationId is another one with a number behind
// it, as generators make them from methods of one name ("delete_14"): the number
// says nothing, so method and path name the operation.
func (n *namer) isNumbered(id string) bool {
	base := strings.TrimRight(id, "0123456789")
	name, ok := strings.CutSuffix(base, "_")
	return ok && base != id && n.ids[name]
}

// meaningfulID returns the operationId in snake_case, or "" when it says no more
// than method and path do.
func meaningfulID(op Operation, p path) string {
	id := Snake(op.ID)
	if id == "" {
		return ""
	}
	method := strings.ToLower(op.Method)
	if rest, ok := besidePath(op, method); ok {
		return rest
	}
	squashed := strings.ReplaceAll(id, "_", "")
	for _, words := range p.spellings(op.Path) {
		spelled := strings.Join(words, "")
		if spelled != "" && (squashed == method+spelled || squashed == spelled+method) {
			return ""
		}
	}
	words := Words(op.ID)
	if respells(words, method, p.spelled("")) || prefixed(words, method, p) {
		return ""
	}
	// FastAPI: read_items_items__item_id__get is function, path and method
	tail := nonWord.ReplaceAllString(op.Path, "_") + "_" + method
	if name, ok := strings.CutSuffix(op.ID, tail); ok && Snake(name) != "" {
		return Snake(name)
	}
	return id
}

var nonWord = regexp.MustCompile(`[^A-Za-z0-9_]`)

// besidePath returns what an operationId says beside the path that stands in it
// as it is written, and reports whether one does: of
// "post-/emails/{email}/draft_resetDraft" reset_draft, and nothing of
// "get-/emails/{email}_getById", which names no thing.
func besidePath(op Operation, method string) (rest string, ok bool) {
	before, after, found := strings.Cut(op.ID, op.Path)
	if before = Snake(before); !found || len(op.Path) < 2 || before != "" && before != method {
		return "", false
	}
	words := Words(after)
	if strings.Contains(after, "/") || !namesThing(words) { // the path once more
		return "", true
	}
	return strings.Join(words, "_"), true
}

// namesThing reports whether a name says not only what is done but to what:
// resetDraft does, doSearch and getById do not.
func namesThing(words []string) bool {
	for _, w := range words[min(1, len(words)):] {
		switch {
		case w == "by":
			return false
		case !verbs[w] && !reads[w] && !fillers[w]:
			return true
		}
	}
	return false
}

// fillers say in a name neither what is done nor to what.
var fillers = set("do all any one many page batch bulk async or and id ids")

// prefixed reports whether an operationId spells method and path with what comes
// before all paths, a version: "GET_v3-scopes" of /scopes on a server that ends
// in /v3.
func prefixed(id []string, method string, p path) bool {
	if len(id) < 3 || id[0] != method || p.version != "" || p.prefix != "" {
		return false
	}
	rest := id[1:]
	if rest[0] == "api" || rest[0] == "rest" {
		rest = rest[1:]
	}
	if rest[0][0] != 'v' || !isVersion(rest[0]) {
		return false
	}
	squashed := strings.Join(rest[1:], "")
	return squashed == strings.Join(p.spelled("*"), "") || squashed == strings.Join(p.spelled("id"), "")
}

// respells reports whether an operationId is a method that no person would say
// and the words of a path, in whatever number: "patchWebhook" of /webhooks/{id}.
func respells(id []string, method string, path []string) bool {
	if method != "post" && method != "patch" || len(path) == 0 || len(id) != len(path)+1 || id[0] != method {
		return false
	}
	for i, w := range path {
		if Singular(w) != Singular(id[i+1]) {
			return false
		}
	}
	return true
}
