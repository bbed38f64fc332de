package egress_test

import (
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mccutchen/go-httpbin/v2/httpbin"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

// echo answers with the request as it arrived, in text.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, _ = fmt.Fprintf(w, "%s %s host=%s\n", r.Method, r.RequestURI, r.Host)
	_ = r.Header.Write(w)
	_, _ = fmt.Fprintf(w, "\n%s", body)
}

// redirects answers /to with a redirect and everything else with an echo:
// /to?status=307&location=…
func redirects(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/to" {
		echo(w, r)
		return
	}
	q := r.URL.Query()
	if q.Has("location") {
		w.Header().Set("Location", q.Get("location"))
	}
	var status int
	_, _ = fmt.Sscan(q.Get("status"), &status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "the body of the redirect")
}

func to(s *httptest.Server, status int, location string) string {
	return fmt.Sprintf("%s/to?status=%d&location=%s", s.URL, status, url.QueryEscape(location))
}

// secretive is a request full of credentials, ours and the caller's own.
func secretive(t *testing.T, address string) *http.Request {
	req := newRequest(t, "GET", address, "")
	for name, value := range map[string]string{
		"Authorization": "Bearer S3CRET", "Proxy-Authorization": "S3CRET", "Cookie": "sid=S3CRET; lang=de",
		"X-Api-Key": "S3CRET", "X-Vendor": "S3CRET", "X-Auth-Token": "S3CRET", "Ocp-Apim-Subscription-Key": "S3CRET",
		"X-Amz-Security-Token": "S3CRET", "X-Signature": "S3CRET", "Referer": "http://x/?key=S3CRET",
	} {
		req.Header.Set(name, value)
	}
	req.Header["x-lower-secret"] = []string{"S3CRET"}
	req.Header.Set("Accept", "text/plain")
	req.Header.Set("X-Request-Id", "42")
	return req
}

var ours = egress.Credentials{Headers: []string{"x-vendor"}, Query: []string{"api_key"}, Cookies: []string{"sid"}}

func TestCredentialsStayWithTheirOrigin(t *testing.T) {
	origin, other := newServer(t, redirects), newServer(t, redirects)
	_, otherHost, _ := strings.Cut(other.URL, "//")
	_, originHost, _ := strings.Cut(origin.URL, "//")
	_, port, _ := strings.Cut(originHost, ":")
	for _, tc := range []struct {
		name, location string
		hosts          []string
		keeps          bool
	}{
		{"the same origin, relative", "/echo?a=1", nil, true},
		{"the same origin, absolute", origin.URL + "/echo?a=1", nil, true},
		{"another port", other.URL + "/echo?a=1", nil, false},
		{"another port with our query repeated", other.URL + "/echo?api_key=S3CRET&a=1&api%5Fkey=S3CRET", nil, false},
		{"another name of the same host", "http://localhost:" + port + "/echo?a=1", nil, false},
		{"a host without a scheme", "//" + otherHost + "/echo?a=1", nil, false},
		{"away and back", other.URL + "/to?status=302&location=" + url.QueryEscape(origin.URL+"/echo?a=1"), nil, false},
		{"a listed host", other.URL + "/echo?a=1", []string{"x.example", otherHost}, true},
		{"a listed host on another port", other.URL + "/echo?a=1", []string{"127.0.0.1", "127.0.0.1:1"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := egress.Policy{AllowPrivate: true, Credentials: ours, Hosts: tc.hosts}
			req := secretive(t, to(origin, 302, tc.location))
			before := req.Header.Clone()
			resp, err := newClient(t, egress.Config{}).Do(req, p)
			if err != nil {
				t.Fatal(err)
			}
			got := readAll(t, resp)
			if n := strings.Count(got, "S3CRET"); (tc.keeps && n != 11) || (!tc.keeps && n != 0) {
				t.Errorf("%d credentials arrived, keeps = %v:\n%s", n, tc.keeps, got)
			}
			if !strings.Contains(got, "GET /echo?a=1 ") || !strings.Contains(got, "X-Request-Id: 42") || !strings.Contains(got, "Accept: text/plain") {
				t.Errorf("more was lost than the credentials:\n%s", got)
			}
			if len(req.Header) != len(before) || req.URL.Path != "/to" {
				t.Error("the caller's request was changed")
			}
		})
	}
}

// holding is an egress.Secrets that knows one text.
type holding string

func (h holding) In(text string) bool { return strings.Contains(text, string(h)) }

