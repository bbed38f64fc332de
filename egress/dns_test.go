package egress_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
)

// resolve returns a resolver that answers every question with the IPv4
// addresses that answer gives for the name, over a pipe and never the network.
func resolve(answer func(name string) []string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go serveDNS(server, answer)
		return client, nil
	}}
}

// serveDNS speaks DNS over a stream (RFC 1035, 4.2.2) until the client leaves.
func serveDNS(conn net.Conn, answer func(string) []string) {
	defer func() { _ = conn.Close() }()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		packet := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, packet); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(packet) != nil || len(m.Questions) != 1 {
			return
		}
		respond(&m, answer)
		reply, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

func respond(m *dnsmessage.Message, answer func(string) []string) {
	q := m.Questions[0]
	m.Response, m.Additionals = true, nil
	addresses := answer(strings.TrimSuffix(q.Name.String(), "."))
	if addresses == nil {
		m.RCode = dnsmessage.RCodeNameError
	}
	if q.Type != dnsmessage.TypeA {
		return
	}
	for _, a := range addresses {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
			Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
		})
	}
}

func refuses(t *testing.T, c *egress.Client, address string, p egress.Policy) error {
	t.Helper()
	resp, err := c.Do(newRequest(t, "GET", address, ""), p)
	if err == nil {
		readAll(t, resp)
		t.Errorf("%s was called", address)
		return nil
	}
	if code := ductape.CodeOf(err); code != ductape.CodeBlockedAddress {
		t.Errorf("%s: %v, want blocked_address", address, err)
	}
	if !egress.Classify(err).Blocked {
		t.Errorf("%s: not classified as blocked", address)
	}
	return err
}

func TestPrivateHostsAreRefusedHoweverTheyAreWritten(t *testing.T) {
	s := newServer(t, func(http.ResponseWriter, *http.Request) { t.Error("a private host was called") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	// Some resolvers read these as addresses; this one does so for all of them.
	c := newClient(t, egress.Config{Resolver: resolve(func(string) []string { return []string{"127.0.0.1"} })})
	for _, host := range []string{
		"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
		"0.0.0.0", "[::]", "localhost", "localhost.", "LOCALHOST", "anything.localhost", "innocent.example",
		"10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "metadata.google.internal",
	} {
		refuses(t, c, "http://"+host+":"+port+"/", egress.Policy{})
	}
}

func TestAnIPv4AddressIsWrittenInOneWayOnly(t *testing.T) {
	// Here every name resolves to an address that is permitted.
	c := newClient(t, egress.Config{AllowPrivate: true, Resolver: resolve(func(string) []string { return []string{"127.0.0.1"} })})
	for _, host := range []string{
		"127.1", "2130706433", "0177.0.0.1", "017700000001", "0x7f.0.0.1", "0x7f000001", "0X7F.1", "127.0.0.0x1", "0x",
		"127.0.0.1.", "127.0.0.1.2", "1.2.3.256", "127.0.0.01", "a.1",
	} {
		if _, err := c.Do(newRequest(t, "GET", "http://"+host+":9/", ""), private); ductape.CodeOf(err) != ductape.CodeInvalidInput {
			t.Errorf("%s: %v, want invalid_input", host, err)
		}
	}
	s := newServer(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost", "1.example", "v1", "0x7f.example", "a-1"} {
		resp, err := c.Do(newRequest(t, "GET", "http://"+host+":"+port, ""), private)
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		readAll(t, resp)
	}
}

func TestMetadataIsRefusedEvenWherePrivateIsAllowed(t *testing.T) {
	c := newClient(t, egress.Config{AllowPrivate: true, Resolver: resolve(func(string) []string { return []string{"169.254.169.254"} })})
	for _, host := range []string{"169.254.169.254", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "metadata.google.internal"} {
		err := refuses(t, c, "http://"+host+"/latest/meta-data/", private)
		if e, ok := err.(*ductape.Error); ok && e.Hint != "" {
			t.Errorf("%s: the hint %q does not help", host, e.Hint)
		}
	}
}

func TestTheHintNamesTheSetting(t *testing.T) {
	err := refuses(t, newClient(t, egress.Config{}), "http://127.0.0.1:9/?key=hunter2", egress.Policy{})
	if e, ok := err.(*ductape.Error); !ok || !strings.Contains(e.Hint, "allow_private: true") || strings.Contains(e.Error(), "hunter2") {
		t.Errorf("got %v, hint %q", err, e.Hint)
	}
}

func TestOfTwoAddressesOnlyThePermittedOneIsDialed(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "public") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	// 127.0.0.1 plays the public address, 10.0.0.1 the private one.
	for _, answer := range [][]string{{"10.0.0.1", "127.0.0.1"}, {"127.0.0.1", "10.0.0.1"}} {
		c := newClient(t, egress.Config{
			AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
			Resolver:   resolve(func(string) []string { return answer }),
		})
		resp, err := c.Do(newRequest(t, "GET", "http://two.example:"+port, ""), egress.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, resp); got != "public" {
			t.Errorf("got %q", got)
		}
	}
	c := newClient(t, egress.Config{Resolver: resolve(func(string) []string { return []string{"10.0.0.1", "127.0.0.1"} })})
	refuses(t, c, "http://two.example:"+port, egress.Policy{})
}

func TestANameThatChangesItsAnswerIsJudgedAgain(t *testing.T) {
	var changed atomic.Bool
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := newClient(t, egress.Config{
		AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Resolver: resolve(func(string) []string {
			if changed.Load() {
				return []string{"127.0.0.2"}
			}
			return []string{"127.0.0.1"}
		}),
	})
	resp, err := c.Do(newRequest(t, "GET", "http://rebind.example:"+port, ""), egress.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp)
	changed.Store(true)
	refuses(t, c, "http://rebind.example:"+port, egress.Policy{})
}

func TestAPooledConnectionIsNotBorrowedAcrossPolicies(t *testing.T) {
	s := newServer(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(t, egress.Config{})
	resp, err := c.Do(newRequest(t, "GET", s.URL, ""), private)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp) // its connection is idle now
	refuses(t, c, s.URL, egress.Policy{})
}

func TestURLsThatAreNotCalled(t *testing.T) {
	c := newClient(t, egress.Config{AllowPrivate: true})
	for _, address := range []string{
		"ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "/path", "http:///path", "http://:80/",
		"http:opaque", "http://user:hunter2@127.0.0.1/", "https://token@127.0.0.1/",
	} {
		req := newRequest(t, "POST", address, "body")
		body := &closing{Reader: strings.NewReader("body")}
		req.Body = body
		_, err := c.Do(req, private)
		if ductape.CodeOf(err) != ductape.CodeInvalidInput || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want invalid_input", address, err)
		}
		if !body.closed {
			t.Errorf("%s: the body was left open", address)
		}
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }
