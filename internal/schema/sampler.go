package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// SampleOptions say what a sample holds.
type SampleOptions struct {
	All bool // optional properties and parameters too

	// References says that the examples of an Action are written as a Call's
	// input is: those of an App read from Postman, whose variables are in them as
	// $Variable{app}{key}, and what only looks like that is escaped. Those of
	// every other App (OpenAPI, Swagger, cURL, HAR, written by hand) are plain
	// text, and so are the examples in schemas everywhere.
	References bool
}

// Sample returns a value that the schema accepts: one of its examples where
// there is a good one, else its constant, default or first enum value, else one
// made from its type and limits. What only answers have (readOnly) is left out.
//
// When no value was found that the schema accepts, the error says what is wrong
// with the one that came nearest, which is returned with it.
func (s *Set) Sample(schema json.RawMessage, opt SampleOptions) (jsontext.Value, error) {
	return s.sample(s.parse(schema), opt, "sample")
}

// Sample is Set.Sample for a schema of the newest dialect.
func Sample(schema json.RawMessage, resolve Resolve) (jsontext.Value, error) {
	return NewSet("", resolve).Sample(schema, SampleOptions{})
}

func (s *Set) sample(n *node, opt SampleOptions, where string) (jsontext.Value, error) {
	return newMaker(s, opt).sample(n, where)
}

func (m *maker) sample(n *node, where string) (jsontext.Value, error) {
	s := m.set
	v, ok := m.make(n, 0)
	if ok {
		return v, nil
	}
	if v == nil {
		v = jsontext.Value("null")
	}
	problems := []ductape.Problem{{Where: where, Message: "no value that its schema accepts was found"}}
	if decoded, err := decode(v); err == nil {
		problems = append(problems, s.check(n, decoded, where)...)
	}
	return v, noSample(problems)
}

func noSample(problems []ductape.Problem) error {
	e := ductape.NewError(ductape.CodeInvalidInput, "no sample was found that the description accepts").
		WithHint("take the sample as a beginning, or give the description an example")
	e.Problems = problems
	return e
}

// What the search for a sample may take.
const (
	maxSteps = 20_000  // schemas looked at
	maxBytes = 1 << 20 // of the sample
	maxDepth = 40      // of the value
	maxForms = 24      // of a choice that are tried
	costly   = 256     // bytes that cost as much to check as a schema costs to look at
)

// A maker makes one sample. Each method returns the best value it found, and
// whether its schema accepts it.
type maker struct {
	set   *Set
	opt   SampleOptions
	steps int
	bytes int
	depth int
	open  map[*node]int     // schemas being made, to see circles
	text  func(string) bool // nil, or which texts will do for the whole value
	solid int               // objects at this depth and deeper have a member where they can; 0: none has to
}

func newMaker(s *Set, opt SampleOptions) *maker {
	return &maker{set: s, opt: opt, open: map[*node]int{}}
}

// spent reports whether the search has to end.
func (m *maker) spent() bool { return m.steps > maxSteps || m.bytes > maxBytes }

// make returns a value for a schema. Variants differ from each other, where the
// schema allows that.
func (m *maker) make(n *node, variant int) (jsontext.Value, bool) {
	m.steps++
	target := m.target(n)
	if m.spent() || m.depth > maxDepth || m.open[target] > 1 {
		return nil, false
	}
	m.open[target]++
	m.depth++
	defer func() { m.open[target]--; m.depth-- }()
	sh := m.set.shapeOf(n)
	if sh.never {
		return nil, false
	}
	v, ok := m.given(n, sh, variant)
	if !ok {
		v, ok = m.choose(n, sh, variant)
	}
	if list := candidates(sh); !ok && len(list) > 0 {
		v = list[0]
	}
	m.bytes += len(v)
	return v, ok
}

// target follows references, as a circle leads through them.
func (m *maker) target(n *node) *node {
	for i := 0; n.ref != "" && i < maxChain; i++ {
		n = m.set.ref(n.ref)
	}
	return n
}

// accept reports whether a value is one the schema accepts.
func (m *maker) accept(n *node, v jsontext.Value) bool {
	m.steps += 1 + len(v)/costly
	if m.text != nil && m.depth == 1 && v.Kind() == '"' && !m.text(textOf(v)) {
		return false
	}
	return len(v) > 0 && len(v) <= maxBytes && m.set.fits(n, v)
}

// given returns what the description itself says.
func (m *maker) given(n *node, sh *shape, variant int) (jsontext.Value, bool) {
	values := candidates(sh)
	for i := range values {
		v := values[(i+variant)%len(values)]
		if pruned := m.prune(n, v, 0); m.accept(n, pruned) {
			return pruned, i+variant < len(values)
		}
	}
	return nil, false
}

