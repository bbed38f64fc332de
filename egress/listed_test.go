package egress

import (
	"net/url"
	"testing"
)

// A listed host is one of the scheme that the request began with: over http its
// credentials go nowhere that was listed for https.
func TestListedHosts(t *testing.T) {
	for _, c := range []struct {
		host, from, to string
		want           bool
	}{
		{"b.test", "https://a.test", "https://b.test", true},
		{"B.test", "https://a.test", "https://b.test:443", true},
		{"b.test", "http://a.test", "http://b.test", true},
		{"b.test:8443", "https://a.test", "https://b.test:8443", true},
		{"b.test", "https://a.test", "https://b.test:8443", false},
		{"b.test:443", "https://a.test", "https://c.b.test", false},
		{"b.test", "http://a.test", "https://b.test", false},
		{"b.test", "https://a.test", "http://b.test", false},
	} {
		from, err := url.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := listed([]string{"x.test", c.host}, from, to); got != c.want {
			t.Errorf("%s, from %s to %s: %v", c.host, c.from, c.to, got)
		}
	}
}
