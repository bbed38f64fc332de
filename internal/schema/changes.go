package schema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of one comparison: pairs of schemas looked at, levels of a value, and
// sentences said.
const (
	maxCompared     = 5000
	maxComparedDeep = 16
	maxChangesSaid  = 50
)

// A Version is a schema with the Set that its references lead into.
type Version struct {
	Set    *Set
	Schema json.RawMessage
}

// Changes says, one sentence each, what is different for a caller who wrote
// values for old and now writes them for now: fields that are new, required or
// gone, other types, other permitted values, at any depth. Where names the value
// ("body"). Touched reports whether what stands under a $ref, or anything that it
// leads to, is different in the two Sets; nil takes every one to be.
//
// What only the API writes (readOnly) is left out. The comparison is bounded: of
// endless or huge schemas it tells the outermost changes.
func Changes(old, now Version, where string, touched func(ref string) bool) []string {
	c := &comparer{old: old.Set, now: now.Set, touched: touched, open: map[[2]*node]bool{}}
	c.nodes(old.Set.schemaOf(orAny(old.Schema)), now.Set.schemaOf(orAny(now.Schema)), where, 0)
	return c.said
}

type comparer struct {
	old, now *Set
	touched  func(ref string) bool
	said     []string
	steps    int
	open     map[[2]*node]bool // pairs that the walk is inside of
}

func (c *comparer) say(sentence string) {
	switch {
	case len(c.said) < maxChangesSaid && !slices.Contains(c.said, sentence):
		c.said = append(c.said, sentence)
	case len(c.said) == maxChangesSaid:
		c.said = append(c.said, "and more")
	}
}

func (c *comparer) nodes(old, now *node, where string, depth int) {
	if old.ref != "" && old.ref == now.ref && old.isBare() && now.isBare() && c.touched != nil && !c.touched(old.ref) {
		return
	}
	pair := [2]*node{c.old.behind(old), c.now.behind(now)}
	c.steps++
	if c.open[pair] || c.steps > maxCompared || depth > maxComparedDeep || len(c.said) > maxChangesSaid {
		return
	}
	c.open[pair] = true
	defer delete(c.open, pair)
	c.shapes(c.old.shapeOf(pair[0]), c.now.shapeOf(pair[1]), where, depth)
}

// isBare reports whether a schema is a $ref and nothing else that counts here.
func (n *node) isBare() bool {
	return n.ref != "" && len(n.types)+len(n.allOf)+len(n.anyOf)+len(n.oneOf)+len(n.properties)+len(n.required)+len(n.enum) == 0 &&
		n.items == nil && n.additional == nil && n.constant == nil
}

// behind follows references that stand alone.
func (s *Set) behind(n *node) *node {
	for range maxParts {
		if !n.isBare() {
			return n
		}
		n = s.ref(n.ref)
	}
	return n
}

func (c *comparer) shapes(old, now *shape, where string, depth int) {
	if a, b := old.typeText(), now.typeText(); a != b {
		c.say("type of " + short(where) + ": " + a + " → " + b)
		return
	}
	if old.format != now.format {
		c.say("format of " + short(where) + ": " + orNone(old.format) + " → " + orNone(now.format))
	}
	c.values(old.permitted(), now.permitted(), where)
	c.fields(old, now, where, depth)
	if len(old.items)+len(now.items) > 0 {
		c.nodes(both(old.items...), both(now.items...), where+"[]", depth+1)
	}
	c.further(old, now, where, depth)
	c.choices(old.choices, now.choices, where, depth)
}

// typeText names what types a value may have, "any" where nothing says.
func (sh *shape) typeText() string {
	types := slices.Clone(sh.types)
	if len(types) == 0 {
		if types = sh.implied(); len(types) > 2 {
			return "any"
		}
		types = types[:1]
	}
	if sh.nullable && !slices.Contains(types, "null") {
		types = append(types, "null")
	}
	slices.Sort(types)
	return strings.Join(types, " or ")
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return short(text)
}

// permitted lists the only values that are accepted, none where any is.
func (sh *shape) permitted() []string {
	list := sh.enum
	if sh.constant != nil {
		list = []jsontext.Value{sh.constant}
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		v = v.Clone()
		if err := v.Compact(); err == nil {
			out = append(out, string(v))
		}
	}
	return out
}

func (c *comparer) values(old, now []string, where string) {
	switch {
	case len(old) == 0 && len(now) == 0:
	case len(old) == 0:
		c.say(short(where) + " accepts only " + someOf(now))
	case len(now) == 0:
		c.say(short(where) + " accepts any value")
	default:
		if gone := missing(old, now); len(gone) > 0 {
			c.say(short(where) + " no longer accepts " + someOf(gone))
		}
		if more := missing(now, old); len(more) > 0 {
			c.say(short(where) + " now accepts " + someOf(more))
		}
	}
}

func missing(from, in []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(v string) bool { return slices.Contains(in, v) })
}

// someOf lists values, the first few of many.
func someOf(values []string) string {
	const few = 5
	var out []string
	for _, v := range values[:min(few, len(values))] {
		out = append(out, short(v))
	}
	if len(values) > few {
		out = append(out, several(len(values)-few, "more value"))
	}
	return strings.Join(out, ", ")
}

func (c *comparer) fields(old, now *shape, where string, depth int) {
	for _, p := range now.properties {
		name := where + "." + p.name
		need := slices.Contains(now.required, p.name)
		was := old.property(p.name)
		switch {
		case c.now.isReadOnly(p.node):
		case was == nil || c.old.isReadOnly(was):
			c.say("new " + map[bool]string{true: "required "}[need] + "field " + short(name))
		default:
			if slices.Contains(old.required, p.name) != need {
				c.say(short(name) + map[bool]string{true: " is now required", false: " is no longer required"}[need])
			}
			c.nodes(was, p.node, name, depth+1)
		}
	}
	for _, p := range old.properties {
		is := now.property(p.name)
		if !c.old.isReadOnly(p.node) && (is == nil || c.now.isReadOnly(is)) {
			c.say("removed field " + short(where+"."+p.name))
		}
	}
}

// further compares what is said of fields that have no name.
func (c *comparer) further(old, now *shape, where string, depth int) {
	a, b := both(old.additional...), both(now.additional...)
	switch {
	case b.never && !a.never:
		c.say(short(where) + " no longer accepts further fields")
	case a.never && !b.never:
		c.say(short(where) + " now accepts further fields")
	case len(old.additional)+len(now.additional) > 0:
		c.nodes(a, b, where+".*", depth+1)
	}
}

// choices compares alternatives: those of one name with each other, and where
// none has a name those of one place.
func (c *comparer) choices(old, now []choice, where string, depth int) {
	if len(old) != len(now) {
		c.say("alternatives of " + short(where) + " changed")
		return
	}
	for i := range now {
		c.forms(old[i].forms, now[i].forms, where, depth)
	}
}

func (c *comparer) forms(old, now []*node, where string, depth int) {
	byName := map[string]*node{}
	for i, n := range old {
		byName[formName(n, i)] = n
	}
	for i, n := range now {
		name := formName(n, i)
		if was := byName[name]; was != nil {
			c.nodes(was, n, where, depth+1)
			delete(byName, name)
			continue
		}
		c.say("new alternative of " + short(where) + ": " + name)
	}
	for i, n := range old {
		if name := formName(n, i); byName[name] != nil {
			c.say("removed alternative of " + short(where) + ": " + name)
		}
	}
}

func formName(n *node, i int) string {
	if n.ref != "" {
		return short(lastSegment(n.ref))
	}
	return numbered("number ", i+1, "")
}
