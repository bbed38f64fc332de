package source

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

const ws = ductape.DefaultWorkspace

// A kv2 answers as the HTTP API of Vault's KV version 2 engine is described at
// developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2.
type kv2 struct {
	*httptest.Server
	asked atomic.Int64
	mu    sync.Mutex
	down  bool
	data  map[string]any // path -> fields; nil fields: the version was deleted
}

func newKV2(t *testing.T) *kv2 {
	k := &kv2{data: map[string]any{}}
	k.Server = httptest.NewServer(http.HandlerFunc(k.answer))
	t.Cleanup(k.Close)
	return k
}

func (k *kv2) set(path string, fields any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.data[path] = fields
}

func (k *kv2) answer(w http.ResponseWriter, r *http.Request) {
	k.asked.Add(1)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"errors":["Vault is sealed"]}`)
		return
	}
	if r.Header.Get("X-Vault-Token") != "s.token" || r.Header.Get("X-Vault-Request") != "true" || r.Method != "GET" {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"errors":["permission denied"]}`)
		return
	}
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), "/v1/secret/data/")
	fields, ok := k.data[path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[]}`)
		return
	}
	if fields == nil {
		w.WriteHeader(http.StatusNotFound) // with data, as Vault answers for a deleted version
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"request_id": "x", "lease_id": "", "data": map[string]any{"data": fields, "metadata": map[string]any{"version": 1}}})
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type world struct {
	*Sources
	clock  *clock
	vault  *kv2
	folder string
	env    map[string]string
	log    *bytes.Buffer
}

func newWorld(t *testing.T) *world {
	w := &world{clock: &clock{now: time.Unix(1e9, 0)}, vault: newKV2(t), folder: t.TempDir(), log: new(bytes.Buffer), env: map[string]string{
		"APP_KEY": "value-from-env", "APP_EMPTY": "", "HOME": "/root", "DUCTAPE_MASTER_KEY": "the-master-key", "VAULT_TOKEN": "s.token",
	}}
	w.Sources = New(Config{
		EnvPrefix: "APP_", Folder: w.folder, Getenv: func(n string) string { return w.env[n] }, Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		Vault: &Vault{Address: w.vault.URL, Token: secret.New("s.token"), Prefix: "secret", Client: http.DefaultClient},
	})
	return w
}

func (w *world) file(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRead(t *testing.T) {
	w := newWorld(t)
	outside := filepath.Join(t.TempDir(), "outside")
	w.file(t, "stripe.key", "value-from-file\n")
	w.file(t, "two/lines", "a\nb\r\n")
	w.file(t, "large", strings.Repeat("x", maxFile+1))
	for name, to := range map[string]string{"in": "stripe.key", "out": outside, "up": "../outside", "folder": "two"} {
		if err := os.Symlink(to, filepath.Join(w.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(outside, []byte("out of reach"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.vault.set("stripe", map[string]any{"key": "value-from-vault", "n": json.Number("12345678901234567890"), "o": map[string]any{"a": 1}, "nil": nil})
	w.vault.set("a/b%20c", map[string]any{"k": "deep"})
	w.vault.set("gone", nil)
	const invalid, forbidden, missing = ductape.CodeInvalidInput, ductape.CodeForbidden, ductape.CodeCredentialMissing
	for _, tt := range []struct {
		ref, value string
		code       ductape.Code
	}{
		{"env:APP_KEY", "value-from-env", ""},
		{"env:APP_EMPTY", "", missing},
		{"env:APP_NONE", "", missing},
		{"env:HOME", "", forbidden},
		{"env:app_key", "", forbidden},
		{"env:", "", invalid},
		{"env:APP_ KEY", "", invalid},
		{"env:APP_=x", "", invalid},
		{"file:stripe.key", "value-from-file", ""},
		{"file:./stripe.key", "value-from-file", ""},
		{"file:" + filepath.Join(w.folder, "stripe.key"), "value-from-file", ""},
		{"file:two/lines", "a\nb", ""},
		{"file:in", "value-from-file", ""},
		{"file:none", "", missing},
		{"file:large", "", missing},
		{"file:folder", "", missing},
		{"file:out", "", missing},
		{"file:up", "", missing},
		{"file:", "", forbidden},
		{"file:.", "", forbidden},
		{"file:..", "", forbidden},
		{"file:../outside", "", forbidden},
		{"file:two/../../outside", "", forbidden},
		{"file:/etc/passwd", "", forbidden},
		{"file:" + w.folder, "", forbidden},
		{"file:" + w.folder + "/../outside", "", forbidden},
		{"file:" + w.folder + "x/y", "", forbidden},
		{"vault:secret/stripe#key", "value-from-vault", ""},
		{"vault:secret/stripe#n", "12345678901234567890", ""},
		{"vault:secret/stripe#o", `{"a":1}`, ""},
		{"vault:secret/a/b c#k", "deep", ""},
		{"vault:secret/stripe#nil", "", missing},
		{"vault:secret/stripe#none", "", missing},
		{"vault:secret/none#key", "", missing},
		{"vault:secret/gone#key", "", missing},
		{"vault:secret/stripe", "", invalid},
		{"vault:secret#key", "", invalid},
		{"vault:secret/#key", "", invalid},
		{"vault:secret/../sys/x#key", "", invalid},
		{"vault:secret//x#key", "", invalid},
		{"vault:sys/seal-status#key", "", forbidden},
		{"vault:secrets/x#key", "", forbidden},
		{"plain", "", invalid},
		{"", "", invalid},
		{"exec:rm", "", invalid},
		{"env:APP_KEY\n", "", invalid},
		{"file:" + strings.Repeat("x", maxRef), "", invalid},
	} {
		v, err := w.Read(t.Context(), ws, tt.ref)
		if v.Expose() != tt.value || ductape.CodeOf(err) != tt.code {
			t.Errorf("%s: %q, %v; want %q, %s", tt.ref, v.Expose(), err, tt.value, tt.code)
		}
		if check := w.Check(ws, tt.ref); (check == nil) != (tt.code == "" || tt.code == missing) {
			t.Errorf("%s: checked: %v", tt.ref, check)
		}
		if _, err := w.Read(t.Context(), "other", tt.ref); ductape.CodeOf(err) != forbidden {
			t.Errorf("%s in another workspace: %v", tt.ref, err)
		}
	}
	for _, held := range []string{"value-from", "out of reach", "s.token"} {
		if strings.Contains(w.log.String(), held) {
			t.Errorf("the log holds %q", held)
		}
	}
}

// The server's own secrets are out of reach under any prefix, and nothing is
// allowed unless it is named.
func TestNothingIsAllowedByItself(t *testing.T) {
	w := newWorld(t)
	wide := New(Config{EnvPrefix: "D", Getenv: w.cfg.Getenv})
	for _, ref := range []string{"env:DUCTAPE_MASTER_KEY", "env:DUCTAPE_NEXT_MASTER_KEY", "env:DUCTAPE_KEY"} {
		if err := wide.Check(ws, ref); ductape.CodeOf(err) != ductape.CodeForbidden {
			t.Errorf("%s: %v", ref, err)
		}
	}
	none := New(Config{Getenv: w.cfg.Getenv})
	for _, ref := range []string{"env:APP_KEY", "file:x", "vault:secret/x#y"} {
		if err := none.Check(ws, ref); ductape.CodeOf(err) != ductape.CodeForbidden || !strings.Contains(err.(*ductape.Error).Hint, "ductape serve --secret-") {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

func TestKeptAndReadAnew(t *testing.T) {
	w := newWorld(t)
	w.vault.set("stripe", map[string]any{"key": "one"})
	const ref = "vault:secret/stripe#key"
	want := func(value string, code ductape.Code, asked int64) {
		t.Helper()
		v, err := w.Read(t.Context(), ws, ref)
		if v.Expose() != value || ductape.CodeOf(err) != code || w.vault.asked.Load() != asked {
			t.Errorf("%q, %v, asked %d times; want %q, %q, %d", v.Expose(), err, w.vault.asked.Load(), value, code, asked)
		}
	}
	down := func(is bool) {
		w.vault.mu.Lock()
		defer w.vault.mu.Unlock()
		w.vault.down = is
	}
	want("one", "", 1)
	w.vault.set("stripe", map[string]any{"key": "two"})
	w.clock.add(time.Minute - 1)
	want("one", "", 1)
	w.clock.add(1)
	want("two", "", 2)
	down(true)
	w.clock.add(time.Minute)
	want("two", "", 3) // the last value
	want("two", "", 3) // and it is not asked again at once
	w.clock.add(retryAfter)
	want("two", "", 4)
	w.clock.add(15 * time.Minute)
	want("", ductape.CodeUpstreamUnreachable, 5) // for a bounded time
	if n := strings.Count(w.log.String(), "could not be read"); n != 3 {
		t.Errorf("%d lines in the log", n)
	}
	down(false)
	w.clock.add(retryAfter)
	want("two", "", 6)
	w.vault.set("stripe", nil) // what is taken away is not used on
	w.clock.add(time.Minute)
	want("", ductape.CodeCredentialMissing, 7)
}

// Of many that ask at once, one reads; who gives up does not end it for others.
func TestOneReadsForMany(t *testing.T) {
	asked := make(chan struct{}, 100)
	release := make(chan struct{})
	w := newWorld(t)
	w.cfg.Vault.Client = doer(func(req *http.Request) (*http.Response, error) {
		asked <- struct{}{}
		<-release
		return http.DefaultClient.Do(req)
	})
	w.vault.set("stripe", map[string]any{"key": "one"})
	gone, leave := context.WithCancel(t.Context())
	errs := make(chan error, 51)
	go func() {
		_, err := w.Read(gone, ws, "vault:secret/stripe#key")
		errs <- err
	}()
	<-asked
	leave()
	if err := <-errs; err == nil {
		t.Error("a caller that left got an answer")
	}
	for range 50 {
		go func() {
			v, err := w.Read(t.Context(), ws, "vault:secret/stripe#key")
			if err == nil && v.Expose() != "one" {
				err = fmt.Errorf("%q", v.Expose())
			}
			errs <- err
		}()
	}
	close(release)
	for range 50 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := w.vault.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

func TestVaultThatAnswersBadly(t *testing.T) {
	for body, code := range map[string]ductape.Code{
		"":                           ductape.CodeCredentialMissing,
		"<html>":                     ductape.CodeCredentialMissing,
		`{"data":{"key":"v1"}}`:      ductape.CodeCredentialMissing, // KV version 1
		`{"data":{"data":["s3cr"]}}`: ductape.CodeCredentialMissing,
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		s := New(Config{Vault: &Vault{Address: srv.URL, Prefix: "secret", Client: http.DefaultClient}})
		_, err := s.Read(t.Context(), ws, "vault:secret/x#key")
		if ductape.CodeOf(err) != code || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%q: %v", body, err)
		}
		srv.Close()
	}
	s := New(Config{Vault: &Vault{Address: "http://127.0.0.1:1", Prefix: "secret", Client: http.DefaultClient}})
	if _, err := s.Read(t.Context(), ws, "vault:secret/x#key"); ductape.CodeOf(err) != ductape.CodeUpstreamUnreachable {
		t.Error(err)
	}
}

// No reference reaches further than it may, whatever it is made of.
func FuzzResolve(f *testing.F) {
	for _, ref := range []string{"env:APP_KEY", "file:stripe.key", "file:../x", "vault:secret/x#y", "vault:secret/%2e%2e/x#y"} {
		f.Add(ref)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, ref string) {
		s := New(Config{EnvPrefix: "APP_", Folder: folder, Vault: &Vault{Address: "http://vault", Prefix: "secret/app", Client: doer(func(req *http.Request) (*http.Response, error) {
			if !strings.HasPrefix(req.URL.Path, "/v1/secret/data/app") || strings.Contains(req.URL.EscapedPath(), "/../") || req.URL.Host != "vault" || req.URL.RawQuery != "" {
				t.Errorf("%q asks for %s", ref, req.URL)
			}
			return nil, http.ErrServerClosed
		})}, Getenv: func(name string) string {
			if !strings.HasPrefix(name, "APP_") {
				t.Errorf("%q reads %s", ref, name)
			}
			return ""
		}, Log: slog.New(slog.DiscardHandler)})
		if v, err := s.Read(t.Context(), ws, ref); err == nil {
			t.Errorf("%q reads %q", ref, v.Expose())
		}
	})
}

// TestRealVault reads from a Vault that is already there: token `root`, a KV
// version 2 engine at secret/, with key=value-from-real-kv at stripe and a deleted
// version at gone.
func TestRealVault(t *testing.T) {
	address := os.Getenv("DUCTAPE_TEST_VAULT_ADDR")
	if address == "" {
		t.Skip("DUCTAPE_TEST_VAULT_ADDR names no Vault")
	}
	s := New(Config{Vault: &Vault{Address: address, Token: secret.New("root"), Prefix: "secret", Client: http.DefaultClient}})
	v, err := s.Read(t.Context(), ws, "vault:secret/stripe#key")
	if err != nil || v.Expose() != "value-from-real-kv" {
		t.Errorf("%q, %v", v.Expose(), err)
	}
	for _, ref := range []string{"vault:secret/gone#key", "vault:secret/none#key", "vault:secret/stripe#none"} {
		if _, err := s.Read(t.Context(), ws, ref); ductape.CodeOf(err) != ductape.CodeCredentialMissing {
			t.Errorf("%s: %v", ref, err)
		}
	}
	wrong := New(Config{Vault: &Vault{Address: address, Token: secret.New("wrong"), Prefix: "secret", Client: http.DefaultClient}})
	if _, err := wrong.Read(t.Context(), ws, "vault:secret/stripe#key"); ductape.CodeOf(err) != ductape.CodeCredentialMissing {
		t.Error(err)
	}
}
