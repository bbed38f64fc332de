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
	if len(e.Problems) >= maxProblems || ctx.Err() != nil {
		return err
	}
	found := one.unwritable(ctx)
	pending := one.pending()
	found.problems = slices.DeleteFunc(found.problems, func(p ductape.Problem) bool { return pending.holds(p) || told(e.Problems, p) })
	if len(found.problems) == 0 {
		return err
	}
	all := problemList{problems: slices.Clip(e.Problems), more: found.more}
	all.note(found.problems...)
	both := *e
	both.Problems = all.list()
	return &both
}

// unwritable lists what cannot be written of the parts.
func (one *run) unwritable(ctx context.Context) problemList {
	b := builder{ctx: ctx, run: one, req: &request{method: one.plan.action.Method, header: make(http.Header)}}
	if text, ok := one.plan.resource.Static(); ok {
		path, fixed, _ := strings.Cut(text, "?")
		b.path(path)
		b.query("", fixed)
	}
	b.headers()
	b.cookies()
	if placeholder.HasRefs(one.parts.body) || one.plan.action.Body == nil || b.full() || ctx.Err() != nil {
		return b.problemList
	}
	found := b.problemList
	b.problemList = problemList{}
	if err := b.body(); err != nil {
		found.note(b.problems...)
		found.more += b.more
	}
	return found
}

// unfilled are places of values that are not yet what will be written.
type unfilled []string

func (one *run) pending() unfilled {
	var places unfilled
	for i := range one.parts.fields {
		if f := &one.parts.fields[i]; placeholder.HasRefs(f.value) {
			places = append(places, f.where)
		}
	}
	return places
}

func (places unfilled) holds(p ductape.Problem) bool {
	return slices.ContainsFunc(places, func(place string) bool { return within(p.Where, place) })
}

// told reports whether a problem is known, of its place or of the path parameter
// that is missing because of it. Both are few: see maxProblems.
func told(known []ductape.Problem, p ductape.Problem) bool {
	name, isParam := strings.CutPrefix(p.Where, "input.params.")
	return slices.ContainsFunc(known, func(k ductape.Problem) bool {
		return within(p.Where, k.Where) || within(k.Where, p.Where) || isParam && names(k.Where, name)
	})
}

// within reports whether a place is another, or in it.
func within(place, outer string) bool {
	rest, ok := strings.CutPrefix(place, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
