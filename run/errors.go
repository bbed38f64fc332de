package run

import (
	"context"
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

// placeholderFault turns what went wrong with references into the answer a
// caller gets.
func placeholderFault(step, where string, err error) error {
	var faults fillFaults
	faults.add(where, err)
	return faults.err(step, nil)
}

// maxFaults bounds the references that one answer names.
const maxFaults = 100

// fillFaults are the references that could not be filled.
type fillFaults struct {
	list  []placeholder.PlaceError
	ended bool // nothing more can be filled: a bound is reached, or the run has ended
}

// add takes in an error of what stood at a place, nil too. Places within its
// cause, those of the configuration, stay in its text.
func (f *fillFaults) add(where string, err error) {
	switch e := err.(type) {
	case nil:
	case placeholder.PlaceErrors:
		for _, one := range e {
			f.add(one.Where, one.Err)
		}
	case *placeholder.PlaceError:
		f.add(e.Where, e.Err)
	default:
		f.list = append(f.list, placeholder.PlaceError{Where: where, Err: err})
		f.ended = f.ended || len(f.list) >= maxFaults || errors.Is(err, placeholder.ErrBounds) || isEnd(err)
	}
}

// isEnd tells the end of a run's time from other errors.
func isEnd(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// err is one error of all of them and of what else is wrong, nil when there are
// none. Its code is that of the first.
func (f *fillFaults) err(step string, more []ductape.Problem) error {
	if len(f.list) == 0 {
		return nil
	}
	for _, fault := range f.list {
		if isEnd(fault.Err) {
			return ended(step, fault.Err)
		}
	}
	first := f.list[0].Err
	var known *ductape.Error
	if errors.As(first, &known) && len(f.list) == 1 && len(more) == 0 {
		return inStep(step, known)
	}
	e := fault(step, fillCode(first), "a reference could not be filled; nothing was sent")
	if len(f.list) > 1 {
		e.Message = itoa(len(f.list)) + " references could not be filled; nothing was sent"
	}
	for _, fault := range f.list {
		e.Problems = append(e.Problems, ductape.Problem{Where: fault.Where, Message: fillMessage(fault.Err)})
	}
	e.Problems = append(e.Problems, more...)
	e.Cause = first
	return e
}

func fillCode(err error) ductape.Code {
	var known *ductape.Error
	switch {
	case errors.As(err, &known):
		return known.Code
	case errors.Is(err, placeholder.ErrUnresolved):
		return ductape.CodeUnresolvedPlaceholder
	}
	return ductape.CodeInvalidPlaceholder
}

// fillMessage is the text of an error, without the code of one that has its own.
func fillMessage(err error) string {
	var known *ductape.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return err.Error()
}

// orEnded gives the error of a run that failed because its time was over, or its
// caller gone, the code of that: what failed for it may not know.
func (one *run) orEnded(err error) error {
	cause := context.Cause(one.alarm)
	if cause == nil || ductape.CodeOf(err) != ductape.CodeInternal {
		return err
	}
	step := ""
	var known *ductape.Error
	if errors.As(err, &known) {
		step = known.Step
	}
	return ended(step, cause)
}
