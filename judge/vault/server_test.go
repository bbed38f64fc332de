package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/logical/transit"
	"github.com/hashicorp/vault/sdk/logical"
)

const root = "root" // the operator's token

// A server puts Vault's engines at /v1/: a KV version 2 at secret/, and transit
// at transit/.
type server struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	sealed bool
	tokens map[string][]string // what each may do: "update transit/encrypt/ductape"
	mounts map[string]*engine  // by path, without the last slash
}

type engine struct {
	logical.Backend
	storage logical.Storage
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, tokens: map[string][]string{}, mounts: map[string]*engine{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	s.mount("secret", kv.Factory, "2")
	s.mount("transit", transit.Factory, "")
	return s
}

func (s *server) mount(path string, factory logical.Factory, version string) {
	s.t.Helper()
	storage := &logical.InmemStorage{}
	b, err := factory(context.Background(), &logical.BackendConfig{
		Logger: hclog.NewNullLogger(), System: logical.TestSystemView(), StorageView: storage,
		BackendUUID: "uuid-of-" + path, Config: map[string]string{"version": version},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := b.Initialize(context.Background(), &logical.InitializationRequest{Storage: storage}); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { b.Cleanup(context.Background()) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mounts[path] = &engine{b, storage}
}

// grant returns a token that may do the given things and no others; a path that
// ends in a slash is for all below it.
func (s *server) grant(token string, may ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = may
	return token
}

func (s *server) revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

func (s *server) seal(sealed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = sealed
}

type fields map[string]any

// do asks the engines as Vault's operator.
func (s *server) do(method, path string, in fields) {
	s.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, "/v1/"+path, bytes.NewReader(body))
	req.Header.Set("X-Vault-Token", root)
	w := httptest.NewRecorder()
	s.answer(w, req)
	if w.Code >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

// put writes a version of a secret.
func (s *server) put(path string, data fields) {
	s.t.Helper()
	s.do("POST", "secret/data/"+path, fields{"data": data})
}

// allowed reports whether a token may do an operation at a path.
func (s *server) allowed(token, operation, path string) bool {
	return token == root || slices.ContainsFunc(s.tokens[token], func(may string) bool {
		what, where, _ := strings.Cut(may, " ")
		return what == operation && (where == path || strings.HasSuffix(where, "/") && strings.HasPrefix(path, where))
	})
}

// engineOf returns the engine that a path is in, and the path in it.
func (s *server) engineOf(path string) (*engine, string) {
	for mount, e := range s.mounts {
		if rest, ok := strings.CutPrefix(path, mount+"/"); ok {
			return e, rest
		}
	}
	return nil, ""
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[%q]}`, text)
}
