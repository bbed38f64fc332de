package cli

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A description that is named by its full path, as ductape.yaml may, reaches what
// is beside it, and nothing else by a full path.
func TestGatherByFullPath(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	outside := filepath.ToSlash(filepath.Join(elsewhere, "secret.yaml"))
	api := filepath.ToSlash(filepath.Join(folder, "api.yaml"))
	text := "openapi: 3.0.3\ninfo: {title: T}\npaths: {/a: {$ref: parts/a.yaml}, /b: {$ref: '" + outside + "'}}\n"
	for name, text := range map[string]string{api: text, filepath.Join(folder, "parts", "a.yaml"): "get: {}\n", outside: "get: {}\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := (&command{}).gather(elsewhere, []string{api})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{api, filepath.ToSlash(filepath.Join(folder, "parts", "a.yaml"))}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("gathered %q, want %q", got, want)
	}
}

// What is not there is said not to be there, and what is outside to be outside.
func TestDiskSaysWhy(t *testing.T) {
	folder := t.TempDir()
	open := (&command{}).disk(folder, "api.yaml")
	for location, want := range map[string]string{
		"parts/nowhere.yaml": "no such file", "../nowhere.yaml": "outside", "/etc/nowhere.yaml": "full path", "notes.txt": ".json, .yaml and .yml",
	} {
		if _, err := open(location); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", location, err, want)
		}
	}
}
