package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
)

// vault answers as Vault's KV version 2 and transit engines are described.
func vault(t *testing.T) *httptest.Server {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		_ = json.NewDecoder(r.Body).Decode(&in)
		switch {
		case r.Header.Get("X-Vault-Token") != "root":
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/v1/secret/data/stripe":
			fmt.Fprint(w, `{"data":{"data":{"key":"from-vault"},"metadata":{"version":1}}}`)
		case strings.HasPrefix(r.URL.Path, "/v1/transit/encrypt/"):
			fmt.Fprintf(w, `{"data":{"ciphertext":"vault:v1:%s"}}`, in["plaintext"])
		case strings.HasPrefix(r.URL.Path, "/v1/transit/decrypt/"):
			fmt.Fprintf(w, `{"data":{"plaintext":%q}}`, strings.TrimPrefix(in["ciphertext"], "vault:v1:"))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

// The master key and a secret in Vault, through the same way out as calls; then
// from Vault's key to another and back to one in a file.
func TestVaultHoldsTheKeyAndASecret(t *testing.T) {
	ctx := t.Context()
	env := map[string]string{"VAULT_ADDR": vault(t).URL, "VAULT_TOKEN": "root"}
	cfg := embedded.Config{
		Data: t.TempDir(), MasterKey: "hashivault://one", Log: slog.New(slog.DiscardHandler),
		External: embedded.External{VaultPrefix: "secret", Getenv: func(n string) string { return env[n] }},
	}
	open := func(master string) (*embedded.Ductape, error) {
		c := cfg
		c.MasterKey = master
		return embedded.Open(ctx, c)
	}
	reads := func(d *embedded.Ductape) {
		t.Helper()
		for key, want := range map[string]string{"HERE": "kept-here", "THERE": "from-vault"} {
			if v, err := d.Catalog.OpenSecret(ctx, ductape.DefaultWorkspace, key, ductape.SecretUse{}); err != nil || v.Expose() != want {
				t.Errorf("%s: %v", key, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	d, err := open("hashivault://one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "HERE", secret.New("kept-here"), catalog.SecretScope{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Catalog.SetSecretFrom(ctx, ductape.DefaultWorkspace, "THERE", "vault:secret/stripe#key", catalog.SecretScope{}); err != nil {
		t.Fatal(err)
	}
	reads(d)
	if _, err := open("hashivault://two"); !errors.Is(err, secret.ErrWrongMasterKey) {
		t.Errorf("another key of Vault's: %v", err)
	}
	keys := []string{"hashivault://one", "hashivault://two?engine=transit", "gR2mSxQvG5pHh1zFq3o0y6y1m7lJc2tq0n8bVYkXw4E=", "hashivault://one"}
	for i := range keys[1:] {
		if d, err = open(keys[i]); err != nil {
			t.Fatal(err)
		}
		r, err := d.RotateMasterKey(ctx, embedded.NewMasterKey{Text: keys[i+1]})
		if err != nil || r.DataKeys != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := d.RotateMasterKey(ctx, embedded.NewMasterKey{}); err == nil {
			t.Error("a key that was given is replaced by one made in the folder")
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if d, err = open(keys[i+1]); err != nil {
			t.Fatal(err)
		}
		reads(d)
	}
}
