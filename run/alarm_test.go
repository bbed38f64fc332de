package run

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAlarm(t *testing.T) {
	for name, c := range map[string]struct {
		limit, patience time.Duration
		begins          time.Duration // of the attempt; negative: none
		answered        time.Duration // negative: never
		at              time.Duration // when it rings
		cause, err      error
	}{
		"deadline before any attempt":         {time.Minute, 10 * time.Second, -1, -1, time.Minute, context.DeadlineExceeded, context.DeadlineExceeded},
		"an attempt without an answer":        {time.Minute, 10 * time.Second, 0, -1, 10 * time.Second, errAttemptTimeout, context.Canceled},
		"one that begins late":                {time.Minute, 10 * time.Second, 25 * time.Second, -1, 35 * time.Second, errAttemptTimeout, context.Canceled},
		"one that the deadline ends":          {time.Minute, 10 * time.Second, 55 * time.Second, -1, time.Minute, context.DeadlineExceeded, context.DeadlineExceeded},
		"an answer whose body does not end":   {time.Minute, 10 * time.Second, 0, 9 * time.Second, time.Minute, context.DeadlineExceeded, context.DeadlineExceeded},
		"patience longer than the run's time": {time.Second, 10 * time.Second, 0, -1, time.Second, context.DeadlineExceeded, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				a := newAlarm(t.Context(), c.limit, c.patience)
				if c.begins >= 0 {
					time.AfterFunc(c.begins, a.watch)
				}
				if c.answered >= 0 {
					time.AfterFunc(c.answered, func() {
						if !a.answered() {
							t.Error("the answer came in time")
						}
					})
				}
				<-a.Done()
				if at := time.Since(begin); at != c.at || !errors.Is(context.Cause(a), c.cause) || !errors.Is(a.Err(), c.err) {
					t.Errorf("after %s: %v, %v", at, context.Cause(a), a.Err())
				}
				if c.cause == errAttemptTimeout && a.answered() {
					t.Error("an answer after the alarm was in time")
				}
			})
		})
	}
}

func TestAlarmPassesOnWhatItsCallerSays(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	a := newAlarm(ctx, 2*time.Hour, time.Minute)
	defer a.end()
	want, _ := ctx.Deadline()
	if got, ok := a.Deadline(); !ok || !got.Equal(want) {
		t.Errorf("deadline %v, want %v", got, want)
	}
	cancel()
	if a.Err() != context.Canceled {
		t.Errorf("%v", a.Err())
	}
}
