package run_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/run"
)

// A script answers one request after the other, and keeps what came.
type script struct {
	answers []any // int: a status; string: headers of a 503; error: no answer
	bodies  []*closing
	seen    []string
	headers []http.Header
}

// closing knows whether an answer was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func (s *script) Do(req *http.Request, _ egress.Policy) (*http.Response, error) {
	n := len(s.seen)
	body := ""
	if req.Body != nil {
		raw, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(raw)
	}
	s.seen = append(s.seen, req.Method+" "+body)
	s.headers = append(s.headers, req.Header.Clone())
	answer := any(200)
	if n < len(s.answers) {
		answer = s.answers[n]
	}
	h := http.Header{"Content-Type": {"application/json"}}
	status := 503
	switch a := answer.(type) {
	case error:
		return nil, a
	case int:
		status = a
	case string:
		h.Set("Retry-After", a)
	}
	c := &closing{Reader: strings.NewReader(`{"n":1}`)}
	s.bodies = append(s.bodies, c)
	return &http.Response{StatusCode: status, Header: h, Body: c, ContentLength: -1, Request: req}, nil
}

// scripted is a runner over a world's store that goes out through a script and
// does not wait between attempts, unless the API asks for it.
func scripted(w *world, s *script, limits run.Limits) *run.Runner {
	return run.New(run.Config{
		Catalog: w.Store, Secrets: w.Catalog, Sessions: w.Sessions, Sender: s, Recorder: w.Queue, Limits: limits,
		Jitter: func(time.Duration) time.Duration { return 0 },
	})
}

