package run

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// An alarm is the context of a run. It ends the run at its deadline, and the
// run's only attempt when that has waited too long, with one timer for both.
type alarm struct {
	context.Context // of which cancel says why it ended
	cancel          context.CancelCauseFunc
	deadline        time.Time
	patience        time.Duration // of an attempt
	mu              sync.Mutex    // guards timer, which may ring before it is here
	timer           *time.Timer
	attempt         atomic.Int64 // when the attempt ends, in nanoseconds since the deadline, so negative; else none or rung
}

const (
	none = 0 // no attempt that would end before the run
	rung = 1 // the attempt's time is over
)

func newAlarm(ctx context.Context, limit, patience time.Duration) *alarm {
	a := &alarm{deadline: time.Now().Add(limit), patience: patience}
	a.Context, a.cancel = context.WithCancelCause(ctx)
	a.mu.Lock()
	a.timer = time.AfterFunc(min(limit, patience), a.ring)
	a.mu.Unlock()
	return a
}

// ring looks what has ended. It never sleeps for longer than an attempt may
// take, so that one that begins meanwhile need not touch the timer.
func (a *alarm) ring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := time.Until(a.deadline)
	if left <= 0 {
		a.cancel(context.DeadlineExceeded)
		return
	}
	next := min(left, a.patience)
	if end := a.attempt.Load(); end < none {
		untilEnd := time.Duration(end) + left
		if untilEnd <= 0 && a.attempt.CompareAndSwap(end, rung) {
			a.cancel(errAttemptTimeout)
			return
		}
		if untilEnd > 0 {
			next = min(next, untilEnd)
		}
	}
	a.timer.Reset(next)
}

// watch ends the run when an attempt that begins now gets no answer in time.
func (a *alarm) watch() {
	if end := time.Since(a.deadline) + a.patience; end < none {
		a.attempt.Store(int64(end))
	}
}

// answered ends the watch: what follows has until the deadline. It reports
// whether that was in time.
func (a *alarm) answered() bool { return a.attempt.Swap(none) != rung }

// end frees the alarm. Whoever still works for the run stops.
func (a *alarm) end() {
	a.timer.Stop()
	a.cancel(nil)
}

// Deadline is the run's.
func (a *alarm) Deadline() (time.Time, bool) {
	if d, ok := a.Context.Deadline(); ok && d.Before(a.deadline) {
		return d, true
	}
	return a.deadline, true
}

// Err tells a deadline from a caller who went away, as the contexts of package
// context do.
func (a *alarm) Err() error {
	err := a.Context.Err()
	if err != nil && context.Cause(a.Context) == context.DeadlineExceeded {
		return context.DeadlineExceeded
	}
	return err
}
