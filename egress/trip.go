package egress

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// A Trip counts what one Do put on the wire besides its first request.
type Trip struct {
	Redirects int // redirects followed
	Replays   int // requests that net/http sent again by itself (see the package comment); may count one that was given up before its last byte was out
}

// TripOf returns the trip that ended in resp, which came from Client.Do.
func TripOf(resp *http.Response) Trip {
	if resp == nil || resp.Request == nil {
		return Trip{}
	}
	if t, ok := resp.Request.Context().Value(trackerKey{}).(*tracker); ok {
		return t.trip()
	}
	return Trip{}
}

type trackerKey struct{}

// A tracker watches what Do puts on the wire. Its hooks are called by
// goroutines of net/http.
type tracker struct {
	context.Context // the traced one
	trace           httptrace.ClientTrace

	redirects int
	connected atomic.Bool  // this hop has got a connection
	written   atomic.Int32 // request headers written, in this hop
	earlier   int          // replays of the hops before it
}

// track returns a copy of req that reports to t.
func (t *tracker) track(req *http.Request) *http.Request {
	t.trace.GotConn = func(httptrace.GotConnInfo) { t.connected.Store(true) }
	t.trace.WroteHeaders = func() { t.written.Add(1) }
	t.Context = httptrace.WithClientTrace(req.Context(), &t.trace)
	return req.WithContext(t)
}

// Value makes the tracker findable through the request's context (TripOf).
func (t *tracker) Value(key any) any {
	if key == (trackerKey{}) {
		return t
	}
	return t.Context.Value(key)
}

// nextHop begins a further hop, after a whole answer to the last.
func (t *tracker) nextHop() {
	t.earlier += t.replays()
	t.redirects++
	t.connected.Store(false)
	t.written.Store(0)
}

func (t *tracker) replays() int { return max(0, int(t.written.Load())-1) }

func (t *tracker) trip() Trip {
	return Trip{Redirects: t.redirects, Replays: t.earlier + t.replays()}
}

// unsent reports whether nothing can have been processed: no header block was
// complete. Where the context ended, a write may still have been under way, so
// then only a hop without a connection counts.
func (t *tracker) unsent(ended bool) bool {
	if t.redirects > 0 {
		return false
	}
	return !t.connected.Load() || (!ended && t.written.Load() == 0)
}
