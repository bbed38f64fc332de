package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// A Vault is a HashiCorp Vault (or OpenBao) with a KV version 2 engine.
type Vault struct {
	Address   string       // VAULT_ADDR: "https://vault.internal:8200"
	Token     secret.Value // VAULT_TOKEN
	Namespace string       // VAULT_NAMESPACE; empty: none
	Prefix    string       // references must lie below it: "secret" or "secret/ductape"
	Client    Doer
}

// maxVault bounds Vault's answer, in bytes.
const maxVault = 1 << 20

// vault resolves "mount/path#field". The mount is the first part of the path, as
// in `vault kv get -mount=secret path`.
func (s *Sources) vault(rest string) (reader, error) {
	v := s.cfg.Vault
	if v == nil {
		return nil, forbidden("secrets may not be read from Vault", "the operator allows it with: ductape serve --secret-vault MOUNT/PREFIX, and VAULT_ADDR and VAULT_TOKEN")
	}
	where, field, ok := strings.Cut(rest, "#")
	mount, name, deep := strings.Cut(where, "/")
	if !ok || field == "" || !deep || mount == "" || name == "" || where != path.Clean(where) || strings.Contains(where, "..") {
		return nil, invalid("vault: needs a path and a field, such as vault:secret/stripe#key")
	}
	prefix := strings.Trim(v.Prefix, "/")
	if prefix == "" || where != prefix && !strings.HasPrefix(where, prefix+"/") {
		return nil, forbidden("that path of Vault may not be read", "paths of secrets lie below "+prefix)
	}
	return func(ctx context.Context) (secret.Value, error) { return v.read(ctx, mount, name, field) }, nil
}

// read asks for the latest version: GET /v1/:mount/data/:path
// (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version).
func (v *Vault) read(ctx context.Context, mount, name, field string) (secret.Value, error) {
	base, err := url.Parse(v.Address)
	if err != nil || base.Host == "" {
		return secret.Value{}, ductape.NewError(ductape.CodeInvalidInput, "VAULT_ADDR is not a URL")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("v1", escaped(mount), "data", escaped(name)).String(), nil)
	if err != nil {
		return secret.Value{}, ductape.NewError(ductape.CodeInvalidInput, "that path of Vault makes no URL")
	}
	req.Header.Set("X-Vault-Token", v.Token.Expose())
	req.Header.Set("X-Vault-Request", "true")
	if v.Namespace != "" {
		req.Header.Set("X-Vault-Namespace", v.Namespace)
	}
	resp, err := v.Client.Do(req)
	if err != nil {
		return secret.Value{}, &ductape.Error{Code: ductape.CodeUpstreamUnreachable, Message: "Vault did not answer", Cause: err}
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxVault))
	if err != nil {
		return secret.Value{}, &ductape.Error{Code: ductape.CodeUpstreamUnreachable, Message: "Vault's answer broke off", Cause: err}
	}
	if resp.StatusCode != http.StatusOK {
		return secret.Value{}, refusal(resp.StatusCode, mount+"/"+name)
	}
	return fieldOf(body, mount+"/"+name, field)
}

// escaped keeps the slashes of a path and escapes the rest of it.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// refusal says what a status means. Vault's own text is not passed on: it may
// hold what was asked for.
func refusal(status int, where string) error {
	switch status {
	case http.StatusNotFound:
		return missing("Vault has nothing at " + where + ", or it was deleted")
	case http.StatusForbidden:
		e := ductape.NewError(ductape.CodeCredentialMissing, "Vault does not let the server read "+where)
		return e.WithHint("the server's VAULT_TOKEN has expired, or its policy lacks `read` on MOUNT/data/PATH")
	}
	return ductape.NewError(ductape.CodeUpstreamUnreachable, fmt.Sprintf("Vault answered %d for %s", status, where))
}

// fieldOf takes one field out of an answer; text as it is, anything else as JSON.
func fieldOf(body []byte, where, field string) (secret.Value, error) {
	var answer struct {
		Data struct {
			Data map[string]json.RawMessage `json:"data"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Data.Data == nil {
		return secret.Value{}, missing("what Vault has at " + where + " is not from a KV version 2 engine")
	}
	raw, ok := answer.Data.Data[field]
	if !ok || string(raw) == "null" {
		return secret.Value{}, missing("what Vault has at " + where + " has no such field")
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return secret.New(text), nil
}
