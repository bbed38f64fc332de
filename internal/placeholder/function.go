package placeholder

import (
	"fmt"

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
}

func functionOf(name string) *function {
	for i := range functions {
		if functions[i].name == name {
			return &functions[i]
		}
	}
	return nil
}
