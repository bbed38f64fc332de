package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A generated master key is replaced in three steps, so that a power cut at any
// point leaves a key file that fits the data: NewKeyFile writes the next key
// beside master.key, the data keys are re-wrapped in one transaction, and
// AdoptKeyFile puts the file in place. Whoever finds that master.key does not fit
// asks the data for the fingerprint it wants and adopts that file.

// NewKeyFile makes a master key and keeps it in the folder, as the file that
// AdoptKeyFile takes.
func NewKeyFile(folder string) (*MasterKey, error) {
	raw, err := randomKey()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, MasterKeyFile)
	key, err := newMasterKey(raw, path)
	if err != nil {
		return nil, err
	}
	if _, err := linkKeyFile(folder, nextKeyFile(folder, key.fingerprint), raw); err != nil {
		return nil, fmt.Errorf("master key: write the next one beside %s: %w", path, err)
	}
	return key, nil
}

// AdoptKeyFile makes the file of NewKeyFile the folder's master key, in place of
// the one there was, and reports whether there was such a file.
func AdoptKeyFile(folder string, f Fingerprint) (bool, error) {
	err := os.Rename(nextKeyFile(folder, f), filepath.Join(folder, MasterKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("master key: put the next one in place: %w", err)
	}
	return true, syncFolder(folder)
}

// DropKeyFile removes a file of NewKeyFile that nothing was sealed with.
func DropKeyFile(folder string, f Fingerprint) error {
	err := os.Remove(nextKeyFile(folder, f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func nextKeyFile(folder string, f Fingerprint) string {
	return filepath.Join(folder, MasterKeyFile+"."+f.String())
}
