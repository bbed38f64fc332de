// Package embedded is Ductape inside a Go program: Open wires the store,
// secrets, sessions, cache and the way out to the data path. The server and the
// command line are built on it too.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/cache/memory"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// Config says how a Ductape is opened. The zero value keeps everything in
// memory, with a key of its own, until Close.
type Config struct {
	Data      string // folder that keeps everything; empty: nothing outlives Close
	Workspace string // whose apps and products Run uses; empty: ductape.DefaultWorkspace

	// MasterKey seals secrets: 32 bytes as base64 or hex. Empty: the
	// environment's DUCTAPE_MASTER_KEY, else MasterKeyFile, else a key made in
	// the data folder.
	// Either may be the URL of a key service: see docs/secrets.md.
	MasterKey     string
	MasterKeyFile string
	// NextMasterKey, as MasterKey, is one that another process may rotate to
	// while this one runs; empty: the environment's DUCTAPE_NEXT_MASTER_KEY. A
	// key that then stands in MasterKeyFile or the data folder is found too.
	NextMasterKey string

	External External // secrets that are kept elsewhere; the zero value allows none

	Egress     egress.Config // the way out; the zero value permits the public internet only
	Limits     run.Limits    // zero fields take the default
	CacheBytes int64         // bound of cached answers; zero: 64 MB
	Log        *slog.Logger  // nil: slog.Default
	Now        func() time.Time
}

// A Ductape performs calls and changes what they need. It is safe for concurrent
// use.
type Ductape struct {
	Catalog  *catalog.Catalog // sets up apps, products, secrets and keys
	Sessions *session.Service // starts and revokes sessions
	Runner   *run.Runner
	Store    store.Store
	Queue    *run.Queue // run records on their way to the store

	// GeneratedKey is the file of a master key that Open has just made, empty
	// when there was one. Whoever has it can open every secret: keep a copy.
	GeneratedKey string

	workspace string
	out       *egress.Client
	keyring   *catalog.Keyring
	keys      secret.MasterKeyOptions // where the master key was found
	closers   []func() error
}

// Open opens a Ductape. Close it when done: it writes the last run records.
func Open(ctx context.Context, cfg Config) (_ *Ductape, err error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	d := &Ductape{workspace: cfg.Workspace}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if err := d.openStore(ctx, cfg); err != nil {
		return nil, err
	}
	keyring, err := d.openKeys(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return d, d.wire(cfg, keyring)
}

func (d *Ductape) openStore(ctx context.Context, cfg Config) error {
	open := sqlstore.OpenMemory
	if cfg.Data != "" {
		open = func(ctx context.Context) (*sqlstore.Store, error) {
			return sqlstore.OpenSQLite(ctx, cfg.Data, sqlstore.Options{})
		}
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	d.Store = s
	d.closers = append(d.closers, s.Close)
	return nil
}

// openKeys finds the master key, and refuses to start with another one than
// what the store was sealed with.
func (d *Ductape) openKeys(ctx context.Context, cfg Config) (*catalog.Keyring, error) {
	options := secret.MasterKeyOptions{Env: cfg.MasterKey, File: cfg.MasterKeyFile, Folder: cfg.Data}
	if options.Env == "" {
		options.Env = os.Getenv(secret.EnvMasterKey)
	}
	if cfg.Data == "" && options.Env == "" && options.File == "" {
		folder, err := os.MkdirTemp("", "ductape-key-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for a key that lasts until Close: %w", err)
		}
		d.closers = append(d.closers, func() error { return os.RemoveAll(folder) })
		options.Folder = folder
	}
	out, err := egress.New(cfg.Egress)
	if err != nil {
		return nil, err
	}
	d.closers = append(d.closers, func() error { out.Close(); return nil })
	d.out, options.Open = out, cfg.External.openKMS(out)
	if err := keyFileThere(ctx, d.Store, options); err != nil {
		return nil, err
	}
	keyring, generated, err := catalog.OpenKeyring(ctx, d.Store, options, nextKey(cfg, options)...)
	if err != nil {
		return nil, err
	}
	if generated && cfg.Data != "" {
		d.GeneratedKey = filepath.Join(cfg.Data, secret.MasterKeyFile)
	}
	d.keyring, d.keys = keyring, options
	return keyring, nil
}

func nextKey(cfg Config, now secret.MasterKeyOptions) []secret.MasterKeyOptions {
	text := cfg.NextMasterKey
	if text == "" {
		text = os.Getenv(secret.EnvNextMasterKey)
	}
	if text == "" {
		return nil
	}
	return []secret.MasterKeyOptions{{Env: text, Open: now.Open}}
}

// wire joins the parts.
func (d *Ductape) wire(cfg Config, keyring *catalog.Keyring) error {
	out := d.out
	answers, err := memory.New(memory.Config{MaxBytes: cfg.CacheBytes})
	if err != nil {
		return err
	}
	d.closers = append(d.closers, answers.Close)
	d.Queue = run.NewQueue(d.Store, cfg.Log)
	d.closers = append(d.closers, d.Queue.Close)

	external, stop := cfg.External.sources(out, cfg.Log, cfg.Now)
	d.closers = append(d.closers, stop)
	d.Catalog = catalog.New(catalog.Config{Store: d.Store, Keyring: keyring, Fetch: fetcher(out), Now: cfg.Now, Log: cfg.Log, External: external})
	d.closers = append(d.closers, d.Catalog.Close)
	d.Sessions = session.New(session.Config{
		Store: d.Store, Keys: keyring, Version: d.Store.Version, Product: d.Store.Product,
		Fetch: keyFetcher(out), Secret: tokenSecrets(d.Catalog), Now: cfg.Now,
	})
	d.Runner = run.New(run.Config{
		Catalog: d.Store, Secrets: d.Catalog, Sessions: d.Sessions, Cache: answers, Sender: out, Recorder: d.Queue,
		Limits: cfg.Limits, Now: cfg.Now,
	})
	return nil
}

// maxDescription is how large a description read from a URL may be, in bytes.
const maxDescription = 64 << 20

func fetcher(out *egress.Client) catalog.Fetcher {
	return func(ctx context.Context, url string) ([]byte, string, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return out.Fetch(ctx, url, maxDescription, egress.Policy{})
	}
}

// Run performs one call: see run.Runner.
func (d *Ductape) Run(ctx context.Context, call ductape.Call) (*ductape.Result, error) {
	if call.Caller.Workspace == "" {
		call.Caller.Workspace = d.workspace
	}
	return d.Runner.Run(ctx, call)
}

// Close writes what is pending and frees everything.
func (d *Ductape) Close() error {
	var errs []error
	for i := len(d.closers) - 1; i >= 0; i-- {
		errs = append(errs, d.closers[i]())
	}
	d.closers = nil
	return errors.Join(errs...)
}
