package embedded

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/internal/kms"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/internal/source"
)

// External says which secrets may be read from elsewhere, by reference. The zero
// value allows none.
type External struct {
	EnvPrefix   string   // "env:NAME" may name variables that begin so; empty: none
	Folder      string   // "file:/path" may name files in it; empty: none
	VaultPrefix string   // "vault:path#field" may name what lies below "mount/prefix", at VAULT_ADDR with VAULT_TOKEN; empty: none
	Workspaces  []string // that may do so; nil: the default workspace only

	Getenv func(string) string // nil: os.Getenv
}

func (e External) none() bool { return e.EnvPrefix == "" && e.Folder == "" && e.VaultPrefix == "" }

func (e External) getenv(name string) string {
	if e.Getenv == nil {
		return os.Getenv(name)
	}
	return e.Getenv(name)
}

// sources wires what may be read from elsewhere; nil where nothing may. What is
// in use is read again until stop is called.
func (e External) sources(out *egress.Client, log *slog.Logger, now func() time.Time) (from catalog.External, stop func() error) {
	if e.none() {
		return nil, func() error { return nil }
	}
	cfg := source.Config{EnvPrefix: e.EnvPrefix, Folder: e.Folder, Workspaces: e.Workspaces, Getenv: e.getenv, Log: log, Now: now}
	if e.VaultPrefix != "" {
		cfg.Vault = &source.Vault{
			Address: e.getenv("VAULT_ADDR"), Token: secret.New(e.getenv("VAULT_TOKEN")), Namespace: e.getenv("VAULT_NAMESPACE"),
			Prefix: e.VaultPrefix, Client: operators{out},
		}
	}
	sources := source.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); sources.Watch(ctx) }()
	return sources, func() error { cancel(); <-done; return nil }
}

// operators sends requests to a place that the operator chose, which may be in
// the operator's own network. No credential of theirs follows a redirect.
type operators struct{ out *egress.Client }

func (o operators) Do(req *http.Request) (*http.Response, error) {
	return o.out.Do(req, egress.Policy{AllowPrivate: true, Credentials: egress.Credentials{Headers: []string{"X-Vault-Token", "X-Vault-Namespace"}}})
}

// openKMS opens a master key that stands in a key service.
func (e External) openKMS(out *egress.Client) func(context.Context, string) (secret.Wrapper, error) {
	return func(ctx context.Context, url string) (secret.Wrapper, error) {
		return kms.Open(ctx, url, kms.Config{Getenv: e.getenv, Client: operators{out}})
	}
}
