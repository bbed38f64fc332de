package session

import (
	"crypto/rand"
	"encoding/base32"
	"time"
)

// ordered is base32 whose texts sort as their bytes do.
var ordered = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// OwnID is what the ids of this program's own sessions begin with; those of other
// issuers' sessions begin otherwise.
const OwnID = "ses_"

// newID returns an id that nobody can guess. Later ones sort behind earlier
// ones: it begins with the milliseconds since 1970.
func newID(now time.Time) string {
	var b [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	_, _ = rand.Read(b[6:]) // never fails (crypto/rand since Go 1.24)
	return OwnID + ordered.EncodeToString(b[:])
}
