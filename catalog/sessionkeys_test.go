package catalog

import (
	"context"
	"slices"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

func ids(t *testing.T, k *Keyring, ws string) []string {
	t.Helper()
	keys, err := k.SessionKeys(context.Background(), ws)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, key := range keys {
		all = append(all, key.ID)
	}
	return all
}

func TestRotateSessionKey(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	other := NewKeyring(c.store, c.keyring.master()) // another process
	scope := session.Scope{Workspace: ws, Product: "p", Env: "dev", Type: ductape.SessionType{Tag: "t", Expiry: 1, Period: "days"}}
	here := session.New(session.Config{Store: c.store, Keys: c.keyring, Version: c.store.Version})
	there := session.New(session.Config{Store: c.store, Keys: other, Version: c.store.Version})
	var tokens []string
	for round, want := range [][]string{{"1"}, {"2", "1"}, {"3", "2", "1"}} {
		if round > 0 {
			id, err := c.RotateSessionKey(ctx, ws)
			if err != nil || id != want[0] {
				t.Fatalf("rotated to %q, %v", id, err)
			}
		}
		for name, k := range map[string]*Keyring{"here": c.keyring, "elsewhere": other} {
			if got := ids(t, k, ws); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		for _, s := range []*session.Service{here, there} {
			started, err := s.Start(ctx, scope, nil)
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, started.Token)
		}
		for i, token := range tokens {
			for _, s := range []*session.Service{here, there} {
				if _, err := s.Verify(ctx, ws, "p", "dev", ductape.SessionRef{Tag: "t", Token: token}); err != nil {
					t.Errorf("round %d, token %d: %v", round, i, err)
				}
			}
		}
	}
	if got := ids(t, other, "another"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("another workspace has %q", got)
	}
}

func TestRotateSessionKeyBeforeThereIsOne(t *testing.T) {
	c, _ := newCatalog(t)
	if id, err := c.RotateSessionKey(context.Background(), ws); err != nil || id != "2" {
		t.Fatal(id, err)
	}
	if got := ids(t, c.keyring, ws); !slices.Equal(got, []string{"2", "1"}) {
		t.Errorf("%q", got)
	}
}

func TestSessionKeysAreReadOnce(t *testing.T) {
	c, _ := newCatalog(t)
	ids(t, c.keyring, ws)
	first, _ := c.keyring.SessionKeys(context.Background(), ws)
	again, _ := c.keyring.SessionKeys(context.Background(), ws)
	if &first[0] != &again[0] {
		t.Error("they were read again")
	}
	var none *Keyring
	if _, err := none.SessionKeys(context.Background(), ws); ductape.CodeOf(err) != ductape.CodeInternal {
		t.Error(err)
	}
}
