package schema

import "regexp"

// A pattern is the keyword pattern. One that cannot be compiled here (ECMA-262
// has more than RE2: look-ahead, back references) accepts everything.
type pattern struct {
	text string
	re   *regexp.Regexp // nil: not enforced
}

// MatchString reports whether text has what the pattern asks for.
func (p *pattern) MatchString(text string) bool { return p.re == nil || p.re.MatchString(text) }

func (p *pattern) String() string { return p.text }

// regexp compiles a pattern once. The caller holds the lock.
func (s *Set) regexp(text string) *pattern {
	if p, ok := s.regexps[text]; ok {
		return p
	}
	p := &pattern{text: text}
	if re, err := regexp.Compile(text); err == nil {
		p.re = re
	}
	s.regexps[text] = p
	return p
}

// pattern compiles a pattern once.
func (s *Set) pattern(text string) *pattern {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.regexp(text)
}

// Unenforced lists the patterns met so far that cannot be compiled and accept
// everything.
func (s *Set) Unenforced() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for text, p := range s.regexps {
		if p.re == nil {
			out = append(out, text)
		}
	}
	return out
}
