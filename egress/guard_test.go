package egress

import (
	"net/netip"
	"testing"
)

func TestTheGuard(t *testing.T) {
	public := newGuard(false, nil, nil)
	private := newGuard(true, nil, nil)
	permit := func(g *guard, addresses ...string) {
		t.Helper()
		for _, a := range addresses {
			if reason := g.judge(netip.MustParseAddr(a)); reason != "" {
				t.Errorf("%s is refused: %s", a, reason)
			}
		}
	}
	refuse := func(g *guard, addresses ...string) {
		t.Helper()
		for _, a := range addresses {
			if g.judge(netip.MustParseAddr(a)) == "" {
				t.Errorf("%s is permitted", a)
			}
		}
	}

	// The public internet is open to everybody, in each way of writing it.
	permit(public, "8.8.8.8", "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
		"::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::1")
	permit(private, "8.8.8.8", "::ffff:8.8.8.8", "2606:4700:4700::1111")

	// Private addresses need the policy.
	local := []string{
		"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1",
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "::ffff:192.168.1.1",
		"100.64.0.1", "100.127.255.255", "fc00::1", "fd12:3456::1",
	}
	refuse(public, local...)
	permit(private, local...)

	// Nothing opens these.
	never := []string{
		"0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0",
		"169.254.169.254", "169.254.170.2", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1",
		"fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
		"224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1", "ff0e::1",
	}
	refuse(public, never...)
	refuse(private, never...)
	refuse(newGuard(true, prefixes("0.0.0.0/0", "::/0"), nil), never...)

	// Addresses that are nobody's, and forms that carry another address inside.
	special := []string{
		"192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "240.0.0.1",
		"192.31.196.1", "192.52.193.1", "192.175.48.1",
		"100::1", "2001::1", "2001:db8::1", "3fff::1", "::127.0.0.1", "::8.8.8.8",
		"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2002:808:808::1",
		"2001:0:4136:e378:8000:63bf:3fff:fdd2", "4000::1", "5f00::1",
	}
	refuse(public, special...)
	refuse(private, special...)

	// An operator who reaches IPv4 through NAT64 says so; what is inside is judged.
	nat := newGuard(false, prefixes("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"), nil)
	permit(nat, "64:ff9b::808:808", "2002:808:808::1")
	refuse(nat,
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", // loopback, metadata, private
		"64:ff9b:1::7f00:1", "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:7f:0:100::", // at the end, under /48, under /56
		"2002:a9fe:a9fe::1", "2002:7f00:1::1",
		"2001:0:a9fe:a9fe::f7f7:f7f7", "2001:0:808:808::5601:5601") // the server, the flipped client

	// The operator's lists: deny comes before allow, and both before private.
	lists := newGuard(true, prefixes("10.1.0.0/16", "198.18.0.0/15"), prefixes("10.1.2.0/24", "8.8.8.0/24", "192.168.0.0/16"))
	permit(lists, "10.1.3.1", "198.18.0.1", "10.9.9.9", "::ffff:10.1.3.1")
	refuse(lists, "10.1.2.1", "8.8.8.8", "::ffff:8.8.8.8", "192.168.1.1")
}

func TestThePrivatePoolAloneIsWidened(t *testing.T) {
	g := newGuard(false, prefixes("127.0.0.1/32"), nil)
	if g.judge(netip.MustParseAddr("127.0.0.1")) != "" || g.judge(netip.MustParseAddr("127.0.0.2")) == "" {
		t.Error("an allowed address opens more or less than itself")
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	g := newGuard(true, nil, nil)
	for _, address := range []string{"", ":80", "localhost:80", "127.0.0.1", "/run/x.sock", "[::1]"} {
		if g.control("tcp", address, nil) == nil {
			t.Errorf("%q is permitted", address)
		}
	}
}

// FuzzGuard holds the promises that no list of addresses can: that no way of
// writing an address changes the judgement, and that permitting everything does
// not permit what is never dialed.
func FuzzGuard(f *testing.F) {
	for _, a := range []string{"127.0.0.1", "8.8.8.8", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1"} {
		b := netip.MustParseAddr(a).As16()
		f.Add(b[:])
	}
	public, private := newGuard(false, nil, nil), newGuard(true, nil, nil)
	all := newGuard(true, prefixes("0.0.0.0/0", "::/0"), nil)
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) != 16 {
			return
		}
		raw := netip.AddrFrom16([16]byte(b))
		ip := raw.Unmap()
		for _, g := range []*guard{public, private, all} {
			want := g.judge(ip)
			if g.judge(raw) != want || g.judge(raw.WithZone("eth0")) != want {
				t.Errorf("%s and %s are judged differently", raw, ip)
			}
		}
		if public.judge(ip) == "" && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified()) {
			t.Errorf("%s is permitted", ip)
		}
		if all.judge(ip) == "" && (ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified()) {
			t.Errorf("%s is permitted where it never may", ip)
		}
	})
}

// IPv4 is IPv4, in whatever form the operator writes it.
func TestMappedPrefixes(t *testing.T) {
	mapped := masked(prefixes("::ffff:10.0.0.0/104", "::ffff:8.8.8.9/125"))
	allow, deny := newGuard(false, mapped, nil), newGuard(true, nil, mapped)
	for address, inside := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "8.8.8.8": true, "8.8.8.15": true, "8.8.8.16": false, "192.168.0.1": false} {
		ip := netip.MustParseAddr(address)
		if reason := deny.judge(ip); (reason != "") != inside {
			t.Errorf("%s, denied: %q", address, reason)
		}
		if reason := allow.judge(ip); ip.Unmap().IsPrivate() && (reason == "") != inside {
			t.Errorf("%s, allowed: %q", address, reason)
		}
	}
}
