package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// SessionScope says which kind of session is meant.
type SessionScope struct {
	Product    string `json:"product"`
	ProductTag string `json:"product_tag" doc:"The older name of product"`
	Env        string `json:"env"`
	Tag        string `json:"tag" doc:"Session type of the product"`
}

func (s *Server) sessionRoutes() {
	handle(s, endpoint{method: http.MethodPost, path: "/v1/sessions/start", id: "start-session", summary: "Begin a session with a user's data", tag: "sessions"},
		func(ctx context.Context, ws string, in *struct {
			Body struct {
				SessionScope
				Data json.RawMessage `json:"data" doc:"The user's data, which $Session refers to"`
			}
		},
		) (*ductape.StartedSession, error) {
			scope, err := s.sessionType(ctx, ws, in.Body.SessionScope)
			if err != nil {
				return nil, err
			}
			return s.cfg.Sessions.Start(ctx, scope, in.Body.Data)
		})
	s.sessionVerify()
	s.sessionRefresh()
	s.sessionRevoke()
	s.sessionLists()
	s.sessionKeyRoutes()
}

// sessionType finds the type of session, and the environment it is for.
func (s *Server) sessionType(ctx context.Context, ws string, of SessionScope) (session.Scope, error) {
	if of.Product == "" {
		of.Product = of.ProductTag
	}
	p, err := s.cfg.Store.Product(ctx, ws, of.Product)
	if errors.Is(err, store.ErrNotFound) {
		return session.Scope{}, ductape.NewError(ductape.CodeUnknownProduct, "there is no product \""+of.Product+"\"")
	}
	if err != nil {
		return session.Scope{}, err
	}
	if !hasEnv(p, of.Env) {
		return session.Scope{}, ductape.NewError(ductape.CodeUnknownEnv, p.Tag+" has no environment \""+of.Env+"\"")
	}
	for _, t := range p.Sessions {
		if t.Tag == of.Tag {
			return session.Scope{Workspace: ws, Product: p.Tag, Env: of.Env, Type: t}, nil
		}
	}
	return session.Scope{}, session.UnknownType(p.Tag, of.Tag, p.Sessions)
}

func hasEnv(p *ductape.Product, slug string) bool {
	for _, e := range p.Envs {
		if e.Slug == slug {
			return true
		}
	}
	return false
}

// A verifiedSession is what a good token holds.
type verifiedSession struct {
	SessionID string          `json:"sessionId"`
	Tag       string          `json:"tag"`
	ExpiresAt time.Time       `json:"expiresAt"`
	Data      json.RawMessage `json:"data" doc:"The user's data"`
}

type sessionToken struct {
	Body struct {
		SessionScope
		Token string `json:"token" required:"true" doc:"With or without its session type's tag and a colon before it"`
	}
}

func (s *Server) sessionVerify() {
	handle(s, endpoint{method: http.MethodPost, path: "/v1/sessions/verify", id: "verify-session", summary: "Check a session's token and read its data", tag: "sessions"},
		func(ctx context.Context, ws string, in *sessionToken) (*verifiedSession, error) {
			v, err := s.verifySession(ctx, ws, in)
			if err != nil {
				return nil, err
			}
			return &verifiedSession{SessionID: v.ID, Tag: v.Tag, ExpiresAt: v.ExpiresAt, Data: json.RawMessage(v.Data)}, nil
		})
	handle(s, endpoint{method: http.MethodPost, path: "/v1/sessions/decrypt", id: "decrypt-session", summary: "Check a session's token and answer with its data alone", tag: "sessions"},
		func(ctx context.Context, ws string, in *sessionToken) (json.RawMessage, error) {
			v, err := s.verifySession(ctx, ws, in)
			if err != nil {
				return nil, err
			}
			return json.RawMessage(v.Data), nil
		})
}

func (s *Server) verifySession(ctx context.Context, ws string, in *sessionToken) (*session.Verified, error) {
	of, token := in.Body.SessionScope, in.Body.Token
	if tag, rest, ok := strings.Cut(token, ":"); ok && (of.Tag == "" || of.Tag == tag) {
		of.Tag, token = tag, rest
	}
	scope, err := s.sessionType(ctx, ws, of)
	if err != nil {
		return nil, err
	}
	return s.cfg.Sessions.Verify(ctx, ws, scope.Product, scope.Env, ductape.SessionRef{Tag: scope.Type.Tag, Token: token})
}

func (s *Server) sessionRefresh() {
	handle(s, endpoint{method: http.MethodPost, path: "/v1/sessions/refresh", id: "refresh-session", summary: "Take a refresh token, return new tokens", tag: "sessions"},
		func(ctx context.Context, ws string, in *struct {
			Body struct {
				SessionScope
				RefreshToken string `json:"refreshToken" required:"true"`
			}
		},
		) (*ductape.StartedSession, error) {
			scope, err := s.sessionType(ctx, ws, in.Body.SessionScope)
			if err != nil {
				return nil, err
			}
			return s.cfg.Sessions.Refresh(ctx, scope, in.Body.RefreshToken)
		})
}

func (s *Server) sessionRevoke() {
	handle(s, endpoint{method: http.MethodPost, path: "/v1/sessions/revoke", id: "revoke-session", summary: "End a session, or all of a user's", tag: "sessions"},
		func(ctx context.Context, ws string, in *struct {
			Body struct {
				SessionID  string `json:"sessionId" doc:"One session"`
				Identifier string `json:"identifier" doc:"The selector's value, or its hash as listings show it: all of the user's sessions"`
			}
		},
		) (*revokedSessions, error) {
			if (in.Body.SessionID == "") == (in.Body.Identifier == "") {
				return nil, ductape.NewError(ductape.CodeInvalidInput, "name either sessionId or identifier")
			}
			identifiers, err := s.identifiers(ctx, ws, in.Body.Identifier)
			if err != nil {
				return nil, err
			}
			n, err := s.cfg.Sessions.Revoke(ctx, ws, in.Body.SessionID, identifiers...)
			return &revokedSessions{n}, err
		})
}

type revokedSessions struct {
	Revoked int64 `json:"revoked" doc:"How many were ended"`
}