// candidates lists the values the description gives, the more telling first.
func candidates(sh *shape) []jsontext.Value {
	var out, empty []jsontext.Value
	put := func(list ...jsontext.Value) {
		for _, v := range list {
			if isEmpty(v) {
				empty = append(empty, v)
			} else {
				out = append(out, v)
			}
		}
	}
	put(sh.examples...)
	if sh.constant != nil {
		put(sh.constant)
	}
	put(sh.standards...)
	put(sh.enum...)
	if sh.constant == nil && len(sh.enum) == 0 {
		return out
	}
	return append(out, empty...)
}

func isEmpty(v jsontext.Value) bool {
	switch strings.TrimSpace(string(v)) {
	case "", "null", `""`, "{}", "[]":
		return true
	}
	return false
}

// choose tries the forms of the first choice, each with those of the others.
func (m *maker) choose(n *node, sh *shape, variant int) (jsontext.Value, bool) {
	if len(sh.choices) == 0 {
		return m.fresh(n, sh, variant)
	}
	var best jsontext.Value
	c := sh.choices[0]
	for i, form := range c.forms[:min(maxForms, len(c.forms))] {
		if m.steps++; m.spent() {
			break
		}
		next := sh.clone()
		next.choices = next.choices[1:]
		next.add(form)
		if c.discriminator != "" {
			next.discriminate(c, form)
		}
		if next.never {
			continue
		}
		v, ok := m.given(n, next, variant)
		if !ok {
			v, ok = m.choose(n, next, variant)
		}
		if ok {
			return v, true
		}
		if best == nil || i == 0 && v != nil {
			best = v
		}
	}
	return best, false
}

// discriminate sets the property that tells the forms from each other (OpenAPI
// 3.2, 4.25): a name of the mapping, else the name of the schema.
func (sh *shape) discriminate(c choice, form *node) {
	if form.ref == "" {
		return
	}
	name, mapped := lastSegment(form.ref), false
	for _, value := range slices.Sorted(maps.Keys(c.mapping)) {
		if to := c.mapping[value]; to == form.ref || lastSegment(to) == name { // relative to another file, perhaps
			name, mapped = value, true
			break
		}
	}
	if p := sh.property(c.discriminator); p != nil && !mapped && !sh.set.fits(p, quote(name)) {
		return
	}
	sh.addProperty(property{c.discriminator, constantly(name)})
	sh.require(c.discriminator)
}

func lastSegment(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// fresh makes a value of the first type that works.
func (m *maker) fresh(n *node, sh *shape, variant int) (jsontext.Value, bool) {
	var best jsontext.Value
	for _, typ := range sh.likelyTypes() {
		for more := 0; more < 3; more++ {
			v := m.ofType(typ, sh, variant, more)
			if v != nil && m.accept(n, v) {
				return v, true
			}
			if best == nil {
				best = v
			}
			if typ == "boolean" || typ == "null" || v == nil || m.spent() {
				break
			}
		}
	}
	return best, false
}

// likelyTypes lists the types to try. A schema that states none is taken for the
// one its keywords belong to.
func (sh *shape) likelyTypes() []string {
	types := slices.Clone(sh.types)
	if len(types) == 0 {
		types = sh.implied()
	}
	if sh.nullable {
		types = append(types, "null")
	}
	return types
}

func (sh *shape) implied() []string {
	switch {
	case len(sh.properties)+len(sh.required)+len(sh.additional)+len(sh.patterned)+sh.minProperties > 0:
		return []string{"object", "string"}
	case len(sh.items)+len(sh.prefix)+len(sh.contains)+sh.minItems > 0 || sh.unique:
		return []string{"array"}
	case sh.format == "" && len(sh.patterns) == 0 && (sh.low != nil || sh.high != nil || sh.multipleOf != nil):
		return []string{"number"}
	}
	return []string{"string", "integer", "object", "array", "boolean", "null"}
}

// ofType makes a value of a type. With more, it holds more than it has to.
func (m *maker) ofType(typ string, sh *shape, variant, more int) jsontext.Value {
	switch typ {
	case "string":
		return quote(m.stringOf(sh, variant+more))
	case "integer", "number":
		return sh.number(typ == "integer", variant+more)
	case "boolean":
		return jsontext.Value([]string{"true", "false"}[variant%2])
	case "array":
		return m.array(sh, variant, more)
	case "object":
		return m.object(sh, variant, more)
	}
	return jsontext.Value("null")
}
