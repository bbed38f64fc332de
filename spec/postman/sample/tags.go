package sample

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
)

// Tags gives every action a tag: its name in snake_case; where two collide,
// what a name says after its URL ("POST /accounts for Ukraine"), then the
// folders, then the words of method and path; a counter only where no word
// tells them apart. A request without a name of its own is
// called by what it does: create_customer.
func Tags(actions []ductape.Action) {
	described := describe(actions)
	names := make([]string, len(actions))
	count := map[string]int{} // :: name -> actions
	for i := range actions {
		names[i] = cmp.Or(ownName(&actions[i]), described[i])
		count[names[i]]++
	}
	ladders := make([][]string, len(actions))
	for i := range actions {
		a, name := &actions[i], names[i]
		if count[name] > 1 { // the short name is that of the action without a remark
			name = join(name, remark(a))
		}
		ladders[i] = ladder(a, name)
	}
	for i, tag := range naming.Unique(ladders) {
		actions[i].Tag = tag
	}
}

// describe names the actions that have no name of their own by verb and resource.
func describe(actions []ductape.Action) map[int]string {
	var ops []naming.Operation
	at := map[[2]string]int{} // :: method, path -> index in ops
	for i := range actions {
		a := &actions[i]
		key := [2]string{a.Method, a.Resource}
		if _, known := at[key]; !known && ownName(a) == "" {
			at[key] = len(ops)
			ops = append(ops, naming.Operation{Method: a.Method, Path: a.Resource})
		}
	}
	names := naming.Operations(ops)
	out := map[int]string{} // :: index of action -> name
	for i := range actions {
		if k, ok := at[[2]string{actions[i].Method, actions[i].Resource}]; ok {
			out[i] = names[k].Tag
		}
	}
	return out
}

// ladder lists what an action may be called, best first.
func ladder(a *ductape.Action, name string) []string {
	tags := []string{name}
	prefix := ""
	for _, f := range slices.Backward(a.Folder) {
		if f = naming.Snake(f); f != "" {
			prefix = join(f, prefix)
			tags = append(tags, join(prefix, name))
		}
	}
	method, path := strings.ToLower(a.Method), naming.Snake(a.Resource)
	nearest := ""
	if len(a.Folder) > 0 {
		nearest = naming.Snake(a.Folder[len(a.Folder)-1])
	}
	tags = append(tags, join(method, name), join(name, path), join(method, name, path), join(prefix, method, name, path))
	return append(slices.Compact(tags), join(nearest, name)) // the last takes the counter
}

// ownName is the request's name in snake_case, empty when it merely spells its URL.
func ownName(a *ductape.Action) string {
	name := strings.TrimSpace(a.Name)
	if first, rest, ok := strings.Cut(name, " "); ok && strings.EqualFold(first, a.Method) && looksLikeURL(rest) {
		return ""
	}
	if looksLikeURL(name) {
		return ""
	}
	return shortened(naming.Snake(name))
}

const maxTag = 100 // bytes of a name in a tag

// shortened ends a name that is a sentence behind a word.
func shortened(name string) string {
	if len(name) <= maxTag {
		return name
	}
	if i := strings.LastIndexByte(name[:maxTag+1], '_'); i > maxTag/2 {
		return name[:i]
	}
	return strings.ToValidUTF8(name[:maxTag], "")
}

// remark is what a request's name says after the method and URL it spells.
func remark(a *ductape.Action) string {
	fields := strings.Fields(a.Name)
	if len(fields) > 0 && strings.EqualFold(fields[0], a.Method) {
		fields = fields[1:]
	}
	if len(fields) < 2 || !looksLikeURL(fields[0]) {
		return ""
	}
	return naming.Snake(strings.Join(fields[1:], " "))
}

func looksLikeURL(s string) bool {
	s = strings.TrimSpace(s)
	return strings.Contains(s, "://") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "{{") && strings.Contains(s, "/")
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "_")
}
