package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/ductape-go/ductape"
)

// maxProblems bounds how many problems of one value are told.
const maxProblems = 100

// problemsOf puts a fault into plain words, in order of place.
func problemsOf(fault *jsonschema.ValidationError, where string) []ductape.Problem {
	t := teller{where: where}
	t.tell(fault)
	slices.SortStableFunc(t.problems, func(a, b ductape.Problem) int { return cmp.Compare(a.Where, b.Where) })
	t.problems = slices.Compact(t.problems)
	if len(t.problems) > maxProblems {
		t.problems = t.problems[:maxProblems]
	}
	return t.problems
}

// A teller collects problems.
type teller struct {
	where    string
	problems []ductape.Problem
}

func (t *teller) add(at []string, format string, args ...any) {
	t.problems = append(t.problems, ductape.Problem{Where: t.where + pathOf(at), Message: fmt.Sprintf(format, args...)})
}

func (t *teller) tell(e *jsonschema.ValidationError) {
	at := e.InstanceLocation
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			t.add(append(slices.Clone(at), name), "is required")
		}
	case *kind.DependentRequired:
		for _, name := range k.Missing {
			t.add(append(slices.Clone(at), name), "is required beside %s", k.Prop)
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			t.add(append(slices.Clone(at), name), "is not known here")
		}
	case *kind.AnyOf:
		t.alternatives(e)
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			t.add(at, "fits more than one of the forms that exclude each other")
			return
		}
		t.alternatives(e)
	case *kind.PropertyNames:
		t.add(append(slices.Clone(at), k.Property), "is not a name that is allowed here")
	case *kind.Contains, *kind.MinContains:
		t.add(at, "lacks an item of the kind it must hold")
	default:
		if message := plain(k); message != "" {
			t.add(at, "%s", message)
			return
		}
		for _, cause := range e.Causes {
			t.tell(cause)
		}
	}
}

// alternatives tells why none of several forms fits: the problems of the only
// one that is of the right type, else of the nearest.
func (t *teller) alternatives(e *jsonschema.ValidationError) {
	at := e.InstanceLocation
	var near [][]ductape.Problem
	var types []string
	for _, cause := range e.Causes {
		if k, ok := cause.ErrorKind.(*kind.Type); ok && len(cause.InstanceLocation) == len(at) {
			types = append(types, k.Want...)
			continue
		}
		inner := teller{where: t.where}
		inner.tell(cause)
		near = append(near, inner.problems)
	}
	switch {
	case len(near) == 1:
		t.problems = append(t.problems, near[0]...)
	case len(near) == 0:
		t.add(at, "must be %s", wanted(types))
	default:
		best := slices.MinFunc(near, func(a, b []ductape.Problem) int { return cmp.Compare(len(a), len(b)) })
		t.add(at, "fits none of the %d forms that are allowed here; nearest: %s", len(e.Causes), joined(best))
	}
}

func joined(problems []ductape.Problem) string {
	var parts []string
	for _, p := range problems[:min(3, len(problems))] {
		parts = append(parts, p.Where+" "+p.Message)
	}
	return strings.Join(parts, ", ")
}

// plain puts a fault of a single value into words; empty for those that only
// hold others.
func plain(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "must be " + wanted(k.Want) + ", not " + article(k.Got)
	case *kind.Enum:
		return "must be " + oneOf(k.Want)
	case *kind.Const:
		return "must be " + show(k.Want)
	case *kind.Format:
		return "must be " + formatWords(k.Want)
	case *kind.FalseSchema:
		return "is not allowed here"
	case *kind.Not:
		return "is of a form that is not allowed here"
	case *kind.RefCycle:
		return "cannot be checked: its schema refers to itself"
	case *kind.UniqueItems:
		return fmt.Sprintf("must not hold an item twice: [%d] and [%d] are equal", k.Duplicates[0], k.Duplicates[1])
	case *kind.Pattern:
		return "must match the pattern " + short(k.Want)
	}
	return sized(k)
}

func sized(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.MinLength:
		return fmt.Sprintf("must have at least %s, not %d", several(k.Want, "character"), k.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %s, not %d", several(k.Want, "character"), k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("must have at least %s, not %d", several(k.Want, "item"), k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %s, not %d", several(k.Want, "item"), k.Got)
	case *kind.MinProperties:
		return fmt.Sprintf("must have at least %s, not %d", several(k.Want, "member"), k.Got)
	case *kind.MaxProperties:
		return fmt.Sprintf("must have at most %s, not %d", several(k.Want, "member"), k.Got)
	case *kind.MaxContains:
		return fmt.Sprintf("must hold at most %d items of that kind, not %d", k.Want, len(k.Got))
	case *kind.Minimum:
		return "must be at least " + number(k.Want)
	case *kind.Maximum:
		return "must be at most " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "must be more than " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "must be less than " + number(k.Want)
	case *kind.MultipleOf:
		return "must be a multiple of " + number(k.Want)
	}
	return ""
}

func number(r *big.Rat) string { return short(numberText(r)) }

func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func wanted(types []string) string {
	var out []string
	for _, t := range types {
		if a := article(t); !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return strings.Join(out, " or ")
}

func article(typ string) string {
	switch typ {
	case "null":
		return "null"
	case "integer", "array", "object":
		return "an " + typ
	}
	return "a " + typ
}

// oneOf lists values, the first few of many.
func oneOf(values []any) string {
	const most = 12
	var out []string
	for _, v := range values[:min(most, len(values))] {
		out = append(out, show(v))
	}
	switch {
	case len(values) > most:
		return fmt.Sprintf("one of %s and %d more", strings.Join(out, ", "), len(values)-most)
	case len(out) == 1:
		return out[0]
	}
	return "one of " + strings.Join(out, ", ")
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "a fixed value"
	}
	return short(string(text))
}

// short keeps a message readable. A long value is left out, never cut: of a part
// of a secret nobody could tell that it is one.
func short(text string) string {
	if len(text) > 80 {
		return fmt.Sprintf("a value of %d bytes", len(text))
	}
	return text
}

var formatSamples = map[string]string{
	"date-time": `a date and time as in "2024-01-15T09:30:00Z" (RFC 3339)`, "date": `a date as in "2024-01-15"`, "uuid": "a UUID",
	"ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "byte": "base64", "int32": "an integer of 32 bits", "int64": "an integer of 64 bits",
}

func formatWords(name string) string { return cmp.Or(formatSamples[name], "of the format "+name) }

// pathOf writes a place inside a value: ".items[0].price".
func pathOf(at []string) string {
	var b strings.Builder
	for _, step := range at {
		switch {
		case isIndex(step):
			b.WriteString("[" + step + "]")
		case step != "" && !strings.ContainsAny(step, " .[]\"\\"):
			b.WriteString("." + step)
		default:
			b.WriteString("[" + strconv.Quote(step) + "]")
		}
	}
	return b.String()
}

func isIndex(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
