package egress

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Config says how a Client goes out. The zero value is ready for use and
// permits the public internet only.
type Config struct {
	// AllowPrivate permits loopback and private addresses to every request,
	// for development and tests. Link-local and metadata addresses stay refused.
	AllowPrivate bool

	AllowCIDRs []netip.Prefix // further addresses to permit, such as one internal service
	DenyCIDRs  []netip.Prefix // addresses to refuse; they come before AllowCIDRs and AllowPrivate

	// Proxy returns the proxy of a request, nil for none. A nil Proxy means
	// that there is none: HTTP_PROXY and its like are never read. The guard
	// judges the address of the proxy, and cannot see what the proxy dials.
	Proxy func(*http.Request) (*url.URL, error)

	Resolver *net.Resolver  // nil: net.DefaultResolver
	RootCAs  *x509.CertPool // nil: those of the system

	DialTimeout           time.Duration // DNS and connect; zero: 10 s
	TLSHandshakeTimeout   time.Duration // zero: 10 s
	ResponseHeaderTimeout time.Duration // from the request sent to the answer's headers; zero: as long as the context
	IdleConnTimeout       time.Duration // how long an idle connection is kept; zero: 90 s
	MaxIdleConnsPerHost   int           // zero: 256
	MaxRedirects          int           // redirects followed per request; zero: 5, negative: none
}

func (c Config) withDefaults() Config {
	c.DialTimeout = cmp.Or(c.DialTimeout, 10*time.Second)
	c.TLSHandshakeTimeout = cmp.Or(c.TLSHandshakeTimeout, 10*time.Second)
	c.IdleConnTimeout = cmp.Or(c.IdleConnTimeout, 90*time.Second)
	c.MaxIdleConnsPerHost = cmp.Or(c.MaxIdleConnsPerHost, 256)
	c.MaxRedirects = cmp.Or(c.MaxRedirects, 5)
	return c
}

func (c Config) validate() error {
	for _, p := range append(c.AllowCIDRs[:len(c.AllowCIDRs):len(c.AllowCIDRs)], c.DenyCIDRs...) {
		if !p.IsValid() {
			return errors.New("egress: AllowCIDRs and DenyCIDRs must hold valid prefixes")
		}
	}
	if min(c.DialTimeout, c.TLSHandshakeTimeout, c.ResponseHeaderTimeout, c.IdleConnTimeout) < 0 {
		return errors.New("egress: timeouts must not be negative")
	}
	if c.MaxIdleConnsPerHost < 0 {
		return errors.New("egress: MaxIdleConnsPerHost must not be negative")
	}
	return nil
}

// A Client sends requests. It is safe for concurrent use; Close it when done.
type Client struct {
	// Two pools of connections, so that a connection made under the wider
	// policy is never borrowed under the narrower one.
	guarded, private *http.Transport
	maxRedirects     int
}

// New returns a client. The error names the field of cfg that is wrong.
func New(cfg Config) (*Client, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	c := &Client{private: newTransport(cfg, true), maxRedirects: cfg.MaxRedirects}
	c.guarded = c.private
	if !cfg.AllowPrivate {
		c.guarded = newTransport(cfg, false)
	}
	return c, nil
}

// Close closes the idle connections. Requests under way go on.
func (c *Client) Close() {
	c.guarded.CloseIdleConnections()
	c.private.CloseIdleConnections()
}

const (
	maxIdleConns           = 4096
	maxResponseHeaderBytes = 1 << 20
)

// newTransport returns one pool behind its own guard. Bodies pass through it as
// they come: it neither asks for nor undoes compression.
func newTransport(cfg Config, private bool) *http.Transport {
	g := newGuard(private, masked(cfg.AllowCIDRs), masked(cfg.DenyCIDRs))
	dialer := &net.Dialer{Timeout: cfg.DialTimeout, Resolver: cfg.Resolver, Control: g.control}
	return &http.Transport{
		Proxy:                  cfg.Proxy,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: cfg.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.TLSHandshakeTimeout,
		ResponseHeaderTimeout:  cfg.ResponseHeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        cfg.IdleConnTimeout,
		MaxIdleConns:           maxIdleConns,
		MaxIdleConnsPerHost:    cfg.MaxIdleConnsPerHost,
		MaxResponseHeaderBytes: maxResponseHeaderBytes,
		ForceAttemptHTTP2:      true, // a custom dialer would turn HTTP/2 off
		DisableCompression:     true,
	}
}

// masked returns the prefixes in the form addresses are judged in: IPv4 as
// IPv4, however it was written.
func masked(list []netip.Prefix) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
		}
		out[i] = p.Masked()
	}
	return out
}

// A Policy is what holds for one request.
type Policy struct {
	AllowPrivate bool        // permits loopback and private addresses (AppEnv.AllowPrivate)
	Credentials  Credentials // what to take off where the credentials must not go
	Hosts        []string    // "host" or "host:port" that may receive the credentials too (AppEnv.Hosts)
	Secrets      Secrets     // what must not go elsewhere wherever it stands, such as in a path; nil: nothing
}

// Secrets tells by their values what must stay with its origin and the listed
// hosts. A redirect to another one whose URL holds such a value is refused.
type Secrets interface {
	// In reports whether a secret stands in text, which is a URL or a header's
	// value, in any form in which it travels.
	In(text string) bool
}

// Credentials names what carries a credential in the request.
type Credentials struct{ Headers, Query, Cookies []string }