// unreachable is a failure to connect, as the way out reports it.
func unreachable(t *testing.T) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c, err := egress.New(egress.Config{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	req, _ := http.NewRequest(http.MethodPost, "http://"+address, http.NoBody)
	_, err = c.Do(req, egress.Policy{})
	if !egress.Classify(err).BeforeSend {
		t.Fatalf("%v was not before sending", err)
	}
	return err
}

func TestRetries(t *testing.T) {
	w := newWorld(t)
	refused := unreachable(t)
	lost := errors.New("connection reset")
	for _, c := range []struct {
		name    string
		event   string
		key     string
		retries int
		answers []any
		want    int // requests
		code    ductape.Code
	}{
		{"GET is asked again after 503", "get_thing", "", 3, []any{503, 429}, 3, ""},
		{"PUT is asked again after 500", "update_thing", "", 1, []any{500}, 2, ""},
		{"no more than the retries", "get_thing", "", 2, []any{503, 503, 503, 503}, 3, ductape.CodeUpstreamStatus},
		{"no retries unless asked", "get_thing", "", 0, []any{503}, 1, ductape.CodeUpstreamStatus},
		{"POST is not", "create_thing", "", 3, []any{503}, 1, ductape.CodeUpstreamStatus},
		{"POST with a key is", "create_thing", "k1", 3, []any{503}, 2, ""},
		{"POST is when nothing was sent", "create_thing", "", 3, []any{refused}, 2, ""},
		{"POST is not when it may have arrived", "create_thing", "", 3, []any{lost}, 1, ductape.CodeUpstreamUnreachable},
		{"GET is when it may have arrived", "get_thing", "", 3, []any{lost}, 2, ""},
		{"404 is final", "get_thing", "", 3, []any{404}, 1, ductape.CodeUpstreamStatus},
		{"501 is final", "get_thing", "", 3, []any{501}, 1, ductape.CodeUpstreamStatus},
		{"505 is final", "get_thing", "", 3, []any{505}, 1, ductape.CodeUpstreamStatus},
		{"408 425 502 504 are not", "get_thing", "", 9, []any{408, 425, 502, 504}, 5, ""},
		{"Retry-After of now", "get_thing", "", 1, []any{"0"}, 2, ""},
		{"a negative Retry-After is now", "get_thing", "", 1, []any{"-5"}, 2, ""},
		{"a Retry-After that is past", "get_thing", "", 3, []any{"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}, 4, ""},
		{"a Retry-After beyond the limit ends it", "get_thing", "", 3, []any{"3600"}, 1, ductape.CodeUpstreamStatus},
		{"a Retry-After that is neither is left alone", "get_thing", "", 1, []any{"soon"}, 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{answers: c.answers}
			r := scripted(w, s, run.Limits{})
			input := `{"params":{"id":"1"}}`
			if c.event == "create_thing" {
				input = `{"body":{"a":1}}`
			}
			call := w.call(c.event, input)
			call.Retries, call.IdempotencyKey = c.retries, c.key
			res, err := r.Run(context.Background(), call)
			if got := ductape.CodeOf(err); got != c.code {
				t.Fatalf("code %q, want %q: %v", got, c.code, err)
			}
			if len(s.seen) != c.want {
				t.Fatalf("%d requests, want %d", len(s.seen), c.want)
			}
			if err == nil {
				res.Body.Close()
			}
			s.checkEveryAttempt(t)
		})
	}
}

// checkEveryAttempt looks at what all attempts have in common: the same body and
// credential, and every answer closed.
func (s *script) checkEveryAttempt(t *testing.T) {
	t.Helper()
	for i := range s.seen {
		if s.seen[i] != s.seen[0] {
			t.Errorf("attempt %d sent %q, the first %q", i+1, s.seen[i], s.seen[0])
		}
		if got := s.headers[i].Values("Authorization"); len(got) != 1 || got[0] != "Bearer tok_s3cret_value" {
			t.Errorf("attempt %d had the credential %d times", i+1, len(got))
		}
		if a, b := s.headers[i].Get("Idempotency-Key"), s.headers[0].Get("Idempotency-Key"); a != b {
			t.Errorf("attempt %d had another idempotency key", i+1)
		}
	}
	for i, b := range s.bodies {
		if !b.closed {
			t.Errorf("the answer to attempt %d was not closed", i+1)
		}
	}
}

func TestRetryAfterReachesTheCaller(t *testing.T) {
	w := newWorld(t)
	r := scripted(w, &script{answers: []any{"3600"}}, run.Limits{})
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Retries = 3
	_, err := r.Run(context.Background(), call)
	var e *ductape.Error
	if !errors.As(err, &e) || e.RetryAfter != time.Hour {
		t.Errorf("%#v", err)
	}
}

func TestIdempotencyKeyOfTheApp(t *testing.T) {
	w := newWorld(t)
	w.app.Settings.Idempotency = &ductape.IdempotencyKey{In: "header", Name: "X-Idem", Quoted: true}
	w.save()
	s := &script{answers: []any{503}}
	call := w.call("create_thing", `{"body":{"a":1}}`)
	call.Retries = 1
	if _, err := scripted(w, s, run.Limits{}).Run(context.Background(), call); err != nil {
		t.Fatal(err)
	}
	first, second := s.headers[0].Get("X-Idem"), s.headers[1].Get("X-Idem")
	if first == "" || first != second || first[0] != '"' || first[len(first)-1] != '"' {
		t.Errorf("keys %q and %q", first, second)
	}
}

func TestIdempotencyKeyInTheBody(t *testing.T) {
	w := newWorld(t)
	w.app.Settings.Idempotency = &ductape.IdempotencyKey{In: "body", Name: "idempotency_key"}
	w.save()
	call := w.call("create_thing", `{"body":{"a":1}}`)
	call.IdempotencyKey = "k"
	if _, err := w.runCall(call); err != nil {
		t.Fatal(err)
	}
	if got := w.api.requests()[0]; !strings.HasSuffix(got, `{"a":1,"idempotency_key":"k"}`) {
		t.Error(got)
	}
}

func TestBackoffIsBoundedAndDoubles(t *testing.T) {
	w := newWorld(t)
	var bounds []time.Duration
	s := &script{answers: []any{503, 503, 503, 503, 503, 503, 503, 503}}
	r := run.New(run.Config{Catalog: w.Store, Secrets: w.Catalog, Sender: s, Jitter: func(bound time.Duration) time.Duration {
		bounds = append(bounds, bound)
		return 0
	}})
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Retries = 8
	if _, err := r.Run(context.Background(), call); err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{250, 500, 1000, 2000, 4000, 8000, 10000, 10000}
	for i := range want {
		if bounds[i] != want[i]*time.Millisecond {
			t.Fatalf("bounds %v", bounds)
		}
	}
}

// An upstream that misbehaves gives its own error each time.
func TestUpstreamMisbehaves(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		code    ductape.Code
	}{
		{"error status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(402) }, ductape.CodeUpstreamStatus},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-hang:
			}
		}, ductape.CodeUpstreamTimeout},
		{"resets", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "") }, ductape.CodeUpstreamUnreachable},
		{"sends garbage", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "SSH-2.0-OpenSSH_9\r\n\r\n") }, ductape.CodeUpstreamUnreachable},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{\"half\":")
		}, ductape.CodeUpstreamUnreachable},
		{"is too large", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			w.Write(make([]byte, 1000000))
		}, ductape.CodeResponseTooLarge},
		{"says gzip and is not", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "plain")
		}, ductape.CodeUpstreamUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.api.handler = c.handler
			r := run.New(run.Config{Catalog: w.Store, Secrets: w.Catalog, Sender: newEgress(t), Recorder: w.Queue, Limits: run.Limits{Attempt: 200 * time.Millisecond, Response: 100_000}})
			_, err := r.Run(context.Background(), w.call("create_thing", `{"body":{"a":1}}`))
			if got := ductape.CodeOf(err); got != c.code {
				t.Fatalf("code %q, want %q: %v", got, c.code, err)
			}
			if strings.Contains(err.Error(), "tok_s3cret_value") {
				t.Errorf("the error holds the credential: %v", err)
			}
			if rec := w.record(); rec.Outcome != c.code {
				t.Errorf("recorded as %q", rec.Outcome)
			}
		})
	}
}

