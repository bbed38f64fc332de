package session

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
	"github.com/ductape-go/ductape/store"
)

// Store is what a Service keeps sessions in.
type Store = store.Sessions

// Config says what a Service works with.
type Config struct {
	Store Store // required
	Keys  Keys  // required

	// Version returns a number that grows when the workspace changes, by any
	// process: store.Catalog has it. It is called at every Verify. Required.
	Version func(ctx context.Context, workspace string) (int64, error)

	// Product finds a product, whose session types say which tokens come from
	// elsewhere: store.Catalog has it. It is called once for each version of the
	// workspace. Nil: no tokens come from elsewhere.
	Product func(ctx context.Context, workspace, tag string) (*ductape.Product, error)
	// Fetch reads the keys that issuers publish; nil: none can be read.
	Fetch Fetch
	// Secret opens a secret that checks tokens of an issuer, for use in an
	// environment; nil: there are none.
	Secret func(ctx context.Context, workspace, env, key string) (string, error)

	Now func() time.Time // the clock; nil means time.Now
}

// A Service starts and checks sessions. Any number of goroutines may use it.
type Service struct {
	store   Store
	keys    Ring
	version func(ctx context.Context, workspace string) (int64, error)
	now     func() time.Time

	revoked  *revocations
	verified *verifiedTokens
	types    types
	issuers  *issuers
	secret   func(ctx context.Context, workspace, env, key string) (string, error)
	schemas  *otter.Cache[schemaOf, *schema.Validator]
}

// New returns a Service. It panics when a required field of cfg is missing.
func New(cfg Config) *Service {
	if cfg.Store == nil || cfg.Keys == nil || cfg.Version == nil {
		panic(fmt.Sprintf("session.New: Store, Keys and Version are required; have %T, %T", cfg.Store, cfg.Keys))
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{
		store:    cfg.Store,
		keys:     ringOf(cfg.Keys),
		version:  cfg.Version,
		now:      cfg.Now,
		revoked:  newRevocations(cfg.Store, cfg.Now),
		verified: newVerifiedTokens(),
		types:    types{product: cfg.Product},
		issuers:  newIssuers(cfg.Fetch, cfg.Now),
		secret:   cfg.Secret,
		schemas:  otter.Must(&otter.Options[schemaOf, *schema.Validator]{MaximumSize: maxSchemas}),
	}
}

// maxSchemas bounds how many compiled schemas are remembered.
const maxSchemas = 1000

// A Scope is where a session belongs and of which type it is.
type Scope struct {
	Workspace, Product, Env string
	Type                    ductape.SessionType
}

func (s Scope) place() place { return place{s.Workspace, s.Product, s.Env, s.Type.Tag} }

// internal is the error of something that failed behind a session.
func internal(message string, cause error) error {
	e := ductape.NewError(ductape.CodeInternal, message)
	e.Cause = cause
	return e
}

func invalid(message string) *ductape.Error {
	return ductape.NewError(ductape.CodeSessionInvalid, message)
}
