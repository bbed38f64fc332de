package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ductape-go/ductape"
)

// MasterKeyFile is the name of the generated key in the data folder.
const MasterKeyFile = "master.key"

// maxKeyFile bounds what is read of a key file, in bytes.
const maxKeyFile = 4096

func masterKeyFromFile(path string) (*MasterKey, error) {
	text, err := readKeyFile(path)
	if err != nil {
		return nil, err
	}
	return masterKeyFromText(text, path)
}

func readKeyFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", cannotRead(path, err)
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return "", cannotRead(path, err)
	}
	if info.IsDir() { // whose mode nobody should change for a key
		return "", ductape.NewError(ductape.CodeInvalidInput, "master key: "+path+" is a folder").WithHint("name the file in it")
	}
	if err := checkMode(path, info); err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return "", cannotRead(path, err)
	}
	return string(b), nil
}

// checkMode refuses a key that other users may read. Windows has no such bits.
func checkMode(path string, info fs.FileInfo) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	e := ductape.NewError(ductape.CodeInvalidInput,
		fmt.Sprintf("master key: %s can be read by other users (mode %04o)", path, info.Mode().Perm()))
	return e.WithHint("chmod 600 " + path)
}

func cannotRead(path string, err error) error {
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: fmt.Sprintf("master key: cannot read %s: %v", path, err), Cause: err}
}

// masterKeyInFolder reads the folder's key, or makes it. Of several processes
// that start at once one makes it and all use that one.
func masterKeyInFolder(folder string) (key *MasterKey, generated bool, err error) {
	path := filepath.Join(folder, MasterKeyFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if generated, err = generateKeyFile(folder, path); err != nil {
			return nil, false, fmt.Errorf("master key: generate %s: %w", path, err)
		}
	}
	key, err = masterKeyFromFile(path)
	return key, generated && err == nil, err
}

// generateKeyFile writes the key under another name and links it into place, so
// that path is never there half written and never written twice.
func generateKeyFile(folder, path string) (bool, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false, err
	}
	key, err := randomKey()
	if err != nil {
		return false, err
	}
	return linkKeyFile(folder, path, key)
}

func linkKeyFile(folder, path string, key []byte) (bool, error) {
	f, err := os.CreateTemp(folder, "."+MasterKeyFile+"-*") // made with mode 0600
	if err != nil {
		return false, err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a left-over is harmless, and unreadable to others
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return false, err
	}
	if err := os.Link(f.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return false, nil
		}
		return false, err
	}
	return true, syncFolder(folder)
}

// syncFolder makes the new name survive a loss of power: data sealed under a
// key that is gone is lost.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
