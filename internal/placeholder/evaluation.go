package placeholder

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxSteps  = 10_000  // of one evaluation
	maxOutput = 1 << 20 // bytes of any value made on the way, and of all that is filled in
	stepBytes = 512     // bytes that are read or made for one step
	askEvery  = 64      // steps between two looks at the context
)

// ErrBounds says that filling takes more than it may. No $Default catches it,
// and what comes after it in the same Evaluation fails too.
var ErrBounds = errors.New("more to fill in than is allowed")

// An Evaluation is all the filling that is done for one purpose, such as one
// call: the templates of its fields, and of the values that these refer to,
// share its bounds. It also knows which values were made of secrets. The zero
// value is ready; it is not safe for concurrent use.
type Evaluation struct {
	// Derived, when set, is told what a function came to that was given a
	// secret: such a value is one itself.
	Derived func(v jsontext.Value)
	// Filled, when set, is told what a string of a document came to in which a
	// secret stands, and its place as errors name it.
	Filled func(where string, v jsontext.Value)

	ctx     context.Context // nil: none
	steps   int
	asked   int // steps when the context was last looked at
	output  int // bytes
	depth   int // values that are filled because another one refers to them
	secrets int
}

// NewEvaluation returns an Evaluation that fails with the context's error once
// that has ended.
func NewEvaluation(ctx context.Context) *Evaluation { return &Evaluation{ctx: ctx} }

// MarkSecret is for a Resolver to say that the value it is about to return is, or
// holds, a secret.
func (ev *Evaluation) MarkSecret() { ev.secrets++ }

// Secrets counts the calls of MarkSecret. Who compares it before and after
// knows whether a value was made of secrets.
func (ev *Evaluation) Secrets() int { return ev.secrets }

// Nested runs f, which fills a value that another one refers to. Its error wraps
// ErrUnresolved when values refer to one another too deep, as they do in a circle.
func (ev *Evaluation) Nested(f func() (jsontext.Value, error)) (jsontext.Value, error) {
	if ev.depth >= maxDepth {
		return nil, fmt.Errorf("%w: a value refers to itself, or values to one another deeper than %d levels", ErrUnresolved, maxDepth)
	}
	ev.depth++
	defer func() { ev.depth-- }()
	return f()
}

// spend takes steps.
func (ev *Evaluation) spend(steps int) error {
	if ev.steps += steps; ev.steps > maxSteps {
		return fmt.Errorf("%w: it takes more than %d steps", ErrBounds, maxSteps)
	}
	if ev.ctx == nil || ev.steps-ev.asked < askEvery {
		return nil
	}
	ev.asked = ev.steps
	return ev.ctx.Err()
}

// give counts a value that goes out. Values for other values are counted where
// these go out, and cost steps until then.
func (ev *Evaluation) give(size int) error {
	if ev.depth > 0 {
		return ev.spend(size / stepBytes)
	}
	if ev.output += size; ev.output > maxOutput {
		return fmt.Errorf("%w: what is filled in grows beyond %d bytes", ErrBounds, maxOutput)
	}
	return nil
}

// ends reports whether nothing more can be filled after err.
func (ev *Evaluation) ends(err error) bool {
	return errors.Is(err, ErrBounds) || ev.ctx != nil && ev.ctx.Err() != nil
}
