// Package schema reads the JSON schemas of API descriptions: it says what is
// wrong with a value, and makes values that are right.
//
// Start with NewSet, which stands for the schemas of one App. Its Sample and
// ActionInput make valid examples, its Compile gives a Validator, and its Param
// and Body check the parts of a call. The functions of the same names do the
// same without a Set, for a single use.
//
// All dialects are read with one set of rules, from Swagger 2.0 to OpenAPI 3.2
// and JSON Schema 2020-12: what a description gets wrong (an unknown type, a
// list where a number belongs) is left out, never fatal. Schemas are read when
// something first needs them, so that a large description costs nothing to the
// actions that do not use it. Nothing here fetches anything: a $ref leads only
// where Resolve says.
//
// Time and memory are bounded whatever the schema: a sample is at most 1 MB, and
// the search for one gives up after a fixed number of steps.
package schema

import (
	"encoding/json"
	"sync"
)

// A Resolve returns the schema that is kept under the text of a $ref.
type Resolve func(ref string) (json.RawMessage, bool)

// A Set is the schemas of one App, each read when it is first needed. It is safe
// for concurrent use.
type Set struct {
	resolve Resolve
	former  bool // OpenAPI 3.0 and Swagger 2.0

	mu       sync.Mutex
	refs     map[string]*node
	circular map[string]bool      // refs that lead to themselves without going into the value
	variants map[string]*compiled // circular refs, by the refs that led there
	regexps  map[string]*pattern
	checked  map[string]*node // what calls are checked against, by its text
}

// NewSet returns the schemas that resolve reaches. Version is that of the
// description's format ("2.0", "3.0.3", "3.1.0"); empty is the newest. Before
// 3.1, what stands beside a $ref is ignored (OpenAPI 3.0.3, 4.7.23).
func NewSet(version string, resolve Resolve) *Set {
	if resolve == nil {
		resolve = func(string) (json.RawMessage, bool) { return nil, false }
	}
	return &Set{
		resolve: resolve, former: isFormer(version),
		refs: map[string]*node{}, circular: map[string]bool{}, variants: map[string]*compiled{}, regexps: map[string]*pattern{}, checked: map[string]*node{},
	}
}

func isFormer(version string) bool {
	return len(version) >= 2 && version[:2] == "2." || len(version) >= 3 && version[:3] == "3.0"
}

// ref returns the schema under a $ref, one that accepts everything when there is
// none.
func (s *Set) ref(text string) *node {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refLocked(text)
}

func (s *Set) refLocked(text string) *node {
	if n, ok := s.refs[text]; ok {
		return n
	}
	n := &node{}
	if raw, ok := s.resolve(text); ok {
		n = s.parse(raw)
	}
	s.refs[text] = n
	return n
}

// schemaOf reads a schema that calls are checked against, once.
func (s *Set) schemaOf(raw []byte) *node {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.checked[string(raw)]
	if !ok {
		n = s.parse(raw)
		s.checked[string(raw)] = n
	}
	return n
}
