package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hashicorp/vault/sdk/logical"
)

// answer takes an HTTP request to an engine and its answer back, in the order
// that Vault's own server has: sealed, token, engine.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	operation, path := operations[r.Method], strings.TrimPrefix(r.URL.Path, "/v1/")
	s.mu.Lock()
	sealed, allowed := s.sealed, s.allowed(r.Header.Get("X-Vault-Token"), string(operation), path)
	e, rest := s.engineOf(path)
	s.mu.Unlock()
	switch {
	case sealed:
		refuse(w, http.StatusServiceUnavailable, "Vault is sealed")
	case !allowed:
		refuse(w, http.StatusForbidden, "permission denied")
	case e == nil:
		refuse(w, http.StatusNotFound, "no handler for route "+path)
	default:
		e.answer(w, r, operation, rest)
	}
}

var operations = map[string]logical.Operation{
	"GET": logical.ReadOperation, "POST": logical.UpdateOperation, "PUT": logical.UpdateOperation, "DELETE": logical.DeleteOperation,
}

func (e *engine) answer(w http.ResponseWriter, r *http.Request, operation logical.Operation, path string) {
	req := &logical.Request{ID: "an-id", Operation: operation, Path: path, Storage: e.storage, Data: map[string]any{}, MountPoint: "m/"}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&req.Data); err != nil && err != io.EOF {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	resp, err := e.handle(r.Context(), req)
	if status, err := logical.RespondErrorCommon(req, resp, err); status != 0 {
		refuse(w, status, fmt.Sprint(err))
		return
	}
	respond(w, resp)
}

// handle tells what is made from what is changed, as Vault does.
func (e *engine) handle(ctx context.Context, req *logical.Request) (*logical.Response, error) {
	if req.Operation == logical.UpdateOperation {
		known, exists, err := e.HandleExistenceCheck(ctx, req)
		if err != nil {
			return nil, err
		}
		if known && !exists {
			req.Operation = logical.CreateOperation
		}
	}
	return e.HandleRequest(ctx, req)
}

func respond(w http.ResponseWriter, resp *logical.Response) {
	if resp == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if status, ok := resp.Data[logical.HTTPStatusCode].(int); ok {
		w.WriteHeader(status)
		switch body := resp.Data[logical.HTTPRawBody].(type) {
		case []byte:
			_, _ = w.Write(body)
		case string:
			_, _ = io.WriteString(w, body)
		}
		return
	}
	_ = json.NewEncoder(w).Encode(logical.LogicalResponseToHTTPResponse(resp))
}
