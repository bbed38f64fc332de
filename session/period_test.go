package session_test

import (
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

// What a type is checked by when it is saved is what its sessions start by.
func TestTheLongestExpiryStarts(t *testing.T) {
	if len(session.Periods()) != 6 {
		t.Errorf("periods: %q", session.Periods())
	}
	for _, period := range session.Periods() {
		most := session.MostOf(period)
		for n, code := range map[int64]ductape.Code{most: "", most + 1: ductape.CodeInvalidInput} {
			s := scope
			s.Type.Period, s.Type.Expiry, s.Type.RefreshExpiry = period, n, n
			if _, err := newWorld().Start(t.Context(), s, []byte(ana)); ductape.CodeOf(err) != code {
				t.Errorf("%d %s: %v, want %q", n, period, err, code)
			}
		}
	}
	if n := session.MostOf("fortnights"); n != 0 {
		t.Errorf("%d fortnights", n)
	}
}
