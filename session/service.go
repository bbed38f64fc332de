package session

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
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
	}
}

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
