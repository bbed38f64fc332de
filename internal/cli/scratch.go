package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// scratch lets a dry run work where there is no data folder yet: in one that is
// gone when the dry run is over, so that it leaves no folder and no master key.
// Call what it returns at the end.
func (c *command) scratch(dryRun bool) (leave func() error, err error) {
	nothing := func() error { return nil }
	if !dryRun || c.url != "" || c.data == "" && c.Getenv("DUCTAPE_URL") != "" {
		return nothing, nil
	}
	if _, err := os.Stat(c.folder()); !errors.Is(err, fs.ErrNotExist) {
		return nothing, nil
	}
	folder, err := os.MkdirTemp("", "ductape-dry-run-")
	if err != nil {
		return nil, err
	}
	data, key := c.data, c.masterKey
	c.data, c.dry = filepath.Join(folder, "data"), true
	if _, err := os.Stat(key); err != nil {
		c.masterKey = ""
	}
	return func() error {
		c.data, c.masterKey, c.dry = data, key, false
		return os.RemoveAll(folder)
	}, nil
}
