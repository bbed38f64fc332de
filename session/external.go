package session

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// foreignSkew is how far ahead another issuer's clock may be. None is allowed at
// the end: an expired token is expired.
const foreignSkew = time.Minute

// recheckAfter is how long a token from elsewhere is good without another look at
// its issuer's keys.
const recheckAfter = time.Minute

// foreignClaims are the claims of a token from elsewhere that are looked at
// (RFC 7519, section 4.1; sid: OpenID Connect Front-Channel Logout 1.0, section 3).
type foreignClaims struct {
	Issuer    string         `json:"iss"`
	Audience  jsontext.Value `json:"aud"`
	Subject   string         `json:"sub"`
	SessionID string         `json:"sid"`
	ID        string         `json:"jti"`
	Expires   jsontext.Value `json:"exp"`
	NotBefore jsontext.Value `json:"nbf"`
	IssuedAt  jsontext.Value `json:"iat"`
}

// external checks a token of another issuer. Seen says that this process checked
// it before, so that it need not be kept again.
func (s *Service) external(ctx context.Context, p place, typ ductape.SessionType, token string, seen bool) (*Verified, error) {
	payload, err := s.openForeign(ctx, p, typ, token)
	if err != nil {
		return nil, err
	}
	var c foreignClaims
	data := jsontext.Value(payload)
	if data.Kind() != '{' || json.Unmarshal(payload, &c) != nil || data.Compact() != nil {
		return nil, invalid("the token's claims cannot be read")
	}
	expires, err := s.checkClaims(typ, c)
	if err != nil {
		return nil, err
	}
	identifier, err := s.foreignIdentifier(ctx, p, typ, c, data)
	if err != nil {
		return nil, err
	}
	if problems := s.fits(p.workspace, typ, data); len(problems) > 0 {
		e := invalid("the token's claims do not fit the session type's schema")
		e.Problems = problems
		return nil, e
	}
	v := &Verified{ID: foreignID(p, c, token), Tag: p.tag, Identifier: identifier, Data: data, ExpiresAt: expires}
	if seen {
		return v, nil
	}
	return v, s.keepForeign(ctx, p, c, v)
}

// openForeign checks the header and the signature, and returns the payload.
func (s *Service) openForeign(ctx context.Context, p place, typ ductape.SessionType, token string) ([]byte, error) {
	signed, err := readForeign(token, algorithms(typ))
	if err != nil {
		return nil, err
	}
	keys, err := s.foreignKeys(ctx, p, typ, signed)
	if err != nil {
		return nil, err
	}
	return signed.open(keys)
}

// A foreignToken is one whose signature is not checked yet.
type foreignToken struct {
	input  string // what was signed: header and payload
	signed *jose.JSONWebSignature
	kid    string
	alg    jose.SignatureAlgorithm
}

// readForeign takes a token apart. Its algorithm must be among the accepted: the
// caller, not the token, chooses (RFC 8725, section 3.1).
func readForeign(token string, accepted []jose.SignatureAlgorithm) (t foreignToken, err error) {
	if !canonical(token) {
		return t, invalid("the session token is no signed token (JWS, compact)")
	}
	t.input = token[:strings.LastIndexByte(token, '.')]
	if t.kid, t.alg, err = readHeader(token); err != nil {
		return t, err
	}
	if !slices.Contains(accepted, t.alg) {
		return t, invalid("the token's algorithm is not accepted").WithHint("this session type accepts " + list(accepted))
	}
	if t.signed, err = jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{t.alg}); err != nil {
		return t, invalid("the session token is no signed token (JWS, compact)")
	}
	return t, nil
}

// open returns the payload when one of the keys signed it.
func (t foreignToken) open(keys keySet) ([]byte, error) {
	fitting := keys.fitting(t.kid, t.alg)
	if len(fitting) == 0 {
		return nil, invalid("the token was signed with a key that its issuer does not have").WithHint("see the session type's issuer, jwks_url and keys")
	}
	for _, k := range fitting {
		if payload, err := t.signed.Verify(k.key); err == nil && t.saltFits(k.key) {
			return payload, nil
		}
	}
	return nil, invalid("the session token " + errSignature.Error())
}

