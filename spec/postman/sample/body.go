package sample

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/ductape-go/ductape"
)

// A Field is one field of a form body.
type Field struct {
	Name        string
	Value       string // text of a field, not of a file
	JSON        *Value // what the text of a field of a JSON type spells; nil: it is text
	File        bool
	ContentType string
}

// FormContent returns the content of a form with those fields and reports
// whether a secret was left out of its example.
func FormContent(mediaType string, fields []Field) (c ductape.Content, secret bool) {
	c.Type = mediaType
	example := Value{Kind: Object}
	at := map[string]int{} // :: name -> index in c.Fields
	in := map[string]int{} // :: name -> index in example.Members
	for _, f := range fields {
		if f.Name == "" {
			continue
		}
		i, again := at[f.Name]
		if !again {
			i = len(c.Fields)
			at[f.Name] = i
			c.Fields = append(c.Fields, formField(f))
		} else {
			asArray(&c.Fields[i])
		}
		if f.ContentType != "" {
			if c.Encoding == nil {
				c.Encoding = map[string]ductape.Encoding{}
			}
			c.Encoding[f.Name] = ductape.Encoding{ContentType: f.ContentType}
		}
		if f.File {
			continue
		}
		value, found := f.example()
		secret = secret || found
		if m, again := in[f.Name]; again {
			example.Members[m].Value.add(value)
			continue
		}
		in[f.Name] = len(example.Members)
		example.Members = append(example.Members, Member{f.Name, value})
	}
	if len(example.Members) > 0 {
		c.Example = example.JSON()
	}
	return c, secret
}

// example returns the field's value, without a secret, and whether there was one.
func (f *Field) example() (v Value, secret bool) {
	if f.JSON != nil {
		v = *f.JSON
		return v, v.scrub()
	}
	if isSecretValue(f.Name, f.Value) {
		return Value{Kind: String, Literal: Removed}, true
	}
	text, secret := Scrub(f.Value)
	return Value{Kind: String, Literal: text}, secret
}

// ReadJSON reads the text of a field of a JSON type, which is sent as the JSON
// that it is. It reports false when the text of such a field is no JSON.
func (f *Field) ReadJSON() bool {
	if f.File || !IsJSONType(f.ContentType) {
		return true
	}
	v, err := Parse([]byte(f.Value))
	if err == nil {
		f.JSON = &v
	}
	return err == nil
}

// IsJSONType reports whether a media type, with parameters or without, is JSON.
func IsJSONType(media string) bool {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	media = strings.TrimSpace(media)
	return media == "application/json" || strings.HasSuffix(media, "+json") || media == "text/json"
}

func formField(f Field) ductape.Field {
	if f.JSON != nil {
		return f.JSON.asField(f.Name)
	}
	if f.File {
		return ductape.Field{Name: f.Name, Type: "string", Format: "binary"}
	}
	return ductape.Field{Name: f.Name, Type: "string"}
}

func asArray(f *ductape.Field) {
	if f.Type == "array" {
		return
	}
	f.Items = f.Type
	if f.Format == "binary" {
		f.Items += ":binary"
	}
	f.Type, f.Format = "array", ""
}

// add makes v an array, if it is none, and appends item.
func (v *Value) add(item Value) {
	if v.Kind != Array {
		*v = Value{Kind: Array, Items: []Value{*v}}
	}
	v.Items = append(v.Items, item)
}

// JSONContent returns the content of a JSON body, its fields read from the
// example, and reports whether a secret was left out of it.
func JSONContent(mediaType string, example Value) (ductape.Content, bool) {
	secret := example.scrub()
	return ductape.Content{Type: mediaType, Example: example.JSON(), Fields: example.fields()}, secret
}

// BodyOf returns the body that c is. An empty object is required, since a call
// that leaves the body out, or gives an empty one, then sends it.
func BodyOf(c ductape.Content) *ductape.Body {
	return &ductape.Body{Required: IsJSONType(c.Type) && string(c.Example) == "{}", Contents: []ductape.Content{c}}
}

