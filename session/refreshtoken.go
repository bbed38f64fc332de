package session

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A refresh token is the session's id, a dot, and base64url of 32 random bytes
// and a MAC over all that it belongs to. The MAC tells a token that was once
// good, whose second use revokes the session, from one that somebody made up,
// which must not.
const (
	refreshRandom = 32
	refreshBytes  = refreshRandom + sha256.Size
)

func newRefreshToken(p place, id string, key Key) string {
	b := make([]byte, refreshRandom, refreshBytes)
	_, _ = rand.Read(b) // never fails (crypto/rand since Go 1.24)
	b = append(b, refreshMAC(p, id, b, key)...)
	return id + "." + base64.RawURLEncoding.EncodeToString(b)
}

func refreshMAC(p place, id string, random []byte, key Key) []byte {
	derive := hmac.New(sha256.New, key.Signing)
	derive.Write([]byte("ductape session refresh v1"))
	mac := hmac.New(sha256.New, derive.Sum(nil))
	mac.Write(p.bind("refresh", id))
	mac.Write(random)
	return mac.Sum(nil)
}

// readRefreshToken returns the session's id when one of the keys made the token
// for the place.
func readRefreshToken(p place, token string, keys []Key) (id string, ok bool) {
	if len(token) > 256 {
		return "", false
	}
	id, secret, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(b) != refreshBytes || base64.RawURLEncoding.EncodedLen(len(b)) != len(secret) {
		return "", false
	}
	for _, key := range keys {
		if hmac.Equal(b[refreshRandom:], refreshMAC(p, id, b[:refreshRandom], key)) {
			return id, true
		}
	}
	return "", false
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
