package catalog

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

func mustSet(t testing.TB, c *Catalog, key, value string, scope SecretScope) *ductape.Secret {
	t.Helper()
	s, err := c.SetSecret(context.Background(), ws, key, secret.New(value), scope)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpenSecret(t *testing.T) {
	ctx := context.Background()
	c, clock := newCatalog(t)
	soon := clock.now.Add(time.Hour)
	mustSet(t, c, "OPEN", "v1", SecretScope{})
	mustSet(t, c, "SCOPED", "v2", SecretScope{Apps: []string{"stripe", "mail-app"}, Envs: []string{"dev"}})
	mustSet(t, c, "BRIEF", "v3", SecretScope{ExpiresAt: &soon})
	use := func(app, access, env string, input bool) ductape.SecretUse {
		return ductape.SecretUse{App: app, AccessTag: access, Env: env, FromInput: input}
	}
	for _, tt := range []struct {
		key     string
		use     ductape.SecretUse
		after   time.Duration
		code    ductape.Code
		message string
	}{
		{"OPEN", use("x", "x", "prd", false), 0, "", ""},
		{"OPEN", use("x", "x", "prd", true), 0, ductape.CodeSecretNotAllowed, "call's input"},
		{"SCOPED", use("stripe", "pay", "dev", false), 0, "", ""},
		{"SCOPED", use("mail", "mail-app", "dev", false), 0, ductape.CodeSecretNotAllowed, `is not in scope of the app "mail"`}, // an access tag is any product's to choose
		{"SCOPED", use("stripe", "pay", "dev", true), 0, "", ""},
		{"SCOPED", use("mail", "mail", "dev", false), 0, ductape.CodeSecretNotAllowed, `is not in scope of the app "mail"`},
		{"SCOPED", use("stripe", "pay", "prd", false), 0, ductape.CodeSecretNotAllowed, `may not be used in the environment "prd"`},
		{"BRIEF", use("x", "x", "prd", false), time.Hour - 1, "", ""},
		{"BRIEF", use("x", "x", "prd", false), time.Hour, ductape.CodeSecretExpired, "expired on 2026-01-02T04:04:05Z"},
		{"OPNE", use("x", "x", "prd", false), 0, ductape.CodeUnknownSecret, `there is no secret "OPNE"`},
	} {
		t.Run(fmt.Sprint(tt.key, tt.use, tt.after), func(t *testing.T) {
			before := clock.now
			clock.now = before.Add(tt.after)
			defer func() { clock.now = before }()
			v, err := c.OpenSecret(ctx, ws, tt.key, tt.use)
			if tt.code == "" {
				if err != nil || !strings.HasPrefix(v.Expose(), "v") {
					t.Error(err)
				}
				return
			}
			contains(t, wantCode(t, err, tt.code).Message, tt.message)
		})
	}
}

func TestSecretVersions(t *testing.T) {
	ctx := context.Background()
	c, clock := newCatalog(t)
	first := mustSet(t, c, "K", "one", SecretScope{Apps: []string{"a"}})
	clock.now = clock.now.Add(time.Minute)
	second := mustSet(t, c, "K", "two", SecretScope{Apps: []string{"a"}})
	if first.Version != 1 || second.Version != 2 || !second.CreatedAt.Equal(first.CreatedAt) || !second.UpdatedAt.After(first.UpdatedAt) {
		t.Errorf("versions: %+v, %+v", first, second)
	}
	v, err := c.OpenSecret(ctx, ws, "K", ductape.SecretUse{App: "a"})
	if err != nil || v.Expose() != "two" {
		t.Errorf("opened the old one: %v", err)
	}
	if err := c.DeleteSecret(ctx, ws, "K"); err != nil {
		t.Fatal(err)
	}
	_, err = c.OpenSecret(ctx, ws, "K", ductape.SecretUse{App: "a"})
	wantCode(t, err, ductape.CodeUnknownSecret)
	if again := mustSet(t, c, "K", "three", SecretScope{}); again.Version != 3 {
		t.Errorf("a deleted version was used again: %+v", again)
	}
	for name, bad := range map[string]func() error{
		"reserved": func() error {
			_, err := c.SetSecret(ctx, ws, "connection/a/b", secret.New("x"), SecretScope{})
			return err
		},
		"empty": func() error { _, err := c.SetSecret(ctx, ws, "K", secret.New(""), SecretScope{}); return err },
		"too long": func() error {
			_, err := c.SetSecret(ctx, ws, "K", secret.New(strings.Repeat("x", maxSecret+1)), SecretScope{})
			return err
		},
		"expired": func() error {
			_, err := c.SetSecret(ctx, ws, "K", secret.New("x"), SecretScope{ExpiresAt: &clock.now})
			return err
		},
		"bad scope": func() error {
			_, err := c.SetSecret(ctx, ws, "K", secret.New("x"), SecretScope{Apps: []string{"a b"}})
			return err
		},
	} {
		if err := bad(); ductape.CodeOf(err) != ductape.CodeInvalidInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A sealed value that was moved or changed does not open.
func TestTamperedSecret(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustSet(t, c, "A", "value-of-a", SecretScope{})
	mustSet(t, c, "B", "value-of-b", SecretScope{})
	a, err := c.store.Secret(ctx, ws, "A")
	if err != nil {
		t.Fatal(err)
	}
	moved := *a
	moved.Key, moved.Version = "B", 2
	if err := c.store.PutSecret(ctx, ws, &moved); err != nil {
		t.Fatal(err)
	}
	_, err = c.OpenSecret(ctx, ws, "B", ductape.SecretUse{})
	wantCode(t, err, ductape.CodeInternal)
	lacks(t, "the error", []byte(err.Error()), "value-of-a")
}

// counting counts the reads that a hot path must not make.
type counting struct {
	store.Store
	reads atomic.Int64
}

func (s *counting) Secret(ctx context.Context, ws, key string) (*store.SealedSecret, error) {
	s.reads.Add(1)
	return s.Store.Secret(ctx, ws, key)
}

func (s *counting) KeyByHash(ctx context.Context, hash [32]byte) (*store.StoredKey, error) {
	s.reads.Add(1)
	return s.Store.KeyByHash(ctx, hash)
}

func TestHotPathsReadNoDatabase(t *testing.T) {
	ctx := context.Background()
	inner, _ := newCatalog(t)
	s := &counting{Store: inner.store}
	c, _ := over(t, s)
	mustSet(t, c, "K", "value", SecretScope{})
	key, err := c.CreateKey(ctx, ws, "k")
	if err != nil {
		t.Fatal(err)
	}
	both := func() {
		if _, err := c.OpenSecret(ctx, ws, "K", ductape.SecretUse{}); err != nil {
			t.Error(err)
		}
		if _, err := c.Authenticate(ctx, key.Text); err != nil {
			t.Error(err)
		}
	}
	both()
	before := s.reads.Load()
	for range 100 {
		both()
	}
	if n := s.reads.Load() - before; n != 0 {
		t.Errorf("%d reads of the database", n)
	}
	mustSet(t, c, "K", "next", SecretScope{}) // the version moves
	if v, err := c.OpenSecret(ctx, ws, "K", ductape.SecretUse{}); err != nil || v.Expose() != "next" {
		t.Errorf("the old value after a change: %v", err)
	}
}

// No form of a secret stands in any file, plan, error or noun.
func TestSecretsLeaveNoTrace(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	s, err := sqlstore.OpenSQLite(ctx, folder, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := over(t, s)
	const literal, set, failed = "sk_live_literal_8f3a2b", "sk_live_secret_77aa01", "sk_live_failed_5d5d5d"
	var seen bytes.Buffer
	plan := mustApply(t, c, shopRequest(strings.Replace(shop, "plain-literal-token", literal, 1)))
	fmt.Fprintf(&seen, "%v %+v", plan, plan)
	mustSet(t, c, "PETS_KEY", set, SecretScope{})
	_, err = c.Apply(ctx, ws, shopRequest(edited(t, shop, "plain-literal-token", failed, "expiry: 7", "expiry: 0")))
	fmt.Fprintf(&seen, "%v %+v", err, err)
	_, err = c.PutConnection(ctx, ws, "my-product", connection("x", map[string]map[string]string{"nope": {"token": failed}}))
	fmt.Fprintf(&seen, "%v %+v", err, err)
	key, err := c.CreateKey(ctx, ws, "k")
	if err != nil {
		t.Fatal(err)
	}
	products, err := c.Products(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := c.Keys(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(&seen).Encode([]any{products, keys, plan}); err != nil {
		t.Fatal(err)
	}
	noTrace(t, "what is shown", seen.Bytes(), literal, set, failed, key.Text)
	scan := func() {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			noTrace(t, path, b, literal, set, failed, key.Text)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	scan()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	scan()
}

func noTrace(t *testing.T, what string, b []byte, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		lacks(t, what, b, s, hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)))
	}
}

func TestKeyringRefusesAnotherMasterKey(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustSet(t, c, "K", "value", SecretScope{})
	if err := c.keyring.Check(ctx); err != nil {
		t.Fatal(err)
	}
	other := NewKeyring(c.store, masterKey(t))
	if err := other.Check(ctx); err == nil || !strings.Contains(err.Error(), "master key") {
		t.Errorf("another master key: %v", err)
	}
}

func TestSessionKeys(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	a, seal, err := c.keyring.SessionKey(ctx, ws)
	if err != nil || len(a) != 32 {
		t.Fatal(len(a), err)
	}
	sealed, err := seal.Seal([]byte("data"), []byte("ad"))
	if err != nil {
		t.Fatal(err)
	}
	again := NewKeyring(c.store, c.keyring.master())
	b, seal, err := again.SessionKey(ctx, ws)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("another process has another key: %v", err)
	}
	if plain, err := seal.Open(sealed, []byte("ad")); err != nil || string(plain) != "data" {
		t.Errorf("opened: %q, %v", plain, err)
	}
	foreign, _, err := c.keyring.SessionKey(ctx, "other")
	if err != nil || bytes.Equal(a, foreign) {
		t.Errorf("another workspace has the same key: %v", err)
	}
}

func TestPlanWarnsOfSecretsOutOfScope(t *testing.T) {
	c, _ := newCatalog(t)
	mustSet(t, c, "PETS_KEY", "value", SecretScope{Envs: []string{"prd"}})
	mustSet(t, c, "MAIL_KEY", "value", SecretScope{Apps: []string{"pets"}})
	contains(t, mustApply(t, c, shopRequest(shop)).String(), `secret "PETS_KEY" may not be used in the environment "dev"`, `secret "MAIL_KEY" is not in scope of the app "mail"`)
}

// A change that is refused leaves even the catalog's version alone.
func TestRefusedChangeKeepsVersion(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	before, err := c.store.Version(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.PutConnection(ctx, ws, "my-product", connection("x", map[string]map[string]string{"token_access": {"token": "a-literal"}, "nope": {"token": "a-literal"}}))
	wantCode(t, err, ductape.CodeInvalidInput)
	if after, err := c.store.Version(ctx, ws); err != nil || after != before {
		t.Errorf("the version moved from %d to %d, %v", before, after, err)
	}
}
