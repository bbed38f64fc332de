package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// A SIGKILL during `ductape apply` leaves all of the file's changes or none,
// and the next apply goes through. The moment is a size of the data folder's
// write-ahead log, watched while apply runs.
func TestKillWhileApplying(t *testing.T) {
	b := newBox(t)
	b.newKey() // the folder is there, so that only the apply is hit
	const actions = 400
	inTheMiddle := 0
	for round := range rounds {
		file := bigFile(t, round, actions)
		finished := b.applyAndKill(file, int64(round)*(16<<10))
		names, version := b.appNow()
		switch {
		case version == round && names != actions:
			t.Fatalf("round %d: %d of %d actions are there", round, names, actions)
		case version != round && finished:
			t.Fatalf("round %d: apply succeeded, but version %d is there", round, version)
		case version != round && version != round-1:
			t.Fatalf("round %d: version %d is there", round, version)
		}
		if !finished {
			inTheMiddle++
		}
		b.cli("", "apply", "-f", file)
		if names, version = b.appNow(); names != actions || version != round {
			t.Fatalf("round %d: after another apply %d actions of version %d", round, names, version)
		}
	}
	t.Logf("%d of %d applies were killed before their end", inTheMiddle, rounds)
	if inTheMiddle == 0 {
		t.Error("no apply was killed before its end")
	}
}

// bigFile is a file whose app has many actions, all of them different in each
// round.
func bigFile(t *testing.T, round, actions int) string {
	var y strings.Builder
	fmt.Fprintf(&y, "apps:\n  - tag: big\n    name: \"%d\"\n    envs: [ { slug: prd, base_url: https://api.example.com } ]\n    actions:\n", round)
	for i := range actions {
		fmt.Fprintf(&y, "      - { tag: act_%d, method: GET, resource: /round/%d/%d, description: %q }\n", i, round, i, strings.Repeat("x", 200))
	}
	file := filepath.Join(t.TempDir(), "ductape.yaml")
	if err := os.WriteFile(file, []byte(y.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// applyAndKill applies a file, kills the process when the log has grown beyond
// a size, and reports whether it had ended well before that.
func (b *box) applyAndKill(file string, size int64) bool {
	b.t.Helper()
	cmd := b.command("apply", "-f", file)
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.t.Fatalf("apply: %v", err)
			}
			return true
		default:
		}
		if b.logSize() > size {
			cmd.Process.Kill()
			return <-ended == nil
		}
	}
}

// logSize is the size of the write-ahead log, 0 when there is none.
func (b *box) logSize() (n int64) {
	files, err := filepath.Glob(filepath.Join(b.data, "*-wal"))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err == nil {
			n += info.Size()
		} else if !errors.Is(err, os.ErrNotExist) {
			b.t.Fatal(err)
		}
	}
	return n
}

// appNow returns how many actions the app has, and its name: the round of the
// apply that made it, -1 when there is no app.
func (b *box) appNow() (actions, round int) {
	b.t.Helper()
	apps := decode[[]ductape.App](b.t, b.cli("", "apps", "list", "--json"))
	if len(apps) == 0 {
		return 0, -1
	}
	if _, err := fmt.Sscan(apps[0].Name, &round); err != nil {
		b.t.Fatal(err)
	}
	list := decode[[]ductape.ActionSummary](b.t, b.cli("", "actions", "list", "big", "--json"))
	for _, a := range list {
		if !strings.HasPrefix(a.Resource, fmt.Sprintf("/round/%d/", round)) {
			b.t.Fatalf("the app is of round %d, its action %s of another: %s", round, a.Tag, a.Resource)
		}
	}
	return len(list), round
}
