package cache_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ductape-go/ductape/cache"
)

func TestEqualCallsShareOnePieceOfWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[int]
		var began, sharers atomic.Int32
		work := func(context.Context) (int, error) {
			began.Add(1)
			<-time.After(time.Second)
			return 42, nil
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				v, shared, err := g.Do(t.Context(), "k", work)
				if v != 42 || err != nil {
					t.Errorf("got %v, %v", v, err)
				}
				if shared {
					sharers.Add(1)
				}
			})
		}
		wg.Wait()
		if began.Load() != 1 || sharers.Load() != 9 {
			t.Errorf("work began %d times for %d sharers, want once for 9", began.Load(), sharers.Load())
		}
		if _, shared, _ := g.Do(t.Context(), "k", work); shared || began.Load() != 2 {
			t.Error("a call after the end did not begin anew")
		}
	})
}

func TestDifferentKeysDoNotShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[string]
		var wg sync.WaitGroup
		for _, k := range []string{"a", "b"} {
			wg.Go(func() {
				v, shared, _ := g.Do(t.Context(), k, func(context.Context) (string, error) {
					<-time.After(time.Second)
					return k, nil
				})
				if v != k || shared {
					t.Errorf("%s: got %q, shared %v", k, v, shared)
				}
			})
		}
		wg.Wait()
	})
}

func TestTheFirstCallerLeavingDoesNotFailTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[string]
		work := func(ctx context.Context) (string, error) {
			select {
			case <-ctx.Done():
				return "", ctx.Err()
			case <-time.After(time.Minute):
				return "done", nil
			}
		}
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, _, err := g.Do(first, "k", work); !errors.Is(err, context.Canceled) {
				t.Errorf("first: %v, want its own cancellation", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if v, shared, err := g.Do(t.Context(), "k", work); v != "done" || !shared || err != nil {
				t.Errorf("second: %q, %v, %v", v, shared, err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
	})
}

func TestAWaitingCallerLeavesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[string]
		work := func(ctx context.Context) (string, error) {
			<-time.After(time.Minute)
			return "done", ctx.Err()
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if v, _, err := g.Do(t.Context(), "k", work); v != "done" || err != nil {
				t.Errorf("first: %q, %v", v, err)
			}
		})
		synctest.Wait()
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, _, err := g.Do(short, "k", work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second: %v, want its own deadline", err)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("second waited %v", waited)
		}
		wg.Wait()
	})
}

func TestTheWorkEndsWhenNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[string]
		var ended atomic.Bool
		hold := make(chan struct{})
		work := func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended.Store(true)
			<-hold // slow to give up
			return "", ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { _, _, _ = g.Do(ctx, "k", work) })
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		synctest.Wait()
		if !ended.Load() {
			t.Error("the work went on with nobody waiting")
		}
		v, shared, err := g.Do(t.Context(), "k", func(context.Context) (string, error) { return "fresh", nil })
		if v != "fresh" || shared || err != nil {
			t.Errorf("a new call joined work that was given up: %q, %v, %v", v, shared, err)
		}
		close(hold)
	})
}

func TestTheWorkKeepsValuesButNotTheDeadline(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[any]
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "trace"), time.Hour)
		defer cancel()
		v, _, _ := g.Do(ctx, "k", func(ctx context.Context) (any, error) {
			if _, ok := ctx.Deadline(); ok {
				t.Error("the work has its first caller's deadline")
			}
			return ctx.Value(key{}), nil
		})
		if v != "trace" {
			t.Errorf("value = %v", v)
		}
	})
}

func TestAnErrorGoesToEveryCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[int]
		want := errors.New("refused")
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, _, err := g.Do(t.Context(), "k", func(context.Context) (int, error) {
					<-time.After(time.Second)
					return 0, want
				})
				if !errors.Is(err, want) {
					t.Errorf("got %v", err)
				}
			})
		}
		wg.Wait()
	})
}

func TestACallThatHasEndedBeginsNothing(t *testing.T) {
	var g cache.Group[int]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := g.Do(ctx, "k", func(context.Context) (int, error) {
		t.Error("the work began")
		return 0, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAPanicReachesItsCallersAndFreesTheKey(t *testing.T) {
	var g cache.Group[int]
	cause := errors.New("broken")
	func() {
		defer func() {
			err, ok := recover().(error)
			if !ok || !errors.Is(err, cause) {
				t.Errorf("recovered %v", err)
			}
		}()
		_, _, _ = g.Do(t.Context(), "k", func(context.Context) (int, error) { panic(cause) })
	}()
	if v, _, err := g.Do(t.Context(), "k", func(context.Context) (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("afterwards: %v, %v", v, err)
	}
}

func TestWorkThatNeverReturnsIsAnError(t *testing.T) {
	var g cache.Group[int]
	_, _, err := g.Do(t.Context(), "k", func(context.Context) (int, error) {
		runtime.Goexit()
		return 0, nil
	})
	if err == nil {
		t.Error("no error")
	}
}

// Work that was given up and ends late leaves alone what began after it.
func TestWorkThatEndsLateDoesNotFreeTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g cache.Group[string]
		var wg sync.WaitGroup
		first, leave := context.WithCancel(t.Context())
		late, next := make(chan struct{}), make(chan struct{})
		wg.Go(func() {
			_, _, _ = g.Do(first, "k", func(context.Context) (string, error) { <-late; return "late", nil })
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		wg.Go(func() {
			_, _, _ = g.Do(t.Context(), "k", func(context.Context) (string, error) { <-next; return "next", nil })
		})
		synctest.Wait()
		close(late)
		synctest.Wait()
		wg.Go(func() {
			v, shared, err := g.Do(t.Context(), "k", func(context.Context) (string, error) { return "a third time", nil })
			if v != "next" || !shared || err != nil {
				t.Errorf("%q, %v, %v", v, shared, err)
			}
		})
		synctest.Wait()
		close(next)
		wg.Wait()
	})
}

// A result that is there is not thrown away because its caller's context ends at
// the same moment.
func TestAResultBeatsTheEndOfItsContext(t *testing.T) {
	for range 1000 {
		got := ""
		synctest.Test(t, func(t *testing.T) {
			var g cache.Group[string]
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			got, _, _ = g.Do(ctx, "k", func(context.Context) (string, error) {
				synctest.Wait() // the caller waits
				cancel()
				return "done", nil
			})
		})
		if got == "done" {
			return
		}
	}
	t.Error("of 1000 results that came with the end of the context, none was given")
}
