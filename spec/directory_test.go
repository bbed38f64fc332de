package spec_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape/spec"
)

var (
	update = flag.Bool("update", false, "write golden files anew")
	whole  = flag.Bool("whole", false, "check every file of the directory, not the sample")
)

const sampleGolden = "testdata/directory.golden"

// directory returns the folder of public descriptions that `make corpus`
// fetches.
func directory(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DUCTAPE_DIRECTORY")
	if dir == "" {
		t.Skip("set DUCTAPE_DIRECTORY to the folder of public descriptions, or use make test-corpus")
	}
	return dir
}

// TestDirectory reads every tenth description of the directory, or all of them
// with -whole, and compares the sample with a golden file: the number of actions
// and of warnings, and a digest of the tags, which must not change by accident.
func TestDirectory(t *testing.T) {
	dir := directory(t)
	files := descriptions(t, dir)
	if len(files) != 2639 {
		t.Errorf("%d files, want 2639", len(files))
	}
	lines := make([]string, len(files))
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i, file := range files {
		if i%10 != 0 && !*whole {
			continue
		}
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			lines[i] = checkDescription(t, dir, file)
		})
	}
	group.Wait()
	var got bytes.Buffer
	for i := 0; i < len(lines); i += 10 {
		fmt.Fprintln(&got, lines[i])
	}
	compareGolden(t, sampleGolden, got.Bytes())
}

// checkDescription reads one description twice and returns its golden line.
func checkDescription(t *testing.T, dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Error(err)
		return name
	}
	read := func() *spec.Result {
		res, err := spec.Read(spec.Source{Location: name, Data: data}, spec.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		return res
	}
	res := read()
	if res == nil {
		return name + " refused"
	}
	checkApp(t, res.App)
	if !reflect.DeepEqual(res, read()) {
		t.Errorf("%s: a second import gives another App", name)
	}
	tags := sha256.New()
	for _, a := range res.App.Actions {
		fmt.Fprintln(tags, a.Tag, a.Method, a.Resource)
	}
	return fmt.Sprintf("%s %s %s actions:%d warnings:%d tags:%.4x", strings.ReplaceAll(name, " ", "_"), res.Format, res.Version, len(res.App.Actions), len(res.Warnings), tags.Sum(nil))
}

// descriptions lists the JSON files below a folder, in order, with slashes.
func descriptions(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".json") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	was := strings.Split(string(want), "\n")
	for i, line := range strings.Split(string(got), "\n") {
		if i >= len(was) || was[i] != line {
			t.Errorf("%s, line %d: got %q (-update writes it anew)", name, i+1, line)
		}
	}
}
