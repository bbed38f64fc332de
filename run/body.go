package run

import (
	"errors"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

// body writes the body by its media type: the one the caller names in
// Content-Type, else the action's first that fits the value, else the
// environment's, else JSON.
func (b *builder) body() error {
	spec := b.run.plan.action.Body
	if spec == nil {
		b.unsentFiles("", nil)
		return b.problemsFound()
	}
	choice := bodyChoice{plan: b.run.plan, files: b.run.call.Files, asked: b.req.header.Get("Content-Type")}
	b.checkBody(choice)
	value, missing := choice.value(b.run.parts.body)
	if missing && !spec.Required && !b.emptyForm() {
		b.unsentFiles("", nil)
		return b.problemsFound()
	}
	content := choice.content(value)
	media, params := mediaType(content.Type)
	body, typ, err := b.write(media, params, content, value)
	switch {
	case missing && (err != nil || !choice.accepts(content).object):
		b.bodyProblem(ductape.Problem{Where: b.run.parts.bodyWhere, Message: "is required"})
	case err != nil:
		b.bodyProblem(problemOf(b.bodyWhere(err), err))
	default:
		b.unsentFiles(media, body)
	}
	if len(b.problems) > 0 {
		return b.problemsFound()
	}
	if typ != "" {
		b.req.header["Content-Type"] = []string{typ}
	}
	b.req.body = body
	return nil
}

// checkBody compares a body with its schema, where the App wants it strict and
// it could not be done before.
func (b *builder) checkBody(choice bodyChoice) {
	if b.run.plan.schemas != nil && !b.run.parts.bodyFits {
		b.note(b.run.discreet(choice.compare(b.run.parts))...)
	}
}

// bodyProblem adds why the body cannot be written. At its place that says more
// than the schema does.
func (b *builder) bodyProblem(p ductape.Problem) {
	b.problems = slices.DeleteFunc(b.problems, func(other ductape.Problem) bool { return within(other.Where, p.Where) })
	b.note(p)
}

// emptyForm reports whether a body that is left out is sent as a form without
// fields. That has no bytes; but servers that take forms, Stripe's among them,
// look for its Content-Type on every request of such a method.
func (b *builder) emptyForm() bool {
	switch contents := b.run.plan.action.Body.Contents; b.req.method {
	case "POST", "PUT", "PATCH":
		if len(contents) == 0 || b.req.header.Get("Content-Type") != "" {
			return false
		}
		media, _ := mediaType(contents[0].Type)
		return media == formType
	}
	return false
}

// bodyWhere is where a field of the body stood in the input.
func (b *builder) bodyWhere(err error) string {
	var e *wire.Error
	if errors.As(err, &e) && e.Param != "" {
		return b.run.parts.bodyWhere + "." + e.Param
	}
	return b.run.parts.bodyWhere
}
