package judge

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape/internal/schema"
)

// TestKinDirectory is TestKinCorpus over a folder of descriptions, which
// DUCTAPE_DIRECTORY names. It writes what it finds into the folder that
// DUCTAPE_DIRECTORY_REPORT names.
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
	report(t, &total)
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
		case !d.IsDir() && (ext == ".json" || ext == ".yaml" || ext == ".yml") && d.Name() != "package.json" && d.Name() != "metadata.json":
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func report(t *testing.T, total *tally) {
	t.Helper()
	folder := os.Getenv("DUCTAPE_DIRECTORY_REPORT")
	if folder == "" {
		return
	}
	for name, lines := range map[string][]string{"failures": total.failures, "unsampled": total.unsampled, "unjudged": total.skipped} {
		if err := os.WriteFile(filepath.Join(folder, name+".txt"), []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
}
