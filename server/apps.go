package server

import (
	"context"
	"maps"
	"net/http"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

type AppTag struct {
	App string `path:"app"`
}

type ActionName struct {
	AppTag
	Action string `path:"action" doc:"Tag, operationId, or \"METHOD /path\""`
}

func (s *Server) appRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/apps", id: "list-apps", summary: "List apps, without their actions", tag: "apps"},
		func(ctx context.Context, ws string, _ *struct{}) ([]*ductape.App, error) {
			return s.cfg.Catalog.Apps(ctx, ws)
		})
	handleFiles(s, endpoint{method: http.MethodPost, path: "/v1/apps/import", id: "import-app", summary: "Import an API's description as an app", tag: "apps", maxBody: s.cfg.MaxImport}, "import",
		func(ctx context.Context, ws string, in *importBody, files map[string][]byte) (*catalog.ImportReport, error) {
			return s.cfg.Catalog.Import(ctx, ws, in.request(files))
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/apps/{app}", id: "get-app", summary: "Show an app, without its actions", tag: "apps"},
		func(ctx context.Context, ws string, in *AppTag) (*ductape.App, error) {
			return s.cfg.Catalog.App(ctx, ws, in.App)
		})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/apps/{app}", id: "put-app", summary: "Create or replace an app; its actions stay unless given", tag: "apps", maxBody: s.cfg.MaxImport},
		func(ctx context.Context, ws string, in *struct {
			AppTag
			Body ductape.App
		},
		) (*ductape.App, error) {
			if err := sameTag("tag", &in.Body.Tag, in.App); err != nil {
				return nil, err
			}
			if _, err := s.cfg.Catalog.PutApp(ctx, ws, &in.Body); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.App(ctx, ws, in.App)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/apps/{app}", id: "delete-app", summary: "Delete an app that no product is connected to", tag: "apps"},
		func(ctx context.Context, ws string, in *AppTag) error {
			return s.cfg.Catalog.DeleteApp(ctx, ws, in.App)
		})
}

// importBody is a description, or the URL it can be read from.
type importBody struct {
	Tag         string            `json:"tag" doc:"Tag of the app; from the title when empty"`
	Location    string            `json:"location" doc:"File name, or the URL to read the description from"`
	Description *string           `json:"description" doc:"The description's text; read from location when left out"`
	Files       map[string]string `json:"files" doc:"Texts of the further files it refers to, by location"`
	Update      bool              `json:"update" doc:"Replace the app if there is one"`
	DryRun      bool              `json:"dry_run" doc:"Only report"`
	Prune       bool              `json:"prune" doc:"Remove actions that are gone"`
	AcceptHosts []string          `json:"accept_hosts" doc:"New hosts that may receive existing credentials"`
}

// request is what is asked for; files are those of a form, beside those in b.
func (b *importBody) request(files map[string][]byte) catalog.ImportRequest {
	data := files[b.Location] // nil: to be read from the location
	if b.Description != nil {
		data = []byte(*b.Description)
	}
	return catalog.ImportRequest{
		Tag: b.Tag, Location: b.Location, Data: data, Files: bytesOf(b.Files, files),
		Update: b.Update, DryRun: b.DryRun, Prune: b.Prune, AcceptHosts: b.AcceptHosts,
	}
}

func bytesOf(texts map[string]string, files map[string][]byte) map[string][]byte {
	out := make(map[string][]byte, len(texts)+len(files))
	maps.Copy(out, files)
	for name, text := range texts {
		out[name] = []byte(text)
	}
	return out
}

func (s *Server) actionRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/apps/{app}/actions", id: "list-actions", summary: "List an app's actions", tag: "apps"},
		func(ctx context.Context, ws string, in *struct {
			AppTag
			After string `query:"after" doc:"Tag to begin behind"`
			Limit int    `query:"limit" minimum:"0" doc:"0 means all"`
		},
		) ([]ductape.ActionSummary, error) {
			return s.cfg.Catalog.Actions(ctx, ws, in.App, in.After, in.Limit)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/apps/{app}/actions/{action}", id: "get-action", summary: "Describe an action", tag: "apps"},
		func(ctx context.Context, ws string, in *ActionName) (*ductape.Action, error) {
			return s.cfg.Catalog.Action(ctx, ws, in.App, in.Action)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/apps/{app}/actions/{action}/sample", id: "sample-action", summary: "Make a valid input of an action", tag: "apps"},
		func(ctx context.Context, ws string, in *struct {
			ActionName
			All bool `query:"all" doc:"Optional parameters and fields too"`
		},
		) (*catalog.Sample, error) {
			return s.cfg.Catalog.Sample(ctx, ws, in.App, in.Action, in.All)
		})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/apps/{app}/actions/{action}", id: "put-action", summary: "Create or replace an action by hand", tag: "apps"},
		func(ctx context.Context, ws string, in *struct {
			ActionName
			Body ductape.Action
		},
		) (*ductape.Action, error) {
			if err := sameTag("tag", &in.Body.Tag, in.Action); err != nil {
				return nil, err
			}
			if err := s.cfg.Catalog.PutAction(ctx, ws, in.App, &in.Body); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.Action(ctx, ws, in.App, in.Action)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/apps/{app}/actions/{action}", id: "delete-action", summary: "Delete an action", tag: "apps"},
		func(ctx context.Context, ws string, in *ActionName) error {
			return s.cfg.Catalog.DeleteAction(ctx, ws, in.App, in.Action)
		})
}
