package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// A refresh token is the session's id, a dot, and base64url of 32 random bytes,
// the time until which it is good, and a MAC over these and all that it belongs
// to. Those of before have no time: the kept one alone counts. The MAC tells a
// token that was once good, whose second use revokes the session, from one that
// somebody made up, which must not.
const (
	refreshRandom = 32
	refreshTime   = 8 // microseconds since 1970, big-endian
	refreshBytes  = refreshRandom + refreshTime + sha256.Size
	refreshBefore = refreshRandom + sha256.Size
)

func newRefreshToken(p place, id string, until time.Time, key Key) string {
	b := make([]byte, refreshRandom, refreshBytes)
	_, _ = rand.Read(b) // never fails (crypto/rand since Go 1.24)
	b = binary.BigEndian.AppendUint64(b, uint64(until.UnixMicro()))
	b = append(b, refreshMAC(p, id, b, key)...)
	return id + "." + base64.RawURLEncoding.EncodeToString(b)
}

func refreshMAC(p place, id string, said []byte, key Key) []byte {
	derive := hmac.New(sha256.New, key.Signing)
	derive.Write([]byte("ductape session refresh v1"))
	mac := hmac.New(sha256.New, derive.Sum(nil))
	mac.Write(p.bind("refresh", id))
	mac.Write(said)
	return mac.Sum(nil)
}

// readRefreshToken returns the session's id when one of the keys made the token
// for the place, and until when the token is good; zero: it does not say.
func readRefreshToken(p place, token string, keys []Key) (id string, until time.Time, ok bool) {
	if len(token) > 256 {
		return "", until, false
	}
	id, secret, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(b) != refreshBytes && len(b) != refreshBefore || base64.RawURLEncoding.EncodedLen(len(b)) != len(secret) {
		return "", until, false
	}
	said, mac := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if at := said[refreshRandom:]; len(at) == refreshTime {
		until = time.UnixMicro(int64(binary.BigEndian.Uint64(at))).UTC()
	}
	for _, key := range keys {
		if hmac.Equal(mac, refreshMAC(p, id, said, key)) {
			return id, until, true
		}
	}
	return "", time.Time{}, false
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
