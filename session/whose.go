package session

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Whose says which session a token belongs to and whose it is, whether or not it
// is still good: for the record of a run that was refused. It trusts nothing but
// signatures, of the workspace's keys or of those that the session type names,
// and answers with empty texts where there is none. A token of this server that
// is used in another product, environment or session type than its own is still
// its session's. Whose fetches nothing and keeps nothing: keys that an issuer
// publishes count when Verify has read them.
func (s *Service) Whose(ctx context.Context, workspace, product, env string, ref ductape.SessionRef) (id, identifier string) {
	if id, identifier = s.whoseOwn(ctx, workspace, ref.Token); id != "" {
		return id, identifier
	}
	version, err := s.version(ctx, workspace)
	if err != nil {
		return "", ""
	}
	p := place{workspace, product, env, ref.Tag}
	if typ, ok, err := s.types.find(ctx, p, version); err == nil && ok && typ.IsExternal() {
		return s.whoseForeign(ctx, p, typ, ref.Token)
	}
	return "", ""
}

func (s *Service) whoseOwn(ctx context.Context, workspace, token string) (id, identifier string) {
	keys, err := s.ring(ctx, workspace)
	if err != nil {
		return "", ""
	}
	header, payload, _, err := open(token, keys)
	if err != nil {
		return "", ""
	}
	c, err := readClaims(header, payload)
	if err != nil {
		return "", ""
	}
	return c.ID, current(keys, c.Subject)
}

// whoseForeign is Whose for a token of another issuer, made for this program.
func (s *Service) whoseForeign(ctx context.Context, p place, typ ductape.SessionType, token string) (id, identifier string) {
	if tooLong(token) != nil {
		return "", ""
	}
	signed, err := readForeign(token, algorithms(typ))
	if err != nil {
		return "", ""
	}
	keys, err := s.keysAtHand(ctx, p, typ, signed)
	if err != nil {
		return "", ""
	}
	payload, err := signed.open(keys)
	if err != nil {
		return "", ""
	}
	var c foreignClaims
	if json.Unmarshal(payload, &c) != nil || c.Issuer != typ.Issuer || !holds(c.Audience, typ.Audience) {
		return "", ""
	}
	identifier, err = s.foreignIdentifier(ctx, p, typ, c, jsontext.Value(payload))
	if err != nil {
		return "", ""
	}
	return foreignID(p, c, token), identifier
}

// keysAtHand is foreignKeys without a look at what the issuer publishes now.
func (s *Service) keysAtHand(ctx context.Context, p place, typ ductape.SessionType, t foreignToken) (keySet, error) {
	if len(typ.Keys) > 0 {
		return s.foreignKeys(ctx, p, typ, t)
	}
	keys, _, err := s.issuers.source(sourceAt{p.workspace, typ.JWKSURL, typ.AllowPrivate}).known()
	return keys, err
}
