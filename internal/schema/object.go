package schema

import (
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// maxMembers bounds an object that is made.
const maxMembers = 1000

// object makes an object: what it must have, or all that can be written. More
// adds what only answers have, as some descriptions require that after all.
func (m *maker) object(sh *shape, variant, more int) jsontext.Value {
	o := object{maker: m, shape: sh, variant: variant, answers: more == 1}
	for _, name := range o.wanted() {
		if !o.add(name) && slices.Contains(sh.required, name) {
			return nil
		}
		if m.spent() {
			return nil
		}
	}
	least := sh.minProperties
	if more == 2 || m.solid > 0 && m.depth >= m.solid && len(o.members) == 0 {
		least = max(least, len(o.members)+1)
	}
	o.fill(least)
	return objectOf(o.members)
}

type object struct {
	*maker
	shape   *shape
	variant int
	answers bool // also what is readOnly
	members []member
}

// wanted lists the names to have, in the description's order.
func (o *object) wanted() []string {
	need := slices.Clone(o.shape.required)
	for i := 0; i < len(need) && len(need) < maxMembers; i++ {
		for _, name := range o.shape.dependent[need[i]] {
			if !slices.Contains(need, name) {
				need = append(need, name)
			}
		}
	}
	var out []string
	for _, p := range o.shape.properties {
		if slices.Contains(need, p.name) || o.opt.All {
			out = append(out, p.name)
		}
	}
	for _, name := range need {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out[:min(len(out), maxMembers)]
}

// add makes a member, and reports whether it is there or need not be. One that
// is required is there even if it is wrong: that shows what is wrong.
func (o *object) add(name string) bool {
	n := o.nodeOf(name)
	if !o.answers && o.set.isReadOnly(n) {
		return true
	}
	if o.opt.All && !slices.Contains(o.shape.required, name) && o.depth > maxOptional {
		return true
	}
	v, ok := o.make(n, o.variant)
	if !ok && (v == nil || !slices.Contains(o.shape.required, name)) {
		return false
	}
	o.members = append(o.members, member{name, v})
	return true
}

// maxOptional bounds how deep optional properties are filled in.
const maxOptional = 8

// nodeOf returns the schema of a member.
func (o *object) nodeOf(name string) *node {
	var parts []*node
	if n := o.shape.property(name); n != nil {
		parts = append(parts, n)
	}
	for _, p := range o.shape.patterned {
		if re := o.set.pattern(p.name); re.re != nil && re.MatchString(name) {
			parts = append(parts, p.node)
		}
	}
	if len(parts) == 0 {
		parts = o.shape.additional
	}
	if len(parts) == 0 {
		return &node{}
	}
	return both(parts...)
}

// fill adds members until there are enough: optional ones, then made-up names.
func (o *object) fill(least int) {
	for _, p := range o.shape.properties {
		if len(o.members) >= least || o.spent() {
			return
		}
		if !o.has(p.name) {
			o.add(p.name)
		}
	}
	for i := 1; len(o.members) < least && i <= min(2*least, maxMembers) && !o.spent(); i++ {
		if name := o.newName(i); !o.has(name) {
			o.add(name)
		}
	}
}

func (o *object) has(name string) bool {
	return slices.ContainsFunc(o.members, func(m member) bool { return m.name == name })
}

// newName makes up a name.
func (o *object) newName(i int) string {
	if len(o.shape.names) > 0 {
		if v, ok := o.make(both(o.shape.names...), i-1); ok && v.Kind() == '"' {
			return textOf(v)
		}
	}
	if len(o.shape.patterned) > 0 {
		if text, ok := generate(o.shape.patterned[0].name, 0, -1, i-1); ok {
			return text
		}
	}
	return "key" + strconv.Itoa(i)
}

// isReadOnly reports whether a property is one that only answers have, looking
// through references and allOf.
func (s *Set) isReadOnly(n *node) bool { return s.shapeOf(n).readOnly }

// prune leaves out of an example what only answers have.
func (m *maker) prune(n *node, v jsontext.Value, depth int) jsontext.Value {
	if depth > maxDepth || v.Kind() != '{' && v.Kind() != '[' {
		return v
	}
	if m.steps++; m.spent() {
		return v
	}
	sh := m.set.shapeOf(n)
	for i := 0; i < len(sh.choices) && i < maxForms; i++ { // what the forms have, too
		for _, form := range sh.choices[i].forms[:min(len(sh.choices[i].forms), maxForms)] {
			sh.add(form)
		}
	}
	if v.Kind() == '[' {
		return m.pruneItems(sh, v, depth)
	}
	var kept []member
	for _, one := range membersOf(v) {
		p := sh.property(one.name)
		if p == nil {
			kept = append(kept, one)
			continue
		}
		if !m.set.isReadOnly(p) {
			kept = append(kept, member{one.name, m.prune(p, one.value, depth+1)})
		}
	}
	return objectOf(kept)
}

func (m *maker) pruneItems(sh *shape, v jsontext.Value, depth int) jsontext.Value {
	items := itemsOf(v)
	for i, item := range items {
		items[i] = m.prune(sh.itemAt(i), item, depth+1)
	}
	return arrayOf(items)
}
