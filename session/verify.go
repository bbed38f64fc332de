package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/go-json-experiment/json/jsontext"
)

// skew is how far ahead another server's clock may be when it makes a token.
// None is allowed at the end: an expired token is expired.
const skew = 5 * time.Second

// A Verified is a session whose token was good. It is shared and must not be
// changed.
type Verified struct {
	ID         string         // of the session: its jti
	Tag        string         // of its type
	Identifier string         // of its user, hashed; empty without a selector
	Data       jsontext.Value // the user's data, a JSON object
	ExpiresAt  time.Time
}

// Verify checks a token in the place where it is to be used and returns the
// session with its data. The error is session_invalid, session_expired or
// session_revoked. A token seen before costs little; none costs a database read,
// but the first of another issuer's session is kept. Where that issuer's keys are
// needed and cannot be read it is upstream_unreachable.
func (s *Service) Verify(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (*Verified, error) {
	p := place{workspace, product, env, ref.Tag}
	if ref.Token == "" || ref.Tag == "" {
		return nil, invalid("a session needs its tag and its token").
			WithHint(`pass {"tag": "user-session", "token": "eyJ..."}, or the text "user-session:eyJ..."`)
	}
	if err := tooLong(ref.Token); err != nil {
		return nil, err
	}
	version, err := s.version(ctx, workspace)
	if err != nil {
		return nil, internal("the workspace's version cannot be read", err)
	}
	now := s.now()
	v, seen := s.verified.get(p, ref.Token, version, now)
	known, recheck := v != nil, time.Time{}
	if !known {
		if v, recheck, err = s.check(ctx, p, ref.Token, version, seen); err != nil {
			return nil, err
		}
	}
	if !now.Before(v.ExpiresAt) {
		return nil, ductape.NewError(ductape.CodeSessionExpired, "the session expired at "+v.ExpiresAt.Format(time.RFC3339)).
			WithHint("refresh the session, or start a new one")
	}
	revoked, err := s.revoked.has(ctx, workspace, v.ID, version)
	if err != nil {
		return nil, err
	}
	if revoked {
		return nil, errRevoked()
	}
	if !known {
		s.verified.put(p, ref.Token, version, recheck, v)
	}
	return v, nil
}

func errRevoked() *ductape.Error {
	return ductape.NewError(ductape.CodeSessionRevoked, "the session was revoked").WithHint("start a new session")
}

// check reads a token that is not known yet, and says when it is to be checked
// again.
func (s *Service) check(ctx context.Context, p place, token string, version int64, seen bool) (v *Verified, recheck time.Time, err error) {
	typ, ok, err := s.types.find(ctx, p, version)
	if err != nil {
		return nil, recheck, err
	}
	if ok && typ.IsExternal() {
		v, err = s.external(ctx, p, typ, token, seen)
		return v, s.now().Add(recheckAfter), err
	}
	if !ok && s.types.product != nil {
		return nil, recheck, s.unknownType(ctx, p, version)
	}
	v, err = s.own(ctx, p, token)
	return v, recheck, err
}

// tooLong refuses a token that nobody would read to its end.
func tooLong(token string) error {
	if len(token) <= maxToken {
		return nil
	}
	return invalid(fmt.Sprintf("the session token is %d bytes long, and none is longer than %d", len(token), maxToken))
}

// own checks a token of this server.
func (s *Service) own(ctx context.Context, p place, token string) (*Verified, error) {
	keys, err := s.ring(ctx, p.workspace)
	if err != nil {
		return nil, err
	}
	header, payload, key, err := open(token, keys)
	if err != nil {
		return nil, badToken(err)
	}
	c, err := readClaims(header, payload)
	if err != nil {
		return nil, badToken(err)
	}
	if c.Audience != p.audience() {
		return nil, invalid("the session token is for another product, environment or session type").
			WithHint("it is good for " + c.Audience + " only, and this is " + p.audience())
	}
	if ahead := s.now().Add(skew).Unix(); c.NotBefore > ahead || c.IssuedAt > ahead {
		return nil, invalid("the session token is not valid yet").WithHint("check the clocks of the servers")
	}
	data, err := key.Seal.Open(c.Data, p.bind("token", c.ID))
	if err != nil {
		return nil, badToken(errToken)
	}
	return &Verified{ID: c.ID, Tag: p.tag, Identifier: current(keys, c.Subject), Data: data, ExpiresAt: time.Unix(c.Expires, 0).UTC()}, nil
}

func badToken(err error) error {
	e := invalid("the session token " + err.Error())
	if errors.Is(err, errSignature) {
		e = e.WithHint("was it made in another workspace, or cut short?")
	}
	return e
}
