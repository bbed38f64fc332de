package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// readAll reads at most what a description may be long.
func readAll(r io.Reader, name string) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, spec.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > spec.MaxSize {
		return nil, ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("%s is larger than %d bytes", name, spec.MaxSize))
	}
	return text, nil
}

func pathCause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// gather reads the descriptions that a file imports, and the files those refer
// to, by the location the server will ask for. URLs are left to the server.
func (c *command) gather(file string, imports []string) (map[string]string, error) {
	g := gatherer{base: filepath.Dir(file), texts: map[string]string{}}
	if file == "-" {
		g.base = "."
	}
	for _, location := range imports {
		if isURL(location) {
			continue
		}
		if err := g.add(location, true); err != nil {
			return nil, err
		}
	}
	return g.texts, nil
}

type gatherer struct {
	base  string
	texts map[string]string // :: location -> text
	size  int
}

// add reads one file and what it refers to. A file that a reference names and
// that is not there is left out: the import reports it.
func (g *gatherer) add(location string, must bool) error {
	if _, done := g.texts[location]; done {
		return nil
	}
	name := filepath.FromSlash(location)
	if !filepath.IsAbs(name) {
		name = filepath.Join(g.base, name)
	}
	f, err := os.Open(name)
	if err != nil {
		if !must {
			return nil
		}
		return ductape.NewError(ductape.CodeNotFound, fmt.Sprintf("cannot read %s: %s", name, pathCause(err)))
	}
	defer f.Close()
	text, err := readAll(f, name)
	if err != nil {
		return err
	}
	if g.size += len(text); g.size > spec.MaxSize {
		return ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("the descriptions are larger than %d bytes together", spec.MaxSize))
	}
	g.texts[location] = string(text)
	for _, ref := range spec.References(text) {
		if isURL(ref) {
			continue
		}
		if err := g.add(resolveRef(location, ref), false); err != nil {
			return err
		}
	}
	return nil
}

// resolveRef is where a reference of the file at location leads.
func resolveRef(location, ref string) string {
	if text, err := url.PathUnescape(ref); err == nil {
		ref = text
	}
	if path.IsAbs(ref) {
		return ref
	}
	dir := path.Dir(filepath.ToSlash(location))
	return path.Join(dir, ref)
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
