package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// A Config says what a Catalog works with.
type Config struct {
	Store   store.Store
	Keyring *Keyring         // seals and opens secrets
	Fetch   Fetcher          // reads descriptions from URLs; nil: refused
	Now     func() time.Time // nil: time.Now

	External External     // reads secrets that are kept elsewhere; nil: refused
	Log      *slog.Logger // nil: slog.Default
}

// A Catalog changes and reads what has been set up. Its methods may be called
// from many goroutines. Close it when done.
type Catalog struct {
	store   store.Store
	keyring *Keyring
	fetch   Fetcher
	now     func() time.Time

	external External
	log      *slog.Logger
	uses     uses
	warned   warned

	writers sync.Map // workspace -> *sync.Mutex: one writer at a time in this process
	opened  openedSecrets
	known   snapshot[[32]byte, *knownKey] // by the SHA-256 of its text
}

// New returns a Catalog over cfg.Store.
func New(cfg Config) *Catalog {
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	return &Catalog{store: cfg.Store, keyring: cfg.Keyring, fetch: cfg.Fetch, now: now, external: cfg.External, log: cfg.Log}
}

// lock makes the caller the only writer of the workspace until it calls the
// function returned.
func (c *Catalog) lock(ws string) (unlock func()) {
	m, _ := c.writers.LoadOrStore(ws, new(sync.Mutex))
	mu := m.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}

// change runs f in one transaction and gives the store's failures their code.
func (c *Catalog) change(ctx context.Context, ws string, f func(tx store.Tx) error) error {
	if err := checkWorkspace(ws); err != nil {
		return err
	}
	err := c.store.Change(ctx, ws, f)
	if errors.Is(err, errUnchanged) {
		return errUnchanged
	}
	return storeError(err, "saving")
}

// storeError wraps what a store failed with; errors that already have a code
// pass.
func storeError(err error, doing string) error {
	var e *ductape.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return &ductape.Error{Code: ductape.CodeCancelled, Message: doing + ": cancelled by the caller", Cause: err}
	}
	if errors.Is(err, store.ErrConflict) {
		return (&ductape.Error{Code: ductape.CodeConflict, Message: doing + ": changed by someone else meanwhile", Cause: err}).WithHint("try again")
	}
	if errors.Is(err, store.ErrDamaged) {
		return (&ductape.Error{Code: ductape.CodeInternal, Message: doing + ": " + err.Error(), Cause: err}).
			WithHint("put back a copy of the data folder from before; or delete what is damaged, and set it again")
	}
	return &ductape.Error{Code: ductape.CodeInternal, Message: doing + ": the store failed", Cause: fmt.Errorf("%s: %w", doing, err)}
}

func isMissing(err error) bool { return errors.Is(err, store.ErrNotFound) }
