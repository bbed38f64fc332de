// Package nearest finds the names a person may have meant. Start with Nearest.
// It promises a stable answer, best first, and never more than asked for.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// maxLength bounds the names that are compared, in bytes: longer ones are never
// suggested, so that a hostile name costs nothing.
const maxLength = 200

// Nearest returns up to n candidates that resemble name, nearest first. A
// candidate resembles name when they differ by at most a third of the letters
// (optimal string alignment distance, upper and lower case alike), or when one
// holds the other.
func Nearest(name string, candidates []string, n int) []string {
	if n <= 0 || name == "" || len(name) > maxLength {
		return nil
	}
	found := matches(strings.ToLower(name), candidates)
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	out := make([]string, 0, min(n, len(found)))
	for _, m := range found {
		if len(out) < n && !slices.Contains(out, m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// Hint returns "did you mean a, b?" for the nearest of the candidates, else
// "known: …" where there are few of them, else "".
func Hint(name string, candidates []string) string {
	if near := Nearest(name, candidates, 3); len(near) > 0 {
		return "did you mean " + strings.Join(near, ", ") + "?"
	}
	if len(candidates) == 0 || len(candidates) > 12 {
		return ""
	}
	known := slices.Clone(candidates)
	slices.Sort(known)
	return "known: " + strings.Join(slices.Compact(known), ", ")
}

type match struct {
	name     string
	distance int
}

func matches(name string, candidates []string) []match {
	var found []match
	for _, c := range candidates {
		if d, ok := resembles(name, strings.ToLower(c)); ok {
			found = append(found, match{c, d})
		}
	}
	return found
}

func resembles(name, candidate string) (int, bool) {
	if candidate == "" || len(candidate) > maxLength {
		return 0, false
	}
	limit := max(1, max(len(name), len(candidate))/3)
	if d, ok := distance(name, candidate, limit); ok {
		return d, true
	}
	if len(name) >= 3 && strings.Contains(candidate, name) || len(candidate) >= 3 && strings.Contains(name, candidate) {
		return limit + 1, true
	}
	return 0, false
}