// pssHash are the hashes of the algorithms with a salt.
var pssHash = map[jose.SignatureAlgorithm]crypto.Hash{jose.PS256: crypto.SHA256, jose.PS384: crypto.SHA384, jose.PS512: crypto.SHA512}

// saltFits reports whether a good RSASSA-PSS signature has a salt as long as its
// hash (RFC 7518, section 3.5), which the library leaves open. Others have none.
func (t foreignToken) saltFits(key any) bool {
	public, isRSA := key.(*rsa.PublicKey)
	hash, salted := pssHash[t.alg]
	if !isRSA || !salted {
		return true
	}
	h := hash.New()
	h.Write([]byte(t.input))
	opts := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
	return rsa.VerifyPSS(public, hash, h.Sum(nil), t.signed.Signatures[0].Signature, opts) == nil
}

// readHeader reads a header (RFC 7515, section 4) and refuses what nobody here
// understands: extensions named by crit, and tokens of another type, such as a
// logout token (RFC 8725, section 3.11). Keys that it carries are not looked at.
func readHeader(token string) (kid string, alg jose.SignatureAlgorithm, err error) {
	first, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	var h struct {
		Algorithm string         `json:"alg"`
		KeyID     string         `json:"kid"`
		Type      string         `json:"typ"`
		Critical  jsontext.Value `json:"crit"`
		Encoded   jsontext.Value `json:"b64"`
	}
	if err != nil || json.Unmarshal(raw, &h) != nil {
		return "", "", invalid("the token's header cannot be read")
	}
	if h.Critical != nil || h.Encoded != nil {
		return "", "", invalid("the token's header asks for extensions, of which none is known here")
	}
	typ := strings.TrimPrefix(strings.ToLower(h.Type), "application/")
	if typ != "" && typ != "jwt" && typ != "at+jwt" {
		return "", "", invalid("the token's typ is neither JWT nor at+jwt")
	}
	return h.KeyID, jose.SignatureAlgorithm(h.Algorithm), nil
}

// foreignKeys returns the keys that a type trusts.
func (s *Service) foreignKeys(ctx context.Context, p place, typ ductape.SessionType, t foreignToken) (keySet, error) {
	if name, ok := secretName(typ.Keys); ok {
		return s.sharedKey(ctx, p, name)
	}
	if len(typ.Keys) > 0 {
		keys, err := readKeys(typ.Keys)
		if err != nil {
			return nil, wrongType(typ, "keys: "+err.Error())
		}
		return keys, nil
	}
	keys, err := s.issuers.keys(ctx, p.workspace, typ, func(k keySet) bool { return len(k.fitting(t.kid, t.alg)) > 0 })
	if err != nil {
		e := ductape.NewError(ductape.CodeUpstreamUnreachable, "the keys of "+typ.Issuer+" cannot be read: "+firstLine(err)).
			WithHint("see the session type's jwks_url")
		e.Cause = err
		return nil, e
	}
	return keys, nil
}

