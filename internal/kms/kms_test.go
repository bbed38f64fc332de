package kms

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// newTransitServer answers as the HTTP API of Vault's transit engine is described
// at developer.hashicorp.com/vault/api-docs/secret/transit. What it "encrypts"
// it keeps.
func newTransitServer(t *testing.T) *httptest.Server {
	kept := map[string]string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		if r.Header.Get("X-Vault-Token") != "root" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.Method != "POST" || json.NewDecoder(r.Body).Decode(&in) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		data := map[string]string{}
		switch r.URL.Path {
		case "/v1/transit/encrypt/ductape":
			if _, err := base64.StdEncoding.DecodeString(in["plaintext"]); err != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			data["ciphertext"] = fmt.Sprintf("vault:v1:%d", len(kept))
			kept[data["ciphertext"]] = in["plaintext"]
		case "/v1/transit/decrypt/ductape":
			plain, ok := kept[in["ciphertext"]]
			if !ok {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"errors":["cipher: message authentication failed"]}`)
				return
			}
			data["plaintext"] = plain
		default:
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(srv.Close)
	return srv
}

func config(address, token string) Config {
	env := map[string]string{"VAULT_ADDR": address, "VAULT_TOKEN": token}
	return Config{Getenv: func(n string) string { return env[n] }, Client: http.DefaultClient}
}

func TestTransit(t *testing.T) {
	proveWrapper(t, newTransitServer(t).URL, "root")
}

// TestRealTransit is TestTransit against a Vault that is already there, with a
// transit key `ductape` and the token `root`.
func TestRealTransit(t *testing.T) {
	address := os.Getenv("DUCTAPE_TEST_VAULT_ADDR")
	if address == "" {
		t.Skip("DUCTAPE_TEST_VAULT_ADDR names no Vault")
	}
	proveWrapper(t, address, "root")
}

func proveWrapper(t *testing.T, address, token string) {
	t.Helper()
	ctx := t.Context()
	w, err := Open(ctx, "hashivault://ductape", config(address, token))
	if err != nil {
		t.Fatal(err)
	}
	ad := secret.DataKeyAD("default", "secrets")
	sealed, box, err := secret.NewDataKey(ctx, w, ad)
	if err != nil {
		t.Fatal(err)
	}
	value, err := box.Seal([]byte("value"), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := secret.OpenDataKey(ctx, w, sealed, ad)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(value, nil); err != nil || string(plain) != "value" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := secret.OpenDataKey(ctx, w, sealed, secret.DataKeyAD("other", "secrets")); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("moved to another workspace: %v", err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	if _, err := secret.OpenDataKey(ctx, w, changed, ad); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("changed: %v", err)
	}
	local, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	moved, err := secret.Rewrap(ctx, w, local, sealed, ad)
	if err != nil {
		t.Fatal(err)
	}
	back, err := secret.Rewrap(ctx, local, w, moved, ad)
	if err != nil {
		t.Fatal(err)
	}
	if again, err = secret.OpenDataKey(ctx, w, back, ad); err == nil {
		_, err = again.Open(value, nil)
	}
	if err != nil {
		t.Errorf("to a local key and back: %v", err)
	}
	stranger, err := Open(ctx, "hashivault://ductape", config(address, "wrong"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := secret.OpenDataKey(ctx, stranger, sealed, ad); ductape.CodeOf(err) != ductape.CodeForbidden {
		t.Errorf("a wrong token: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct{ url, address, token, message string }{
		{"hashivault://", "http://v", "t", "name of a transit key"},
		{"hashivault://a/b", "http://v", "t", "name of a transit key"},
		{"hashivault://k", "", "t", "address of Vault"},
		{"hashivault://k", "file:///x", "t", "address of Vault"},
		{"hashivault://k", "http://v", "", "needs a token"},
		{"passphrase://s3cret", "", "", "key service"},
		{"awskms://%zz-s3cret", "", "", "cannot be read"},
		{"base64key://s3cret", "", "", ""},
	} {
		w, err := Open(t.Context(), tt.url, config(tt.address, tt.token))
		if err == nil {
			t.Errorf("%s opens: %v", tt.url, w.Source())
		} else if text := err.Error() + err.(*ductape.Error).Hint; !strings.Contains(text, tt.message) || strings.Contains(text, "s3cret") {
			t.Errorf("%s: %s", tt.url, text)
		}
	}
	w, err := Open(t.Context(), "hashivault://k", config("http://127.0.0.1:1", "t"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := secret.NewDataKey(t.Context(), w, nil); ductape.CodeOf(err) != ductape.CodeUpstreamUnreachable {
		t.Errorf("nobody answers: %v", err)
	}
}