func newEgress(t *testing.T) *egress.Client {
	t.Helper()
	way, err := egress.New(egress.Config{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(way.Close)
	return way
}

// hijack answers with raw bytes and closes the connection.
func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	io.WriteString(conn, raw)
	conn.Close()
}

func TestUpstreamErrorIsHandedOn(t *testing.T) {
	w := newWorld(t)
	w.api.handler = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(422)
		io.WriteString(w, `{"error":"card_declined"}`)
	}
	_, err := w.run("create_thing", `{"body":{"a":1}}`)
	var e *ductape.Error
	if !errors.As(err, &e) || e.Upstream == nil || e.Upstream.Status != 422 || string(e.Upstream.Body) != `{"error":"card_declined"}` || e.RunID == "" {
		t.Errorf("%#v", err)
	}
}

func TestPrivateAddressNeedsPermission(t *testing.T) {
	w := newWorld(t)
	w.app.Envs[0].AllowPrivate = false
	w.save()
	w.refused(w.call("create_thing", `{"body":{"a":1}}`), ductape.CodeBlockedAddress)
}

func TestRedirectToAnotherHostGetsNoCredential(t *testing.T) {
	w := newWorld(t)
	other := newWorld(t)
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, other.api.URL+"/elsewhere", http.StatusFound)
	}
	if _, err := w.run("get_thing", `{"params":{"id":"1"}}`); err != nil {
		t.Fatal(err)
	}
	if got := other.api.requests(); len(got) != 1 || strings.Contains(got[0], "tok_s3cret_value") {
		t.Errorf("%v", got)
	}
}

func TestCallerWhoGoesAwayEndsTheRun(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	w.api.handler = func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	_, err := w.Run(ctx, w.call("get_thing", `{"params":{"id":"1"}}`))
	if ductape.CodeOf(err) != ductape.CodeCancelled {
		t.Errorf("%v", err)
	}
}

