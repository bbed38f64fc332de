package egress

import (
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// A guard judges addresses. The order of its rules is the security of the
// package: refused always, refused by the operator, permitted by the operator,
// permitted as private, and then the public internet only.
type guard struct {
	private     bool // loopback and private addresses are permitted
	allow, deny []netip.Prefix
	public      *ssrf.Guardian
}

func newGuard(private bool, allow, deny []netip.Prefix) *guard {
	return &guard{
		private: private, allow: allow, deny: deny,
		public: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork()),
	}
}

// neverPrefixes are refused whatever is permitted: they reach the machine's
// own metadata, or no single host.
var neverPrefixes = prefixes(
	"0.0.0.0/8",          // "this network" (RFC 791, 3.2); 0.0.0.0 reaches the host itself
	"169.254.0.0/16",     // link-local (RFC 3927) and the metadata of AWS, Azure, Google
	"224.0.0.0/4",        // multicast (RFC 5771)
	"255.255.255.255/32", // broadcast (RFC 919)
	"100.100.100.200/32", // metadata of Alibaba Cloud, inside the shared range
	"168.63.129.16/32",   // the host agent of Azure, in public space
	"192.0.0.192/32",     // metadata of Oracle Cloud
	"::/128",             // unspecified
	"fe80::/10",          // link-local (RFC 4291)
	"fec0::/10",          // site-local, deprecated (RFC 3879)
	"ff00::/8",           // multicast
	"fd00:ec2::/32",      // metadata, time and DNS of AWS
	"fd20:ce::254/128",   // metadata of Google Cloud
)

// privatePrefixes are what AllowPrivate adds to the public internet.
var privatePrefixes = prefixes(
	"127.0.0.0/8", "::1/128", // loopback
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // RFC 1918
	"100.64.0.0/10", // shared address space (RFC 6598)
	"fc00::/7",      // unique local (RFC 4193)
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		list[i] = netip.MustParsePrefix(t)
	}
	return list
}

// control is the net.Dialer.Control of the guard: it runs after DNS, before
// each connect.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &blockedError{reason: "it is not an IP address"}
	}
	if reason := g.judge(ap.Addr()); reason != "" {
		return &blockedError{reason: reason, private: !g.private && contains(privatePrefixes, ap.Addr().Unmap())}
	}
	return nil
}

// judge returns why ip is refused, empty when it is permitted.
func (g *guard) judge(ip netip.Addr) string {
	ip = ip.WithZone("").Unmap() // a prefix contains no address with a zone
	for _, inner := range embedded(ip) {
		if reason := g.judge(inner); reason != "" {
			return "it embeds an IPv4 address, and of that: " + reason
		}
	}
	switch {
	case contains(neverPrefixes, ip):
		return "link-local, metadata, multicast and unspecified addresses are never dialed"
	case contains(g.deny, ip):
		return "the operator denies it"
	case contains(g.allow, ip):
		return ""
	case g.private && contains(privatePrefixes, ip):
		return ""
	case g.public.SafeAddr(ip) != nil:
		return "it is not an address of the public internet"
	}
	return ""
}

func contains(list []netip.Prefix, ip netip.Addr) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96")   // RFC 6052, 2.1
	nat64Local = netip.MustParsePrefix("64:ff9b:1::/48") // RFC 8215
	sixToFour  = netip.MustParsePrefix("2002::/16")      // RFC 3056
	teredo     = netip.MustParsePrefix("2001::/32")      // RFC 4380
)

// embedded returns the IPv4 addresses that a packet to ip may be carried on to.
// The forms themselves are outside the public internet, so they are refused
// anyhow; this matters where the operator permits them (a network that reaches
// IPv4 through NAT64).
func embedded(ip netip.Addr) []netip.Addr {
	if !ip.Is6() {
		return nil
	}
	b := ip.As16()
	last := netip.AddrFrom4([4]byte(b[12:16]))
	switch {
	case nat64.Contains(ip):
		return []netip.Addr{last}
	case nat64Local.Contains(ip): // the prefix may be /48, /56, /64 or /96 long (RFC 6052, 2.2)
		return []netip.Addr{
			last,
			netip.AddrFrom4([4]byte{b[6], b[7], b[9], b[10]}),
			netip.AddrFrom4([4]byte{b[7], b[9], b[10], b[11]}),
			netip.AddrFrom4([4]byte{b[9], b[10], b[11], b[12]}),
		}
	case sixToFour.Contains(ip):
		return []netip.Addr{netip.AddrFrom4([4]byte(b[2:6]))}
	case teredo.Contains(ip): // the server, and the client with its bits flipped
		client := last.As4()
		for i := range client {
			client[i] ^= 0xff
		}
		return []netip.Addr{netip.AddrFrom4([4]byte(b[4:8])), netip.AddrFrom4(client)}
	}
	return nil
}

// A blockedError says that an address was not dialed, and why. It does not hold
// the address: what an internal name resolves to is not for every caller.
type blockedError struct {
	reason  string
	private bool // AllowPrivate would permit it
}

func (e *blockedError) Error() string { return "the address is refused: " + e.reason }
