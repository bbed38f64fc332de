//go:build unix

package sqlstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// helperFolder names the variable that makes the test binary the process that is
// killed, and says in which folder it writes.
const helperFolder = "SQLSTORE_TEST_WRITER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(helperFolder); folder != "" {
		fmt.Fprintln(os.Stderr, writeForever(folder, os.Getenv("SQLSTORE_TEST_ROUND")))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever makes changes of each kind, and prints a line after each one that
// was acknowledged.
func writeForever(folder, round string) error {
	ctx := context.Background()
	s, err := sqlstore.OpenSQLite(ctx, folder, sqlstore.Options{})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		id := fmt.Sprintf("%s-%06d", round, n)
		for _, w := range writers {
			if err := w.write(ctx, s, id); err != nil {
				return fmt.Errorf("%s: %w", w.kind, err)
			}
			fmt.Printf("%s %s\n", w.kind, id)
		}
	}
}

// A writer writes a row of one kind under an id, and finds it again, whole.
type writer struct {
	kind  string
	write func(ctx context.Context, s *sqlstore.Store, id string) error
	find  func(ctx context.Context, s *sqlstore.Store, id string) error
}

var writers = []writer{
	{
		"app",
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			return s.Change(ctx, "default", func(tx store.Tx) error {
				return errors.Join(tx.PutApp(ctx, &ductape.App{Tag: id, Actions: actions(5)}), tx.PutProduct(ctx, &ductape.Product{Tag: id}))
			})
		},
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			all, err := s.FullActions(ctx, "default", id)
			if err == nil && len(all) != 5 {
				err = fmt.Errorf("%d actions", len(all))
			}
			_, perr := s.Product(ctx, "default", id)
			return errors.Join(err, perr)
		},
	},
	{
		"secret",
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			return s.PutSecret(ctx, "default", &store.SealedSecret{Secret: ductape.Secret{Key: id, Version: 1}, Sealed: []byte(id)})
		},
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			got, err := s.Secret(ctx, "default", id)
			if err == nil && string(got.Sealed) != id {
				err = fmt.Errorf("sealed is %q", got.Sealed)
			}
			return err
		},
	},
	{
		"session",
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			return s.PutSession(ctx, "default", &store.SessionRow{ID: id, Product: "p"})
		},
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			_, err := s.Session(ctx, "default", id)
			return err
		},
	},
	{
		"runs",
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			batch := []ductape.RunRecord{run(1), run(2), run(3)}
			for i := range batch {
				batch[i].ID = fmt.Sprint(id, "-", i)
			}
			return s.AppendRuns(ctx, batch)
		},
		func(ctx context.Context, s *sqlstore.Store, id string) error {
			var errs []error
			for i := range 3 {
				_, err := s.RunByID(ctx, "default", fmt.Sprint(id, "-", i))
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		},
	},
}

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	folder, r := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	var acknowledged []string
	for round := range rounds {
		acknowledged = append(acknowledged, killAfter(t, folder, round, r.IntN(60))...)
		checkAll(t, folder, acknowledged)
	}
	t.Logf("%d rounds, %d acknowledged changes", rounds, len(acknowledged))
}

// killAfter starts a writer, kills it after some lines, and returns every line
// that it managed to print.
func killAfter(t *testing.T, folder string, round, lines int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), helperFolder+"="+folder, fmt.Sprint("SQLSTORE_TEST_ROUND=", round))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []string
	for sc := bufio.NewScanner(out); sc.Scan(); {
		all = append(all, sc.Text())
		if len(all) == lines+1 {
			_ = cmd.Process.Kill() // SIGKILL; what it printed before is still read
		}
	}
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Fatalf("the writer ended by itself: %v %s", err, stderr.String())
	}
	return all
}

func checkAll(t *testing.T, folder string, lines []string) {
	t.Helper()
	s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		kind, id, _ := strings.Cut(line, " ")
		for _, w := range writers {
			if w.kind != kind {
				continue
			}
			if err := w.find(t.Context(), s, id); err != nil {
				t.Errorf("acknowledged and lost: %s: %v", line, err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"/ductape.db", "/runs.db"} {
		var got string
		if err := raw(t, folder+file).QueryRow("PRAGMA integrity_check").Scan(&got); err != nil || got != "ok" {
			t.Errorf("%s: %s, %v", file, got, err)
		}
	}
}
