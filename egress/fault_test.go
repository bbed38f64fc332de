package egress_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

// fails sends a POST that must fail, with secrets in its URL and headers, and
// returns what the failure means.
func fails(t *testing.T, c *egress.Client, ctx context.Context, address string) egress.Failure {
	t.Helper()
	req := newRequest(t, "POST", address+"?api_key=hunter2", "body hunter2").WithContext(ctx)
	req.Header.Set("Authorization", "hunter2")
	resp, err := c.Do(req, private)
	if err == nil {
		readAll(t, resp)
		t.Fatalf("%s answered", address)
	}
	var e *ductape.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T is not a *ductape.Error", err)
	}
	f := egress.Classify(fmt.Errorf("run: %w", err))
	if f.Code != e.Code || f.Message != e.Message {
		t.Errorf("classified as %q %q, but the error is %v", f.Code, f.Message, e)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %s %s", err, f, e.Hint, e.Cause), "hunter2") {
		t.Errorf("a secret is in %v", err)
	}
	return f
}

func TestFailuresBeforeAnythingWasSent(t *testing.T) {
	closed := newServer(t, nil)
	closed.Close()
	untrusted := httptest.NewUnstartedServer(nil)
	untrusted.Config.ErrorLog = silent
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := newServer(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	c := newClient(t, egress.Config{Resolver: resolve(func(string) []string { return nil })})
	for address, message := range map[string]string{
		closed.URL:               "refused",
		"http://nowhere.example": "no such host",
		untrusted.URL:            "signed by an unknown authority",
		"https://" + plain.Listener.Addr().String(): "does not speak TLS",
	} {
		f := fails(t, c, t.Context(), address)
		if !f.BeforeSend || f.Timeout || f.Cancelled || f.Blocked || f.Code != ductape.CodeUpstreamUnreachable {
			t.Errorf("%s: %+v", address, f)
		}
		if !strings.Contains(f.Message, message) {
			t.Errorf("%s: %q does not say %q", address, f.Message, message)
		}
	}
}

func TestATLSHandshakeThatHangsIsATimeoutBeforeSending(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts by its backlog and never speaks
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := newClient(t, egress.Config{TLSHandshakeTimeout: 20 * time.Millisecond})
	f := fails(t, c, t.Context(), "https://"+l.Addr().String())
	if !f.BeforeSend || !f.Timeout || f.Code != ductape.CodeUpstreamTimeout {
		t.Errorf("%+v", f)
	}
}

func TestFailuresAfterTheRequestWasSent(t *testing.T) {
	arrived := make(chan struct{}, 10)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the client leave
		arrived <- struct{}{}
		switch r.URL.Path {
		case "/drop":
			drop(w)
		case "/garbage":
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, "SSH-2.0-hunter2\r\n\r\n")
			_ = conn.Close()
		default:
			<-r.Context().Done()
		}
	})
	c := newClient(t, egress.Config{})

	if f := fails(t, c, t.Context(), s.URL+"/drop"); f.BeforeSend || f.Timeout || f.Cancelled || f.Code != ductape.CodeUpstreamUnreachable {
		t.Errorf("dropped: %+v", f)
	}
	if f := fails(t, c, t.Context(), s.URL+"/garbage"); f.BeforeSend || !strings.Contains(f.Message, "not HTTP") {
		t.Errorf("garbage: %+v", f)
	}

	limited := newClient(t, egress.Config{ResponseHeaderTimeout: 20 * time.Millisecond})
	if f := fails(t, limited, t.Context(), s.URL+"/hang"); f.BeforeSend || !f.Timeout || f.Code != ductape.CodeUpstreamTimeout {
		t.Errorf("no headers in time: %+v", f)
	}
	for range len(arrived) {
		<-arrived
	}

	cause := errors.New("the caller hung up, hunter2")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { <-arrived; cancel(cause) }()
	if f := fails(t, c, ctx, s.URL+"/hang"); f.BeforeSend || !f.Cancelled || f.Timeout || f.Code != ductape.CodeCancelled {
		t.Errorf("cancelled: %+v", f)
	}

	over := expiring{t.Context(), make(chan struct{})}
	go func() { <-arrived; close(over.done) }()
	if f := fails(t, c, over, s.URL+"/hang"); f.BeforeSend || !f.Timeout || f.Cancelled || f.Code != ductape.CodeUpstreamTimeout {
		t.Errorf("deadline: %+v", f)
	}
}

