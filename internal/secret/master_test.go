package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

func TestMasterKeyText(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb, 0xff, 0x10, 0x42}, 8)
	want, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: hex.EncodeToString(key)})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"upper hex":       strings.ToUpper(hex.EncodeToString(key)),
		"base64":          base64.StdEncoding.EncodeToString(key),
		"base64 unpadded": base64.RawStdEncoding.EncodeToString(key),
		"base64url":       base64.URLEncoding.EncodeToString(key),
		"with a newline":  base64.StdEncoding.EncodeToString(key) + "\n",
	} {
		got, generated, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: text})
		if err != nil || generated || got.Fingerprint() != want.Fingerprint() {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestMasterKeyTextRefused(t *testing.T) {
	for name, text := range map[string]string{
		"passphrase":        "correct horse battery staple",
		"password":          "abcdefgh",
		"long word":         "abcdefghabcdefghabcdefgh",
		"16 bytes":          strings.Repeat("0a", 16),
		"33 bytes":          base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 33)),
		"one byte repeated": strings.Repeat("00", 32),
		"blank":             "  \n",
	} {
		_, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: text})
		var e *ductape.Error
		if !errors.As(err, &e) || !strings.Contains(e.Hint, "openssl rand -base64 32") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.TrimSpace(text) != "" && strings.Contains(e.Error()+e.Hint, text) {
			t.Errorf("%s: the error shows the text: %v", name, e)
		}
	}
	if _, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{}); err == nil {
		t.Error("no key at all is taken")
	}
}

func TestMasterKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	write(t, path, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("ab"), 16))+"\n", 0o600)
	key, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{File: path, Folder: t.TempDir()})
	if err != nil || key.Source() != path {
		t.Fatalf("%v, %v", key, err)
	}
	write(t, path, "too short", 0o600)
	if _, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{File: path}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("wrong length: %v", err)
	}
	if _, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{File: path + "x"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	folder := t.TempDir()
	_, _, err = secret.LoadMasterKey(secret.MasterKeyOptions{File: folder})
	var e *ductape.Error
	if !errors.As(err, &e) || strings.Contains(e.Hint, "chmod") {
		t.Errorf("a folder: %v", err)
	}
}

func TestMasterKeyFileOthersMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes on Windows")
	}
	path := filepath.Join(t.TempDir(), "key")
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o660, 0o610} {
		write(t, path, strings.Repeat("0b1c", 16), mode)
		_, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{File: path})
		var e *ductape.Error
		if !errors.As(err, &e) || e.Hint != "chmod 600 "+path {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestMasterKeyIsGeneratedOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	type result struct {
		print     secret.Fingerprint
		generated bool
	}
	results := make([]result, 16)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			key, generated, err := secret.LoadMasterKey(secret.MasterKeyOptions{Folder: folder})
			if err != nil {
				t.Error(err)
				return
			}
			results[i] = result{key.Fingerprint(), generated}
		})
	}
	wg.Wait()
	made := 0
	for _, r := range results {
		if r.generated {
			made++
		}
		if r.print != results[0].print {
			t.Error("two keys are in use")
		}
	}
	if made != 1 {
		t.Errorf("%d report that they made it", made)
	}
	checkKeyFile(t, folder)
}

func checkKeyFile(t *testing.T, folder string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(folder, secret.MasterKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	files, _ := os.ReadDir(folder)
	if len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func FuzzMasterKeyText(f *testing.F) {
	f.Add("correct horse battery staple")
	f.Add(strings.Repeat("0b1c", 16))
	f.Fuzz(func(t *testing.T, text string) {
		_, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: text})
		if err != nil && len(text) > 20 && strings.Contains(err.Error(), text) {
			t.Errorf("the error shows the text: %v", err)
		}
	})
}
