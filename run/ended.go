package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

var errAttemptTimeout = errors.New("the API did not answer in time")

// ended is the error of a run whose context has ended.
func ended(step string, err error) error {
	if errors.Is(err, context.Canceled) {
		e := fault(step, ductape.CodeCancelled, "the caller went away")
		e.Cause = err
		return e
	}
	e := fault(step, ductape.CodeUpstreamTimeout, "the run took longer than it may")
	e.Cause = err
	return e
}

// sendFault turns a failure to reach the API into the answer a caller gets.
// The text of the failure is not passed on: it may hold the URL.
func sendFault(ctx context.Context, run *run, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errAttemptTimeout) {
		return timeout(run, err)
	}
	if cause := context.Cause(ctx); cause != nil {
		if errors.Is(cause, context.DeadlineExceeded) {
			return timeout(run, err)
		}
		return ended("send", cause)
	}
	var known *ductape.Error
	if !errors.As(err, &known) {
		f := egress.Classify(err)
		err = &ductape.Error{Code: f.Code, Message: run.request.host() + ": " + f.Message, Cause: err}
	}
	return afterAttempts(run, inStep("send", err))
}

// afterAttempts adds how often it was tried.
func afterAttempts(run *run, err error) error {
	var e *ductape.Error
	if run.rec.Attempts < 2 || !errors.As(err, &e) {
		return err
	}
	copied := *e
	copied.Message += " (" + attempts(run.rec.Attempts) + ")"
	return &copied
}

func timeout(run *run, err error) error {
	e := fault("send", ductape.CodeUpstreamTimeout, fmt.Sprintf("%s did not answer in time (%s)", run.request.host(), attempts(run.rec.Attempts)))
	e.Cause = err
	return e
}

func attempts(n int) string {
	if n == 1 {
		return "1 attempt"
	}
	return itoa(n) + " attempts"
}

// inStep names the step in an error of a leaf that does not know it.
func inStep(step string, err error) error {
	var e *ductape.Error
	if !errors.As(err, &e) {
		return &ductape.Error{Step: step, Code: ductape.CodeInternal, Message: "something failed that should not", Cause: err}
	}
	if e.Step != "" {
		return e
	}
	copied := *e
	copied.Step = step
	return &copied
}
