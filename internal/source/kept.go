package source

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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

// An entry is what was read last and when. Beside used it does not change.
type entry struct {
	again reader
	used  *atomic.Int64 // when it was last asked for, in Unix nanoseconds
	value secret.Value
	read  time.Time // zero: never
	next  time.Time // when it is read again
	err   error     // why there is no value, or none newer
}

// keep returns the value that is kept, or reads it.
func (s *Sources) keep(ctx context.Context, ref string, read reader) (secret.Value, error) {
	now := s.cfg.Now()
	if e, ok := s.kept.values.Load(ref); ok {
		e.(*entry).used.Store(now.UnixNano())
		if now.Before(e.(*entry).next) {
			return s.usable(e.(*entry))
		}
	}
	select {
	case r := <-s.reread(ctx, ref, read):
		e := r.Val.(*entry)
		e.used.Store(now.UnixNano())
		return s.usable(e)
	case <-ctx.Done():
		return secret.Value{}, context.Cause(ctx)
	}
}

// reread reads a reference, once for all who ask meanwhile.
func (s *Sources) reread(ctx context.Context, ref string, read reader) <-chan singleflight.Result {
	return s.kept.flight.DoChan(ref, func() (any, error) {
		// Not the caller's context: others wait for it too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer cancel()
		v, err := read(ctx)
		return s.take(ref, read, v, err), nil
	})
}

// take keeps what a reading gave.
func (s *Sources) take(ref string, read reader, v secret.Value, err error) *entry {
	now := s.cfg.Now()
	e := &entry{again: read, used: new(atomic.Int64), value: v, read: now, next: now.Add(s.cfg.Fresh)}
	old, had := s.kept.values.Load(ref)
	if had {
		e.used = old.(*entry).used
	}
	if err != nil {
		e.value, e.read, e.next, e.err = secret.Value{}, time.Time{}, now.Add(retryAfter), err
		if had {
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
