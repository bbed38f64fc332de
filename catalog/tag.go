package catalog

import (
	"github.com/ductape-go/ductape"
)

// maxTag is the longest tag, in bytes.
const maxTag = 128

// validTag reports whether s may name something: a letter or digit, then
// letters, digits, dots, underscores and dashes.
func validTag(s string) bool {
	if s == "" || len(s) > maxTag || !alnum(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !alnum(s[i]) && s[i] != '.' && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return true
}

func alnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

const tagRule = "use a letter or digit, then letters, digits, '.', '_' and '-', at most 128"

// tag checks one name and that seen does not hold it yet.
func (p *problems) tag(where, what, s string, seen map[string]bool) {
	switch {
	case s == "":
		p.add(where, "%s is missing", what)
	case !validTag(s):
		p.add(where, "%s %s is not allowed: %s", what, quote(s), tagRule)
	case seen[s]:
		p.add(where, "%s %s is there twice", what, quote(s))
	}
	seen[s] = true
}

func checkWorkspace(ws string) error {
	if !validTag(ws) {
		return ductape.NewError(ductape.CodeUnknownWorkspace, "there is no workspace "+quote(ws))
	}
	return nil
}
