package catalog

import "github.com/ductape-go/ductape"

// guardActions keeps existing credentials from servers that single actions of
// a re-imported description newly name: a kept action stays where it was, a new
// one is left out until its host is accepted.
func (m *merge) guardActions(out *ductape.App, merged []ductape.Action) []ductape.Action {
	if len(m.uses) == 0 {
		return merged
	}
	bases := make(map[string]string, len(m.was))
	for i := range m.was {
		bases[m.was[i].Tag] = m.was[i].BaseURL
	}
	type verdict struct {
		to   destination
		away bool
	}
	judged := map[string]verdict{} // by base URL: many actions share a few
	kept := merged[:0]
	for _, a := range merged {
		v, known := judged[a.BaseURL]
		if !known {
			v.to, v.away = m.actionLeads(out, a.BaseURL)
			judged[a.BaseURL] = v
		}
		if !v.away {
			kept = append(kept, a)
			continue
		}
		base, stays := bases[a.Tag]
		meanwhile := "the action is left out"
		if stays {
			meanwhile = "kept as it was"
		}
		m.refuse("actions."+a.Tag+".base_url", v.to.shown(a.BaseURL), meanwhile)
		if stays {
			a.BaseURL = base
			kept = append(kept, a)
		}
	}
	return kept
}
