package cli_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/ductape-go/ductape/internal/cli"
)

// A shell runs commands on one data folder, in this process.
type shell struct {
	t      *testing.T
	folder string
	env    map[string]string
}

func (s *shell) run(stdin string, args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = cli.Main(cli.Process{
		Args: append(args, "--data", s.folder), Version: "test", Getenv: func(n string) string { return s.env[n] },
		Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
	})
	return code, stdout.String(), stderr.String()
}

func (s *shell) must(stdin string, args ...string) string {
	s.t.Helper()
	code, out, errs := s.run(stdin, args...)
	if code != 0 {
		s.t.Fatalf("%v: %d %s", args, code, errs)
	}
	return out
}

func (s *shell) sql(text string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.folder, "ductape.db"))
	if err == nil {
		_, err = db.Exec(text)
		_ = db.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// What was changed in the file is named by its key, and no value is shown.
func TestDoctorFindsTampering(t *testing.T) {
	s := &shell{t: t, folder: filepath.Join(t.TempDir(), "data")}
	for key, value := range map[string]string{"A": "horse-staple-a", "B": "horse-staple-b", "C": "horse-staple-c"} {
		s.must(value, "secrets", "set", key)
	}
	s.must("horse-staple-a2", "secrets", "rotate", "A")
	_, out, _ := s.run("", "doctor", "--json") // without an app it fails
	if strings.Contains(out, "version 1") || !strings.Contains(out, "tried 1 data key and 4 versions of secrets") {
		t.Errorf("untouched: %s", out)
	}
	s.sql("UPDATE secrets SET sealed=CAST(substr(sealed,1,30)||x'00'||substr(sealed,32) AS BLOB) WHERE name='A' AND version=1")
	s.sql("UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE name='C') WHERE name='B'")
	code, out, errs := s.run("", "doctor")
	for _, want := range []string{"FAIL  secret A version 1: does not open", "FAIL  secret B version 1: does not open", "ok    sealed values: tried"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said in\n%s", want, out)
		}
	}
	if code == 0 || strings.Contains(out, "secret C") || strings.Contains(out, "version 2:") || strings.Contains(out+errs, "horse") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	code, out, _ = s.run("", "doctor", "--json")
	var checks []struct {
		Name string `json:"name"`
		OK   bool   `json:"ok"`
	}
	if err := json.Unmarshal([]byte(out), &checks); err != nil || code == 0 {
		t.Errorf("--json: %d, %v: %s", code, err, out)
	}
	s.sql("UPDATE secrets SET doc=x'7b' WHERE name='C'")
	if code, out, _ := s.run("", "doctor"); code == 0 || !strings.Contains(out, "FAIL  secrets: the rows of secrets cannot be read") {
		t.Errorf("a row whose document is broken: %d\n%s", code, out)
	}
	s.sql("UPDATE data_keys SET sealed=CAST(substr(sealed,1,30)||x'00'||substr(sealed,32) AS BLOB)")
	if code, out, errs := s.run("", "doctor"); code == 0 || !strings.Contains(errs, `data key "secrets" of the workspace "default" does not open`) {
		t.Errorf("a data key: %d\n%s%s", code, out, errs)
	}
}
