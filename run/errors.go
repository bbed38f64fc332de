package run

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/placeholder"
)

func itoa(n int) string { return strconv.Itoa(n) }

// fault is a *ductape.Error of a step.
func fault(step string, code ductape.Code, message string) *ductape.Error {
	return &ductape.Error{Step: step, Code: code, Message: message}
}

// invalid is the one answer that lists every problem of an input, or nil.
func invalid(step string, problems []ductape.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	e := fault(step, ductape.CodeInvalidInput, "the call is not valid; nothing was sent")
	e.Problems = problems
	return e
}

// didYouMean is a hint with the nearest names.
func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, ", ") + "?"
}

// unknown is a name that was not found, with the nearest there are.
func unknown(code ductape.Code, message, name string, names []string) *ductape.Error {
	return fault("resolve", code, message).WithHint(didYouMean(nearest.Nearest(name, names, 3)))
}

// placeholderFault turns what went wrong with a reference into the answer a
// caller gets.
func placeholderFault(step, where string, err error) error {
	var known *ductape.Error
	if errors.As(err, &known) {
		return inStep(step, known)
	}
	code := ductape.CodeInvalidPlaceholder
	if errors.Is(err, placeholder.ErrUnresolved) {
		code = ductape.CodeUnresolvedPlaceholder
	}
	var place *placeholder.PlaceError
	if errors.As(err, &place) {
		where, err = place.Where, place.Err
	}
	e := fault(step, code, "a reference could not be filled; nothing was sent")
	e.Problems = []ductape.Problem{{Where: where, Message: err.Error()}}
	e.Cause = err
	return e
}
