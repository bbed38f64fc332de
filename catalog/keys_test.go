package catalog

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/ductape-go/ductape"
)

func TestKeys(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	k, err := c.CreateKey(ctx, ws, "ci")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]string
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	if got := sortedKeys(fields); !slices.Equal(got, []string{"id", "key", "name", "public_key", "user_id", "workspace_id"}) {
		t.Errorf("fields: %v", got)
	}
	for name, form := range map[string]string{"key": `^dk_[0-9A-Za-z]{43}$`, "public_key": `^pk_`, "user_id": `^user_`, "id": `^key_`, "workspace_id": `^default$`} {
		if !regexp.MustCompile(form).MatchString(fields[name]) {
			t.Errorf("%s is %q", name, fields[name])
		}
	}
	who, err := c.Authenticate(ctx, k.Text)
	if err != nil || *who != (Identity{ws, k.ID, k.UserID}) {
		t.Errorf("authenticated as %+v, %v", who, err)
	}
	all, err := c.Keys(ctx, ws)
	if err != nil || len(all) != 1 || all[0].ID != k.ID {
		t.Errorf("keys: %+v, %v", all, err)
	}
	if err := c.RevokeKey(ctx, ws, k.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.RevokeKey(ctx, ws, "key_none"), ductape.CodeNotFound)
	var messages []string
	for _, text := range []string{"", "x", k.Text, k.Text[:len(k.Text)-1] + "!", k.Text + "a", "dk_" + random(32, keyDigits), k.PublicKey} {
		_, err := c.Authenticate(ctx, text)
		messages = append(messages, wantCode(t, err, ductape.CodeUnauthenticated).Error())
	}
	if slices.Sort(messages); len(slices.Compact(messages)) != 1 {
		t.Errorf("the messages tell which it was: %q", messages)
	}
}

// A key revoked by another process stops working here.
func TestRevokedElsewhere(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	k, err := c.CreateKey(ctx, ws, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Authenticate(ctx, k.Text); err != nil {
		t.Fatal(err)
	}
	other, _ := over(t, c.store)
	if err := other.RevokeKey(ctx, ws, k.ID); err != nil {
		t.Fatal(err)
	}
	_, err = c.Authenticate(ctx, k.Text)
	wantCode(t, err, ductape.CodeUnauthenticated)
}

func TestKnownKeysAreBounded(t *testing.T) {
	var s snapshot[int, int]
	for i := range 100 {
		s.store(i, i, 10)
	}
	if n := len(*s.current.Load()); n > 10 {
		t.Errorf("%d kept", n)
	}
	if v, ok := s.load(99); !ok || v != 99 {
		t.Error("the last one is not kept")
	}
}

func TestRandomIsAsWideAsSaid(t *testing.T) {
	for range 1000 {
		if s := random(32, keyDigits); len(s) != keyDigits {
			t.Fatalf("%q", s)
		}
		if s := random(16, 22); len(s) != 22 {
			t.Fatalf("%q", s)
		}
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	ctx := context.Background()
	c, _ := newCatalog(b)
	k, err := c.CreateKey(ctx, ws, "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Authenticate(ctx, k.Text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenSecret(b *testing.B) {
	ctx := context.Background()
	c, _ := newCatalog(b)
	mustSet(b, c, "K", "value", SecretScope{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.OpenSecret(ctx, ws, "K", ductape.SecretUse{}); err != nil {
			b.Fatal(err)
		}
	}
}
