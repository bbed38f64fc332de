package egress

import "testing"

// Only where nothing can have arrived may a request be sent again that must not
// be processed twice.
func TestUnsent(t *testing.T) {
	for _, c := range []struct {
		connected, ended   bool
		written, redirects int
		want               bool
	}{
		{want: true},
		{ended: true, want: true},
		{connected: true, want: true},
		{connected: true, ended: true}, // a write may have been under way
		{connected: true, written: 1},
		{redirects: 1}, // the hop before was processed
		{redirects: 1, ended: true},
	} {
		tr := &tracker{redirects: c.redirects}
		tr.connected.Store(c.connected)
		tr.written.Store(int32(c.written))
		if got := tr.unsent(c.ended); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
