package run

import (
	"bytes"
	"context"
	"net/textproto"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// checkNow adds what else is wrong, where no reference has to be filled to see
// it, so that one answer holds everything: of the parameters when there is a
// problem already, and of all the input when the App wants it strict. What has
// references is checked once they are filled.
func (b *binder) checkNow(ctx context.Context, plan *plan) {
	if plan.app.Settings.Validate == ductape.ValidateOff || plan.schemas == nil && len(b.problems) == 0 {
		return
	}
	for i := range b.parts.fields {
		f := &b.parts.fields[i]
		if ctx.Err() != nil {
			return
		}
		if f.value.Kind() != 'n' && !placeholder.HasRefs(f.value) {
			b.note(f.check(plan)...)
		}
	}
	if plan.schemas != nil && b.action.Body != nil {
		b.checkBodyNow(plan)
	}
}

// checkBodyNow compares the body with its schema. One that may hold a file waits
// until the files are at hand.
func (b *binder) checkBodyNow(plan *plan) {
	asked, ok := b.contentType()
	if !ok || placeholder.HasRefs(b.parts.body) || bytes.Contains(b.parts.body, []byte(`"file"`)) || bytes.Contains(b.parts.body, []byte(`"path"`)) {
		return
	}
	choice := bodyChoice{plan: plan, asked: asked}
	b.note(choice.compare(b.parts)...)
	b.parts.bodyFits = true
}

// contentType is the Content-Type that the input asks for, and false when it is
// not known yet.
func (b *binder) contentType() (string, bool) {
	for i := range b.parts.fields {
		f := &b.parts.fields[i]
		if f.in == ductape.InHeader && textproto.CanonicalMIMEHeaderKey(f.name) == "Content-Type" {
			return scalarText(f.value), !placeholder.HasRefs(f.value)
		}
	}
	return "", true
}

// hasText reports whether an object has a member of that name that is a text.
func hasText(v jsontext.Value, name string) bool {
	if v.Kind() != '{' {
		return false
	}
	members, err := membersOf(v)
	for _, m := range members {
		if m.name == name {
			return m.value.Kind() == '"'
		}
	}
	return err != nil
}

// compare returns what is wrong with a body, by the schema of the media type
// that it goes out as. A body that is left out is {}, where one is required.
func (c bodyChoice) compare(p *parts) []ductape.Problem {
	set := c.plan.schemas
	value, missing := c.value(p.body)
	if missing && !c.plan.action.Body.Required {
		return nil
	}
	content := c.content(value)
	problems := set.Body(&content, value, p.bodyWhere)
	if missing && len(problems) > 0 {
		return []ductape.Problem{{Where: p.bodyWhere, Message: "is required"}}
	}
	return append(problems, set.Unknown(&content, value, p.bodyWhere)...)
}
