package source

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

const (
	// readTime bounds one reading of a value.
	readTime = 10 * time.Second
	// retryAfter is how long a value that could not be read anew is used before
	// the next try, and how long a failure is remembered.
	retryAfter = 5 * time.Second
	// maxKept bounds the values kept; past it all are read anew.
	maxKept = 10_000
)

// kept holds values that were read, in memory only.
type kept struct {
	values sync.Map // reference -> *entry
	mu     sync.Mutex
	n      int
	flight singleflight.Group
}

// An entry is what was read last and when. It does not change.
type entry struct {
	value secret.Value
	read  time.Time // zero: never
	next  time.Time // when it is read again
	err   error     // why there is no value, or none newer
}

// keep returns the value that is kept, or reads it.
func (s *Sources) keep(ctx context.Context, ref string, read reader) (secret.Value, error) {
	if e, ok := s.kept.values.Load(ref); ok && s.cfg.Now().Before(e.(*entry).next) {
		return s.usable(e.(*entry))
	}
	done := s.kept.flight.DoChan(ref, func() (any, error) {
		// Not the caller's context: others wait for it too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer cancel()
		v, err := read(ctx)
		return s.take(ref, v, err), nil
	})
	select {
	case r := <-done:
		return s.usable(r.Val.(*entry))
	case <-ctx.Done():
		return secret.Value{}, context.Cause(ctx)
	}
}

// take keeps what a reading gave.
func (s *Sources) take(ref string, v secret.Value, err error) *entry {
	now := s.cfg.Now()
	e := &entry{value: v, read: now, next: now.Add(s.cfg.Fresh)}
	if err != nil {
		e = &entry{next: now.Add(retryAfter), err: err}
		if old, ok := s.kept.values.Load(ref); ok {
			e.value, e.read = old.(*entry).value, old.(*entry).read
		}
		// The message names the place, never a value.
		s.cfg.Log.Warn("a secret could not be read", "from", ref, "error", message(err), "last_read", e.read)
	}
	s.put(ref, e)
	return e
}

func (s *Sources) put(ref string, e *entry) {
	if _, had := s.kept.values.Swap(ref, e); had {
		return
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if s.kept.n++; s.kept.n > maxKept {
		s.kept.values.Clear()
		s.kept.n = 0
	}
}

// usable is an entry's value, as long as it is not too old.
func (s *Sources) usable(e *entry) (secret.Value, error) {
	if e.err == nil || !e.read.IsZero() && transient(e.err) && s.cfg.Now().Sub(e.read) < s.cfg.Stale {
		return e.value, nil
	}
	return secret.Value{}, e.err
}

// transient tells a place that does not answer from one that says there is no
// such value: what was taken away is not used on.
func transient(err error) bool {
	return ductape.CodeOf(err) == ductape.CodeUpstreamUnreachable
}

func message(err error) string {
	var e *ductape.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