// firstLine is what an error says to people.
func firstLine(err error) string {
	text := err.Error()
	var e *ductape.Error
	if errors.As(err, &e) {
		text = e.Message
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// minSecret is the least length of an HS256 secret, in bytes (RFC 7518, section 3.2).
const minSecret = 32

func (s *Service) sharedKey(ctx context.Context, p place, name string) (keySet, error) {
	if s.secret == nil {
		return nil, internal("no secrets can be opened here", nil)
	}
	value, err := s.secret(ctx, p.workspace, p.env, name)
	if err != nil {
		return nil, err
	}
	return sharedSecret(name, value)
}

func sharedSecret(name, value string) (keySet, error) {
	if len(value) < minSecret {
		return nil, ductape.NewError(ductape.CodeInvalidInput, "the secret "+name+" is too short to check HS256 tokens with: it must have at least 32 bytes")
	}
	return keySet{{key: []byte(value)}}, nil
}

// checkClaims applies RFC 7519, section 4.1, and RFC 8725, sections 3.8 and 3.9.
func (s *Service) checkClaims(typ ductape.SessionType, c foreignClaims) (expires time.Time, err error) {
	now := s.now()
	exp, ok := date(c.Expires)
	switch {
	case c.Issuer != typ.Issuer:
		return expires, invalid("the token is of another issuer").WithHint("this session type takes those of " + typ.Issuer)
	case !holds(c.Audience, typ.Audience):
		return expires, invalid("the token was made for another audience").WithHint("this session type takes those for " + typ.Audience)
	case !ok:
		return expires, invalid("the token has no expiry (exp)")
	case !now.Before(exp):
		return expires, ductape.NewError(ductape.CodeSessionExpired, "the session expired at "+exp.Format(time.RFC3339)).WithHint("get a new token from its issuer")
	}
	for _, v := range []jsontext.Value{c.NotBefore, c.IssuedAt} {
		if v == nil {
			continue
		}
		if at, ok := date(v); !ok || at.After(now.Add(foreignSkew)) {
			return expires, invalid("the token is not valid yet").WithHint("check the clocks of this server and the issuer")
		}
	}
	return exp, nil
}

// holds reports whether aud, a text or an array of texts, names the audience.
func holds(aud jsontext.Value, audience string) bool {
	if aud.Kind() == '"' {
		aud = jsontext.Value("[" + string(aud) + "]")
	}
	var all []string
	return audience != "" && json.Unmarshal(aud, &all) == nil && slices.Contains(all, audience)
}

// maxDate is the last second of the year 9999.
const maxDate = 253402300799

// date reads a NumericDate (RFC 7519, section 2), which may have a fraction.
func date(v jsontext.Value) (time.Time, bool) {
	if v.Kind() != '0' {
		return time.Time{}, false
	}
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil || f < 0 || f > maxDate {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0).UTC(), true
}

// foreignIdentifier returns what identifies the user: what the selector names,
// else sub.
func (s *Service) foreignIdentifier(ctx context.Context, p place, typ ductape.SessionType, c foreignClaims, data jsontext.Value) (string, error) {
	keys, err := s.ring(ctx, p.workspace)
	if err != nil {
		return "", err
	}
	if typ.Selector == "" {
		if c.Subject == "" {
			return "", invalid("the token names no user (sub)").WithHint("name the claim that does in the session type's selector")
		}
		return keyed(keys, Identifier(p.workspace, c.Subject)), nil
	}
	identifier, err := identify(keys, Scope{Workspace: p.workspace, Type: typ}, data)
	if err == nil {
		return identifier, nil
	}
	e := invalid("the token's claims do not identify a user")
	e.Cause = err
	return "", e
}

// foreignID is the session's id: the same for all tokens of one session at the
// issuer where it says so (sid), else for one token.
func foreignID(p place, c foreignClaims, token string) string {
	which, value := "sid", c.SessionID
	if value == "" {
		which, value = "jti", c.ID
	}
	if value == "" { // the signature is left out: one text may have many
		which, value = "token", token[:strings.LastIndexByte(token, '.')]
	}
	sum := sha256.Sum256(pack("ductape external session v1", p.workspace, p.product, p.env, p.tag, c.Issuer, c.Subject, which, value))
	return "ext_" + ordered.EncodeToString(sum[:20])
}

// keepForeign makes the session one that is listed and can be revoked.
func (s *Service) keepForeign(ctx context.Context, p place, c foreignClaims, v *Verified) error {
	now := s.now()
	started, ok := date(c.IssuedAt)
	if !ok || started.After(now) {
		started = now
	}
	row, err := s.store.KeepSession(ctx, p.workspace, &store.SessionRow{
		ID: v.ID, Product: p.product, Env: p.env, Tag: p.tag, Identifier: v.Identifier, StartedAt: started, SeenAt: now, ExpiresAt: v.ExpiresAt,
	})
	if err != nil {
		return internal("the session cannot be kept", err)
	}
	if row.RevokedAt != nil {
		return errRevoked()
	}
	return nil
}
