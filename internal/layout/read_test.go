package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/ductape-go/ductape"

// root is the module's folder.
var root = filepath.Join("..", "..")

// A pkg is one package as its files, without the tests, state it.
type pkg struct {
	folder  string   // "." for the root
	name    string   // as in its package clauses
	doc     string   // its comment
	own     []string // folders of this module it imports
	foreign []string // import paths of other modules
	files   []*ast.File
	fset    *token.FileSet
}

var read = sync.OnceValues(readAll)

func packages(t *testing.T) []*pkg {
	t.Helper()
	all, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages found below %s", len(all), root)
	}
	return all
}

func readAll() ([]*pkg, error) {
	byFolder := map[string]*pkg{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(must(filepath.Rel(root, path)))
		if d.IsDir() {
			return skip(path, folder)
		}
		if !strings.HasSuffix(folder, ".go") || strings.HasSuffix(folder, "_test.go") {
			return nil
		}
		return readFile(byFolder, path, filepath.ToSlash(filepath.Dir(folder)))
	})
	all := make([]*pkg, 0, len(byFolder))
	for _, p := range byFolder {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *pkg) int { return strings.Compare(a.folder, b.folder) })
	return all, err
}

// skip leaves out what the go command leaves out, and other modules.
func skip(path, folder string) error {
	if folder == "." {
		return nil
	}
	base := filepath.Base(path)
	if base == "testdata" || base == "node_modules" || base[0] == '.' || base[0] == '_' {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func readFile(byFolder map[string]*pkg, path, folder string) error {
	p := byFolder[folder]
	if p == nil {
		p = &pkg{folder: folder, fset: token.NewFileSet()}
		byFolder[folder] = p
	}
	f, err := parser.ParseFile(p.fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.name = f.Name.Name
	p.doc += f.Doc.Text()
	p.files = append(p.files, f)
	for _, spec := range f.Imports {
		p.add(must(strconv.Unquote(spec.Path.Value)))
	}
	return nil
}

func (p *pkg) add(path string) {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case path == module:
		p.own = append(p.own, ".")
	case strings.HasPrefix(path, module+"/"):
		p.own = append(p.own, strings.TrimPrefix(path, module+"/"))
	case strings.Contains(first, "."):
		p.foreign = append(p.foreign, path)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
