package kms

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ductape-go/ductape"
)

// maxTransit bounds Vault's answer, in bytes.
const maxTransit = 64 << 10

// transit is a key of Vault's transit engine
// (developer.hashicorp.com/vault/api-docs/secret/transit#encrypt-data).
type transit struct {
	base      *url.URL // of the engine
	key       string
	token     string
	namespace string
	client    Doer
}

// newTransit reads a hashivault URL, as gocloud.dev/secrets has it.
func newTransit(u *url.URL, cfg Config) (*transit, error) {
	key := u.Host
	if key == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return nil, bad("master key: hashivault needs the name of a transit key").WithHint("for example hashivault://ductape")
	}
	engine := strings.Trim(u.Query().Get("engine"), "/")
	if engine == "" {
		engine = "transit"
	}
	base, err := url.Parse(cfg.Getenv("VAULT_ADDR"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, bad("master key: hashivault needs the address of Vault").WithHint("set VAULT_ADDR=https://vault.internal:8200")
	}
	t := &transit{base: base.JoinPath("v1", engine), key: key, token: cfg.Getenv("VAULT_TOKEN"), namespace: cfg.Getenv("VAULT_NAMESPACE"), client: cfg.Client}
	if t.token == "" {
		return nil, bad("master key: hashivault needs a token").WithHint("set VAULT_TOKEN; its policy must allow `update` on " + engine + "/encrypt/" + key + " and " + engine + "/decrypt/" + key)
	}
	return t, nil
}

func (t *transit) Encrypt(ctx context.Context, plain []byte) ([]byte, error) {
	var out struct {
		Ciphertext string `json:"ciphertext"`
	}
	err := t.call(ctx, "encrypt", map[string]string{"plaintext": base64.StdEncoding.EncodeToString(plain)}, &out)
	if err == nil && out.Ciphertext == "" {
		err = fmt.Errorf("vault answered without a ciphertext")
	}
	return []byte(out.Ciphertext), err
}

func (t *transit) Decrypt(ctx context.Context, sealed []byte) ([]byte, error) {
	var out struct {
		Plaintext string `json:"plaintext"`
	}
	if err := t.call(ctx, "decrypt", map[string]string{"ciphertext": string(sealed)}, &out); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(out.Plaintext)
}

func (t *transit) call(ctx context.Context, what string, in map[string]string, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.base.JoinPath(what, url.PathEscape(t.key)).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Vault-Token", t.token)
	req.Header.Set("X-Vault-Request", "true")
	if t.namespace != "" {
		req.Header.Set("X-Vault-Namespace", t.namespace)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxTransit))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return t.refused(what, resp.StatusCode)
	}
	return json.Unmarshal(answer, &struct {
		Data any `json:"data"`
	}{out})
}

// refused says what a status means. Vault's own text may hold what was sent.
func (t *transit) refused(what string, status int) error {
	switch {
	case status == http.StatusForbidden:
		return ductape.NewError(ductape.CodeForbidden, "master key: Vault does not let this server "+what+" with the key "+t.key).
			WithHint("VAULT_TOKEN has expired, or its policy lacks `update` on the key's " + what)
	case status == http.StatusNotFound:
		return bad("master key: Vault has no transit engine there").WithHint("vault secrets enable transit; ?engine=PATH names another mount")
	case status == http.StatusBadRequest && what == "decrypt":
		return fmt.Errorf("%w: status 400", errRefused)
	}
	return fmt.Errorf("vault answered %d", status)
}
