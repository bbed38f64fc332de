package catalog

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// editedAll marks an action that was written by hand.
const editedAll = "all"

// Edits are kept in ductape.App.Edited and ductape.Action.Edited as names of
// what was edited: "name", "envs.prd.base_url", "auths.token_access". A dash
// before one says that it was removed by hand: "-envs.prd".
type edits map[string]bool

func editsOf(list []string) edits {
	e := make(edits, len(list))
	for _, s := range list {
		e[s] = true
	}
	return e
}

func (e edits) list() []string {
	if len(e) == 0 {
		return nil
	}
	out := make([]string, 0, len(e))
	for s := range e {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// under reports whether anything below the name was edited.
func (e edits) under(name string) bool {
	for s := range e {
		if s == name || strings.HasPrefix(s, name+".") {
			return true
		}
	}
	return false
}

// put marks name as edited, whatever was removed by that name before.
func (e edits) put(name string) {
	e[name] = true
	for at := range len(name) { // neither it nor what holds it is removed now
		if name[at] == '.' {
			delete(e, "-"+name[:at])
		}
	}
	delete(e, "-"+name)
}

// drop marks name as removed by hand.
func (e edits) drop(name string) {
	for s := range e {
		if s == name || strings.HasPrefix(s, name+".") {
			delete(e, s)
		}
	}
	e["-"+name] = true
}

// reset forgets edits, but not what was removed.
func (e edits) reset() {
	for s := range e {
		if !strings.HasPrefix(s, "-") {
			delete(e, s)
		}
	}
}

// A field is one editable part of an action.
type field struct {
	name  string
	value func(*ductape.Action) any
	keep  func(dst, src *ductape.Action)
}

// actionFields lists what of an action can be edited.
var actionFields = []field{
	{"name", func(a *ductape.Action) any { return a.Name }, func(d, s *ductape.Action) { d.Name = s.Name }},
	{"description", func(a *ductape.Action) any { return a.Description }, func(d, s *ductape.Action) { d.Description = s.Description }},
	{"folder", func(a *ductape.Action) any { return a.Folder }, func(d, s *ductape.Action) { d.Folder = s.Folder }},
	{"method", func(a *ductape.Action) any { return a.Method }, func(d, s *ductape.Action) { d.Method = s.Method }},
	{"resource", func(a *ductape.Action) any { return a.Resource }, func(d, s *ductape.Action) { d.Resource = s.Resource }},
	{"operation_id", func(a *ductape.Action) any { return a.OperationID }, func(d, s *ductape.Action) { d.OperationID = s.OperationID }},
	{"aliases", func(a *ductape.Action) any { return a.Aliases }, func(d, s *ductape.Action) { d.Aliases = s.Aliases }},
	{"base_url", func(a *ductape.Action) any { return a.BaseURL }, func(d, s *ductape.Action) { d.BaseURL = s.BaseURL }},
	{"params", func(a *ductape.Action) any { return a.Params }, func(d, s *ductape.Action) { d.Params = s.Params }},
	{"body", func(a *ductape.Action) any { return a.Body }, func(d, s *ductape.Action) { d.Body = s.Body }},
	{"security", func(a *ductape.Action) any { return a.Security }, func(d, s *ductape.Action) { d.Security = s.Security }},
	{"responses", func(a *ductape.Action) any { return a.Responses }, func(d, s *ductape.Action) { d.Responses = s.Responses }},
	{"deprecated", func(a *ductape.Action) any { return a.Deprecated }, func(d, s *ductape.Action) { d.Deprecated = s.Deprecated }},
}

// markAction records in next what differs from the stored action, nil where it
// is new and so written by hand.
func markAction(stored, next *ductape.Action) {
	if stored == nil {
		next.Edited = []string{editedAll}
		return
	}
	e := editsOf(stored.Edited)
	for _, f := range actionFields {
		if !e[editedAll] && !same(f.value(stored), f.value(next)) {
			e.put(f.name)
		}
	}
	next.Edited = e.list()
}

// keepActionEdits returns the freshly described action with what a person
// edited in the stored one.
func keepActionEdits(stored, fresh *ductape.Action) ductape.Action {
	e := editsOf(stored.Edited)
	if e[editedAll] {
		return *stored
	}
	out := *fresh
	for _, f := range actionFields {
		if e[f.name] {
			f.keep(&out, stored)
		}
	}
	out.Edited = stored.Edited
	return out
}
