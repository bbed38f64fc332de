package postman

import (
	"encoding/json"
	"slices"
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

// A scope is what a collection, folder or item declares.
type scope struct {
	parent *scope
	vars   map[string]*variable
	memo   map[string]expanded // :: name -> what value found
	hidden map[string]bool     // :: name -> what hides found
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

func (s *scope) find(name string) *variable {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

// A piece is literal text or the name of a variable.
type piece struct {
	text  string
	isVar bool
}

// pieces splits text at its {{variables}}.
func pieces(s string) []piece {
	var out []piece
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			break
		}
		j := strings.Index(s[i:], "}}")
		if j < 0 {
			break
		}
		if k := strings.LastIndex(s[i:i+j], "{{"); k > 0 { // {{a{{b}}: only the inner one is a variable
			i, j = i+k, j-k
		}
		name := strings.TrimSpace(s[i+2 : i+j])
		if i > 0 {
			out = append(out, piece{text: s[:i]})
		}
		if name == "" || strings.ContainsAny(name, "{}\n\"") {
			out = append(out, piece{text: s[i : i+j+2]})
		} else {
			out = append(out, piece{name, true})
		}
		s = s[i+j+2:]
	}
	if s != "" {
		out = append(out, piece{text: s})
	}
	return out
}

// names lists the variables in text, in order, each once.
func names(s string) []string {
	var out []string
	for _, p := range pieces(s) {
		if p.isVar && !slices.Contains(out, p.text) {
			out = append(out, p.text)
		}
	}
	return out
}

const (
	maxExpansion = 10      // variables in values of variables
	maxValue     = 1 << 16 // bytes of an expanded value
	maxFilled    = 1 << 22 // bytes of values written into one text
)

// hides reports whether a variable's value must not be written anywhere: it is
// a secret, or made of one, or made of others too deep to tell.
func (s *scope) hides(name string) bool { return s.hidesIn(name, maxExpansion) }

func (s *scope) hidesIn(name string, depth int) bool {
	if h, ok := s.hidden[name]; ok {
		return h
	}
	if s.hidden == nil {
		s.hidden = map[string]bool{}
	}
	s.hidden[name] = false // of one that is made of itself
	v := s.find(name)
	if v == nil {
		return false
	}
	h := v.secret && sample.IsLiteral(v.value) || slices.ContainsFunc(names(v.value), func(n string) bool {
		return depth == 0 || s.hidesIn(n, depth-1)
	})
	if h {
		v.used = true
	}
	s.hidden[name] = h
	return h
}

// expand replaces variables by their values, as far as they have one that is no
// secret.
func (s *scope) expand(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	var b strings.Builder
	for _, p := range pieces(text) {
		switch {
		case !p.isVar:
			b.WriteString(p.text)
		case b.Len() < maxValue:
			value, _ := s.value(p.text)
			b.WriteString(value)
		default:
			b.WriteString("{{" + p.text + "}}")
		}
	}
	return b.String()
}

func (s *scope) expandIn(text string, depth int) string {
	if depth == 0 || !strings.Contains(text, "{{") {
		return text
	}
	var b strings.Builder
	for _, p := range pieces(text) {
		switch v := s.find(p.text); {
		case !p.isVar:
			b.WriteString(p.text)
		case v != nil && v.value != "" && b.Len() < maxValue && !s.hides(p.text):
			v.used = true
			b.WriteString(s.expandIn(v.value, depth-1))
		default:
			b.WriteString("{{" + p.text + "}}")
		}
	}
	return b.String()
}

// value returns a variable's value with the variables in it replaced, and
// whether all of them have one.
func (s *scope) value(name string) (text string, known bool) {
	if v, ok := s.memo[name]; ok {
		return v.text, v.known
	}
	text = s.expandIn("{{"+name+"}}", maxExpansion)
	known = len(names(text)) == 0
	if s.memo == nil {
		s.memo = map[string]expanded{}
	}
	s.memo[name] = expanded{text, known}
	return text, known
}

// expanded is what value found.
type expanded struct {
	text  string
	known bool
}

// A filled is text whose variables were replaced.
type filled struct {
	text    string   // with references in place of known variables
	unknown []string // variables without a value, left as {{name}}
	refs    bool     // it holds references
}

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

// credential notes that an auth's value comes from the variable called name.
func (s *scope) credential(name string) {
	if v := s.find(name); v != nil {
		v.used, v.credential = true, true
	}
}
