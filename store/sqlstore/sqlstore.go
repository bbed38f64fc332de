package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/ductape-go/ductape/store"
)

// Options say how a store is opened. The zero value is what a server wants.
type Options struct {
	// BusyTimeout is how long a change waits for another process to finish its
	// own. Zero means 10 seconds.
	BusyTimeout time.Duration
	// Readers is how many reads may go on at once. Zero means two for each
	// processor, at least four.
	Readers int
}

func (o Options) withDefaults() Options {
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 10 * time.Second
	}
	if o.Readers <= 0 {
		o.Readers = max(4, 2*runtime.NumCPU())
	}
	return o
}

// A Store keeps everything in SQL. It is safe for concurrent use. A function
// given to Change must not begin another change of the same Store: changes come
// one after another.
type Store struct {
	write, read         pool // catalog, secrets, keys, sessions
	runsWrite, runsRead pool
	versions            *versions
	workspaceIDs        workspaceIDs
	closeOnce           sync.Once
	closeErr            error
	remove              string // a temporary folder to remove on Close; empty: none
}

var _ store.Store = (*Store)(nil)

// OpenSQLite opens the store in a data folder, which it makes, for this user
// alone, when it is not there. Several processes may have one folder open.
//
// Errors are *ductape.Error with a hint where the file is damaged, written by a
// newer version, or held by another process.
func OpenSQLite(ctx context.Context, folder string, opts Options) (*Store, error) {
	return openSQLite(ctx, folder, opts.withDefaults(), "FULL", "NORMAL")
}

// OpenMemory opens a store that ends with Close, for tests and trials. It is the
// same store as OpenSQLite's, in a temporary folder and without waiting for the
// disk, so that what holds here holds there.
func OpenMemory(ctx context.Context) (*Store, error) {
	folder, err := os.MkdirTemp("", "ductape-*")
	if err != nil {
		return nil, err
	}
	s, err := openSQLite(ctx, folder, Options{}.withDefaults(), "OFF", "OFF")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s.remove = folder
	return s, nil
}

func openSQLite(ctx context.Context, folder string, o Options, catalogSync, runsSync string) (*Store, error) {
	folder, err := makeFolder(folder)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{}
	catalog := sqliteFile{path: filepath.Join(folder, catalogFile), sync: catalogSync, busy: o.BusyTimeout, readers: o.Readers, log: 1000}
	if s.write, s.read, err = catalog.open(ctx); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	runs := sqliteFile{path: filepath.Join(folder, runsFile), sync: runsSync, busy: o.BusyTimeout, readers: o.Readers, log: 4000}
	if s.runsWrite, s.runsRead, err = runs.open(ctx); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(err, s.Close()))
	}
	if err := s.prepare(ctx, folder); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, folder string) error {
	if err := migrate(ctx, s.write, "catalog"); err != nil {
		return err
	}
	if err := migrate(ctx, s.runsWrite, "runs"); err != nil {
		return err
	}
	texts := []string{lastRun, insertNote}
	for _, insert := range insertRuns {
		texts = append(texts, insert.text)
	}
	for _, text := range texts {
		if _, err := s.runsWrite.prepare(ctx, text); err != nil {
			return err
		}
	}
	var err error
	s.versions, err = openVersions(filepath.Join(folder, stampFile), s.read)
	return err
}

// Ping reports whether both databases answer.
func (s *Store) Ping(ctx context.Context) error {
	for _, p := range []pool{s.read, s.runsRead} {
		var one int
		if err := p.querier().row(ctx, []any{&one}, "SELECT 1"); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
	return nil
}

// Close waits for what is under way and closes the files.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		errs := []error{}
		for _, p := range []pool{s.read, s.write, s.runsRead, s.runsWrite} {
			if p.DB != nil {
				errs = append(errs, p.Close())
			}
		}
		if s.versions != nil {
			errs = append(errs, s.versions.close())
		}
		if s.remove != "" {
			errs = append(errs, os.RemoveAll(s.remove))
		}
		s.closeErr = errors.Join(errs...)
	})
	return s.closeErr
}
