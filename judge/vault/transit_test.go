package vault

import (
	"errors"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
)

const master = "hashivault://ductape"

// newSealed returns a data folder with the secret KEY, sealed under a transit
// key, that is closed; and its Vault.
func newSealed(t *testing.T) (*server, *world) {
	t.Helper()
	s := newServer(t)
	s.do("POST", "transit/keys/ductape", nil)
	w := newWorld(t, s, s.grant("token-seals", "update transit/encrypt/ductape", "update transit/decrypt/ductape"))
	w.mustOpen(master)
	if _, err := w.Catalog.SetSecret(t.Context(), ws, "KEY", secret.New("sk_kept"), catalog.SecretScope{}); err != nil {
		t.Fatal(err)
	}
	w.apply()
	w.close()
	return s, w
}

// reopens starts on the folder and runs with the secret in it.
func (w *world) reopens(master string) {
	w.t.Helper()
	w.mustOpen(master)
	w.wants("Bearer sk_kept", "", "")
	w.close()
}

// refuses starts on the folder, which fails with a code and a text.
func (w *world) refuses(master string, code ductape.Code, part string) {
	w.t.Helper()
	err := w.open(master)
	if err == nil {
		w.close()
	}
	if ductape.CodeOf(err) != code || !strings.Contains(err.Error(), part) {
		w.t.Errorf("%v (%s); want %s and %q", err, ductape.CodeOf(err), code, part)
	}
}

func TestMasterKeyInTransit(t *testing.T) {
	s, w := newSealed(t)
	w.reopens(master)
	s.seal(true)
	w.refuses(master, unreachable, "could not open a data key")
	s.seal(false)
	w.reopens(master)
	s.do("POST", "transit/keys/other", nil)
	if err := w.open("hashivault://other"); !errors.Is(err, secret.ErrWrongMasterKey) {
		t.Errorf("another key: %v", err)
	}
	w.env["VAULT_TOKEN"] = "token-none-such"
	w.refuses(master, ductape.CodeForbidden, "Vault does not let this server decrypt")
	w.env["VAULT_TOKEN"] = s.grant("token-encrypts", "update transit/encrypt/ductape")
	w.refuses(master, ductape.CodeForbidden, "Vault does not let this server decrypt")
}

// Transit keeps a key's old versions: what they sealed opens until the operator
// ends them, and rotate-master to the same key seals it under the newest.
func TestRotationInTransit(t *testing.T) {
	s, w := newSealed(t)
	s.do("POST", "transit/keys/ductape/rotate", nil)
	w.reopens(master)
	w.mustOpen(master)
	if r, err := w.RotateMasterKey(t.Context(), embedded.NewMasterKey{Text: master}); err != nil || r.DataKeys == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	w.close()
	s.do("POST", "transit/keys/ductape/config", fields{"min_decryption_version": 2, "min_encryption_version": 2})
	s.do("POST", "transit/keys/ductape/trim", fields{"min_available_version": 2})
	w.reopens(master)
	s.do("POST", "transit/keys/ductape/rotate", nil)
	s.do("POST", "transit/keys/ductape/config", fields{"min_decryption_version": 3, "min_encryption_version": 3})
	if err := w.open(master); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("a version that the operator ended: %v", err)
	}
	s.do("POST", "transit/keys/ductape/config", fields{"min_decryption_version": 2})
	w.reopens(master)
}

// To another key, in another engine, to a key in a file, and back.
func TestMasterKeyLeavesAndReturns(t *testing.T) {
	s, w := newSealed(t)
	s.mount("keys/ours", "transit", "")
	s.do("POST", "keys/ours/keys/two", nil)
	w.env["VAULT_TOKEN"] = root
	way := []string{master, "hashivault://two?engine=keys/ours", "gR2mSxQvG5pHh1zFq3o0y6y1m7lJc2tq0n8bVYkXw4E=", master}
	for i, next := range way[1:] {
		w.mustOpen(way[i])
		if _, err := w.RotateMasterKey(t.Context(), embedded.NewMasterKey{Text: next}); err != nil {
			t.Fatal(err)
		}
		w.close()
		if err := w.open(way[i]); !errors.Is(err, secret.ErrWrongMasterKey) {
			t.Errorf("%s, which was left: %v", way[i], err)
		}
		w.reopens(next)
	}
	s.do("POST", "transit/keys/ductape/config", fields{"deletion_allowed": true})
	s.do("DELETE", "transit/keys/ductape", nil)
	if err := w.open(master); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("without the key: %v", err)
	}
}
