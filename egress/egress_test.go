package egress_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/egress"
)

// private is the policy of tests that talk to servers of their own.
var private = egress.Policy{AllowPrivate: true}

func newClient(t testing.TB, cfg egress.Config) *egress.Client {
	t.Helper()
	c, err := egress.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func newServer(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func newRequest(t testing.TB, method, address, body string) *http.Request {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, r)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func readAll(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnAnswerComesBackAsItIs(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %q was added", got)
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "not really gzip")
	})
	resp, err := newClient(t, egress.Config{}).Do(newRequest(t, "GET", s.URL, ""), private)
	if err != nil {
		t.Fatal(err)
	}
	if body := readAll(t, resp); resp.StatusCode != http.StatusTeapot || body != "not really gzip" {
		t.Errorf("got %d %q", resp.StatusCode, body)
	}
}

func TestProxyVariablesAreIgnored(t *testing.T) {
	proxy := newServer(t, func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	s := newServer(t, func(http.ResponseWriter, *http.Request) {})
	resp, err := newClient(t, egress.Config{}).Do(newRequest(t, "GET", s.URL, ""), private)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp)
}

func TestAProxyOfTheOperatorIsUsed(t *testing.T) {
	proxy := newServer(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RequestURI) })
	cfg := egress.Config{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }}
	resp, err := newClient(t, cfg).Do(newRequest(t, "GET", "http://api.example/x", ""), private)
	if err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, resp); got != "http://api.example/x" {
		t.Errorf("the proxy saw %q", got)
	}
}
