package catalog

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus returns the folder of public descriptions, which is not part of the
// repository.
func corpus(t *testing.T) string {
	folder := os.Getenv("DUCTAPE_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no corpus: %v", err)
		}
		t.Skip("no corpus here; set DUCTAPE_CORPUS")
	}
	return folder
}

// What the reader of descriptions makes of real files is never refused by the
// checks of this package, and importing it again changes nothing.
func TestCorpusImports(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	n := 0
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasSuffix(path, "_multifile") {
			return fs.SkipDir // parts of one description
		}
		if err != nil || d.IsDir() || n >= limit() || strings.HasSuffix(path, ".md") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := c.read(ctx, description{location: path, data: data}); err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		n++
		req := ImportRequest{Tag: "a", Location: path, Data: data, Update: true, Prune: true}
		if _, err := c.Import(ctx, ws, req); err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		if again, err := c.Import(ctx, ws, req); err != nil || again.Added != nil || again.Changed != nil || again.Removed != nil {
			t.Errorf("%s again: %+v, %v", path, again, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("the corpus holds no description")
	}
	t.Logf("%d descriptions imported twice", n)
}

// limit keeps the everyday run quick.
func limit() int {
	if os.Getenv("DUCTAPE_CORPUS_ALL") != "" || os.Getenv("CI") != "" {
		return 1 << 30
	}
	return 5
}

// A description in hundreds of files, gathered as the command line does it for
// a server that cannot read them.
func TestCorpusOfManyFiles(t *testing.T) {
	start := filepath.Join(corpus(t), "openapi", "digitalocean_multifile", "DigitalOcean-public.v2.yaml")
	files, err := Gather(start, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := newCatalog(t)
	r, err := c.Import(context.Background(), ws, ImportRequest{Tag: "do", Location: start, Files: files, DryRun: true})
	if err != nil || r.Actions < 300 {
		t.Fatalf("%d files gave %+v, %v", len(files), r, err)
	}
	t.Logf("%d files, %d actions, %d warnings", len(files), r.Actions, len(r.Warnings))
}
