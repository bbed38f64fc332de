package catalog

import "github.com/ductape-go/ductape"

// guardActions keeps existing credentials from servers that single actions of
// a re-imported description newly name: a kept action stays where it was, a new
// one is left out until its host is accepted.
func (m *merge) guardActions(stored, merged []ductape.Action) []ductape.Action {
	if len(m.used) == 0 {
		return merged
	}
	known := m.knownOrigins(stored)
	bases := make(map[string]string, len(stored))
	for i := range stored {
		bases[stored[i].Tag] = stored[i].BaseURL
	}
	out := merged[:0]
	for _, a := range merged {
		to := filledBase(m.fresh, a.BaseURL)
		if a.BaseURL == "" || known[origin(to)] || m.accepts(to) {
			out = append(out, a)
			continue
		}
		base, stays := bases[a.Tag]
		meanwhile := "the action is left out"
		if stays {
			meanwhile = "kept as it was"
		}
		m.refuse("actions."+a.Tag+".base_url", origin(to), meanwhile)
		if stays {
			a.BaseURL = base
			out = append(out, a)
		}
	}
	return out
}

// knownOrigins are the places that credentials of the app may go to already.
func (m *merge) knownOrigins(stored []ductape.Action) map[string]bool {
	known := map[string]bool{}
	for _, e := range m.stored.Envs {
		known[origin(filledBase(m.stored, e.BaseURL))] = true
		for _, h := range e.Hosts {
			known["https://"+h] = true
		}
	}
	for i := range stored {
		known[origin(filledBase(m.stored, stored[i].BaseURL))] = true
	}
	return known
}
