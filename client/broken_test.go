package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/client"
)

// cutOff is a server whose answers break off, and that tells of its runs as
// records says.
func cutOff(t *testing.T, record string) *client.Client {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/runs/run_1" && record != "" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, record)
			return
		}
		if r.Method == http.MethodGet {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Ductape-Run-Id", "run_1")
		io.WriteString(w, "half of")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(s.Close)
	return client.New(s.URL, "k")
}

// An answer that breaks off fails as the run did: its record says how.
func TestBrokenAnswers(t *testing.T) {
	for _, c := range []struct {
		record string
		want   ductape.Code
		hint   string
	}{
		{`{"id":"run_1","outcome":"response_too_large","step":"decode"}`, ductape.CodeResponseTooLarge, "less"},
		{`{"id":"run_1","outcome":"upstream_timeout","step":"decode"}`, ductape.CodeUpstreamTimeout, "runs show run_1"},
		{`{"id":"run_1","outcome":"ok"}`, ductape.CodeUpstreamUnreachable, "runs show run_1"},
		{`no JSON`, ductape.CodeUpstreamUnreachable, "runs show run_1"},
		{``, ductape.CodeUpstreamUnreachable, "runs show run_1"},
	} {
		res, err := cutOff(t, c.record).Run(t.Context(), call("echo", nil))
		if err != nil {
			t.Fatal(err)
		}
		got, err := res.Bytes()
		var e *ductape.Error
		if !errors.As(err, &e) || e.Code != c.want || e.RunID != "run_1" || !strings.Contains(e.Hint, c.hint) || !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != "half of" {
			t.Errorf("%s: %q, %#v", c.record, got, err)
		}
	}
}

func TestCancelledWithinTheAnswer(t *testing.T) {
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Ductape-Run-Id", "run_1")
		io.WriteString(w, "half of")
		w.(http.Flusher).Flush()
		<-held
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(held) })
	ctx, cancel := context.WithCancel(t.Context())
	res, err := client.New(s.URL, "k").Run(ctx, call("echo", nil))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := res.Bytes(); ductape.CodeOf(err) != ductape.CodeCancelled {
		t.Errorf("%#v", err)
	}
}
