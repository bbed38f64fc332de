package postman_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/placeholder"
)

// How variables are compared: in the request, a {{name}} that has a value
// becomes «name»; in the action, a reference to the App's variable renders as
// «name», by the engine that renders it in a run. What has no value stays {{name}}.

// An s2variable is one declared variable.
type s2variable struct {
	name, value, at string
	addressed       bool // it is part of an address, or of a name
}

// An s2scope lists the declarations in sight, outermost first.
type s2scope []*s2variable

// declare adds the enabled variables of a list; those without a key are known
// by their id, as in format 2.0.
func (s *s2reading) declare(outer s2scope, list s2entries, at string) s2scope {
	inner := append(s2scope{}, outer...)
	for i, e := range list.list {
		name := e.Key
		if name == "" {
			name = e.ID
		}
		if name == "" || e.Disabled == "true" {
			continue
		}
		v := &s2variable{name: string(name), value: string(e.Value), at: at + "/" + strconv.Itoa(i)}
		inner = append(inner, v)
		s.declared = append(s.declared, v)
	}
	return inner
}

func (sc s2scope) find(name string) *s2variable {
	for i := len(sc) - 1; i >= 0; i-- {
		if sc[i].name == name {
			return sc[i]
		}
	}
	return nil
}

// s2var is a variable in a text. A name holds no braces, quotes or line breaks.
var s2var = regexp.MustCompile(`\{\{[^{}"\n]+\}\}`)

func s2name(match string) string { return strings.TrimSpace(match[2 : len(match)-2]) }

func s2names(text string) []string {
	var out []string
	for _, m := range s2var.FindAllString(text, -1) {
		out = append(out, s2name(m))
	}
	return out
}

// resolve writes the values in, as deep as they go.
func (sc s2scope) resolve(text string) string {
	for range 10 {
		next := s2var.ReplaceAllStringFunc(text, func(m string) string {
			if v := sc.find(s2name(m)); v != nil && v.value != "" {
				return v.value
			}
			return "{{" + s2name(m) + "}}"
		})
		if next == text {
			break
		}
		text = next
	}
	return text
}

// visible leaves out the variables that hold secrets, each reported where it is
// declared: their values are written nowhere.
func (s *s2reading) visible(sc s2scope) s2scope {
	var out s2scope
	for _, v := range sc {
		if !s.says("secret_dropped", v.at) {
			out = append(out, v)
		}
	}
	return out
}

// known reports whether every variable of a text has a value, all the way down.
// The clock has.
func (sc s2scope) known(text string) bool {
	for _, n := range s2names(sc.resolve(text)) {
		if n != "$timestamp" && n != "$isoTimestamp" || sc.find(n) != nil {
			return false
		}
	}
	return true
}

// want is what a text of the request becomes, «name» for references.
func (q *s2request) want(text, at string) string {
	return s2var.ReplaceAllStringFunc(text, func(m string) string {
		name := s2name(m)
		if strings.HasPrefix(name, "$") { // dynamic: each is reported where it stands
			if !q.says("dynamic_variable", at) {
				q.errorf("{{%s}} at %s is not reported", name, at)
			}
			q.sum.Compared.Dynamic++
			return "{{" + name + "}}"
		}
		v := q.scope.find(name)
		if v == nil { // of the environment: asked for as input
			q.sum.Compared.Environment++
			return "{{" + name + "}}"
		}
		if v.value == "" || strings.Contains(q.scope.resolve(m), "{{") {
			return "{{" + name + "}}"
		}
		value := q.scope.resolve(m)
		if q.says("variable_inlined", at) { // one name, several values: this one is written in
			if have, ok := q.appVariable(name); ok && have != "" && have != value {
				return value
			}
		}
		q.variable(v, value)
		return "«" + name + "»"
	})
}

// name is the name of a header, parameter, field or member: values are written
// in, and reported, since a name takes no references.
func (q *s2request) name(text, at string) string {
	name := q.scope.resolve(text)
	if name != text && !q.says("variable_inlined", at) {
		q.errorf("variables in the name %q at %s are written in, and nothing says so", text, at)
	}
	q.addressed(text)
	return name
}

// appVariable returns the default of an App's variable: its text, or the JSON
// that the text spells.
func (s *s2reading) appVariable(name string) (string, bool) {
	for _, v := range s.app.Variables {
		if v.Key == name {
			return s2string(v.Default), true
		}
	}
	return "", false
}

func s2string(raw json.RawMessage) string {
	var text s2text
	if len(raw) == 0 || json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return string(text)
}

// variable: a reference's variable is the App's, its default the value it has
// here; without a default it is a secret, which is reported where it is declared.
func (q *s2request) variable(v *s2variable, value string) {
	have, ok := q.appVariable(v.name)
	switch {
	case !ok:
		q.errorf("no variable %q in the App", v.name)
	case have == "" && !q.says("secret_dropped", v.at) && !strings.HasPrefix(v.value, "<") && !strings.HasPrefix(v.value, "{{"):
		q.errorf("variable %q has lost its value, and nothing says so", v.name)
	case have != "" && have != value && !s2sameJSON(have, value):
		q.errorf("variable %q is %q, want %q", v.name, have, value)
	}
	q.sum.Compared.References++
}

func s2sameJSON(a, b string) bool {
	var x, y s2text
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && x == y
}

// clocks are the two dynamic variables that have an equal.
var clocks = strings.NewReplacer(
	`$Substring($Concat([$Now], ""), 0, 10)`, "{{$timestamp}}",
	`$Dateformat($Now, "YYYY-MM-DD[T]HH:mm:ss[Z]")`, "{{$isoTimestamp}}")

// got renders a text of the action.
func (q *s2request) got(text string) string {
	tpl, err := placeholder.Parse(clocks.Replace(text))
	if err != nil {
		q.errorf("%q: %v", text, err)
		return text
	}
	out, err := tpl.EvalText(marks{q.app.Tag})
	if err != nil {
		q.errorf("%q: %v", text, err)
	}
	return out
}

// marks resolves references to the App's variables to «name».
type marks struct{ app string }

func (m marks) Resolve(r placeholder.Ref) (jsontext.Value, error) {
	if r.Kind != placeholder.Variable || r.Path[0] != m.app {
		return nil, placeholder.ErrUnresolved
	}
	b, err := json.Marshal("«" + r.Path[1] + "»")
	return b, err
}

// value compares the value of a parameter or field with a text of the request.
// An empty one gives no example; one left out is reported, unless it is a
// stand-in such as <token>.
func (q *s2request) value(what string, raw json.RawMessage, value, at string) {
	if len(raw) == 0 {
		if value != "" && !q.says("secret_dropped", at) && !strings.HasPrefix(value, "<") {
			q.errorf("%s: the value %q is gone, and nothing says so", what, value)
		}
		return
	}
	if got, want := q.got(s2string(raw)), q.want(value, at); got != want {
		q.errorf("%s: value %q, want %q", what, got, want)
	}
}
