package catalog

import (
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
)

// keepTags lets every described endpoint have the tag under which it is kept
// already, where the description would now name it otherwise: because its
// operationId changed, or because something else is described or gone. Programs
// call it by that tag. The new one becomes an alias; an action that is new and
// would have a kept tag gets another name.
func keepTags(stored, fresh []ductape.Action) {
	tags := keptTags(stored, fresh)
	owned := make(map[string]bool, len(tags))
	for _, tag := range tags {
		owned[tag] = true
	}
	names := namesOf(stored, fresh)
	for i := range fresh {
		f := &fresh[i]
		own := f.Tag
		switch tag, keeps := tags[f]; {
		case keeps && tag != own:
			f.Tag = tag
			f.Aliases = slices.DeleteFunc(slices.Clone(f.Aliases), func(name string) bool { return name == tag })
			if own != f.OperationID && !owned[own] && names[own] < 2 {
				f.Aliases = append(f.Aliases, own)
			}
		case !keeps && owned[own]:
			op := naming.Operation{Method: f.Method, Path: f.Resource, ID: f.OperationID, Folder: f.Folder}
			f.Tag = naming.Another(op, func(name string) bool { return owned[name] || names[name] > 0 })
			f.Aliases = slices.DeleteFunc(slices.Clone(f.Aliases), func(name string) bool { return owned[name] })
		}
		owned[f.Tag] = true
		names[f.Tag]++
	}
	keepNames(stored, fresh, tags)
}

// keepNames lets every endpoint that is described still be called by the names
// that it had, such as the operationId before, where nothing else is.
func keepNames(stored, fresh []ductape.Action, tags map[*ductape.Action]string) {
	old, taken, was := byTag(stored), namesOf(stored, fresh), map[string]int{}
	for i := range stored {
		for _, name := range oldNames(&stored[i]) {
			was[name]++
		}
	}
	for i := range fresh {
		f := &fresh[i]
		s := old[f.Tag]
		if s == nil || tags[f] != s.Tag {
			continue
		}
		for _, name := range oldNames(s) {
			if taken[name] == 0 && was[name] == 1 {
				f.Aliases = append(slices.Clone(f.Aliases), name)
			}
		}
	}
}

// oldNames are an action's names beside its tag that its description gave it.
func oldNames(a *ductape.Action) []string {
	var out []string
	e := editsOf(a.Edited)
	if a.OperationID != "" && !e["operation_id"] {
		out = append(out, a.OperationID)
	}
	if !e["aliases"] {
		out = append(out, a.Aliases...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keptTags says which described action keeps which tag. Two endpoints whose
// operationIds changed places are the exception: there the description itself
// says which is which.
func keptTags(stored, fresh []ductape.Action) map[*ductape.Action]string {
	kept, described := byEndpoint(stored), byEndpoint(fresh)
	byTag := byTag(fresh)
	tags := make(map[*ductape.Action]string, len(fresh))
	for i := range fresh {
		f := &fresh[i]
		s := kept[endpoint(f)]
		if s == nil || described[endpoint(f)] == nil {
			continue
		}
		if other := byTag[s.Tag]; other != nil && other != f && kept[endpoint(other)] != nil && naming.Snake(other.OperationID) == s.Tag && f.OperationID != s.OperationID {
			continue
		}
		tags[f] = s.Tag
	}
	return tags
}

// namesOf counts who has a name: of what is kept by tag, of what is described by
// every name.
func namesOf(stored, fresh []ductape.Action) map[string]int {
	names := make(map[string]int, 2*len(fresh)+len(stored))
	for i := range fresh {
		for name := range fresh[i].Names() {
			names[name]++
		}
	}
	for i := range stored {
		if names[stored[i].Tag] == 0 {
			names[stored[i].Tag]++
		}
	}
	return names
}

func endpoint(a *ductape.Action) string { return a.Method + " " + a.BaseURL + " " + a.Resource }

// byEndpoint leaves out endpoints that several actions share, and those that a
// person set.
func byEndpoint(actions []ductape.Action) map[string]*ductape.Action {
	out := make(map[string]*ductape.Action, len(actions))
	for i := range actions {
		a := &actions[i]
		e := editsOf(a.Edited)
		if e["method"] || e["resource"] || e["base_url"] || e[editedAll] {
			continue
		}
		if _, shared := out[endpoint(a)]; shared {
			out[endpoint(a)] = nil
			continue
		}
		out[endpoint(a)] = a
	}
	return out
}
