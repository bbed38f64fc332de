package schema

import (
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Keywords that the validator does not have as they are needed here.

// nullable accepts null besides what a schema accepts.
type nullable struct{ schema *compiled }

func (k nullable) Validate(ctx *jsonschema.ValidatorContext, v any) {
	if v == nil {
		return
	}
	if err := ctx.Validate(k.schema, v, nil); err != nil {
		ctx.AddErr(err)
	}
}

// oneOfValues is enum.
type oneOfValues struct{ values []any }

func newOneOfValues(list []jsontext.Value) oneOfValues {
	var k oneOfValues
	for _, raw := range list {
		if v, err := decode(raw); err == nil {
			k.values = append(k.values, v)
		}
	}
	return k
}

func (k oneOfValues) Validate(ctx *jsonschema.ValidatorContext, v any) {
	for _, want := range k.values {
		if same, err := ctx.Equals(v, want); err == nil && same {
			return
		}
	}
	ctx.AddError(&kind.Enum{Got: v, Want: k.values})
}

// evaluated says which items prefixItems and items have looked at, for
// unevaluatedItems.
type evaluated struct {
	prefix int
	all    bool
}

func (k evaluated) Validate(ctx *jsonschema.ValidatorContext, v any) {
	items, _ := v.([]any)
	for i := range items {
		if k.all || i < k.prefix {
			ctx.EvaluatedItem(i)
		}
	}
}

// A reference is $ref, read when a value first comes to it.
type reference struct {
	set  *Set
	text string
	path []string // the circular refs that led here
	once sync.Once
	to   *compiled // nil: adds nothing
}

func (b builder) reference(text string) *reference {
	return &reference{set: b.set, text: text, path: b.path}
}

func (k *reference) Validate(ctx *jsonschema.ValidatorContext, v any) {
	k.once.Do(func() { k.to = k.set.target(k.text, k.path) })
	if k.to == nil {
		return
	}
	if err := ctx.Validate(k.to, v, nil); err != nil {
		ctx.AddErr(err)
	}
}

// maxCircle bounds how many circular refs are followed on the same value.
const maxCircle = 3

// target builds what a reference leads to. A base that lists its forms, each of
// which includes the base, is circular: the second time round adds nothing.
func (s *Set) target(ref string, path []string) *compiled {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.refLocked(ref)
	if !s.isCircular(ref) {
		return builder{set: s}.node(n)
	}
	if len(path) >= maxCircle || slices.Contains(path, ref) {
		return nil
	}
	path = append(slices.Clone(path), ref)
	key := strings.Join(path, "\x00")
	if c, ok := s.variants[key]; ok {
		return c
	}
	c := builder{set: s, path: path}.node(n)
	s.variants[key] = c
	return c
}

// isCircular reports whether a reference leads to itself without going into the
// value.
func (s *Set) isCircular(ref string) bool {
	known, ok := s.circular[ref]
	if ok {
		return known
	}
	seen := map[string]bool{}
	s.inPlace(s.refLocked(ref), seen)
	s.circular[ref] = seen[ref]
	return seen[ref]
}

// inPlace notes the references that apply to the same value as n.
func (s *Set) inPlace(n *node, seen map[string]bool) {
	if n == nil {
		return
	}
	if n.ref != "" && !seen[n.ref] {
		seen[n.ref] = true
		s.inPlace(s.refLocked(n.ref), seen)
	}
	for _, list := range [...][]*node{n.allOf, n.anyOf, n.oneOf, {n.not, n.when, n.then, n.otherwise}} {
		for _, part := range list {
			s.inPlace(part, seen)
		}
	}
	for _, p := range n.dependentSchemas {
		s.inPlace(p.node, seen)
	}
}
