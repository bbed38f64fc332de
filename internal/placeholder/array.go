package placeholder

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func array(items []jsontext.Value) jsontext.Value {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	return append(out, ']')
}

// evalJoin merges arrays, or joins text.
func evalJoin(c *call) (jsontext.Value, error) {
	items, err := c.array(1)
	if err != nil {
		return nil, err
	}
	arrays := len(items) > 0 || len(c.args) == 1
	for i, item := range items {
		if item.Kind() == '[' {
			continue
		}
		if len(c.args) == 1 || i > 0 && arrays {
			return nil, c.fail(1, "member %d must be an array, is %s", i, typeName(item))
		}
		arrays = false
	}
	if !arrays {
		return c.joined(items)
	}
	if len(c.args) == 2 {
		if _, err := c.text(2); err != nil {
			return nil, err
		}
	}
	return c.merged(items)
}

func (c *call) merged(arrays []jsontext.Value) (jsontext.Value, error) {
	var all []jsontext.Value
	for i, a := range arrays {
		items, err := members(a)
		if err != nil {
			return nil, c.fail(1, "member %d is no valid array", i)
		}
		if err := c.e.step(c.n, len(items)); err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return array(all), nil
}

// evalFilter keeps the members that match.
func evalFilter(c *call) (jsontext.Value, error) {
	var kept []jsontext.Value
	err := c.matches(func(item jsontext.Value) bool {
		kept = append(kept, item)
		return true
	})
	return array(kept), err
}

func evalFind(c *call) (jsontext.Value, error) {
	found := jsontext.Value("null")
	err := c.matches(func(item jsontext.Value) bool {
		found = item
		return false
	})
	return found, err
}

// matches yields the members of the array for which "member op value" holds.
func (c *call) matches(yield func(jsontext.Value) bool) error {
	items, err := c.array(1)
	if err != nil {
		return err
	}
	op, err := c.text(2)
	if err != nil {
		return err
	}
	test, ok := operators[op]
	if !ok {
		return c.fail(2, "must be one of > < >= <= == != !==")
	}
	for i, item := range items {
		if err := c.e.step(c.n, 1+(len(item)+len(c.args[2]))/stepBytes); err != nil {
			return err
		}
		holds, ok := test(c, item, c.args[2])
		if err := c.e.step(c.n, 0); err != nil {
			return err
		}
		if !ok {
			return c.fail(1, "member %d is %s, which %s cannot compare with %s", i, typeName(item), op, typeName(c.args[2]))
		}
		if holds && !yield(item) {
			return nil
		}
	}
	return nil
}

// operators says whether "a op b" holds, and whether the two can be compared.
// Who compares large values asks the call for steps afterwards.
var operators = map[string]func(c *call, a, b jsontext.Value) (holds, ok bool){
	">":   ordered(func(c int) bool { return c > 0 }),
	"<":   ordered(func(c int) bool { return c < 0 }),
	">=":  ordered(func(c int) bool { return c >= 0 }),
	"<=":  ordered(func(c int) bool { return c <= 0 }),
	"==":  func(c *call, a, b jsontext.Value) (bool, bool) { return c.alike(a, b), true },
	"!=":  func(c *call, a, b jsontext.Value) (bool, bool) { return !c.alike(a, b), true },
	"!==": func(c *call, a, b jsontext.Value) (bool, bool) { return !c.equal(a, b), true },
}

func ordered(holds func(int) bool) func(c *call, a, b jsontext.Value) (bool, bool) {
	return func(_ *call, a, b jsontext.Value) (bool, bool) {
		c, ok := order(a, b)
		return ok && holds(c), ok
	}
}

// order compares two numbers, or two texts by their code points. Numeric text
// counts as a number beside a number.
func order(a, b jsontext.Value) (int, bool) {
	if a.Kind() == '"' && b.Kind() == '"' {
		x, errX := unquote(a)
		y, errY := unquote(b)
		return strings.Compare(x, y), errX == nil && errY == nil
	}
	x, okX, _ := number(a)
	y, okY, _ := number(b)
	if !okX || !okY {
		return 0, false
	}
	return x.compare(y), true
}

// alike is equal, but numeric text equals the number it spells.
func (c *call) alike(a, b jsontext.Value) bool {
	if a.Kind() == '0' && b.Kind() == '"' || a.Kind() == '"' && b.Kind() == '0' {
		sign, ok := order(a, b)
		return ok && sign == 0
	}
	return c.equal(a, b)
}

// equal compares two values as JSON: numbers by what they are worth, objects
// whatever the order of their keys.
func (c *call) equal(a, b jsontext.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case '"':
		sign, ok := order(a, b)
		return ok && sign == 0
	case '0':
		sign, ok := order(a, b)
		return ok && sign == 0 || !ok && string(a) == string(b)
	case '[', '{':
		return c.equalMembers(a, b, a.Kind() == '{')
	}
	return true
}

// equalMembers spends steps by the bytes that it reads: values in one another
// are read once for each level. What it answers without steps left does not count.
func (c *call) equalMembers(a, b jsontext.Value, objects bool) bool {
	if c.e.step(c.n, 1+(len(a)+len(b))/stepBytes) != nil {
		return false
	}
	x, errX := members(a)
	y, errY := members(b)
	if errX != nil || errY != nil || len(x) != len(y) {
		return false
	}
	if objects {
		sortMembers(x)
		sortMembers(y)
	}
	return slices.EqualFunc(x, y, c.equal)
}

// sortMembers sorts names and values, which stand in turn, by name.
func sortMembers(items []jsontext.Value) {
	type member struct {
		name  string
		value jsontext.Value
	}
	sorted := make([]member, len(items)/2)
	for i := range sorted {
		name, err := unquote(items[2*i])
		if err != nil {
			name = string(items[2*i])
		}
		sorted[i] = member{name, items[2*i+1]}
	}
	slices.SortStableFunc(sorted, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for i, m := range sorted {
		items[2*i], items[2*i+1] = quote(m.name), m.value
	}
}
