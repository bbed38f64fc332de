package egress_test

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

func TestFetch(t *testing.T) {
	const document = `{"openapi":"3.1.0"}`
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/doc?v=2", http.StatusFound)
		case "/chunked":
			_, _ = io.WriteString(w, document[:5])
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, document[5:])
		case "/doc":
			_, _ = io.WriteString(w, document)
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, document)
		default:
			http.NotFound(w, r)
		}
	})
	c := newClient(t, egress.Config{})
	size := int64(len(document))
	for _, tc := range []struct {
		address string
		max     int64
		final   string
		code    ductape.Code
	}{
		{s.URL + "/doc", size, s.URL + "/doc", ""},
		{s.URL + "/chunked", size, s.URL + "/chunked", ""},
		{s.URL + "/moved", 1 << 20, s.URL + "/doc?v=2", ""},
		{s.URL + "/doc", size - 1, "", ductape.CodeResponseTooLarge},
		{s.URL + "/chunked", size - 1, "", ductape.CodeResponseTooLarge},
		{s.URL + "/missing?key=hunter2", size, "", ductape.CodeUpstreamStatus},
		{s.URL + "/gzip", size, "", ductape.CodeUpstreamUnreachable},
		{s.URL + "/cut", 1 << 20, "", ductape.CodeUpstreamUnreachable},
		{"http://[hunter2", size, "", ductape.CodeInvalidInput},
		{"file:///etc/passwd", size, "", ductape.CodeInvalidInput},
	} {
		body, final, err := c.Fetch(t.Context(), tc.address, tc.max, private)
		if tc.code == "" {
			if err != nil || string(body) != document || final != tc.final {
				t.Errorf("%s: %q from %q, %v", tc.address, body, final, err)
			}
			continue
		}
		var e *ductape.Error
		if !errors.As(err, &e) || e.Code != tc.code || body != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %q, %v, want %s", tc.address, body, err, tc.code)
		}
	}
	if _, _, err := c.Fetch(t.Context(), s.URL+"/doc", size, egress.Policy{}); ductape.CodeOf(err) != ductape.CodeBlockedAddress {
		t.Errorf("a private address: %v", err)
	}
}

func TestAWrongConfigIsRefused(t *testing.T) {
	for _, cfg := range []egress.Config{{DialTimeout: -1}, {MaxIdleConnsPerHost: -1}, {AllowCIDRs: make([]netip.Prefix, 1)}} {
		if _, err := egress.New(cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}
