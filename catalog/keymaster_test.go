package catalog

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store/sqlstore"
)

func keyText(fill string) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fill, 8)))
}

// proveGoesOn is a process that had the folder open while its master key was
// rotated: what it had opened, what it has to open, and what it has to make.
func proveGoesOn(t *testing.T, running, rotating *Catalog) {
	t.Helper()
	ctx := context.Background()
	opens(t, running, "K", "value")
	if _, err := running.SetSecret(ctx, "made-here", "K", secret.New("x"), SecretScope{}); err != nil {
		t.Errorf("the first secret of a workspace: %v", err)
	}
	if _, err := rotating.SetSecret(ctx, "made-there", "K", secret.New("theirs"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	if v, err := running.OpenSecret(ctx, "made-there", "K", ductape.SecretUse{}); err != nil || v.Expose() != "theirs" {
		t.Errorf("a data key that another process made: %v", err)
	}
	if _, err := rotating.RotateDataKey(ctx, ws); err != nil {
		t.Fatal(err)
	}
	opens(t, running, "K", "value")
	if _, err := running.RotateDataKey(ctx, ws); err != nil {
		t.Errorf("rotate-data: %v", err)
	}
	if _, err := running.RotateSessionKey(ctx, ws); err != nil {
		t.Errorf("rotate-session: %v", err)
	}
	if err := NewKeyring(running.store, rotating.keyring.master()).Check(ctx); err != nil {
		t.Errorf("all data keys under the new master key: %v", err)
	}
}

// A process goes over to the master key that another one rotated to: the one
// that was made in the folder, twice over.
func TestFollowsTheFoldersKey(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	running, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	defer running.store.Close() //nolint:errcheck // only read
	mustSet(t, running, "K", "value", SecretScope{})
	for range 2 {
		rotating, err := openFolder(ctx, folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := rotating.keyring.RotateGenerated(ctx, folder); err != nil {
			t.Fatal(err)
		}
		proveGoesOn(t, running, rotating)
		if err := rotating.store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	opens(t, running, "K", "value")
}

// Between the two steps of a rotation the key has another file's name.
func TestFollowsAKeyThatIsNotInPlace(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	running, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	defer running.store.Close() //nolint:errcheck // only read
	mustSet(t, running, "K", "value", SecretScope{})
	next, err := secret.NewKeyFile(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewKeyring(running.store, running.keyring.master()).RotateMaster(ctx, next); err != nil {
		t.Fatal(err)
	}
	if _, err := running.SetSecret(ctx, "other", "K", secret.New("x"), SecretScope{}); err != nil {
		t.Error(err)
	}
}

// To a key that is known beforehand, and to one that is put into the key file.
func TestFollowsTheNextKeyAndTheFile(t *testing.T) {
	ctx := context.Background()
	one, two := keyText("1f2e"), keyText("9a8b")
	file := filepath.Join(t.TempDir(), "key")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		first, next secret.MasterKeyOptions
		rotated     func()
	}{
		"next": {secret.MasterKeyOptions{Env: one}, secret.MasterKeyOptions{Env: two}, func() {}},
		"file": {secret.MasterKeyOptions{File: file}, secret.MasterKeyOptions{File: file + ".none"}, func() { write(two) }},
	} {
		t.Run(name, func(t *testing.T) {
			write(one)
			s, err := sqlstore.OpenMemory(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // only read
			k, _, err := OpenKeyring(ctx, s, tt.first, tt.next)
			if err != nil {
				t.Fatal(err)
			}
			running := New(Config{Store: s, Keyring: k})
			mustSet(t, running, "K", "value", SecretScope{})
			old, _, err := OpenKeyring(ctx, s, secret.MasterKeyOptions{Env: one})
			if err != nil {
				t.Fatal(err)
			}
			left := New(Config{Store: s, Keyring: old}) // a process that is told nothing
			rotating := New(Config{Store: s, Keyring: NewKeyring(s, k.master())})
			to, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: two})
			if err != nil {
				t.Fatal(err)
			}
			opens(t, left, "K", "value")
			if _, err := rotating.keyring.RotateMaster(ctx, to); err != nil {
				t.Fatal(err)
			}
			tt.rotated()
			proveGoesOn(t, running, rotating)
			_, err = left.SetSecret(ctx, "third", "K", secret.New("x"), SecretScope{})
			if !errors.Is(err, secret.ErrWrongMasterKey) || !strings.Contains(fmt.Sprint(err), to.Fingerprint().String()) {
				t.Errorf("a process that knows only the old key makes a data key: %v", err)
			}
		})
	}
}

// A key that is gone from the folder is not made again while a process runs.
func TestFollowsNoKeyThatIsMade(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	running, err := openFolder(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	defer running.store.Close() //nolint:errcheck // only read
	mustSet(t, running, "K", "value", SecretScope{})
	if _, err := NewKeyring(running.store, running.keyring.master()).RotateMaster(ctx, masterKey(t)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, secret.MasterKeyFile)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := running.SetSecret(ctx, "other", "K", secret.New("x"), SecretScope{}); !errors.Is(err, secret.ErrWrongMasterKey) {
		t.Error(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
}
