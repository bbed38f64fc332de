package postman

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A scope is what a collection, folder or item declares.
type scope struct {
	parent *scope
	vars   map[string]*variable
	memo   map[string]expanded // :: name -> what value found
	hidden map[string]bool     // :: name -> what hides found
}

func (s *scope) find(name string) *variable {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

// credential notes that an auth's value comes from the variable called name.
func (s *scope) credential(name string) {
	if v := s.find(name); v != nil {
		v.used, v.credential = true, true
	}
}

const (
	maxExpansion = 10      // variables in values of variables
	maxValue     = 1 << 16 // bytes of an expanded value
)

// hides reports whether a variable's value must not be written anywhere: it is
// a secret, or made of one, or made of others too deep to tell.
func (s *scope) hides(name string) bool { return s.hidesIn(name, maxExpansion) }

func (s *scope) hidesIn(name string, depth int) bool {
	if h, ok := s.hidden[name]; ok {
		return h
	}
	if s.hidden == nil {
		s.hidden = map[string]bool{}
	}
	s.hidden[name] = false // of one that is made of itself
	v := s.find(name)
	if v == nil {
		return false
	}
	h := v.secret && sample.IsLiteral(v.value) || slices.ContainsFunc(names(v.value), func(n string) bool {
		return depth == 0 || s.hidesIn(n, depth-1)
	})
	if h {
		v.used = true
	}
	s.hidden[name] = h
	return h
}

// expand replaces variables by their values, as far as they have one that is no
// secret.
func (s *scope) expand(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	var b strings.Builder
	for _, p := range pieces(text) {
		switch {
		case !p.isVar:
			b.WriteString(p.text)
		case b.Len() < maxValue:
			value, _ := s.value(p.text)
			b.WriteString(value)
		default:
			b.WriteString("{{" + p.text + "}}")
		}
	}
	return b.String()
}

func (s *scope) expandIn(text string, depth int) string {
	if depth == 0 || !strings.Contains(text, "{{") {
		return text
	}
	var b strings.Builder
	for _, p := range pieces(text) {
		switch v := s.find(p.text); {
		case !p.isVar:
			b.WriteString(p.text)
		case v != nil && v.value != "" && b.Len() < maxValue && !s.hides(p.text):
			v.used = true
			b.WriteString(s.expandIn(v.value, depth-1))
		default:
			b.WriteString("{{" + p.text + "}}")
		}
	}
	return b.String()
}

// value returns a variable's value with the variables in it replaced, and
// whether all of them have one.
func (s *scope) value(name string) (text string, known bool) {
	if v, ok := s.memo[name]; ok {
		return v.text, v.known
	}
	text = s.expandIn("{{"+name+"}}", maxExpansion)
	known = len(names(text)) == 0
	if s.memo == nil {
		s.memo = map[string]expanded{}
	}
	s.memo[name] = expanded{text, known}
	return text, known
}

// expanded is what value found.
type expanded struct {
	text  string
	known bool
}
