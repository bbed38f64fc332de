package placeholder

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A function is one that templates may call.
type function struct {
	name     string
	min, max int // arguments; max 0 means any number
	usage    string
	eval     func(c *call) (jsontext.Value, error)
	lazy     func(e *evaluator, n *node) (jsontext.Value, error) // instead of eval: evaluates its own arguments
}

func (f *function) count() string {
	switch {
	case f.max == 0:
		return "at least " + plural(f.min, "argument")
	case f.min == f.max:
		return plural(f.min, "argument")
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

// functions is the one list of them.
var functions = []function{
	{name: "Default", min: 2, max: 2, usage: "(ref, other)", lazy: evalDefault},
	{name: "Size", min: 1, max: 1, usage: "{ref}", eval: evalSize},
	{name: "Length", min: 1, max: 1, usage: "{ref}", eval: evalLength},

	{name: "Add", min: 1, usage: "(n...)", eval: evalAdd},
	{name: "Subtract", min: 1, usage: "(n...)", eval: evalSubtract},

	{name: "Concat", min: 2, max: 2, usage: "([s...], sep)", eval: evalConcat},
	{name: "Substring", min: 2, max: 3, usage: "(s, start[, end])", eval: evalSubstring},
	{name: "Trim", min: 1, max: 1, usage: "(s)", eval: onText(strings.TrimSpace)},
	{name: "Uppercase", min: 1, max: 1, usage: "(s)", eval: onText(strings.ToUpper)},
	{name: "Lowercase", min: 1, max: 1, usage: "(s)", eval: onText(strings.ToLower)},
	{name: "Replace", min: 3, max: 3, usage: "(s, find, with)", eval: evalReplace},
	{name: "Split", min: 2, max: 2, usage: "(s, sep)", eval: evalSplit},
	{name: "Dateformat", min: 2, max: 2, usage: "(date, pattern)", eval: evalDateformat},

	{name: "Pick", min: 2, max: 2, usage: "(v, i)", eval: evalPick},
	{name: "Join", min: 1, max: 2, usage: "(v[, sep])", eval: evalJoin},
	{name: "Filter", min: 3, max: 3, usage: "(array, op, v)", eval: evalFilter},
	{name: "Find", min: 3, max: 3, usage: "(array, op, v)", eval: evalFind},
}

func functionOf(name string) *function {
	for i := range functions {
		if functions[i].name == name {
			return &functions[i]
		}
	}
	return nil
}
