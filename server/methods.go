package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

var methods = []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut}

// nothing answers what no endpoint takes: 405 with Allow where another method is
// taken at the path (RFC 9110, 15.5.6), else 404.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	allowed := s.allowed(r)
	if len(allowed) == 0 {
		writeProblem(w, ductape.NewError(ductape.CodeNotFound, "there is nothing at "+r.Method+" "+r.URL.Path).WithHint("GET /openapi.json lists what there is"))
		return
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	writeProblem(w, ductape.NewError(ductape.CodeMethodNotAllowed, r.URL.Path+" does not take "+r.Method).WithHint("it takes "+list))
}

// allowed lists the methods that endpoints take at a request's path.
func (s *Server) allowed(r *http.Request) []string {
	asked := *r
	return slices.DeleteFunc(slices.Clone(methods), func(method string) bool {
		asked.Method = method
		_, pattern := s.mux.Handler(&asked)
		return pattern == everything || pattern == ""
	})
}

// everything is the pattern of what no endpoint takes.
const everything = "/"
