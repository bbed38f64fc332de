package run

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// alsoWrong adds to the problems of an input those that writing it would show,
// so that one answer holds everything. What has references that are not filled
// is left out. Other errors stay as they are.
func (one *run) alsoWrong(ctx context.Context, err error) error {
	var e *ductape.Error
	if one.parts == nil || !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput || len(e.Problems) == 0 {
		return err
	}
	more := slices.DeleteFunc(one.unwritable(ctx), func(p ductape.Problem) bool { return one.told(e.Problems, p) })
	if len(more) == 0 {
		return err
	}
	both := *e
	both.Problems = append(slices.Clip(e.Problems), more...)
	return &both
}

// unwritable lists what cannot be written of the parts.
func (one *run) unwritable(ctx context.Context) []ductape.Problem {
	b := builder{ctx: ctx, run: one, req: &request{method: one.plan.action.Method, header: make(http.Header)}}
	if text, ok := one.plan.resource.Static(); ok {
		path, fixed, _ := strings.Cut(text, "?")
		b.path(path)
		b.query("", fixed)
	}
	b.headers()
	b.cookies()
	problems := b.problems
	if placeholder.HasRefs(one.parts.body) || one.plan.action.Body == nil {
		return problems
	}
	b.problems = nil
	if err := b.body(); err != nil {
		problems = append(problems, b.problems...)
	}
	return problems
}

// told reports whether a problem is known, or of a value that is not yet what
// will be written.
func (one *run) told(known []ductape.Problem, p ductape.Problem) bool {
	for i := range one.parts.fields {
		if f := &one.parts.fields[i]; placeholder.HasRefs(f.value) && within(p.Where, f.where) {
			return true
		}
	}
	return slices.ContainsFunc(known, func(k ductape.Problem) bool { return within(p.Where, k.Where) || within(k.Where, p.Where) })
}

// within reports whether a place is another, or in it.
func within(place, outer string) bool {
	rest, ok := strings.CutPrefix(place, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
