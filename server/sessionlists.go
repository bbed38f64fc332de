package server

import (
	"context"
	"net/http"

	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

type sessionsQuery struct {
	Product    string `query:"product"`
	Env        string `query:"env"`
	Tag        string `query:"tag" doc:"Session type"`
	Identifier string `query:"identifier" doc:"The selector's value, or its hash as listings show it"`
	Ended      bool   `query:"ended" doc:"List those too that expired or were revoked"`
	Before     string `query:"before" doc:"Session id to begin behind: the last of the page you have"`
	Limit      int    `query:"limit" minimum:"0" maximum:"1000" doc:"0 means 50"`
}

type sessionUsersQuery struct {
	Product    string `query:"product"`
	Env        string `query:"env"`
	Tag        string `query:"tag" doc:"Session type"`
	Identifier string `query:"identifier" doc:"The selector's value, or its hash as listings show it"`
	Before     string `query:"before" doc:"Identifier to begin behind: the last of the page you have"`
	Limit      int    `query:"limit" minimum:"0" maximum:"1000" doc:"0 means 50"`
}

type sessionStatsQuery struct {
	Product string `query:"product"`
	Env     string `query:"env"`
	Tag     string `query:"tag" doc:"Session type"`
	Days    int    `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days of UTC, today among them"`
}

func (s *Server) sessionLists() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/sessions", id: "list-sessions", summary: "List sessions, newest first: the active ones, or all", tag: "sessions"},
		func(ctx context.Context, ws string, q *sessionsQuery) ([]session.Info, error) {
			user, err := s.identifiers(ctx, ws, q.Identifier)
			if err != nil {
				return nil, err
			}
			return s.cfg.Sessions.List(ctx, ws, store.SessionFilter{
				Product: q.Product, Env: q.Env, Tag: q.Tag, Ended: q.Ended, Before: q.Before, Limit: q.Limit,
			}, user...)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/sessions/users", id: "list-session-users", summary: "List who had sessions, last seen first", tag: "sessions"},
		func(ctx context.Context, ws string, q *sessionUsersQuery) ([]session.User, error) {
			user, err := s.identifiers(ctx, ws, q.Identifier)
			if err != nil {
				return nil, err
			}
			return s.cfg.Sessions.Users(ctx, ws, store.SessionFilter{
				Product: q.Product, Env: q.Env, Tag: q.Tag, Before: q.Before, Limit: q.Limit,
			}, user...)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/sessions/stats", id: "session-stats", summary: "Count sessions by day: started, expired, revoked, active", tag: "sessions"},
		func(ctx context.Context, ws string, q *sessionStatsQuery) (*session.Stats, error) {
			return s.cfg.Sessions.Stats(ctx, ws, store.SessionFilter{Product: q.Product, Env: q.Env, Tag: q.Tag}, q.Days)
		})
}

// identifiers are what a user's sessions and runs are kept by, of what a person
// says of the user; none for an empty text.
func (s *Server) identifiers(ctx context.Context, ws, text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	return s.cfg.Sessions.IdentifiersOf(ctx, ws, text)
}
