package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ductape-go/ductape"
)

// newAPI sets up the typed endpoints, their OpenAPI 3.1 description at
// /openapi.json and its page at /docs.
func newAPI(mux *http.ServeMux, version string) huma.API {
	config := huma.DefaultConfig("Ductape", version)
	config.Info.Description = "Call any API by its name."
	config.FieldsOptionalByDefault = true
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema fields in answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "A key of the workspace: `ductape keys create`"},
	}
	config.Security = []map[string][]string{{"key": {}}}
	return humago.New(mux, config)
}

func init() {
	huma.NewError = newError
	huma.NewErrorWithContext = func(_ huma.Context, status int, message string, errs ...error) huma.StatusError {
		return newError(status, message, errs...)
	}
}

// newError turns what huma finds wrong with a request into our ErrorAnswer.
func newError(status int, message string, errs ...error) huma.StatusError {
	for _, err := range errs {
		var e *ductape.Error
		if errors.As(err, &e) {
			return problemOf(e)
		}
	}
	code := ductape.CodeInvalidInput
	switch {
	case status >= 500:
		return problemOf(errInternal)
	case status == http.StatusNotFound:
		code = ductape.CodeNotFound
	}
	e := ductape.NewError(code, message)
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			e.Problems = append(e.Problems, ductape.Problem{Where: strings.TrimPrefix(d.Location, "body."), Message: d.Message})
		} else if err != nil {
			e.Problems = append(e.Problems, ductape.Problem{Where: "body", Message: err.Error()})
		}
	}
	return problemOf(e)
}

// An answer is a typed endpoint's output.
type answer[T any] struct{ Body T }

// endpoint is what every typed endpoint says of itself.
type endpoint struct {
	method, path string
	id, summary  string
	tag          string
	maxBody      int64 // bytes; zero means 1 MB
}

// handle registers a typed endpoint. The handler gets the caller's workspace;
// its error is answered as an ErrorAnswer.
func handle[I, T any](s *Server, e endpoint, f func(ctx context.Context, workspace string, in *I) (T, error)) {
	huma.Register(s.api, operation(e), func(ctx context.Context, in *I) (*answer[T], error) {
		out, err := f(ctx, workspace(ctx), in)
		if err != nil {
			return nil, s.problem(err)
		}
		return &answer[T]{out}, nil
	})
}

// handleEmpty registers a typed endpoint that answers 204.
func handleEmpty[I any](s *Server, e endpoint, f func(ctx context.Context, workspace string, in *I) error) {
	op := operation(e)
	op.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*struct{}, error) {
		if err := f(ctx, workspace(ctx), in); err != nil {
			return nil, s.problem(err)
		}
		return nil, nil
	})
}

func operation(e endpoint) huma.Operation {
	return huma.Operation{Method: e.method, Path: e.path, OperationID: e.id, Summary: e.summary, Tags: []string{e.tag}, MaxBodyBytes: e.maxBody, Errors: []int{400, 401, 403, 404, 409, 500}}
}

// problem is problemOf, with what nobody expected in the log.
func (s *Server) problem(err error) error {
	if ductape.CodeOf(err) == ductape.CodeInternal {
		s.cfg.Log.Error("a control call failed", "error", err)
	}
	return problemOf(err)
}
