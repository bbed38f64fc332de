package session

import "github.com/maypok86/otter/v2"

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
	version int64 // of the workspace; keys may change with it
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

func (t *verifiedTokens) get(p place, token string, version int64) (*Verified, bool) {
	known, ok := t.cache.GetIfPresent(verifiedToken{p, token})
	if !ok || known.version != version {
		return nil, false
	}
	return known.session, true
}

func (t *verifiedTokens) put(p place, token string, version int64, v *Verified) {
	t.cache.Set(verifiedToken{p, token}, knownToken{version, v})
}