func TestSecretsInTheURLStayWithTheirOrigin(t *testing.T) {
	origin, other := newServer(t, redirects), newServer(t, redirects)
	_, otherHost, _ := strings.Cut(other.URL, "//")
	for _, tc := range []struct {
		name, location string
		hosts          []string
		refused        bool
	}{
		{"the same origin", origin.URL + "/echo/S3CRET", nil, false},
		{"another origin without it", other.URL + "/echo", nil, false},
		{"in a path", other.URL + "/echo/S3CRET/x", nil, true},
		{"in a query of another name", other.URL + "/echo?x=S3CRET", nil, true},
		{"in the host", "http://S3CRET.example/", nil, true},
		{"in the query that is taken off", other.URL + "/echo?api_key=S3CRET", nil, false},
		{"in a fragment, which is not sent", other.URL + "/echo#S3CRET", nil, false},
		{"a listed host", other.URL + "/echo/S3CRET", []string{otherHost}, false},
		{"later", origin.URL + "/to?status=307&location=" + url.QueryEscape(other.URL+"/S3CRET"), nil, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := egress.Policy{AllowPrivate: true, Credentials: ours, Hosts: tc.hosts, Secrets: holding("S3CRET")}
			req := newRequest(t, "GET", to(origin, 308, tc.location), "")
			req.Header.Set("X-Request-Id", "from S3CRET")
			resp, err := newClient(t, egress.Config{}).Do(req, p)
			if tc.refused {
				f := egress.Classify(err)
				if ductape.CodeOf(err) != ductape.CodeBlockedAddress || !f.Redirect || !f.Blocked || strings.Contains(err.Error(), "S3CRET") {
					t.Errorf("%v, %+v", err, f)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := readAll(t, resp); strings.HasPrefix(tc.location, other.URL) && tc.hosts == nil && strings.Contains(got, "S3CRET") {
				t.Errorf("the other origin got:\n%s", got)
			}
		})
	}
}

func TestMethodsAndBodiesAcrossRedirects(t *testing.T) {
	origin, other := newServer(t, redirects), newServer(t, redirects)
	for _, tc := range []struct {
		method string
		status int
		cross  bool
		want   string // method and body that arrive; empty: the redirect itself comes back
	}{
		{"POST", 301, false, "GET "},
		{"POST", 302, false, "GET "},
		{"POST", 303, false, "GET "},
		{"POST", 307, false, "POST body"},
		{"POST", 308, false, "POST body"},
		{"PUT", 301, false, "PUT body"},
		{"PUT", 302, false, "PUT body"},
		{"PUT", 303, false, "GET "},
		{"PATCH", 308, false, "PATCH body"},
		{"DELETE", 303, false, "GET "},
		{"HEAD", 303, false, "HEAD "},
		{"HEAD", 302, false, "HEAD "},
		{"GET", 301, false, "GET "},
		{"GET", 308, false, "GET "},
		{"POST", 302, true, "GET "},
		{"POST", 303, true, "GET "},
		{"GET", 307, true, "GET "},
		{"POST", 307, true, ""},
		{"POST", 308, true, ""},
		{"PUT", 302, true, ""},
	} {
		t.Run(fmt.Sprintf("%s %d cross=%v", tc.method, tc.status, tc.cross), func(t *testing.T) {
			location := "/echo"
			if tc.cross {
				location = other.URL + location
			}
			body := ""
			if tc.method != "GET" && tc.method != "HEAD" {
				body = "body"
			}
			req := newRequest(t, tc.method, to(origin, tc.status, location), body)
			req.Header.Set("Content-Type", "text/x-mine")
			resp, err := newClient(t, egress.Config{}).Do(req, private)
			if err != nil {
				t.Fatal(err)
			}
			got := readAll(t, resp)
			if tc.want == "" {
				if resp.StatusCode != tc.status || got != "the body of the redirect" || egress.TripOf(resp).Redirects != 0 {
					t.Errorf("got %d %q, want the redirect itself", resp.StatusCode, got)
				}
				return
			}
			method, sent, _ := strings.Cut(tc.want, " ")
			if resp.Request.Method != method || resp.StatusCode != 200 || egress.TripOf(resp).Redirects != 1 {
				t.Errorf("%s arrived with %d, want %s", resp.Request.Method, resp.StatusCode, method)
			}
			if method != "HEAD" && !strings.HasSuffix(got, "\n\r\n"+sent) && !strings.HasSuffix(got, "\n\n"+sent) {
				t.Errorf("want body %q in:\n%s", sent, got)
			}
			if body != "" && sent == "" && strings.Contains(got, "Content-") {
				t.Errorf("headers of the dropped body arrived:\n%s", got)
			}
		})
	}
}

func TestRedirectsThatAreReturnedAsTheyAre(t *testing.T) {
	s := newServer(t, redirects)
	once := newRequest(t, "POST", to(s, 307, "/echo"), "body")
	once.GetBody = nil // a stream, which cannot be sent again
	for name, req := range map[string]*http.Request{
		"no Location":              newRequest(t, "GET", s.URL+"/to?status=302", ""),
		"an unreadable Location":   newRequest(t, "GET", to(s, 302, "http://[broken"), ""),
		"300 Multiple Choices":     newRequest(t, "GET", to(s, 300, "/echo"), ""),
		"304 Not Modified":         newRequest(t, "GET", to(s, 304, "/echo"), ""),
		"305 Use Proxy":            newRequest(t, "GET", to(s, 305, "/echo"), ""),
		"a body that was a stream": once,
	} {
		resp, err := newClient(t, egress.Config{}).Do(req, private)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		readAll(t, resp)
		if resp.StatusCode/100 != 3 {
			t.Errorf("%s: got %d", name, resp.StatusCode)
		}
	}
	resp, err := newClient(t, egress.Config{MaxRedirects: -1}).Do(newRequest(t, "GET", to(s, 302, "/echo"), ""), private)
	if err != nil {
		t.Fatal(err)
	}
	if readAll(t, resp); resp.StatusCode != 302 {
		t.Errorf("with redirects off: got %d", resp.StatusCode)
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	plain := newServer(t, redirects)
	secure := httptest.NewTLSServer(http.HandlerFunc(redirects))
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	// The guarded pool, in which only the test servers' address is public.
	c := newClient(t, egress.Config{RootCAs: roots, AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	for _, address := range []string{
		to(secure, 302, plain.URL),                  // https to http
		to(plain, 302, "http://127.0.0.2/"),         // loopback
		to(plain, 301, "http://10.0.0.1/"),          // private
		to(plain, 303, "http://169.254.169.254/x"),  // metadata
		to(plain, 307, "http://[::ffff:10.0.0.1]/"), // private, mapped
		to(plain, 302, "file:///etc/passwd"),
		to(plain, 302, "gopher://127.0.0.1/"),
		to(plain, 302, "http://user:hunter2@127.0.0.1/"),
		to(plain, 302, "http://0x7f.1/"),
	} {
		err := refuses(t, c, address, egress.Policy{})
		if f := egress.Classify(err); f.BeforeSend || strings.Contains(f.Message, "hunter2") {
			t.Errorf("%s: %+v", address, f)
		}
	}
	resp, err := c.Do(newRequest(t, "GET", to(plain, 302, secure.URL+"/echo"), ""), egress.Policy{})
	if err != nil {
		t.Fatalf("http to https: %v", err)
	}
	readAll(t, resp)
}

func TestHopsAreCounted(t *testing.T) {
	s := httptest.NewServer(httpbin.New())
	t.Cleanup(s.Close)
	loop := newServer(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", "/"); w.WriteHeader(302) })
	c := newClient(t, egress.Config{})
	for _, path := range []string{"/redirect/5", "/absolute-redirect/5", "/relative-redirect/5", "/redirect-to?url=%2Fget&status_code=308"} {
		resp, err := c.Do(newRequest(t, "GET", s.URL+path, ""), private)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		readAll(t, resp)
		if resp.StatusCode != 200 || resp.Request.URL.Path != "/get" {
			t.Errorf("%s: %d from %s", path, resp.StatusCode, resp.Request.URL.Path)
		}
	}
	for _, address := range []string{s.URL + "/redirect/6", s.URL + "/absolute-redirect/6", loop.URL} {
		_, err := c.Do(newRequest(t, "GET", address, ""), private)
		f := egress.Classify(err)
		if f.Code != ductape.CodeUpstreamUnreachable || !f.Redirect || f.BeforeSend || f.Trip.Redirects != 5 {
			t.Errorf("%s: %+v", address, f)
		}
	}
}

func TestRedirectsReuseTheirConnection(t *testing.T) {
	s := httptest.NewUnstartedServer(httpbin.New())
	var opened atomic.Int32
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	resp, err := newClient(t, egress.Config{}).Do(newRequest(t, "GET", s.URL+"/redirect/5", ""), private)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp)
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for six requests", n)
	}
}

// What is meant for the origin alone is left behind with it: the name of a virtual
// host, and what describes a body that does not go along.
func TestWhatBelongsToTheOriginStaysThere(t *testing.T) {
	origin, other := newServer(t, redirects), newServer(t, redirects)
	send := func(status int, location string) string {
		t.Helper()
		req := newRequest(t, "POST", to(origin, status, location), "body")
		req.Host = "virtual.example"
		for _, name := range []string{"Digest", "Expect", "Content-Language"} {
			req.Header.Set(name, "of the body")
		}
		req.Header.Del("Expect") // the server would wait for it
		resp, err := newClient(t, egress.Config{}).Do(req, egress.Policy{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		return readAll(t, resp)
	}
	if got := send(303, origin.URL+"/echo"); !strings.Contains(got, "host=virtual.example") || strings.Contains(got, "of the body") {
		t.Errorf("the same origin got:\n%s", got)
	}
	if got := send(303, other.URL+"/echo"); strings.Contains(got, "virtual.example") || strings.Contains(got, "of the body") {
		t.Errorf("another origin got:\n%s", got)
	}
	if got := send(307, origin.URL+"/echo"); strings.Count(got, "of the body") != 2 || !strings.HasSuffix(got, "\nbody") {
		t.Errorf("with its body, the same origin got:\n%s", got)
	}
}
