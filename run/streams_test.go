package run_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/run"
)

// runner is a Runner of the world with limits of its own.
func (w *world) runner(limits run.Limits) *run.Runner {
	return run.New(run.Config{Catalog: w.Store, Secrets: w.Catalog, Sender: newEgress(w.t), Recorder: w.Queue, Limits: limits})
}

// pausing answers with "one", and with "two" when it may.
func pausing(contentType string, next chan struct{}) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		io.WriteString(rw, "one")
		rw.(http.Flusher).Flush()
		select {
		case <-next:
			io.WriteString(rw, "two")
		case <-r.Context().Done():
		}
	}
}

// What comes in pieces reaches the caller while the API goes on: by its type at
// once, else when it pauses.
func TestAnswersArriveAsTheyCome(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		contentType string
		hold        time.Duration
	}{
		{"text/event-stream", time.Hour},
		{"Application/X-NDJSON; charset=utf-8", time.Hour},
		{"application/ndjson", time.Hour},
		{"application/jsonl", time.Hour},
		{"application/x-jsonlines", time.Hour},
		{"application/jsonlines", time.Hour},
		{"application/json-seq", time.Hour},
		{"application/geo+json-seq", time.Hour},
		{"application/x-json-stream", time.Hour},
		{"application/stream+json", time.Hour},
		{"application/vnd.docker.raw-stream", time.Hour},
		{"application/vnd.docker.multiplexed-stream", time.Hour},
		{"multipart/x-mixed-replace; boundary=b", time.Hour},
		{"text/plain", time.Millisecond},
		{"application/json", time.Millisecond},
		{"application/octet-stream", time.Millisecond},
	} {
		t.Run(c.contentType, func(t *testing.T) {
			w.t = t
			next := make(chan struct{})
			w.api.handler = pausing(c.contentType, next)
			res, err := w.runner(run.Limits{Hold: c.hold}).Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
			if err != nil {
				t.Fatal(err)
			}
			first := make([]byte, 3)
			if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "one" {
				t.Fatalf("%q, %v", first, err)
			}
			close(next)
			if rest, err := res.Bytes(); err != nil || string(rest) != "two" {
				t.Errorf("%q, %v", rest, err)
			}
			if rec := w.record(); rec.BytesIn != 6 || rec.Outcome != ductape.OutcomeOK {
				t.Errorf("%+v", rec)
			}
		})
	}
}

// A caller may leave while the API is silent.
func TestLeavingAPause(t *testing.T) {
	w := newWorld(t)
	w.api.handler = pausing("text/plain", nil)
	for _, encoding := range []string{"", "gzip", "zstd"} {
		w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
			if encoding != "" {
				rw.Header().Set("Content-Encoding", encoding)
			}
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		}
		res, err := w.runner(run.Limits{Hold: time.Millisecond}).Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
}

// An answer of unknown length that ends soon is whole, or an error.
func TestAnswersOfUnknownLength(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 100_000)
	for _, c := range []struct {
		name  string
		size  int
		cut   bool
		limit run.Limits
		code  ductape.Code
	}{
		{"whole", 100_000, false, run.Limits{}, ""},
		{"nothing", 0, false, run.Limits{}, ""},
		{"cut", 100_000, true, run.Limits{}, ductape.CodeUpstreamUnreachable},
		{"as much as is held", 5000, false, run.Limits{Buffer: 5000}, ""},
		{"more than is held", 100_000, false, run.Limits{Buffer: 5000}, ""},
		{"more than is allowed", 100_000, false, run.Limits{Response: 99_999}, ductape.CodeResponseTooLarge},
		{"more than is allowed, and held", 100_000, false, run.Limits{Response: 99_999, Buffer: 5000}, ductape.CodeResponseTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			c.limit.Hold = time.Minute
			w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
				rw.(http.Flusher).Flush()
				io.WriteString(rw, long[:c.size])
				rw.(http.Flusher).Flush()
				if c.cut {
					panic(http.ErrAbortHandler)
				}
			}
			res, err := w.runner(c.limit).Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
			var body []byte
			if err == nil {
				body, err = res.Bytes()
			}
			if ductape.CodeOf(err) != c.code || err == nil && string(body) != long[:c.size] {
				t.Errorf("%d bytes, %v", len(body), err)
			}
			if rec := w.record(); c.code != "" && (rec.Outcome != c.code || c.code == ductape.CodeResponseTooLarge && strings.Contains(rec.Message, "broke off")) {
				t.Errorf("%+v", rec)
			}
		})
	}
}

func TestRecordsOfABody(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ media, body, want string }{
		{"application/jsonl", `[{"a": 1},[2, 3],"x"]`, "{\"a\":1}\n[2,3]\n\"x\""},
		{"application/jsonlines", `[1.0]`, "1.0"},
		{"application/x-ndjson", `{"a": 1}`, "{\"a\":1}"},
		{"application/json-seq", `[{"a": 1}, null]`, "\x1e{\"a\":1}\n\x1enull"},
		{"application/json-seq", `{"a": 1}`, "\x1e{\"a\":1}"},
		{"application/geo+json-seq", `[]`, ""},
		{"application/json-seq", `"\u001e1\n"`, "\x1e1"},
	} {
		w.addBody("r", c.media, ``)
		got := w.sent("r", `{"body":`+c.body+`}`)
		_, body, _ := strings.Cut(got+"\n\n", "\n\n")
		if strings.TrimRight(body, "\n") != c.want || !strings.Contains(got, "Content-Type: "+c.media) {
			t.Errorf("%s %s: %q", c.media, c.body, got)
		}
		w.app.Actions = w.app.Actions[:len(w.app.Actions)-1]
	}
}
