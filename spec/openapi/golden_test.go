package openapi_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// A golden file is one description and what it gives. Its first file is the
// description, others are files it refers to; want.json or want.txt is the
// outcome.
func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive := read(t, path)
			name, got := outcome(archive)
			if *update {
				save(t, path, archive, name, got)
				return
			}
			if want := find(archive, name); want != got {
				t.Errorf("%s differs; run go test -update and look at the difference\ngot:\n%s\nwant:\n%s", name, got, want)
			}
		})
	}
}

func goldenFiles(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	return paths
}

func read(t testing.TB, path string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

func source(archive *txtar.Archive) spec.Source {
	main := archive.Files[0]
	location := main.Name
	for line := range strings.Lines(string(archive.Comment)) {
		if at, ok := strings.CutPrefix(strings.TrimSpace(line), "location: "); ok {
			location = at
		}
	}
	return spec.Source{Location: location, Data: main.Data, Open: func(location string) ([]byte, error) {
		for _, f := range archive.Files[1:] {
			if f.Name == location {
				return f.Data, nil
			}
		}
		return nil, fmt.Errorf("%s: %w", location, os.ErrNotExist)
	}}
}

// outcome returns the name of the file of expectations and its text.
func outcome(archive *txtar.Archive) (name, text string) {
	res, err := spec.Read(source(archive), spec.Options{})
	if err != nil {
		var e *ductape.Error
		if !errors.As(err, &e) {
			return "want.txt", "not a ductape.Error: " + err.Error() + "\n"
		}
		return "want.txt", e.Error() + "\nhint: " + e.Hint + "\n"
	}
	res.App.Source.Digest = ""
	out, err := json.MarshalIndent(map[string]any{"app": res.App, "warnings": res.Warnings}, "", "  ")
	if err != nil {
		return "want.txt", err.Error()
	}
	return "want.json", string(out) + "\n"
}

func find(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func save(t *testing.T, path string, archive *txtar.Archive, name, text string) {
	t.Helper()
	kept := archive.Files[:0]
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			kept = append(kept, f)
		}
	}
	archive.Files = append(kept, txtar.File{Name: name, Data: []byte(text)})
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
