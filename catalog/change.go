package catalog

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
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

// describe says how an action changed, what breaks callers first.
func describe(old, now *ductape.Action) []string {
	var out []string
	if old.Method != now.Method || old.Resource != now.Resource {
		out = append(out, "endpoint: "+old.Method+" "+clip(old.Resource)+" → "+now.Method+" "+clip(now.Resource))
	}
	if old.BaseURL != now.BaseURL {
		out = append(out, "server: "+orNone(old.BaseURL)+" → "+orNone(now.BaseURL))
	}
	out = append(out, describeParts(partsOf(old), partsOf(now))...)
	out = append(out, describeBody(old.Body, now.Body)...)
	if !same(old.Security, now.Security) {
		out = append(out, "security changed")
	}
	if old.Deprecated != now.Deprecated {
		out = append(out, map[bool]string{true: "now deprecated", false: "no longer deprecated"}[now.Deprecated])
	}
	if len(out) == 0 {
		out = append(out, describeRest(old, now))
	}
	return out
}

// describeRest names the fields that differ where none of the above does.
func describeRest(old, now *ductape.Action) string {
	var names []string
	for _, f := range actionFields {
		if !same(f.value(old), f.value(now)) {
			names = append(names, f.name)
		}
	}
	if len(names) == 0 {
		return "edited by hand"
	}
	return strings.Join(names, ", ") + " changed"
}

// A part is one parameter or body field, as a caller sees it.
type part struct {
	name, kind string
	required   bool
}

func partsOf(a *ductape.Action) []part {
	var out []part
	for _, p := range a.Params {
		out = append(out, part{string(p.In) + "." + p.Name, p.Type, p.Required})
	}
	if a.Body == nil || len(a.Body.Contents) == 0 {
		return out
	}
	for _, f := range a.Body.Contents[0].Fields {
		if !f.ReadOnly {
			out = append(out, part{"body." + f.Name, f.Type, f.Required})
		}
	}
	return out
}

func partName(p part) string { return p.name }

func describeParts(old, now []part) []string {
	var out []string
	for _, n := range now {
		o := find(old, n.name, partName)
		switch {
		case o == nil && n.required:
			out = append(out, "new required field "+clip(n.name))
		case o == nil:
			out = append(out, "new field "+clip(n.name))
		default:
			out = append(out, describePart(*o, n)...)
		}
	}
	for _, o := range old {
		if find(now, o.name, partName) == nil {
			out = append(out, "removed field "+clip(o.name))
		}
	}
	return out
}

func describePart(old, now part) []string {
	var out []string
	if old.kind != now.kind {
		out = append(out, "type of "+clip(now.name)+": "+orAny(old.kind)+" → "+orAny(now.kind))
	}
	if old.required != now.required {
		out = append(out, clip(now.name)+map[bool]string{true: " is now required", false: " is no longer required"}[now.required])
	}
	return out
}

func describeBody(old, now *ductape.Body) []string {
	switch {
	case old == nil && now == nil:
		return nil
	case old == nil:
		return []string{"now takes a body" + map[bool]string{true: ", required"}[now.Required]}
	case now == nil:
		return []string{"no longer takes a body"}
	}
	var out []string
	if old.Required != now.Required {
		out = append(out, "body"+map[bool]string{true: " is now required", false: " is no longer required"}[now.Required])
	}
	if a, b := typesOf(old), typesOf(now); !slices.Equal(a, b) {
		out = append(out, "body types: "+strings.Join(a, ", ")+" → "+strings.Join(b, ", "))
	}
	return out
}

func typesOf(b *ductape.Body) []string {
	return tagsOf(b.Contents, func(c ductape.Content) string { return c.Type })
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
