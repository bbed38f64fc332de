package session

import (
	"time"

	"github.com/maypok86/otter/v2"
)

// maxVerified bounds the memory of tokens that were verified, in bytes.
const maxVerified = 32 << 20

// verifiedTokens remembers tokens that were good, so that a token used often is
// checked once for each version of the workspace.
type verifiedTokens struct {
	cache *otter.Cache[verifiedToken, knownToken]
}

type verifiedToken struct {
	place place
	token string
}

type knownToken struct {
	version int64     // of the workspace; keys may change with it
	recheck time.Time // when to look at the issuer's keys again; zero: never
	session *Verified
}

func newVerifiedTokens() *verifiedTokens {
	return &verifiedTokens{otter.Must(&otter.Options[verifiedToken, knownToken]{
		MaximumWeight: maxVerified,
		Weigher: func(k verifiedToken, v knownToken) uint32 {
			return uint32(512 + len(k.token) + len(v.session.Data))
		},
	})}
}

// get returns a token's session while it need not be checked again, and whether
// it was ever good.
func (t *verifiedTokens) get(p place, token string, version int64, now time.Time) (v *Verified, seen bool) {
	known, ok := t.cache.GetIfPresent(verifiedToken{p, token})
	if !ok || known.version != version || !known.recheck.IsZero() && !now.Before(known.recheck) {
		return nil, ok
	}
	return known.session, true
}

func (t *verifiedTokens) put(p place, token string, version int64, recheck time.Time, v *Verified) {
	t.cache.Set(verifiedToken{p, token}, knownToken{version, recheck, v})
}
