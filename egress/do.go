package egress

import (
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Do sends req, follows redirects, and returns the answer; any status is an
// answer. The caller closes its body. resp.Request is the request that was
// answered, which after a redirect is not req; req itself is not changed.
//
// Errors are *ductape.Error: blocked_address, invalid_input for a URL that
// cannot be dialed, cancelled, upstream_timeout, else upstream_unreachable.
// Classify says more of each.
func (c *Client) Do(req *http.Request, p Policy) (*http.Response, error) {
	if reason := refuseURL(req.URL); reason != "" {
		closeBody(req)
		return nil, invalidURL(reason)
	}
	transport := c.guarded
	if p.AllowPrivate {
		transport = c.private
	}
	t := &tracker{}
	out := t.track(req)
	for {
		resp, err := transport.RoundTrip(out)
		if err != nil {
			return nil, t.fault(out, err)
		}
		next, err := c.next(out, resp, p, t)
		if err != nil {
			discard(resp)
			return nil, err
		}
		if next == nil {
			return resp, nil
		}
		discard(resp)
		t.nextHop()
		out = next
	}
}

// refuseURL returns why u cannot be dialed, empty when it can.
func refuseURL(u *url.URL) string {
	switch {
	case u == nil:
		return "there is no URL"
	case u.Scheme != "http" && u.Scheme != "https":
		return "only http and https are spoken"
	case u.User != nil:
		return "a user name or password in the URL is not accepted"
	case u.Hostname() == "":
		return "the URL names no host"
	case oddIPv4(u.Hostname()):
		return "an IPv4 address is written as four decimal numbers"
	case u.Opaque != "" && (!strings.HasPrefix(u.Opaque, "/") || strings.HasPrefix(u.Opaque, "//")):
		return "the URL is not in the form scheme://host/path"
	}
	return ""
}

// oddIPv4 reports whether host is an IPv4 address to some resolvers and to others
// a name: 127.1, 2130706433, 0177.0.0.1, 0x7f.1. By the URL standard of the
// WHATWG a host is an address when its last label is a number.
func oddIPv4(host string) bool {
	label := strings.TrimSuffix(host, ".")
	label = label[strings.LastIndexByte(label, '.')+1:]
	digits := "0123456789"
	if len(label) > 1 && label[0] == '0' && label[1]|0x20 == 'x' {
		label, digits = label[2:], "0123456789abcdefABCDEF"
	}
	if strings.Trim(label, digits) != "" {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err != nil
}

// maxDrain is how much of a body that nobody wants is read, in bytes, so that
// its connection can be used again.
const maxDrain = 64 << 10

func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxDrain) // what fails here only costs the connection
	_ = resp.Body.Close()
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
