// Package naming gives things the names a person would guess: snake_case
// identifiers, tags of apps, and unique tags of actions.
//
// Names must not change between imports of the same description. So nothing
// here depends on the order of a map or of a document, and a collision is
// solved by meaning (the path's words, a folder, a version) before a counter.
package naming

import (
	"strings"
	"unicode"
)

// Snake returns s in snake_case: "getPetById" and "get-pet.byID" both give
// "get_pet_by_id".
func Snake(s string) string { return strings.Join(Words(s), "_") }

// Words splits s into its lower-case words, at anything that is neither letter
// nor digit and where camelCase begins a new word.
func Words(s string) []string {
	var words []string
	runes := []rune(s)
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
		start = -1
	}
	for i, r := range runes {
		switch {
		case r == '\'' || r == '’': // "user's" is one word
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			flush(i)
		case start < 0:
			start = i
		case unicode.IsUpper(r) && beginsWord(runes, start, i):
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	for i, w := range words {
		words[i] = strings.Map(dropQuote, w)
	}
	return words
}

func dropQuote(r rune) rune {
	if r == '\'' || r == '’' {
		return -1
	}
	return r
}

// beginsWord reports whether the upper-case letter at i opens a word: after a
// lower-case letter or digit ("petID"), or as the last capital of a run that a
// word follows ("HTTPServer"). A plural acronym ("listVPCs") stays whole, and so
// does a capital mark such as the one of "OAuth" or "IPv6".
func beginsWord(runes []rune, start, i int) bool {
	prev := runes[i-1]
	if i-start == 1 && unicode.ToLower(prev) == 'o' && hasFold(runes[i:], "auth") {
		return false
	}
	if !unicode.IsUpper(prev) {
		return true
	}
	if i+1 >= len(runes) || !unicode.IsLower(runes[i+1]) {
		return false
	}
	rest := runes[i+1:]
	if rest[0] == 's' && (len(rest) == 1 || !unicode.IsLower(rest[1])) {
		return false // VPCs
	}
	if rest[0] == 'v' && len(rest) > 1 && unicode.IsDigit(rest[1]) {
		return false // IPv6
	}
	return true
}

func hasFold(runes []rune, prefix string) bool {
	return len(runes) >= len(prefix) && strings.EqualFold(string(runes[:len(prefix)]), prefix)
}

// words at the end of a title that say nothing of which API it is
var titleNoise = map[string]bool{
	"api": true, "apis": true, "rest": true, "restful": true, "openapi": true, "swagger": true, "specification": true,
	"spec": true, "version": true, "documentation": true, "docs": true, "public": true, "collection": true, "postman": true,
	"http": true, "web": true, "reference": true, "definition": true, "the": true,
}

// Tag derives the tag of an app from the title of its description:
// "Stripe API" gives "stripe", "Checkout API v71" gives "checkout".
func Tag(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
	})
	for i, w := range words {
		words[i] = strings.Map(dropQuote, w)
	}
	all := words
	for len(words) > 1 && (titleNoise[words[len(words)-1]] || isVersion(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && titleNoise[words[0]] {
		words = words[1:]
	}
	if len(words) == 1 && isVersion(words[0]) {
		words = all
	}
	tag := strings.Join(words, "-")
	if len(tag) > 64 {
		tag = tag[:64]
		if i := strings.LastIndexByte(tag, '-'); i > 16 {
			tag = tag[:i]
		}
		tag = strings.ToValidUTF8(tag, "")
	}
	if tag == "" {
		return "app"
	}
	return tag
}

// isVersion reports whether a word only says a version: "v2", "v1beta1", "3",
// "2024".
func isVersion(w string) bool {
	w = strings.TrimPrefix(w, "v")
	if w == "" || w[0] < '0' || w[0] > '9' {
		return false
	}
	w = strings.TrimLeft(w, "0123456789")
	for _, stage := range []string{"alpha", "beta", "rc", "preview"} {
		if rest, ok := strings.CutPrefix(w, stage); ok {
			w = strings.TrimLeft(rest, "0123456789")
		}
	}
	return w == ""
}
