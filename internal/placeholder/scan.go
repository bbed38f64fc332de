package placeholder

import "strings"

// nameLen returns the length of the name that s begins with: a capital letter,
// then letters and digits. 0 means that there is none.
func nameLen(s string) int {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return 0
	}
	n := 1
	for n < len(s) && isNameByte(s[n]) {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// shaped reports whether s, which follows a $, has the shape of a placeholder:
// Name{, Name( or the word Now.
func shaped(s string) bool {
	n := nameLen(s)
	if n == 0 {
		return false
	}
	if n < len(s) && (s[n] == '{' || s[n] == '(') {
		return true
	}
	return s[:n] == "Now" && (n == len(s) || s[n] != '_')
}

// known reports whether s, which has the shape, begins a placeholder.
func known(s string) bool {
	n := nameLen(s)
	name := s[:n]
	if name == "Now" {
		return true
	}
	if s[n] == '(' {
		return functionOf(name) != nil
	}
	return kindOf(name) != 0 || isBraced(name)
}

// isBraced reports whether the function may be written with braces around its
// only argument: $Size{ref}.
func isBraced(name string) bool { return name == "Size" || name == "Length" }

// dollars returns the next run of $ in s: where it begins and where it ends, or
// len(s) twice.
func dollars(s string) (from, to int) {
	from = strings.IndexByte(s, '$')
	if from < 0 {
		return len(s), len(s)
	}
	to = from
	for to < len(s) && s[to] == '$' {
		to++
	}
	return from, to
}
