package placeholder

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnresolved says that a reference has no value. A Resolver wraps it.
var ErrUnresolved = errors.New("does not resolve")

// A SyntaxError is a placeholder that begins well and is broken.
type SyntaxError struct {
	Column  int // where, in characters, from 1
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// An EvalError is a placeholder that could not be filled. It wraps the
// resolver's error, so errors.Is(err, ErrUnresolved) tells a missing value from
// a wrong one.
type EvalError struct {
	Ref      string // the reference as written; empty when a function failed
	Function string // the function's name without $; empty when a reference failed
	Argument int    // which argument of the function, from 1; 0 for none in particular
	Column   int    // where, in characters, from 1
	Message  string // never holds a value
	Cause    error  // the resolver's error; nil when the value was of a wrong kind
}

func (e *EvalError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.message()) }

// message says what failed, without the column.
func (e *EvalError) message() string {
	switch {
	case e.Ref != "":
		return e.Ref + ": " + e.Message
	case e.Function != "" && e.Argument > 0:
		return fmt.Sprintf("$%s, argument %d: %s", e.Function, e.Argument, e.Message)
	case e.Function != "":
		return "$" + e.Function + ": " + e.Message
	}
	return e.Message
}

func (e *EvalError) Unwrap() error { return e.Cause }

// A PlaceError is an error of a template inside a document, with its place:
// "input.body.items[3].name".
type PlaceError struct {
	Where string
	Err   error // *SyntaxError or *EvalError
}

func (e *PlaceError) Error() string { return e.Where + ": " + e.Err.Error() }

func (e *PlaceError) Unwrap() error { return e.Err }

// PlaceErrors are the errors of several templates inside a document, in the
// order in which they stand.
type PlaceErrors []*PlaceError

func (list PlaceErrors) Error() string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns them all.
func (list PlaceErrors) Unwrap() []error {
	out := make([]error, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}

// one returns the only error, or them all.
func (list PlaceErrors) one() error {
	if len(list) == 1 {
		return list[0]
	}
	return list
}
