package catalog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// keepAuths lets an auth have the tag under which it is kept already. Where a
// description gives it no name, as requests do not, its tag comes from what else is
// described: without this, a request more could give the value of a connection to
// another header.
func keepAuths(stored []ductape.Auth, fresh *ductape.App) {
	tags, owned := map[string]string{}, map[string]bool{} // :: own tag -> kept tag
	for _, f := range fresh.Auths {
		if s := theOne(stored, f); s != nil && theOne(fresh.Auths, f) != nil {
			tags[f.Tag], owned[s.Tag] = s.Tag, true
		}
	}
	for _, f := range fresh.Auths {
		if _, kept := tags[f.Tag]; kept {
			continue
		}
		tag := f.Tag
		for n := 2; owned[tag]; n++ {
			tag = f.Tag + "_" + strconv.Itoa(n)
		}
		tags[f.Tag], owned[tag] = tag, true
	}
	for i := range fresh.Auths {
		fresh.Auths[i].Tag = tags[fresh.Auths[i].Tag]
	}
	for i := range fresh.Actions {
		retag(&fresh.Actions[i], tags)
	}
}

// theOne returns the auth of a list that is used as a is, unless there are several.
func theOne(list []ductape.Auth, a ductape.Auth) *ductape.Auth {
	like := func(b ductape.Auth) bool {
		return b.Scheme == a.Scheme && b.Type == a.Type && b.In == a.In && b.Prefix == a.Prefix && (b.Name == a.Name || a.In == ductape.InHeader && strings.EqualFold(b.Name, a.Name))
	}
	i := slices.IndexFunc(list, like)
	if i < 0 || slices.ContainsFunc(list[i+1:], like) {
		return nil
	}
	return &list[i]
}

// retag puts the tags that auths have got into an action's security, which it may
// share with others.
func retag(a *ductape.Action, tags map[string]string) {
	if len(a.Security) == 0 {
		return
	}
	security := make([]ductape.SecurityAlternative, len(a.Security))
	for i, alternative := range a.Security {
		security[i] = slices.Clone(alternative)
		for j := range security[i] {
			if tag, ok := tags[security[i][j].Auth]; ok {
				security[i][j].Auth = tag
			}
		}
	}
	a.Security = security
}
