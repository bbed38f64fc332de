package server

import (
	"context"
	"net/http"

	"github.com/ductape-go/ductape/catalog"
)

// applyBody is a ductape.yaml and the descriptions it imports.
type applyBody struct {
	Location string            `json:"location" doc:"Name of the file, for messages"`
	File     string            `json:"file" doc:"Text of the ductape.yaml"`
	Files    map[string]string `json:"files" doc:"Texts of the descriptions it imports, by the location it gives"`
	DryRun   bool              `json:"dry_run" doc:"Only say what would change"`
	Prune    bool              `json:"prune" doc:"Delete what the file does not name"`
}

func (s *Server) applyRoutes() {
	handleFiles(s, endpoint{method: http.MethodPost, path: "/v1/apply", id: "apply", summary: "Make the workspace what a ductape.yaml says", tag: "apply", maxBody: s.cfg.MaxImport}, "apply",
		func(ctx context.Context, ws string, in *applyBody, files map[string][]byte) (*catalog.Plan, error) {
			return s.cfg.Catalog.Apply(ctx, ws, catalog.ApplyRequest{
				Location: in.Location, File: []byte(in.File), Files: bytesOf(in.Files, files), DryRun: in.DryRun, Prune: in.Prune,
			})
		})
}
