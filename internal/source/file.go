package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// maxFile bounds a file that holds a secret, in bytes.
const maxFile = 64 << 10

func (s *Sources) file(path string) (reader, error) {
	if s.cfg.Folder == "" {
		return nil, forbidden("secrets may not be read from the server's files", "the operator allows it with: ductape serve --secret-files FOLDER")
	}
	name, ok := within(s.cfg.Folder, path)
	if !ok {
		return nil, forbidden("file: may only name files in the folder that the operator named", "give the path from there, such as file:stripe.key")
	}
	return func(context.Context) (secret.Value, error) { return readFile(s.cfg.Folder, name) }, nil
}

// within returns path as it is from the folder: a path from there, or an absolute
// one that leads into it. Links are judged when it is opened.
func within(folder, path string) (string, bool) {
	if filepath.IsAbs(path) {
		abs, err := filepath.Abs(folder)
		if err != nil {
			return "", false
		}
		rest, ok := strings.CutPrefix(filepath.Clean(path), abs+string(filepath.Separator))
		if !ok {
			return "", false
		}
		path = rest
	}
	return path, filepath.IsLocal(path) && filepath.Clean(path) != "."
}

// readFile reads a file through os.Root, which follows no link that leads out of
// the folder. One line end at the file's end is the editor's, not the secret's.
func readFile(folder, name string) (secret.Value, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return secret.Value{}, unreadable("the folder of secret files", err)
	}
	defer root.Close() //nolint:errcheck // only read
	info, err := root.Stat(name)
	if err != nil {
		return secret.Value{}, unreadable("file:"+name, err)
	}
	if !info.Mode().IsRegular() {
		return secret.Value{}, missing("file:" + name + " is no file")
	}
	f, err := root.Open(name)
	if err != nil {
		return secret.Value{}, unreadable("file:"+name, err)
	}
	defer f.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return secret.Value{}, unreadable("file:"+name, err)
	}
	if len(b) > maxFile {
		return secret.Value{}, missing("file:" + name + " is longer than 64 KB")
	}
	return secret.New(strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")), nil
}

// unreadable tells no more of the server's files than it must.
func unreadable(what string, err error) error {
	why := "cannot be read"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "is not there"
	case errors.Is(err, fs.ErrPermission):
		why = "may not be read by the server's user"
	}
	return &ductape.Error{Code: ductape.CodeCredentialMissing, Message: what + " " + why, Cause: err}
}
