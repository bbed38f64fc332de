package catalog

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// A Change is what a re-import does to one action.
type Change struct {
	Action   string   `json:"action"`
	Method   string   `json:"method"`
	Resource string   `json:"resource"`
	Detail   []string `json:"detail,omitempty"` // "new required field body.email", "type of query.limit: integer → string"
}

func changeOf(a *ductape.Action, detail []string) Change {
	return Change{Action: a.Tag, Method: a.Method, Resource: a.Resource, Detail: detail}
}

// A past is what an app's descriptions of values were before, beside what they
// are now. The zero past knows of no schema but those that stand in actions.
type past struct {
	old, now *schema.Set
	touched  map[string]bool // $refs whose schema, or one that it leads to, is another now
}

// describe says how an action changed, what breaks callers first; nothing where
// it did not.
func (p *past) describe(old, now *ductape.Action) []string {
	alike := same(old, now)
	if alike && !p.reaches(now) {
		return nil
	}
	var out []string
	if old.Method != now.Method || old.Resource != now.Resource {
		out = append(out, "endpoint: "+old.Method+" "+clip(old.Resource)+" → "+now.Method+" "+clip(now.Resource))
	}
	if old.BaseURL != now.BaseURL {
		out = append(out, "server: "+orNone(old.BaseURL)+" → "+orNone(now.BaseURL))
	}
	out = append(out, p.describeParts(paramParts(old), paramParts(now))...)
	out = append(out, p.describeBody(old.Body, now.Body)...)
	if !same(old.Security, now.Security) {
		out = append(out, "security changed")
	}
	if old.Deprecated != now.Deprecated {
		out = append(out, map[bool]string{true: "now deprecated", false: "no longer deprecated"}[now.Deprecated])
	}
	switch {
	case len(out) == 0 && !alike:
		return describeRest(old, now)
	case old.OperationID != now.OperationID:
		return append(out, arrowOf("operation_id", old.OperationID, now.OperationID))
	}
	return out
}

// reaches reports whether an action refers to a schema that is another now.
func (p *past) reaches(a *ductape.Action) bool {
	if len(p.touched) == 0 {
		return false
	}
	text, err := json.Marshal(a)
	return err == nil && slices.ContainsFunc(refsIn(text), func(ref string) bool { return p.touched[ref] })
}

// values says what is different of the values that two schemas accept.
func (p *past) values(old, now rawJSON, where string) []string {
	o, n := schema.Version{Set: p.old, Schema: old}, schema.Version{Set: p.now, Schema: now}
	for _, v := range []*schema.Version{&o, &n} {
		if v.Set == nil {
			v.Set = schema.NewSet("", nil)
		}
	}
	return schema.Changes(o, n, where, func(ref string) bool { return p.touched[ref] })
}

// maxShown bounds the texts that are shown as they were and are, in bytes.
const maxShown = 60

// describeRest names the fields that differ where none of the above does: short
// texts with what they were and are.
func describeRest(old, now *ductape.Action) []string {
	var out, names []string
	for _, f := range actionFields {
		a, b := f.value(old), f.value(now)
		if same(a, b) {
			continue
		}
		was, short := shortText(a)
		is, alsoShort := shortText(b)
		if short && alsoShort {
			out = append(out, arrowOf(f.name, was, is))
		} else {
			names = append(names, f.name)
		}
	}
	if len(names) > 0 {
		out = append(out, strings.Join(names, ", ")+" changed")
	}
	if len(out) == 0 {
		return []string{"edited by hand"}
	}
	return out
}

// shortText is a text, or a list of them, that fits a line.
func shortText(v any) (string, bool) {
	text := ""
	switch v := v.(type) {
	case string:
		text = v
	case []string:
		text = strings.Join(v, ", ")
	default:
		return "", false
	}
	return text, len(text) <= maxShown && !strings.ContainsAny(text, "\n\r")
}

func arrowOf(name, old, now string) string { return name + ": " + orNone(old) + " → " + orNone(now) }

// A part is one parameter or body field, as a caller sees it.
type part struct {
	name, kind string
	schema     rawJSON
	required   bool
}

func paramParts(a *ductape.Action) []part {
	var out []part
	for _, p := range a.Params {
		out = append(out, part{string(p.In) + "." + p.Name, p.Type, p.Schema, p.Required})
	}
	return out
}

// fieldParts lists the fields of a body that no schema describes.
func fieldParts(b *ductape.Body) []part {
	var out []part
	if b == nil || len(b.Contents) == 0 {
		return nil
	}
	for _, f := range b.Contents[0].Fields {
		if !f.ReadOnly {
			out = append(out, part{"body." + f.Name, f.Type, nil, f.Required})
		}
	}
	return out
}

func partName(p part) string { return p.name }

func (p *past) describeParts(old, now []part) []string {
	var out []string
	for _, n := range now {
		o := find(old, n.name, partName)
		switch {
		case o == nil && n.required:
			out = append(out, "new required field "+clip(n.name))
		case o == nil:
			out = append(out, "new field "+clip(n.name))
		default:
			out = append(out, p.describePart(*o, n)...)
		}
	}
	for _, o := range old {
		if find(now, o.name, partName) == nil {
			out = append(out, "removed field "+clip(o.name))
		}
	}
	return out
}

func (p *past) describePart(old, now part) []string {
	var out []string
	switch {
	case len(old.schema) > 0 && len(now.schema) > 0:
		out = p.values(old.schema, now.schema, now.name)
	case old.kind != now.kind:
		out = append(out, "type of "+clip(now.name)+": "+orAny(old.kind)+" → "+orAny(now.kind))
	}
	if old.required != now.required {
		out = append(out, clip(now.name)+map[bool]string{true: " is now required", false: " is no longer required"}[now.required])
	}
	return out
}

func (p *past) describeBody(old, now *ductape.Body) []string {
	out := p.describeFields(old, now)
	switch {
	case old == nil && now == nil:
		return out
	case old == nil:
		return append(out, "now takes a body"+map[bool]string{true: ", required"}[now.Required])
	case now == nil:
		return append(out, "no longer takes a body")
	}
	if old.Required != now.Required {
		out = append(out, "body"+map[bool]string{true: " is now required", false: " is no longer required"}[now.Required])
	}
	if a, b := typesOf(old), typesOf(now); !slices.Equal(a, b) {
		out = append(out, "body types: "+strings.Join(a, ", ")+" → "+strings.Join(b, ", "))
	}
	return out
}

// describeFields compares what each media type of a body holds; of those that
// say the same, one speaks.
func (p *past) describeFields(old, now *ductape.Body) []string {
	if !hasSchema(old) || !hasSchema(now) {
		return p.describeParts(fieldParts(old), fieldParts(now))
	}
	var out []string
	for i, n := range now.Contents {
		o := find(old.Contents, n.Type, contentType)
		if o == nil && i == 0 {
			o = &old.Contents[0]
		}
		if o == nil {
			continue
		}
		for _, line := range p.values(o.Schema, n.Schema, "body") {
			if !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}

func hasSchema(b *ductape.Body) bool {
	return b != nil && len(b.Contents) > 0 && len(b.Contents[0].Schema) > 0
}

func contentType(c ductape.Content) string { return c.Type }

func typesOf(b *ductape.Body) []string {
	return tagsOf(b.Contents, contentType)
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return clip(s)
}

func orAny(s string) string {
	if s == "" {
		return "any"
	}
	return s
}
