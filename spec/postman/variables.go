package postman

import (
	"encoding/json"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// variables are the collection's variables and what becomes of them.
type variables struct {
	reader *reader
	app    string
	all    []*variable

	exported map[string]string // :: name of a Variable of the App -> its default
}

// A variable is one declared variable of a collection, folder or item.
type variable struct {
	name, value, at, description string
	secret                       bool
	used                         bool
	credential                   bool // an auth's value comes from it
	exported                     bool // a Variable of the App
	open                         bool // its value has variables without one
	typed                        bool // its default has the type its value spells
}

// open reads a list of variables into a scope inside parent.
func (vs *variables) open(parent *scope, list sample.Value, at string) *scope {
	s := &scope{parent: parent}
	for i, v := range pairs(list) {
		name := v.Get("key").Text()
		if name == "" {
			name = v.Get("id").Text()
		}
		if name == "" || v.Get("disabled").True() {
			continue
		}
		x := &variable{
			name: name, value: text(v.Get("value")), at: sample.Pointer(at, i), description: description(v.Get("description")),
			secret: v.Get("type").Text() == "secret" || sample.IsSecretVariable(name, text(v.Get("value"))),
		}
		if x.secret && sample.IsLiteral(x.value) {
			vs.reader.literals.add(x.value)
		}
		if s.vars == nil {
			s.vars = map[string]*variable{}
		}
		s.vars[name] = x
		vs.all = append(vs.all, x)
	}
	if s.vars == nil && parent != nil {
		return parent
	}
	return s
}

// pairs lists the entries of an array, or of an object {key: value}.
func pairs(v sample.Value) []sample.Value {
	if v.Kind != sample.Object {
		return v.Items
	}
	out := make([]sample.Value, 0, len(v.Members))
	for _, m := range v.Members {
		out = append(out, sample.Value{Kind: sample.Object, Members: []sample.Member{
			{Name: "key", Value: sample.Value{Kind: sample.String, Literal: m.Name}}, {Name: "value", Value: m.Value},
		}})
	}
	return out
}

// text reads a value as text: what is not a scalar as its JSON.
func text(v sample.Value) string {
	if v.Kind == sample.Object || v.Kind == sample.Array {
		return string(v.JSON())
	}
	return v.Text()
}

// A filled is text whose variables were replaced.
type filled struct {
	text    string   // with references in place of known variables
	unknown []string // variables without a value, left as {{name}}
	refs    bool     // it holds references
}

// maxFilled bounds the values that are written into one text, in bytes.
const maxFilled = 1 << 22

// fill replaces the variables of text by references and keeps the rest literal.
func (vs *variables) fill(s *scope, text, at string) filled {
	var f filled
	var b, literal strings.Builder
	room := maxFilled
	for _, p := range pieces(text) {
		if !p.isVar {
			literal.WriteString(p.text)
			continue
		}
		ref, kind := vs.reference(s, p.text, at)
		switch kind {
		case isReference:
			b.WriteString(sample.LiteralBefore(literal.String()))
			b.WriteString(ref)
			literal.Reset()
			f.refs = true
		case isValue:
			if room -= len(ref); room < 0 {
				ref = "{{" + p.text + "}}"
			}
			literal.WriteString(ref)
		default:
			f.unknown = append(f.unknown, p.text)
			literal.WriteString("{{" + p.text + "}}")
		}
	}
	b.WriteString(sample.Literal(literal.String()))
	f.text = b.String()
	return f
}

// What stands for a variable.
const (
	isUnknown   = iota // {{name}}, as it was
	isValue            // its value
	isReference        // a reference
)

// reference returns what stands for a variable: a reference to the App's
// variable, the value itself where a reference cannot stand, else {{name}}.
func (vs *variables) reference(s *scope, name, at string) (text string, kind int) {
	if strings.HasPrefix(name, "$") {
		return vs.dynamic(name, at)
	}
	v := s.find(name)
	if v == nil {
		return "{{" + name + "}}", isUnknown
	}
	v.used = true
	if v.value == "" {
		return "{{" + name + "}}", isUnknown
	}
	if v.secret || s.hides(name) {
		vs.export(v, "")
		return "$Variable{" + vs.app + "}{" + name + "}", isReference
	}
	value, known := s.value(name)
	if !known {
		v.open = true
		return "{{" + name + "}}", isUnknown
	}
	if !vs.export(v, value) {
		vs.reader.warn(variableInlined, at, "the value of "+quoted(name)+" is written in")
		return value, isValue
	}
	return "$Variable{" + vs.app + "}{" + name + "}", isReference
}

// export makes v a Variable of the App. It reports false when another variable
// of that name has another value.
func (vs *variables) export(v *variable, value string) bool {
	if v.exported {
		return true
	}
	var def json.RawMessage
	if value != "" {
		def = sample.Quote(value)
	}
	if sample.HoldsSecret(value) {
		value, def = "", nil
	}
	if old, ok := vs.exported[v.name]; ok {
		return old == string(def)
	}
	v.exported = true
	vs.exported[v.name] = string(def)
	vs.reader.app.Variables = append(vs.reader.app.Variables, ductape.Variable{Key: v.name, Description: v.description, Default: def})
	if value == "" && sample.IsLiteral(v.value) {
		vs.reader.warn(secretDropped, v.at, "the value of "+quoted(v.name)+" looks like a secret and is not kept")
	}
	return true
}

// keepType makes the default of a variable that stands in JSON outside of a
// string the number, boolean, array or object that its value spells.
func (vs *variables) keepType(s *scope, name string) {
	v := s.find(name)
	if v == nil || !v.exported || v.secret || v.typed {
		return
	}
	v.typed = true
	value, _ := s.value(name)
	typed, err := sample.Parse([]byte(value))
	if err != nil || typed.Kind == sample.String || typed.IsNull() {
		return
	}
	for i := range vs.reader.app.Variables {
		if x := &vs.reader.app.Variables[i]; x.Key == name {
			x.Default = typed.JSON()
		}
	}
}

// dynamic replaces Postman's clock variables and reports the others.
func (vs *variables) dynamic(name, at string) (text string, kind int) {
	const seconds = `$Substring($Concat([$Now], ""), 0, 10)`
	switch name {
	case "$timestamp":
		vs.reader.warn(dynamicVariable, at, "{{$timestamp}} becomes "+seconds)
		return seconds, isReference
	case "$isoTimestamp":
		vs.reader.warn(dynamicVariable, at, "{{$isoTimestamp}} becomes a $Dateformat of $Now")
		return `$Dateformat($Now, "YYYY-MM-DD[T]HH:mm:ss[Z]")`, isReference
	}
	vs.reader.warn(dynamicVariable, at, "{{"+name+"}} has no equal: give the value as input")
	return "{{" + name + "}}", isUnknown
}

// finish reports variables that did not become part of the App.
func (vs *variables) finish() {
	for _, v := range vs.all {
		switch {
		case !v.used && v.secret && sample.IsLiteral(v.value):
			vs.reader.warn(secretDropped, v.at, quoted(v.name)+" is used by no request, and its value is not kept")
		case !v.used:
			vs.reader.warn(variableUnused, v.at, quoted(v.name)+" is used by no request")
		case v.credential && !v.exported && sample.IsLiteral(v.value):
			vs.reader.warn(secretDropped, v.at, "the value of "+quoted(v.name)+" is a credential and is not kept")
		case v.credential:
		case v.value == "":
			vs.reader.warn(variableEmpty, v.at, quoted(v.name)+" has no value")
		case v.open && !v.exported:
			vs.reader.warn(variableEmpty, v.at, "the value of "+quoted(v.name)+" has variables without one")
		case v.secret && !v.exported && sample.IsLiteral(v.value):
			vs.reader.warn(secretDropped, v.at, "the value of "+quoted(v.name)+" looks like a secret and is not kept")
		}
	}
}
