package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

type runsQuery struct {
	Product string `query:"product"`
	Env     string `query:"env"`
	App     string `query:"app" doc:"Access tag"`
	Event   string `query:"event" doc:"Tag of the action"`
	Outcome string `query:"outcome" doc:"ok, a code, or error for all that failed"`
	Session string `query:"session" doc:"Session id"`
	User    string `query:"user" doc:"What identifies a session's user: the selector's value, or its hash as listings show it"`
	Before  string `query:"before" doc:"Run id to begin before: the last of the page you have"`
	Limit   int    `query:"limit" minimum:"0" maximum:"1000" doc:"0 means 50"`
}

func (s *Server) runRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/runs", id: "list-runs", summary: "List runs, newest first", tag: "runs"},
		func(ctx context.Context, ws string, q *runsQuery) ([]ductape.RunRecord, error) {
			s.cfg.Flush()
			user, err := s.identifier(ctx, ws, q.User)
			if err != nil {
				return nil, err
			}
			return s.cfg.Store.Runs(ctx, ws, store.RunFilter{
				Product: q.Product, Env: q.Env, App: q.App, Event: q.Event, Outcome: q.Outcome, Session: q.Session, User: user, Before: q.Before, Limit: q.Limit,
			})
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/runs/{id}", id: "get-run", summary: "Show one run", tag: "runs"},
		func(ctx context.Context, ws string, in *struct {
			ID string `path:"id"`
		},
		) (*ductape.RunRecord, error) {
			s.cfg.Flush()
			rec, err := s.cfg.Store.RunByID(ctx, ws, in.ID)
			if errors.Is(err, store.ErrNotFound) {
				return nil, ductape.NewError(ductape.CodeNotFound, "there is no run "+in.ID)
			}
			return rec, err
		})
}
