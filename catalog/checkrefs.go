package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// A referrer is what values may refer to: those of an app, or those of one
// environment of a connection to it. It gathers what is wrong with references
// that can never be filled. What may still come, such as a secret, is not wrong.
type referrer struct {
	app   *ductape.App
	names []string               // that stand for the app in $Variable{app}{key}
	conn  *ductape.ConnectionEnv // nil: the app alone
	set   []string               // of the app alone: variables that connections set
	found []ductape.Problem
	unset []ductape.Problem // variables that the connection does not set yet
}

// text looks at the references of a text. Node names the value that it is of,
// "" for one that nothing can refer to. Fixed texts are those that users may not
// shape: base URLs and resources.
func (r *referrer) text(where, node, text string, fixed bool) {
	t, err := placeholder.Parse(text)
	if err != nil {
		return // which is reported where texts are parsed
	}
	for _, ref := range t.Refs() {
		if message := r.wrong(ref, node, fixed); message != "" {
			r.found = append(r.found, ductape.Problem{Where: where, Message: fmt.Sprintf("column %d: %s", ref.Column, message)})
		} else if r.isUnset(ref) {
			r.unset = append(r.unset, ductape.Problem{Where: where, Message: clip(ref.Text) + ": the connection sets no such variable here, and it has no default"})
		}
	}
}

// json looks at every text of a JSON value.
func (r *referrer) json(where, node string, raw []byte) {
	walkText(raw, func(at jsontext.Pointer, text string) {
		if placeholder.Maybe(text) {
			r.text(where+dotted(at), node, text, false)
		}
	})
}

// wrong says why a reference can never be filled, "" when it can.
func (r *referrer) wrong(ref placeholder.Ref, node string, fixed bool) string {
	if message := r.missing(ref); message != "" {
		if ref.Optional {
			return ""
		}
		return clip(ref.Text) + ": " + message
	}
	if fixed {
		if chain := r.chain(ref, isUsers, map[string]bool{}); chain != nil {
			return arrows(chain) + " cannot stand in a base URL or a resource; make it a path parameter"
		}
	}
	if node == "" {
		return ""
	}
	if chain := r.chain(ref, func(x placeholder.Ref) bool { return r.node(x) == node }, map[string]bool{}); chain != nil {
		return arrows(chain) + " refers to itself"
	}
	return ""
}

// isUsers reports whether a reference is to what users choose.
func isUsers(ref placeholder.Ref) bool {
	return ref.Kind == placeholder.Session || ref.Kind == placeholder.Input
}

func arrows(chain []string) string {
	for i := range chain {
		chain[i] = clip(chain[i])
	}
	return strings.Join(chain, " -> ")
}

// missing says what is not there, "" when it is.
func (r *referrer) missing(ref placeholder.Ref) string {
	switch ref.Kind {
	case placeholder.Variable, placeholder.Constant:
		if !slices.Contains(r.names, ref.Path[0]) {
			return "this is the app " + quote(r.app.Tag) + ", not " + quote(ref.Path[0]) + "; write " + quote("$"+ref.Kind.String()+"{"+r.app.Tag+"}{"+ref.Path[1]+"}")
		}
		return r.missingKey(ref)
	case placeholder.Auth:
		return r.missingAuth(ref.Path)
	}
	return ""
}

func (r *referrer) missingKey(ref placeholder.Ref) string {
	key := ref.Path[1]
	if ref.Kind == placeholder.Constant {
		if find(r.app.Constants, key, constantKey) == nil {
			return withHint("the app "+quote(r.app.Tag)+" has no constant "+quote(key), nearest.Hint(key, tagsOf(r.app.Constants, constantKey)))
		}
		return ""
	}
	if find(r.app.Variables, key, variableKey) != nil || r.conn != nil && r.conn.Variables[key] != nil || slices.Contains(r.set, key) {
		return ""
	}
	return withHint("the app "+quote(r.app.Tag)+" has no variable "+quote(key), nearest.Hint(key, tagsOf(r.app.Variables, variableKey)))
}

func (r *referrer) missingAuth(path []string) string {
	if r.conn == nil {
		if len(path) == 2 && r.app.Auth(path[0]) == nil {
			return withHint("the app "+quote(r.app.Tag)+" has no auth "+quote(path[0]), nearest.Hint(path[0], tagsOf(r.app.Auths, authTag)))
		}
		return ""
	}
	if len(path) == 1 && len(r.conn.Auth) != 1 {
		return "the connection has " + count(len(r.conn.Auth), "auth") + " here; name one, as in $Auth{tag}{" + clip(path[0]) + "}"
	}
	if tag, field := r.auth(path); field == "" {
		return "the connection has no value " + quote(path[len(path)-1]) + " of the auth " + quote(tag) + " here"
	}
	return ""
}

// auth is the auth and the field that a reference of the connection means; the
// field is empty where there is none.
func (r *referrer) auth(path []string) (tag, field string) {
	tag = path[0]
	if len(path) == 1 {
		for tag = range r.conn.Auth { // the only one
		}
	}
	field = path[len(path)-1]
	if _, ok := r.conn.Auth[tag][field]; !ok {
		return tag, ""
	}
	return tag, field
}

// isUnset reports whether a variable is declared and has no value here.
func (r *referrer) isUnset(ref placeholder.Ref) bool {
	if r.conn == nil || ref.Kind != placeholder.Variable || ref.Optional {
		return false
	}
	v := find(r.app.Variables, ref.Path[1], variableKey)
	return v != nil && v.Default == nil && r.conn.Variables[ref.Path[1]] == nil
}

// chain is the way from a reference to one that is looked for, nil when there is
// none.
func (r *referrer) chain(ref placeholder.Ref, goal func(placeholder.Ref) bool, seen map[string]bool) []string {
	if goal(ref) {
		return []string{ref.Text}
	}
	node := r.node(ref)
	if node == "" || seen[node] {
		return nil
	}
	seen[node] = true
	for _, text := range r.texts(ref) {
		t, err := placeholder.Parse(text)
		if err != nil {
			continue
		}
		for _, next := range t.Refs() {
			if rest := r.chain(next, goal, seen); rest != nil {
				return append([]string{ref.Text}, rest...)
			}
		}
	}
	return nil
}

// node names the value that a reference is to, "" when it holds no references.
func (r *referrer) node(ref placeholder.Ref) string {
	switch {
	case r.missing(ref) != "":
		return ""
	case ref.Kind == placeholder.Variable:
		return variableNode(ref.Path[1])
	case ref.Kind == placeholder.Constant:
		return constantNode(ref.Path[1])
	case ref.Kind == placeholder.Auth && r.conn != nil:
		return authNode(r.auth(ref.Path))
	}
	return ""
}

func variableNode(key string) string    { return "variable " + key }
func constantNode(key string) string    { return "constant " + key }
func authNode(tag, field string) string { return "auth " + tag + "." + field }

// texts are those of the value that a reference is to.
func (r *referrer) texts(ref placeholder.Ref) []string {
	var raw rawJSON
	switch ref.Kind {
	case placeholder.Auth:
		tag, field := r.auth(ref.Path)
		return []string{r.conn.Auth[tag][field]}
	case placeholder.Constant:
		raw = find(r.app.Constants, ref.Path[1], constantKey).Value
	case placeholder.Variable:
		if v := find(r.app.Variables, ref.Path[1], variableKey); v != nil {
			raw = v.Default
		}
		if r.conn != nil && r.conn.Variables[ref.Path[1]] != nil {
			raw = r.conn.Variables[ref.Path[1]]
		}
	}
	var out []string
	eachText(raw, func(text string) { out = append(out, text) })
	return out
}
