package run

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

// send asks the API until it answers, the answer is final, or there is no
// attempt, time or permission left. The credential is applied anew on every
// attempt, the body is replayed, and an answer that is not kept is drained and
// closed.
func (r *Runner) send(ctx context.Context, run *run) (*http.Response, error) {
	for attempt := 0; ; attempt++ {
		run.rec.Attempts++
		resp, err := r.attempt(ctx, run)
		wait, again := r.judge(run, attempt, resp, err)
		if again {
			again = fitsDeadline(ctx, r.cfg.Now(), wait)
		}
		if !again {
			return resp, sendFault(ctx, run, err)
		}
		discard(resp)
		if err := pause(ctx, wait); err != nil {
			return nil, ended("send", err)
		}
	}
}

// attempt sends the request once. Its time is bounded until the answer's
// headers are here; the body may take until the run's deadline.
func (r *Runner) attempt(ctx context.Context, run *run) (*http.Response, error) {
	if alarm, ok := ctx.(*alarm); ok && run.call.Retries == 0 {
		return r.onlyAttempt(alarm, run)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(r.cfg.Limits.Attempt, func() { cancel(errAttemptTimeout) })
	resp, err := r.once(ctx, run, run.request.header.Clone())
	if !timer.Stop() && err == nil {
		err = errAttemptTimeout
		discard(resp)
	}
	if err != nil {
		err = attemptFault(ctx, err)
		cancel(nil)
		return nil, err
	}
	resp.Body = &cancelOnClose{resp.Body, cancel}
	return resp, nil
}

// onlyAttempt is an attempt that no other can follow: when it ends the run does,
// so it needs neither a context nor a header of its own.
func (r *Runner) onlyAttempt(alarm *alarm, run *run) (*http.Response, error) {
	alarm.watch()
	resp, err := r.once(alarm, run, run.request.header)
	if !alarm.answered() && err == nil {
		err = errAttemptTimeout
		discard(resp)
	}
	if err != nil {
		return nil, attemptFault(alarm, err)
	}
	return resp, nil
}

// once signs the request and sends it.
func (r *Runner) once(ctx context.Context, run *run, header http.Header) (*http.Response, error) {
	req, err := run.request.attempt(ctx, header)
	if err == nil {
		err = run.credential.applyTo(req)
	}
	if err != nil {
		return nil, err
	}
	resp, err := r.cfg.Sender.Do(req, run.policy())
	run.rec.Attempts += replays(resp, err)
	return resp, err
}

// attemptFault tells the end of an attempt's time from the end of the run's.
func attemptFault(ctx context.Context, err error) error {
	if context.Cause(ctx) == errAttemptTimeout {
		return errAttemptTimeout
	}
	return err
}

// replays counts what the transport sent again by itself, on a connection that
// the API had closed.
func replays(resp *http.Response, err error) int {
	if err != nil {
		return egress.Classify(err).Trip.Replays
	}
	return egress.TripOf(resp).Replays
}

// cancelOnClose frees an attempt's context when its answer has been read.
type cancelOnClose struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
}

func (c *cancelOnClose) Close() error {
	err := c.ReadCloser.Close()
	c.cancel(nil)
	return err
}

// judge says whether another attempt may follow, and after how long.
//
// A failure that provably came before sending may always be repeated. Anything
// else is repeated only when the method is idempotent (RFC 9110, 9.2.2) or the
// request carries an idempotency key.
func (r *Runner) judge(run *run, attempt int, resp *http.Response, err error) (time.Duration, bool) {
	if attempt >= run.call.Retries {
		return 0, false
	}
	backoff := r.backoff(attempt)
	if err != nil {
		return backoff, mayRepeat(run, err)
	}
	if !retryStatus[resp.StatusCode] || !run.request.repeatable {
		return 0, false
	}
	if wait, ok := retryAfter(resp.Header, r.cfg.Now()); ok {
		// What the API asks for is obeyed or the run ends: asking sooner would
		// be refused again.
		return wait, wait <= r.cfg.Limits.Wait
	}
	return backoff, true
}

// mayRepeat judges a failure to get an answer.
func mayRepeat(run *run, err error) bool {
	if errors.Is(err, errAttemptTimeout) {
		return run.request.repeatable
	}
	var ours *ductape.Error
	if errors.As(err, &ours) && ours.Step != "" {
		return false // found before anything was dialed
	}
	f := egress.Classify(err)
	if f.Blocked || f.Cancelled || f.Redirect || f.Code == ductape.CodeInvalidInput {
		return false
	}
	return f.BeforeSend || run.request.repeatable
}

// retryStatus are the answers that may be different next time. 501 and 505
// will not be.
var retryStatus = map[int]bool{408: true, 425: true, 429: true, 500: true, 502: true, 503: true, 504: true}

// retryAfter reads Retry-After: seconds, or a date in any of the three formats
// of RFC 9110, 5.6.7. What is past or negative means now; what is neither is
// left alone.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	v := h.Get("Retry-After")
	if v == "" {
		return 0, false
	}
	if seconds, ok := parseSeconds(v); ok {
		return seconds, true
	}
	if date, err := http.ParseTime(v); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}

// parseSeconds reads a whole number of seconds, held to a year.
func parseSeconds(v string) (time.Duration, bool) {
	const year = 365 * 24 * 60 * 60
	negative := len(v) > 1 && v[0] == '-'
	if negative {
		v = v[1:]
	}
	if !isDigits(v) {
		return 0, false
	}
	n := 0
	for _, c := range v {
		n = min(n*10+int(c-'0'), year)
	}
	if negative {
		n = 0
	}
	return time.Duration(n) * time.Second, true
}

const (
	firstBackoff = 250 * time.Millisecond
	maxBackoff   = 10 * time.Second
)

// backoff is full jitter: anything up to a bound that doubles.
func (r *Runner) backoff(attempt int) time.Duration {
	bound := min(firstBackoff<<min(attempt, 10), maxBackoff, r.cfg.Limits.Wait)
	return r.cfg.Jitter(bound)
}

func fullJitter(bound time.Duration) time.Duration { return rand.N(bound) }

// fitsDeadline reports whether a wait leaves time for another attempt.
func fitsDeadline(ctx context.Context, now time.Time, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || now.Add(wait).Before(deadline)
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// discard reads what is left of an answer, so that its connection can be used
// again, but no more than a little: closing is cheaper than reading on.
func discard(resp *http.Response) {
	if resp == nil {
		return
	}
	io.CopyN(io.Discard, resp.Body, 64<<10)
	resp.Body.Close()
}