func TestCacheServesAndSeparates(t *testing.T) {
	w := newWorld(t)
	var n atomic.Int64
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		rw.Header().Set("X-N", "1")
		io.WriteString(rw, `{"n":`+string(rune('0'+n.Add(1)))+`}`)
	}
	ask := func(change func(*ductape.Call)) string {
		t.Helper()
		call := w.call("get_thing", `{"params":{"id":"1"}}`)
		call.Cache = "short"
		change(&call)
		body, err := w.runCall(call)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	same := func(*ductape.Call) {}
	first := ask(same)
	if second := ask(same); second != first {
		t.Errorf("asked again: %s then %s", first, second)
	}
	if rec := w.record(); rec.Cache != "hit" || rec.Attempts != 0 {
		t.Errorf("%+v", rec)
	}
	for name, change := range map[string]func(*ductape.Call){
		"another path":    func(c *ductape.Call) { c.Input = map[string]any{"params": map[string]any{"id": "2"}} },
		"another env":     func(c *ductape.Call) { c.Env = "prd" },
		"one user":        func(c *ductape.Call) { c.Session = w.startSession("dev", `{"user":{"id":"1"}}`) },
		"another user":    func(c *ductape.Call) { c.Session = w.startSession("dev", `{"user":{"id":"2"}}`) },
		"another header":  func(c *ductape.Call) { c.Input = map[string]any{"id": "1", "X-Trace": "t"} },
		"own credentials": func(c *ductape.Call) { c.Input = map[string]any{"id": "1", "headers:Authorization": "mine"} },
	} {
		if got := ask(change); got == first {
			t.Errorf("%s got the answer of another", name)
		}
	}
	before := n.Load()
	w.secret("API_TOKEN", "another-token")
	if ask(same); n.Load() == before {
		t.Error("a new credential got the answer of the old one")
	}
}

func TestEqualCallsInFlightShareOneRequest(t *testing.T) {
	w := newWorld(t)
	started, release := make(chan struct{}), make(chan struct{})
	var n atomic.Int64
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			close(started)
		}
		<-release
		io.WriteString(rw, "one")
	}
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Cache = "short"
	answers := make(chan string, 8)
	ask := func() {
		body, err := w.runCall(call)
		if err != nil {
			body = err.Error()
		}
		answers <- body
	}
	go ask()
	<-started
	for range 7 {
		go ask()
	}
	close(release)
	for range 8 {
		if got := <-answers; got != "one" {
			t.Errorf("answer %q", got)
		}
	}
	if n.Load() != 1 {
		t.Errorf("%d requests", n.Load())
	}
}

func TestErrorsAreNotCached(t *testing.T) {
	w := newWorld(t)
	fail := true
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		if fail {
			rw.WriteHeader(500)
		}
	}
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Cache = "short"
	if _, err := w.runCall(call); ductape.CodeOf(err) != ductape.CodeUpstreamStatus {
		t.Fatal(err)
	}
	fail = false
	if _, err := w.runCall(call); err != nil {
		t.Error(err)
	}
}

func TestLargeAnswersStream(t *testing.T) {
	w := newWorld(t)
	const size = 3 << 20
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) { rw.Write(make([]byte, size)) }
	body, err := w.run("get_thing", `{"params":{"id":"1"}}`)
	if err != nil || len(body) != size {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	if rec := w.record(); rec.BytesIn != size {
		t.Errorf("recorded %d bytes", rec.BytesIn)
	}
}

// An API that refuses a credential may repeat it, in whatever writing: the error
// carries the API's answer without it.
func TestUpstreamErrorRepeatsNoSecret(t *testing.T) {
	const token = "tok_s3cret_value"
	w := newWorld(t)
	for name, body := range map[string]string{
		"json":           `{"error":"Bearer ` + token + ` is not valid","n":1}`,
		"text":           "no: " + token,
		"escaped":        `{"error":"\u0074ok_s3cret_value"}`,
		"base64":         "no: " + base64.StdEncoding.EncodeToString([]byte("x"+token)),
		"cut at the end": strings.Repeat(".", 1<<20-len(token)/2) + token,
	} {
		t.Run(name, func(t *testing.T) {
			w.api.handler = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Www-Authenticate", `Bearer error="`+token+`"`)
				w.WriteHeader(401)
				io.WriteString(w, body)
			}
			_, err := w.run("create_thing", `{"body":{"a":1}}`)
			var e *ductape.Error
			if !errors.As(err, &e) || e.Upstream == nil || e.Upstream.Status != 401 {
				t.Fatalf("%#v", err)
			}
			answer := string(e.Upstream.Body) + fmt.Sprint(e.Upstream.Headers)
			for _, part := range []string{token[:len(token)/2-1], `\u0074ok`, "rX3MzY3JldF92"} {
				if strings.Contains(answer, part) {
					t.Errorf("%.200q holds %q", answer, part)
				}
			}
			if name == "json" && string(e.Upstream.Body) != `{"error":"Bearer [redacted] is not valid","n":1}` {
				t.Errorf("%s", e.Upstream.Body)
			}
		})
	}
}
