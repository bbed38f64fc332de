package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

type identityKey struct{}

// Trust returns a context whose requests need no key: they act for the
// workspace. The command line uses it for a data folder, which whoever can open
// owns.
func Trust(ctx context.Context, workspace string) context.Context {
	return context.WithValue(ctx, identityKey{}, &catalog.Identity{Workspace: workspace})
}

// identity says who asks, from the key in Authorization. A request that names a
// workspace must name the key's own.
func (s *Server) identity(r *http.Request) (*catalog.Identity, error) {
	who, ok := r.Context().Value(identityKey{}).(*catalog.Identity)
	if !ok {
		var err error
		if who, err = s.cfg.Catalog.Authenticate(r.Context(), bearer(r.Header.Get("Authorization"))); err != nil {
			return nil, err
		}
	}
	if ws := r.Header.Get("Ductape-Workspace"); ws != "" && ws != who.Workspace {
		return nil, ductape.NewError(ductape.CodeForbidden, "the key does not belong to the workspace that the request names").
			WithHint("`workspace_id` must be the one the key was made with")
	}
	return who, nil
}

// bearer is the token of an Authorization header (RFC 6750, section 2.1), "" when
// it is of another kind.
func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// identify lets only known keys through to the control endpoints.
func (s *Server) identify(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	who, err := s.identity(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	asJSON(r)
	next(huma.WithValue(ctx, identityKey{}, who))
}

// asJSON takes a body for JSON whose type is the one that curl -d gives unless
// told otherwise, as running an action does. Keys are bearer tokens, which no
// browser adds by itself, so no form of another site can make use of it.
func asJSON(r *http.Request) {
	if typ, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.EqualFold(strings.TrimSpace(typ), "application/x-www-form-urlencoded") {
		r.Header.Set("Content-Type", "application/json")
	}
}

// workspace is the caller's, in a control endpoint.
func workspace(ctx context.Context) string {
	return ctx.Value(identityKey{}).(*catalog.Identity).Workspace
}
