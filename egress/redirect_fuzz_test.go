package egress

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzLocation holds that whatever a server puts into Location, credentials
// stay with their origin, https stays https, and only http is spoken.
func FuzzLocation(f *testing.F) {
	for _, l := range []string{
		"/x", "x", "?q", "#f", "", "//other.example/x", "http://api.example/", "https://api.example:443/", "https://API.example/",
		"https://api.example:8443/", "https://api.example.:443/?key=1&%6bey=2", "https://api.example@other.example/",
		`https:\\other.example`, "https:other", "javascript:1", "https://[::1]/", "https://other.example/?key=K&x=%zz", "\x00", "https://api.example%2eother.example/",
	} {
		f.Add(l, 302, "GET")
		f.Add(l, 307, "POST")
	}
	c := &Client{maxRedirects: 5}
	p := Policy{Credentials: Credentials{Query: []string{"key"}}}
	f.Fuzz(func(t *testing.T, where string, status int, method string) {
		req, err := http.NewRequest(method, "https://api.example/start?key=K", strings.NewReader("body"))
		if err != nil {
			return
		}
		req.Header.Set("Authorization", "secret")
		resp := &http.Response{StatusCode: status, Header: http.Header{"Location": {where}}}
		next, err := c.next(req, resp, p, &tracker{})
		if err != nil || next == nil {
			return
		}
		if next.URL.Scheme != "https" || next.URL.User != nil || next.URL.Hostname() == "" {
			t.Errorf("%q leads to %s", where, next.URL)
		}
		if strings.TrimSuffix(strings.ToLower(next.URL.Host), ":443") == "api.example" {
			return
		}
		q, _ := url.ParseQuery(next.URL.RawQuery) // what can be read of it
		if next.Header.Get("Authorization") != "" || q.Has("key") || next.Body != nil || next.Host != "" {
			t.Errorf("%q takes credentials or the body to %s", where, next.URL)
		}
	})
}
