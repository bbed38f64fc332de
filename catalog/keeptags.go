package catalog

import (
	"slices"

	"github.com/ductape-go/ductape"
)

// keepTags lets a described action have the tag under which its endpoint is kept
// already, where the description would now name it otherwise: because its
// operationId changed, or because something new took part in its name. Programs
// call it by that tag. The new one becomes an alias.
func keepTags(stored, fresh []ductape.Action) {
	kept, described := byEndpoint(stored), byEndpoint(fresh)
	before, now := ownersOf(stored), ownersOf(fresh)
	for i := range fresh {
		f := &fresh[i]
		s := kept[endpoint(f)]
		if s == nil || described[endpoint(f)] == nil || s.Tag == f.Tag {
			continue
		}
		if a, b := before[f.Tag], now[s.Tag]; a != nil && a != s || b != nil && b != f {
			continue // one of the names is another action's
		}
		aliases := slices.DeleteFunc(slices.Clone(f.Aliases), func(name string) bool { return name == s.Tag })
		if f.Tag != f.OperationID {
			aliases = append(aliases, f.Tag)
		}
		f.Aliases = aliases
		f.Tag = s.Tag
	}
}

func endpoint(a *ductape.Action) string { return a.Method + " " + a.BaseURL + " " + a.Resource }

// byEndpoint leaves out endpoints that several actions share.
func byEndpoint(actions []ductape.Action) map[string]*ductape.Action {
	out := make(map[string]*ductape.Action, len(actions))
	for i := range actions {
		if _, shared := out[endpoint(&actions[i])]; shared {
			out[endpoint(&actions[i])] = nil
			continue
		}
		out[endpoint(&actions[i])] = &actions[i]
	}
	return out
}

// ownersOf says which action answers to a name.
func ownersOf(actions []ductape.Action) map[string]*ductape.Action {
	owners := make(map[string]*ductape.Action, 2*len(actions))
	for i := range actions {
		for name := range actions[i].Names() {
			owners[name] = &actions[i]
		}
	}
	return owners
}
