// Package server is the HTTP API: running actions, and setting up what they
// need. One file per resource. Routes lists every endpoint; errors are RFC 9457
// problem details with a code.
package server

import (
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// Config is what a Server needs.
type Config struct {
	Runner   *run.Runner
	Catalog  *catalog.Catalog
	Sessions *session.Service
	Store    store.Store
	Flush    func()       // writes pending run records, so that a listing is complete; may be nil
	Log      *slog.Logger // nil: slog.Default
	Version  string       // of the program

	MaxCall   int64 // bytes of a run's request: 10 MB when zero
	MaxUpload int64 // bytes of a run's request with files: 100 MB when zero
	MaxImport int64 // bytes of a description or a file to apply: 96 MB when zero
}

// A Server answers the HTTP API.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	api     huma.API
	metrics *metrics
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.MaxCall == 0 {
		cfg.MaxCall = 10 << 20
	}
	if cfg.MaxUpload == 0 {
		cfg.MaxUpload = 100 << 20
	}
	if cfg.MaxImport == 0 {
		cfg.MaxImport = 96 << 20
	}
	if cfg.Flush == nil {
		cfg.Flush = func() {}
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux(), metrics: newMetrics()}
	s.routes()
	return s
}

// ServeHTTP answers one request. A panic of ours becomes an internal error.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recover(w, r)
	s.mux.ServeHTTP(w, r)
}

func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	// The value may hold anything, so it is not logged: where it happened is.
	s.cfg.Log.Error("panic while answering", "method", r.Method, "path", r.URL.Path, "stack", stack())
	writeProblem(w, errInternal)
}

// routes is every endpoint there is.
func (s *Server) routes() {
	s.mux.HandleFunc("POST /v1/actions/run", s.run)
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.Handle("GET /metrics", s.metrics.handler())
	s.mux.HandleFunc(everything, s.nothing)

	s.api = newAPI(s.mux, s.cfg.Version)
	s.api.UseMiddleware(s.identify)
	describeRun(s.api.OpenAPI())
	describeHealth(s.api.OpenAPI())
	s.appRoutes()
	s.actionRoutes()
	s.productRoutes()
	s.secretRoutes()
	s.sessionRoutes()
	s.runRoutes()
	s.keyRoutes()
	s.applyRoutes()
}
