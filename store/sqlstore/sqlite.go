package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"

	sqlite3 "modernc.org/sqlite/lib"
)

// The files of a data folder.
const (
	catalogFile = "ductape.db"
	runsFile    = "runs.db"
)

// journalLimit cuts a log that grew during a large import back to 64 MB.
const journalLimit = "journal_size_limit(67108864)"

// sqliteFile says how one database file is opened.
type sqliteFile struct {
	path    string
	sync    string // PRAGMA synchronous
	busy    time.Duration
	readers int
	log     int // pages of 4096 bytes after which the log is moved into the file
}

// open returns the one writer, and readers that see what is committed and never
// wait for the writer (WAL).
func (f sqliteFile) open(ctx context.Context) (write, read pool, err error) {
	if err := makePrivate(f.path); err != nil {
		return pool{}, pool{}, err
	}
	write, err = f.pool(url.Values{"_txlock": {"immediate"}, "_journal_mode": {"WAL"}, "_pragma": {journalLimit, fmt.Sprintf("wal_autocheckpoint(%d)", f.log)}}, 1)
	if err != nil {
		return pool{}, pool{}, err
	}
	if err := f.ready(ctx, write); err != nil {
		return pool{}, pool{}, errors.Join(err, write.Close())
	}
	read, err = f.pool(url.Values{"_query_only": {"1"}}, f.readers)
	if err != nil {
		return pool{}, pool{}, errors.Join(err, write.Close())
	}
	return write, read, nil
}

func (f sqliteFile) pool(v url.Values, conns int) (pool, error) {
	v.Set("_busy_timeout", fmt.Sprint(f.busy.Milliseconds()))
	v.Set("_foreign_keys", "1")
	v.Set("_synchronous", f.sync)
	v.Set("_dqs", "0")
	path := filepath.ToSlash(f.path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return pool{}, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return pool{DB: db, d: sqliteDialect, path: f.path, stmts: &sync.Map{}}, nil
}

// ready waits until the file answers. SQLite does not wait by itself while
// another process turns a new file to WAL.
func (f sqliteFile) ready(ctx context.Context, p pool) error {
	for deadline := time.Now().Add(f.busy); ; {
		err := p.PingContext(ctx)
		if err == nil {
			return nil
		}
		if sqliteCode(err)&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return p.d.explain(err, p)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// makePrivate creates the file for this user alone. SQLite gives its -wal and
// -shm the mode of the file.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" {
		err = f.Chmod(0o600)
	}
	return errors.Join(err, f.Close())
}

func makeFolder(folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	err = os.MkdirAll(abs, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("data folder %s is a file", abs)
	}
	return abs, err
}
