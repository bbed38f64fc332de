package server

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

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
			users, err := s.identifiers(ctx, ws, q.User)
			if err != nil {
				return nil, err
			}
			return s.runsOf(ctx, ws, users, store.RunFilter{
				Product: q.Product, Env: q.Env, App: q.App, Event: q.Event, Outcome: q.Outcome, Session: q.Session, Before: q.Before, Limit: q.Limit,
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

// runsOf lists the runs of a user that is kept by several identifiers; all runs
// where none is given.
func (s *Server) runsOf(ctx context.Context, ws string, users []string, f store.RunFilter) ([]ductape.RunRecord, error) {
	if len(users) == 0 {
		return s.cfg.Store.Runs(ctx, ws, f)
	}
	all := []ductape.RunRecord{}
	for _, f.User = range users {
		some, err := s.cfg.Store.Runs(ctx, ws, f)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b ductape.RunRecord) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), cmp.Or(f.Limit, 50))], nil
}
