package postman

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// literals are the credentials that were left out. People write them into
// descriptions as well.
type literals map[string]bool

const minLiteral = 8 // bytes of a credential that is looked for in descriptions

// add notes a credential, unless it is short or may be a word of the language.
func (l literals) add(value string) {
	value = strings.TrimSpace(value)
	if len(value) >= minLiteral && len(names(value)) == 0 && strings.ContainsFunc(value, func(c rune) bool { return !unicode.IsLetter(c) }) {
		l[value] = true
	}
}

// withoutLiterals takes credentials out of the descriptions of the App.
func (r *reader) withoutLiterals() {
	longestFirst := slices.SortedFunc(maps.Keys(r.literals), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	pairs := make([]string, 0, 2*len(longestFirst))
	for _, value := range longestFirst {
		pairs = append(pairs, value, sample.Removed)
	}
	replacer := strings.NewReplacer(pairs...)
	clean := func(text *string) {
		*text, _ = sample.Scrub(replacer.Replace(*text))
	}
	clean(&r.app.Description)
	for i := range r.app.Variables {
		clean(&r.app.Variables[i].Description)
	}
	for i := range r.app.Actions {
		a := &r.app.Actions[i]
		clean(&a.Description)
		for j := range a.Params {
			clean(&a.Params[j].Description)
		}
	}
}
