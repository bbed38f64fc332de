package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// errNoResult is what callers get when the work ended its goroutine
// (runtime.Goexit) instead of returning.
var errNoResult = errors.New("cache: the shared work ended without a result")

// A Group lets equal concurrent calls share one piece of work. The zero value
// is ready for use, and a Group must not be copied.
//
// The rules:
//   - Calls are equal when their keys are. The result goes to every one of
//     them, so V must be safe to share: bytes that nobody changes, never an
//     open *http.Response.
//   - No caller owns the work. It runs under its own context, which carries the
//     values of the caller that began it but neither its cancellation nor its
//     deadline, and which ends once no caller is waiting any more.
//   - A caller whose context ends leaves alone, with its context's error.
//   - Nothing is kept: a call that comes after the end begins the work anew.
type Group[V any] struct {
	mu      sync.Mutex
	flights map[string]*flight[V] // :: key -> work that still accepts callers
}

type flight[V any] struct {
	cancel  context.CancelFunc
	waiting int // guarded by Group.mu

	done  chan struct{} // closed when the fields below are set
	value V
	err   error
	panic *workPanic
}

// Do returns the result of work, or of the equal work that is under way
// already; shared says that it was the latter. A panic in work is raised again
// in every caller that waits for it.
func (g *Group[V]) Do(ctx context.Context, key string, work func(context.Context) (V, error)) (value V, shared bool, err error) {
	if err := ctx.Err(); err != nil {
		return value, false, err
	}
	f, shared := g.join(ctx, key, work)
	select {
	case <-f.done:
	case <-ctx.Done():
		select {
		case <-f.done: // both at once: the result is worth more
		default:
			g.leave(key, f)
			return value, shared, ctx.Err()
		}
	}
	if f.panic != nil {
		panic(f.panic)
	}
	return f.value, shared, f.err
}

// join adds the caller to the flight of key, starting it when there is none.
func (g *Group[V]) join(ctx context.Context, key string, work func(context.Context) (V, error)) (f *flight[V], shared bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f, ok := g.flights[key]; ok {
		f.waiting++
		return f, true
	}
	if g.flights == nil {
		g.flights = make(map[string]*flight[V])
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f = &flight[V]{cancel: cancel, waiting: 1, done: make(chan struct{})}
	g.flights[key] = f
	go g.fly(ctx, key, f, work)
	return f, false
}

// leave takes one caller off the flight. The last one ends the work and frees
// the key, so that a later call does not join work that is being given up.
func (g *Group[V]) leave(key string, f *flight[V]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f.waiting--
	if f.waiting == 0 {
		f.cancel()
		g.forget(key, f)
	}
}

func (g *Group[V]) fly(ctx context.Context, key string, f *flight[V], work func(context.Context) (V, error)) {
	defer f.cancel()
	f.err = errNoResult
	defer func() {
		if r := recover(); r != nil {
			f.panic = &workPanic{value: r, stack: debug.Stack()}
		}
		g.mu.Lock()
		g.forget(key, f)
		g.mu.Unlock()
		close(f.done)
	}()
	f.value, f.err = work(ctx)
}

// forget frees the key unless a newer flight has it. The caller holds g.mu.
func (g *Group[V]) forget(key string, f *flight[V]) {
	if g.flights[key] == f {
		delete(g.flights, key)
	}
}

// A workPanic carries a panic from the goroutine of the work, with the stack it
// had there.
type workPanic struct {
	value any
	stack []byte
}

func (p *workPanic) Error() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

// Unwrap returns what work panicked with, when that was an error.
func (p *workPanic) Unwrap() error {
	err, _ := p.value.(error)
	return err
}
