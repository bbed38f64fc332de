package catalog

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

func mustRotate(t testing.TB, c *Catalog, key, value string, grace time.Duration) *ductape.Secret {
	t.Helper()
	s, err := c.RotateSecret(context.Background(), ws, key, Rotation{Value: secret.New(value), Grace: grace})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// opens checks what a reference opens to: a value, or "code: part of a message".
func opens(t testing.TB, c *Catalog, ref, want string) {
	t.Helper()
	v, err := c.OpenSecret(context.Background(), ws, ref, ductape.SecretUse{App: "a", Env: "dev"})
	got := v.Expose()
	if err != nil {
		got = err.Error()
	}
	if got != want && (err == nil || !strings.Contains(got, want)) {
		t.Errorf("%s opens to %q, want %q", ref, got, want)
	}
}

func TestPinnedVersions(t *testing.T) {
	c, clock := newCatalog(t)
	mustSet(t, c, "K", "one", SecretScope{Apps: []string{"a"}, Envs: []string{"dev"}})
	if s := mustRotate(t, c, "K", "two", time.Hour); s.Version != 2 || !slices.Equal(s.Apps, []string{"a"}) || !slices.Equal(s.Envs, []string{"dev"}) || s.PreviousUntil == nil {
		t.Errorf("rotated: %+v", s)
	}
	opens(t, c, "K", "two")
	opens(t, c, "K@2", "two")
	opens(t, c, "K@1", "one")
	opens(t, c, "K@3", "unknown_secret: secret \"K\" has no version 3")
	for _, ref := range []string{"K@0", "K@01", "K@-1", "K@x", "K@", "@1", "K@1@2", "K@99999999999999999999"} {
		opens(t, c, ref, "unknown_secret: there is no secret")
	}
	clock.now = clock.now.Add(time.Hour - time.Second)
	opens(t, c, "K@1", "one")
	clock.now = clock.now.Add(time.Second)
	opens(t, c, "K@1", "secret_expired: version 1 of secret \"K\" was replaced by version 2")
	mustRotate(t, c, "K", "three", 48*time.Hour)
	opens(t, c, "K@2", "two")
	opens(t, c, "K@1", "secret_expired") // its own grace is over
	mustRotate(t, c, "K", "four", 0)     // a leak: all before it end
	opens(t, c, "K@3", "secret_expired")
	opens(t, c, "K@2", "secret_expired")
	opens(t, c, "K", "four")
	mustSet(t, c, "K", "five", SecretScope{Apps: []string{"a"}})
	opens(t, c, "K@4", "secret_expired")
	versions, err := c.SecretVersions(context.Background(), ws, "K")
	if err != nil || len(versions) != 5 || versions[0].Version != 5 || versions[4].Version != 1 {
		t.Errorf("versions: %+v, %v", versions, err)
	}
	_, err = c.RotateSecret(context.Background(), ws, "K", Rotation{Value: secret.New("x"), Grace: -1})
	wantCode(t, err, ductape.CodeInvalidInput)
	_, err = c.RotateSecret(context.Background(), ws, "NONE", Rotation{Value: secret.New("x")})
	wantCode(t, err, ductape.CodeUnknownSecret)
	_, err = c.RotateSecret(context.Background(), ws, "connection/a/b", Rotation{Value: secret.New("x")})
	wantCode(t, err, ductape.CodeUnknownSecret)
}

func TestExpiryWarnings(t *testing.T) {
	c, clock := newCatalog(t)
	var log bytes.Buffer
	c.log = slog.New(slog.NewTextHandler(&log, nil))
	at := clock.now.Add(10 * 24 * time.Hour)
	mustSet(t, c, "K", "value-of-k", SecretScope{ExpiresAt: &at})
	for _, tt := range []struct {
		after time.Duration
		want  string
		logs  int
	}{
		{0, "", 0},
		{72 * time.Hour, "secret K expires in 7 days", 1},
		{time.Hour, "secret K expires in 6 days", 1}, // the same day
		{24 * time.Hour, "secret K expires in 5 days", 2},
		{4*24*time.Hour + 22*time.Hour, "secret K expires in 1 day", 3},
		{23 * time.Hour, "secret K expires in 2 hours", 4},
		{2*time.Hour - time.Second, "secret K expires in less than an hour", 4},
	} {
		clock.now = clock.now.Add(tt.after)
		for range 3 {
			watched := WatchSecrets(context.Background())
			ctx, cancel := context.WithTimeout(watched, time.Minute)
			_, err := c.OpenSecret(ctx, ws, "K", ductape.SecretUse{})
			_, _ = c.OpenSecret(ctx, ws, "K", ductape.SecretUse{})
			cancel()
			if got := strings.Join(watched.List(), "; "); got != tt.want || err != nil {
				t.Errorf("%s: %q, %v; want %q", clock.now, got, err, tt.want)
			}
		}
		if n := strings.Count(log.String(), "level=WARN"); n > tt.logs+1 || n < tt.logs-1 {
			t.Errorf("%s: %d lines in the log, want about %d", clock.now, n, tt.logs)
		}
	}
	lacks(t, "the log", log.Bytes(), "value-of-k")
	clock.now = clock.now.Add(2 * time.Second)
	opens(t, c, "K", "secret_expired")
}

// When a secret is used is written once an hour, behind the run.
func TestLastUse(t *testing.T) {
	ctx := context.Background()
	c, clock := newCatalog(t)
	mustSet(t, c, "K", "value", SecretScope{})
	version, _ := c.store.Version(ctx, ws)
	used := func() time.Time {
		t.Helper()
		if err := c.FlushUses(ctx); err != nil {
			t.Fatal(err)
		}
		s, err := c.Secret(ctx, ws, "K")
		if err != nil || s.LastUsedAt == nil {
			t.Fatal("not noted", err)
		}
		return *s.LastUsedAt
	}
	for range 1000 {
		opens(t, c, "K", "value")
	}
	first := used()
	if !first.Equal(clock.now.Truncate(time.Hour)) {
		t.Errorf("used at %s, noted %s", clock.now, first)
	}
	if len(c.uses.pending) != 0 {
		t.Error("something is pending")
	}
	clock.now = clock.now.Add(10 * time.Minute)
	opens(t, c, "K", "value")
	if len(c.uses.pending) != 0 {
		t.Error("a second use in the hour is written")
	}
	clock.now = clock.now.Add(time.Hour)
	opens(t, c, "K", "value")
	if again := used(); !again.After(first) {
		t.Errorf("noted %s after %s", again, first)
	}
	if now, _ := c.store.Version(ctx, ws); now != version {
		t.Error("noting a use changes the catalog's version, and with it every plan")
	}
	opens(t, c, "K@7", "unknown_secret")
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestRotateDataKey(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	for i := range 450 {
		mustSet(t, c, fmt.Sprint("K", i), fmt.Sprint("value ", i), SecretScope{Apps: []string{"a"}})
	}
	mustRotate(t, c, "K7", "next", time.Hour)
	credential := secretRefs(sealedToken(t, c))[0]
	reader, _ := over(t, c.store) // another process
	reader.keyring = NewKeyring(c.store, c.keyring.master())
	opens(t, reader, "K7", "next")
	before, err := c.store.DataKeys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n, err := c.RotateDataKey(ctx, ws)
	if err != nil || n != 452 {
		t.Fatalf("%d sealed anew, %v", n, err)
	}
	for _, c := range []*Catalog{c, reader} {
		opens(t, c, "K7", "next")
		opens(t, c, "K7@1", "value 7")
		opens(t, c, "K449", "value 449")
		if v, err := c.OpenSecret(ctx, ws, credential, ductape.SecretUse{AccessTag: "pets-app", Env: "prd"}); err != nil || v.Expose() != "plain-literal-token" {
			t.Errorf("the credential: %v", err)
		}
	}
	after, err := c.store.DataKeys(ctx)
	if err != nil || len(after) != len(before) || after[0].Name != "secrets.00002" || bytes.Equal(after[0].Sealed, before[0].Sealed) {
		t.Errorf("data keys: %v, %v", after, err)
	}
	left, err := c.store.SecretsSealedBefore(ctx, ws, "secrets.00002", 10)
	if err != nil || len(left) != 0 {
		t.Errorf("%d left, %v", len(left), err)
	}
	mustSet(t, reader, "NEW", "by another process", SecretScope{})
	opens(t, c, "NEW", "by another process")
	for range 11 { // past the ninth, whose name a tenth must not sort before
		if _, err := c.RotateDataKey(ctx, ws); err != nil {
			t.Fatal(err)
		}
	}
	opens(t, reader, "K7", "next")
	if n, err := c.RotateDataKey(ctx, "empty"); n != 0 || err != nil {
		t.Errorf("a workspace without secrets: %d, %v", n, err)
	}
}

// A rotation that was cut off at any point goes on, and until then all opens.
func TestRotateDataKeyResumes(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	for i := range 10 {
		mustSet(t, c, fmt.Sprint("K", i), fmt.Sprint("value ", i), SecretScope{})
	}
	name, err := c.keyring.beginRotation(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := c.store.SecretsSealedBefore(ctx, ws, name, 4)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.reseal(ctx, ws, name, rows); err != nil {
		t.Fatal(err)
	}
	again := New(Config{Store: c.store, Keyring: NewKeyring(c.store, c.keyring.master()), Now: c.now})
	mustSet(t, again, "K3", "meanwhile", SecretScope{})
	for i := range 10 {
		want := fmt.Sprint("value ", i)
		if i == 3 {
			want = "meanwhile"
		}
		opens(t, again, fmt.Sprint("K", i), want)
	}
	if n, err := again.RotateDataKey(ctx, ws); err != nil || n != 6 {
		t.Errorf("%d were left, %v", n, err)
	}
	keys, err := c.store.DataKeys(ctx)
	if err != nil || len(keys) != 1 || keys[0].Name != name {
		t.Errorf("data keys: %v, %v", keys, err)
	}
}

func TestRotateMaster(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	mustSet(t, c, "K", "value", SecretScope{})
	if _, err := c.SetSecret(ctx, "other", "K", secret.New("theirs"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.keyring.SessionKey(ctx, ws); err != nil {
		t.Fatal(err)
	}
	old := c.keyring.master()
	next := masterKey(t)
	left := New(Config{Store: c.store, Keyring: NewKeyring(c.store, old), Now: c.now})
	opens(t, left, "K", "value")
	n, err := c.keyring.RotateMaster(ctx, next)
	if err != nil || n != 3 {
		t.Fatalf("%d data keys, %v", n, err)
	}
	if err := NewKeyring(c.store, old).Check(ctx); err == nil || !strings.Contains(err.Error(), old.Fingerprint().String()) || !strings.Contains(err.Error(), next.Fingerprint().String()) {
		t.Errorf("the old key: %v", err)
	}
	again := New(Config{Store: c.store, Keyring: NewKeyring(c.store, next), Now: c.now})
	if err := again.keyring.Check(ctx); err != nil {
		t.Fatal(err)
	}
	opens(t, again, "K", "value")
	// A process that only knows the old key opens what it had, and makes no data
	// key that only the old key opens. The one that rotated goes on.
	opens(t, left, "K", "value")
	_, err = left.SetSecret(ctx, "third", "K", secret.New("x"), SecretScope{})
	contains(t, wantCode(t, err, ductape.CodeInternal).Message, "wrong master key")
	if _, err := left.keyring.RotateMaster(ctx, masterKey(t)); err == nil {
		t.Error("the old key rotates again")
	}
	if _, err := c.SetSecret(ctx, "third", "K", secret.New("x"), SecretScope{}); err != nil {
		t.Error(err)
	}
	if err := again.keyring.Check(ctx); err != nil {
		t.Error(err)
	}
}
