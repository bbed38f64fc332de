package run

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// check looks at the types of the parameters, once their references are filled.
func (p *parts) check(plan *plan) error {
	if plan.app.Settings.Validate == ductape.ValidateOff {
		return nil
	}
	var problems []ductape.Problem
	for i := range p.fields {
		f := &p.fields[i]
		if f.param == nil || f.param.Type == "" {
			continue
		}
		if f.value.Kind() == 'n' {
			if f.in == ductape.InPath {
				problems = append(problems, ductape.Problem{Where: f.where, Message: "is required"})
			}
			continue
		}
		if !fits(f.param.Type, f.value) {
			problems = append(problems, ductape.Problem{Where: f.where, Message: fmt.Sprintf("must be %s, not %s", article(f.param.Type), describe(f.value))})
		}
	}
	return invalid("render", problems)
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
		return "the text " + short(string(v))
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return short(string(v))
}

// short keeps a message readable, and long values out of it.
func short(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}
