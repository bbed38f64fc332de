package schema

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// Param returns what is wrong with the value of a parameter that stands at
// where. On the wire all is text, so text that spells a number is one, and a
// number is a text. Null stands for a parameter that is left out.
func (s *Set) Param(p *ductape.Param, v jsontext.Value, where string) []ductape.Problem {
	if len(p.Schema) == 0 || v.Kind() == 'n' {
		return nil
	}
	return s.wireValue(s.schemaOf(p.Schema), v, where)
}

// Body returns what is wrong with a body of a media type, that stands at where.
// The fields of forms are compared as parameters are; files pass for text.
func (s *Set) Body(c *ductape.Content, v jsontext.Value, where string) []ductape.Problem {
	if len(c.Schema) == 0 {
		return nil
	}
	n := s.schemaOf(c.Schema)
	media := mediaOf(c.Type)
	types := s.shapeOf(n).likelyTypes()
	if isBinary(media) || mayBeText(media) && v.Kind() == '"' && !isOf(types, "") {
		return nil // what the text spells, or the file holds, is not looked at
	}
	if isSequential(media) && v.Kind() == '[' && !slices.Contains(types, "array") {
		return s.eachOf(n, v, where)
	}
	if isJSON(media) {
		return (&Validator{set: s, node: n}).Validate(v, where)
	}
	return s.wireValue(n, v, where)
}

// eachOf compares each item of a body of JSON lines with the schema: before OpenAPI
// 3.2, it described one line.
func (s *Set) eachOf(n *node, v jsontext.Value, where string) []ductape.Problem {
	var problems []ductape.Problem
	one := &Validator{set: s, node: n}
	for i, item := range itemsOf(v) {
		problems = append(problems, one.Validate(item, where+"["+strconv.Itoa(i)+"]")...)
	}
	return problems
}

func (s *Set) wireValue(n *node, v jsontext.Value, where string) []ductape.Problem {
	decoded, err := decode(v)
	if err != nil {
		return []ductape.Problem{{Where: where, Message: err.Error()}}
	}
	return s.check(n, s.coerce(n, withoutFiles(decoded), 0), where)
}

// CheckInput returns everything that is wrong with a structured input, once
// references are filled: required parameters and body, each against its schema,
// all in one answer. Names the description does not know are left to the caller.
func (s *Set) CheckInput(a *ductape.Action, in jsontext.Value) []ductape.Problem {
	groups := map[string]jsontext.Value{}
	for _, m := range membersOf(in) {
		groups[m.name] = m.value
	}
	var problems []ductape.Problem
	for i := range a.Params {
		problems = append(problems, s.checkParam(&a.Params[i], groups)...)
	}
	if a.Body == nil || len(a.Body.Contents) == 0 {
		return problems
	}
	body, ok := groups["body"]
	switch {
	case ok && body.Kind() != 'n':
		return append(problems, s.Body(&a.Body.Contents[0], body, "input.body")...)
	case a.Body.Required:
		return append(problems, s.Body(&a.Body.Contents[0], jsontext.Value("{}"), "input.body")...)
	}
	return problems
}

func (s *Set) checkParam(p *ductape.Param, groups map[string]jsontext.Value) []ductape.Problem {
	group := "query"
	switch p.In {
	case ductape.InPath, ductape.InCookie:
		group = "params"
	case ductape.InHeader:
		group = "headers"
	}
	where := "input." + group + pathOf([]string{p.Name})
	for _, m := range membersOf(groups[group]) {
		if m.name == p.Name || p.In == ductape.InHeader && strings.EqualFold(m.name, p.Name) {
			return s.Param(p, m.value, where)
		}
	}
	if p.In == ductape.InPath || p.Required && len(p.Default) == 0 {
		return []ductape.Problem{{Where: where, Message: "is required"}}
	}
	return nil
}

// coerce reads text as the type its schema asks for, and numbers as text where
// it asks for text. What cannot be read stays.
func (s *Set) coerce(n *node, v any, depth int) any {
	if depth > maxDepth {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		sh := s.shapeOf(n)
		for name, part := range v {
			if p := sh.property(name); p != nil {
				v[name] = s.coerce(p, part, depth+1)
			}
		}
	case []any:
		sh := s.shapeOf(n)
		for i, item := range v {
			v[i] = s.coerce(sh.itemAt(i), item, depth+1)
		}
	default:
		return s.coerceScalar(n, v)
	}
	return v
}

func (s *Set) coerceScalar(n *node, v any) any {
	types := s.shapeOf(n).types
	if isOf(types, v) || s.compiled(n).Validate(v) == nil {
		return v
	}
	for _, other := range spellings(v) {
		if isOf(types, other) || s.compiled(n).Validate(other) == nil {
			return other
		}
	}
	return v
}

// isOf reports whether a value is of one of the types.
func isOf(types []string, v any) bool {
	switch v.(type) {
	case string:
		return slices.Contains(types, "string")
	case bool:
		return slices.Contains(types, "boolean")
	}
	return slices.Contains(types, "integer") || slices.Contains(types, "number")
}

// spellings lists the values that are the same text on the wire.
func spellings(v any) []any {
	switch v := v.(type) {
	case string:
		var out []any
		if raw := jsontext.Value(v); raw.Kind() == '0' && raw.IsValid() && tractable(v) {
			out = append(out, json.Number(strings.TrimSpace(v)))
		}
		if v == "true" || v == "false" {
			out = append(out, v == "true")
		}
		return out
	case json.Number:
		return []any{string(v)}
	case bool:
		if v {
			return []any{"true"}
		}
		return []any{"false"}
	}
	return nil
}