// TextContent returns the content of a body that is text, and reports whether a
// secret was left out of its example.
func TextContent(mediaType, text string) (ductape.Content, bool) {
	text, secret := Scrub(text)
	for _, named := range [...]*regexp.Regexp{secretElement, secretMember} {
		if named.MatchString(text) {
			text, secret = named.ReplaceAllString(text, "${1}"+Removed+"${2}"), true
		}
	}
	c := ductape.Content{Type: mediaType}
	if text != "" {
		c.Example = Quote(text)
	}
	return c, secret
}

// What in text is a secret by the name of its XML element or JSON member.
var (
	secretElement = regexp.MustCompile(`(?i)(<(?:[\w.-]*:)?(?:[\w.-]*(?:password|passwd|secret|token|api[_-]?key|accesskey))(?:\s[^<>]*)?>)[^<>{}$\[\]]{4,}(</)`)
	secretMember  = regexp.MustCompile(`(?i)("[\w-]*(?:password|passwd|pwd|passphrase|client_?secret|access_?token|refresh_?token|api[_-]?key)"\s*:\s*")[^"{}$\[\]]{4,}(")`)
)

// scrub removes literal secrets from v and reports whether there was one.
func (v *Value) scrub() (found bool) {
	if v.Kind == String {
		v.Literal, found = Scrub(v.Literal)
	}
	for i := range v.Items {
		found = v.Items[i].scrub() || found
	}
	for i := range v.Members {
		m := &v.Members[i]
		if m.Value.Kind == String && isSecretValue(m.Name, m.Value.Literal) {
			m.Value.Literal, found = Removed, true
			continue
		}
		found = m.Value.scrub() || found
	}
	return found
}

// isSecretValue reports whether the value of a body's field must not be kept: a
// credential by its name, by a name like "token" and the length of a real one,
// or by its own look. What a field such as "id" or "hash" holds is none, nor is
// a content of many pages.
func isSecretValue(name, value string) bool {
	if !isLiteral(value) || strings.Contains(value, "$Variable{") {
		return false
	}
	return IsSecretField(name) || len(value) >= 24 && IsSecretName(name) && !strings.Contains(value, " ") ||
		!strings.Contains(value, "{{") && IsToken(value) && (isSuspect(name) || len(value) >= 32 && len(value) <= maxToken && !isTold(name) && !strings.Contains(value, " "))
}

// isLiteral tells a value from an empty one, a reference, and a stand-in such
// as <string>.
func isLiteral(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && !strings.HasPrefix(s, "{{") && !strings.HasPrefix(s, "$Variable{") && !strings.HasPrefix(s, "<") && s != "string" && s != Removed
}

// IsLiteral reports whether a sample's value is a real one: not empty, not a
// reference, not a stand-in such as <string>.
func IsLiteral(s string) bool { return isLiteral(s) }

func (v Value) fields() []ductape.Field {
	var fs []ductape.Field
	for _, m := range v.Members {
		fs = append(fs, m.Value.asField(m.Name))
	}
	return fs
}

func (v Value) asField(name string) ductape.Field {
	f := ductape.Field{Name: name, Type: v.Type()}
	if f.Type == "array" && len(v.Items) > 0 {
		f.Items = v.Items[0].Type()
	}
	return f
}

// Type returns the JSON Schema type of v, empty where it is open: null, or a
// text that stands for a value of any type.
func (v Value) Type() string {
	switch v.Kind {
	case String:
		if strings.HasPrefix(v.Literal, "{{") && strings.HasSuffix(v.Literal, "}}") || strings.HasPrefix(v.Literal, "$Variable{") {
			return ""
		}
		return "string"
	case Number:
		if strings.ContainsAny(v.Literal, ".eE") {
			return "number"
		}
		return "integer"
	case Bool:
		return "boolean"
	case Array:
		return "array"
	case Object:
		return "object"
	}
	return ""
}

// Strings returns texts as a JSON array of strings.
func Strings(texts []string) json.RawMessage {
	v := Value{Kind: Array}
	for _, t := range texts {
		v.Items = append(v.Items, Value{Kind: String, Literal: t})
	}
	return v.JSON()
}
