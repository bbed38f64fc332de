package run

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// wrong looks at the parameters, once their references are filled: at their
// types, or, when the App wants it strict, at their whole schemas.
func (p *parts) wrong(plan *plan) []ductape.Problem {
	if plan.app.Settings.Validate == ductape.ValidateOff {
		return nil
	}
	var problems []ductape.Problem
	for i := range p.fields {
		if f := &p.fields[i]; !f.unfilled {
			problems = append(problems, f.check(plan)...)
		}
	}
	return problems
}

func (f *field) check(plan *plan) []ductape.Problem {
	problem := func(message string) []ductape.Problem { return []ductape.Problem{{Where: f.where, Message: message}} }
	switch {
	case f.param == nil && plan.schemas != nil && f.in == ductape.InQuery:
		return problem("is no query parameter of " + plan.action.Tag + suggest(plan.action, f.in, f.name))
	case f.param == nil:
		return nil
	case f.value.Kind() == 'n' && f.in == ductape.InPath:
		return problem("is required")
	case f.value.Kind() == 'n', f.isWritten():
		return nil
	case plan.schemas != nil:
		problems := plan.schemas.Param(f.param, f.value, f.where)
		if f.secret && len(problems) > 0 {
			return problem(untold)
		}
		return problems
	case f.param.Type != "" && !fits(f.param.Type, f.value):
		if f.filled { // a session's data is sealed, and would be in the record
			return problem("must be " + article(f.param.Type) + ", which what was filled in is not")
		}
		return problem(fmt.Sprintf("must be %s, not %s", article(f.param.Type), describe(f.value)))
	}
	return nil
}

// isWritten reports whether the caller gives the text of an object or array that
// only he can write: in a media type that is no JSON, such as XML or a form.
func (f *field) isWritten() bool {
	if f.param.ContentType == "" || f.value.Kind() != '"' || f.param.Type != "object" && f.param.Type != "array" {
		return false
	}
	media, _ := mediaType(f.param.ContentType)
	return !isJSON(media)
}

// brokenNow adds the placeholders that are broken, where there is a problem
// already. All of it is one Evaluation, as the filling itself would be.
func (b *binder) brokenNow(ctx context.Context) {
	if len(b.problems) == 0 {
		return
	}
	ev := placeholder.NewEvaluation(ctx)
	for i := range b.parts.fields {
		f := &b.parts.fields[i]
		if !b.broken(ctx, ev, f.value, f.where) {
			return
		}
	}
	if b.parts.body != nil {
		b.broken(ctx, ev, b.parts.body, b.parts.bodyWhere)
	}
}

// broken notes the placeholders of a value that no run could fill, whatever its
// session and secrets. It reports whether there is room to look at more: what is
// more than an Evaluation takes is for the filling itself to tell.
func (b *binder) broken(ctx context.Context, ev *placeholder.Evaluation, v jsontext.Value, where string) bool {
	if ctx.Err() != nil {
		return false
	}
	_, err := ev.RenderJSON(v, nothing{}, where)
	var faults fillFaults
	faults.add(where, err)
	for _, fault := range faults.list {
		switch {
		case ctx.Err() != nil:
			return false
		case !errors.Is(fault.Err, placeholder.ErrUnresolved):
			b.note(ductape.Problem{Where: fault.Where, Message: fault.Err.Error()})
		}
	}
	return !errors.Is(err, placeholder.ErrBounds) && !faults.ended
}

// nothing resolves no reference.
type nothing struct{}

func (nothing) Resolve(placeholder.Ref) (jsontext.Value, error) {
	return nil, placeholder.ErrUnresolved
}

// fits reports whether a value can stand for a parameter of a type. Text that
// spells a number or a boolean does: on the wire they are the same.
func fits(typ string, v jsontext.Value) bool {
	kind := v.Kind()
	switch typ {
	case "string":
		return kind == '"' || kind == '0' || kind == 't' || kind == 'f'
	case "integer":
		return isInteger(scalarText(v))
	case "number":
		return isNumber(scalarText(v))
	case "boolean":
		text := scalarText(v)
		return text == "true" || text == "false"
	case "array":
		return kind == '['
	case "object":
		return kind == '{'
	}
	return true
}

// scalarText is the text of a number, boolean or string, and "" for the rest.
func scalarText(v jsontext.Value) string {
	switch v.Kind() {
	case '0', 't', 'f':
		return strings.TrimSpace(string(v))
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return ""
}

// isInteger accepts what JSON Schema calls an integer: digits, or a number
// whose fraction is zero ("1.0").
func isInteger(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	return isDigits(strings.TrimPrefix(whole, "-")) && strings.Trim(fraction, "0") == ""
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

func isNumber(s string) bool {
	return jsontext.Value(s).Kind() == '0' && jsontext.Value(s).IsValid()
}

func article(typ string) string {
	switch typ {
	case "integer", "array", "object":
		return "an " + typ
	}
	return "a " + typ
}

func describe(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		return short("text", v)
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '0':
		return short("number", v)
	}
	return string(v)
}

// short keeps a message readable. A long value is left out, never cut: of a part
// of a secret nobody could tell that it is one.
func short(kind string, v jsontext.Value) string {
	if len(v) > 40 {
		return fmt.Sprintf("a %s of %d bytes", kind, len(v))
	}
	if kind == "text" {
		return "the text " + string(v)
	}
	return string(v)
}