func TestAContextThatHasEndedSendsNothing(t *testing.T) {
	s := newServer(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f := fails(t, newClient(t, egress.Config{}), ctx, s.URL); !f.BeforeSend || !f.Cancelled {
		t.Errorf("%+v", f)
	}
}

// TestWhatNetHTTPRepeats holds the package comment to its word: the second
// request on a kept connection is read and never answered.
func TestWhatNetHTTPRepeats(t *testing.T) {
	for _, tc := range []struct {
		method, body, header string
		arrives              int32 // how often the request arrives
	}{
		{"GET", "", "", 2},
		{"HEAD", "", "", 2},
		{"POST", "body", "", 1},
		{"POST", "", "", 1},
		{"PUT", "body", "", 1},
		{"DELETE", "", "", 1},
		{"PATCH", "body", "", 1},
		{"POST", "body", "Idempotency-Key", 2},
		{"POST", "body", "X-Idempotency-Key", 2},
		{"POST", "body", "Paypal-Request-Id", 1},
	} {
		t.Run(tc.method+" "+tc.header, func(t *testing.T) {
			var arrived atomic.Int32
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if r.URL.Path == "/x" && arrived.Add(1) == 1 {
					drop(w)
				}
			})
			c := newClient(t, egress.Config{})
			first, err := c.Do(newRequest(t, "GET", s.URL+"/first", ""), private)
			if err != nil {
				t.Fatal(err)
			}
			readAll(t, first)
			req := newRequest(t, tc.method, s.URL+"/x", tc.body)
			if tc.header != "" {
				req.Header.Set(tc.header, "k1")
			}
			resp, err := c.Do(req, private)
			if got := arrived.Load(); got != tc.arrives {
				t.Errorf("arrived %d times, want %d", got, tc.arrives)
			}
			if tc.arrives == 1 {
				if f := egress.Classify(err); err == nil || f.BeforeSend || f.Trip.Replays != 0 {
					t.Errorf("%v: %+v", err, f)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			readAll(t, resp)
			if trip := egress.TripOf(resp); trip.Replays != 1 {
				t.Errorf("the replay is not counted: %+v", trip)
			}
		})
	}
}

func TestAStreamThatHTTP2RefusesWasNotProcessed(t *testing.T) {
	for code, before := range map[http2.ErrCode]bool{http2.ErrCodeRefusedStream: true, http2.ErrCodeInternal: false} {
		t.Run(code.String(), func(t *testing.T) {
			s, c := http2Resetter(t, code)
			req := newRequest(t, "POST", s, "body")
			req.GetBody = nil // so that net/http does not wait and ask again
			_, err := c.Do(req, private)
			if f := egress.Classify(err); err == nil || f.BeforeSend != before {
				t.Errorf("%v: %+v, want BeforeSend %v", errors.Unwrap(errors.Unwrap(err)), f, before)
			}
		})
	}
}

func TestErrorsOfOthersAreClassifiedToo(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want ductape.Code
	}{
		{nil, ""},
		{context.Canceled, ductape.CodeCancelled},
		{fmt.Errorf("read: %w", context.DeadlineExceeded), ductape.CodeUpstreamTimeout},
		{&url.Error{Op: "Get", URL: "http://x/?hunter2", Err: io.ErrUnexpectedEOF}, ductape.CodeUpstreamUnreachable},
		{errors.New(`parse "http://x/?hunter2"`), ductape.CodeUpstreamUnreachable},
		{&net.OpError{Op: "read", Err: tls.AlertError(40)}, ductape.CodeUpstreamUnreachable},
	} {
		if f := egress.Classify(tc.err); f.Code != tc.want || f.BeforeSend || strings.Contains(f.Message, "hunter2") {
			t.Errorf("%v: %+v", tc.err, f)
		}
	}
}

// drop ends the connection without an answer.
func drop(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// An expiring context is over when the test says so, as if its deadline had come.
type expiring struct {
	context.Context
	done chan struct{}
}

func (e expiring) Done() <-chan struct{} { return e.done }

func (e expiring) Err() error {
	select {
	case <-e.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
