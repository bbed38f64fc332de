package embedded

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// keyFileThere refuses to make a new master key for a folder whose own is gone:
// it would open nothing, and be blamed for it.
func keyFileThere(ctx context.Context, s store.Keys, o secret.MasterKeyOptions) error {
	if o.Env != "" || o.File != "" || o.Folder == "" {
		return nil
	}
	file := filepath.Join(o.Folder, secret.MasterKeyFile)
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	keys, err := s.DataKeys(ctx)
	if err != nil || len(keys) == 0 {
		return err
	}
	return ductape.NewError(ductape.CodeInvalidInput, "the master key "+file+" is gone, and what is kept here was sealed with it").
		WithHint("put the file back from its copy, or give the key in " + secret.EnvMasterKey)
}
