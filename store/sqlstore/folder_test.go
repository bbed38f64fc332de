package sqlstore_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

func TestTwoStoresSeeEachOther(t *testing.T) {
	folder := t.TempDir()
	a, b := open(t, folder), open(t, folder)
	for i := range 40 {
		from, to := a, b
		if i%2 == 1 {
			from, to = b, a
		}
		name := fmt.Sprint("name ", i)
		put(t, from, &ductape.App{Tag: "x", Name: name})
		want, err := from.Version(t.Context(), "default")
		if err != nil {
			t.Fatal(err)
		}
		seen(t, to, want)
		app, err := to.App(t.Context(), "default", "x")
		if err != nil || app.Name != name {
			t.Fatalf("got %v, %v", app, err)
		}
	}
}

// seen loops until s knows of version want.
func seen(t *testing.T, s *sqlstore.Store, want int64) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		got, err := s.Version(t.Context(), "default")
		if err != nil {
			t.Fatal(err)
		}
		if got == want {
			return
		}
		if got > want || time.Now().After(deadline) {
			t.Fatalf("version is %d, want %d", got, want)
		}
	}
}

func TestChangeIsSeenWithoutItsStamp(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	put(t, s, &ductape.App{Tag: "x"})
	db := raw(t, filepath.Join(folder, "ductape.db"))
	if _, err := db.Exec("UPDATE workspaces SET version = 77"); err != nil { // as one killed before its stamp
		t.Fatal(err)
	}
	seen(t, s, 77)
}

func TestManyOpenOneNewFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "data")
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			err = s.Change(t.Context(), "default", func(tx store.Tx) error {
				return tx.PutApp(t.Context(), &ductape.App{Tag: fmt.Sprint(n)})
			})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	apps, err := open(t, folder).Apps(t.Context(), "default")
	if err != nil || len(apps) != 8 {
		t.Errorf("%d apps, %v", len(apps), err)
	}
}

func TestReopening(t *testing.T) {
	folder := t.TempDir()
	for i := range 3 {
		s := open(t, folder)
		put(t, s, &ductape.App{Tag: fmt.Sprint(i), Actions: actions(3)})
		if err := s.AppendRuns(t.Context(), []ductape.RunRecord{run(i)}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, folder)
	if v, err := s.Version(t.Context(), "default"); err != nil || v != 3 {
		t.Errorf("version %d, %v", v, err)
	}
	if runs, err := s.Runs(t.Context(), "default", store.RunFilter{}); err != nil || len(runs) != 3 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if all, err := s.FullActions(t.Context(), "default", "2"); err != nil || len(all) != 3 {
		t.Errorf("%d actions, %v", len(all), err)
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	s := open(t, t.TempDir())
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store answers")
	}
}

func TestOnlyThisUserMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes on Windows")
	}
	folder := filepath.Join(t.TempDir(), "data")
	s := open(t, folder)
	put(t, s, &ductape.App{Tag: "x"})
	if err := s.AppendRuns(t.Context(), []ductape.RunRecord{run(1)}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestOddFolderNames(t *testing.T) {
	for _, name := range []string{"a b", "100%", "q?x=1", "h#a", "é漢", "a&b", "%41"} {
		folder := filepath.Join(t.TempDir(), name)
		put(t, open(t, folder), &ductape.App{Tag: "x"})
		if _, err := os.Stat(filepath.Join(folder, "ductape.db")); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestFolderIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, path)
}

func TestNewerTablesAreRefused(t *testing.T) {
	for _, file := range []string{"ductape.db", "runs.db"} {
		folder := t.TempDir()
		if err := open(t, folder).Close(); err != nil {
			t.Fatal(err)
		}
		db := raw(t, filepath.Join(folder, file))
		if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
			t.Fatal(err)
		}
		refused(t, folder, file, "newer", "9999")
	}
}

func TestDamagedFileIsRefused(t *testing.T) {
	for _, file := range []string{"ductape.db", "runs.db"} {
		for name, damage := range map[string][]byte{
			"text":         bytes.Repeat([]byte("this is not a database. "), 500),
			"short":        []byte("SQLite format 3\x00 and no more"),
			"broken pages": append([]byte("SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20"), bytes.Repeat([]byte{0xa5}, 3*4096)...),
		} {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, file), damage, 0o600); err != nil {
				t.Fatal(err)
			}
			t.Run(file+" "+name, func(t *testing.T) { refused(t, folder, file, "damaged") })
		}
	}
}

func TestDamageFoundLaterSaysSo(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	put(t, s, &ductape.App{Tag: "x", Actions: actions(500)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "ductape.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b); i++ {
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, folder)
	_, err = s.FullActions(t.Context(), "default", "x")
	var e *ductape.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, "ductape.db is damaged") || e.Hint == "" {
		t.Errorf("got %v", err)
	}
}

// refused checks that the folder does not open, and what the error says.
func refused(t *testing.T, folder string, says ...string) {
	t.Helper()
	s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{BusyTimeout: time.Second})
	if err == nil {
		t.Fatal("it opens", s.Close())
	}
	var e *ductape.Error
	if strings.Contains(strings.Join(says, " "), ".db") && (!errors.As(err, &e) || e.Hint == "") {
		t.Errorf("%v has no hint", err)
	}
	for _, say := range says {
		if !strings.Contains(err.Error(), say) {
			t.Errorf("%q does not say %q", err, say)
		}
	}
}

func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestVersionAllocatesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	ctx := t.Context()
	put(t, s, &ductape.App{Tag: "x"})
	least := 1.0
	for range 20 { // a look at the stamp, every 5 ms, may fall into any one of them
		least = min(least, testing.AllocsPerRun(100, func() {
			if _, err := s.Version(ctx, "default"); err != nil {
				t.Error(err)
			}
		}))
	}
	if least != 0 {
		t.Errorf("%v allocations", least)
	}
}
