package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/spec"
)

// readAll reads at most what a description may be long.
func readAll(r io.Reader, name string) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, spec.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > spec.MaxSize {
		return nil, ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("%s is larger than %d MB", name, spec.MaxSize>>20)).WithHint("leave out the parts you do not call, such as examples")
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
func (c *command) gather(folder string, locations []string) (map[string]ductape.File, error) {
	texts, size := map[string]ductape.File{}, 0
	for _, location := range locations {
		files, err := catalog.Gather(location, c.disk(folder, location))
		if err != nil {
			return nil, err
		}
		for name, text := range files {
			if _, had := texts[name]; !had {
				size += len(text)
			}
			texts[name] = inMemory(text)
		}
	}
	if size > spec.MaxSize {
		return nil, ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("the descriptions are larger than %d MB together", spec.MaxSize>>20))
	}
	return texts, nil
}

func inMemory(text []byte) ductape.File {
	return ductape.File{Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
}

// disk opens a description that the user named, and the files it refers to. The
// description itself may not be trusted: it reaches further descriptions beside
// it, not any file by its full path. Where the user named it by its full path,
// what is beside it has a full path too.
func (c *command) disk(folder, main string) catalog.Opener {
	around := filepath.Dir(filepath.FromSlash(main))
	isFull := filepath.IsAbs(around)
	if !isFull {
		around = filepath.Join(folder, around)
	}
	return func(location string) ([]byte, error) {
		name := filepath.FromSlash(location)
		if location != main {
			if filepath.IsAbs(name) && !isFull {
				return nil, errors.New("a description may not name a file by its full path")
			}
			if !describes(name) {
				return nil, errors.New("a description refers to .json, .yaml and .yml files only")
			}
		}
		if location == "-" {
			return c.readFile("-")
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(folder, name)
		}
		if location != main && !within(name, around) && !within(name, ".") {
			return nil, errors.New("the file is outside the description's folder and the working directory; import it from a folder that holds both")
		}
		return c.readFile(name)
	}
}

// source is a description to read without keeping it: from the disk, or from a
// URL by the guarded way out.
func (c *command) source(ctx context.Context, file string) (spec.Source, error) {
	if !isURL(file) {
		folder, base := filepath.Split(file)
		open := c.disk(folder, base)
		data, err := open(base)
		return spec.Source{Location: base, Data: data, Open: open}, err
	}
	out, err := egress.New(egress.Config{})
	if err != nil {
		return spec.Source{}, err
	}
	fetches, moved := 0, map[string]string{}
	open := func(location string) ([]byte, error) {
		if fetches++; !isURL(location) || fetches > maxFetches {
			return nil, fmt.Errorf("%s is not read: a description from a URL refers to at most %d others", location, maxFetches)
		}
		data, final, err := out.Fetch(ctx, location, spec.MaxSize, egress.Policy{})
		moved[location] = final
		return data, err
	}
	data, err := open(file)
	return spec.Source{Location: file, Data: data, Open: open, Moved: func(l string) string { return moved[l] }}, err
}

// maxFetches bounds how many URLs one description may make us read.
const maxFetches = 5000

// within reports whether a file is below a folder, links followed.
func within(name, folder string) bool {
	file, err := real(name)
	if err != nil {
		return false
	}
	root, err := real(folder)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, file)
	return err == nil && filepath.IsLocal(rel)
}

// real returns the full path of a file, links followed; of one that is not there,
// which reading it will say, those of the folders it would be in.
func real(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	path, err := filepath.EvalSymlinks(name)
	if folder := filepath.Dir(name); errors.Is(err, fs.ErrNotExist) && folder != name {
		path, err = real(folder)
		path = filepath.Join(path, filepath.Base(name))
	}
	return path, err
}

func describes(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".yaml", ".yml":
		return true
	}
	return false
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
