package postman_test

import (
	"strings"
	"testing"
)

// variables: every declared variable is accounted for. It is a variable of the
// App with its value (compared at each use), or part of an address or a name,
// or what a credential comes from, or reported where it is declared. And the
// App has no variable that nobody declared.
func (s *s2reading) variables(t *testing.T) {
	credentials := ""
	for _, a := range s.app.Auths {
		credentials += a.Description + "\n"
	}
	names := map[string]bool{}
	for _, v := range s.declared {
		names[v.name] = true
		_, isVariable := s.appVariable(v.name)
		if !isVariable && !v.addressed && !strings.Contains(credentials, "{{"+v.name+"}}") && len(s.warnings[v.at]) == 0 {
			t.Errorf("variable %q at %s is lost, and nothing says so", v.name, v.at)
		}
		s.sum.Compared.Variables++
	}
	for _, v := range s.app.Variables {
		if !names[v.Key] && v.Default != nil {
			t.Errorf("the App's variable %q = %s is declared nowhere", v.Key, v.Default)
		}
	}
	if s.app.Constants != nil {
		t.Errorf("constants %v: a collection has none", s.app.Constants)
	}
}
