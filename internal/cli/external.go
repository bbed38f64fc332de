package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape/embedded"
)

// The environment may say what the flags of serve say; commands on a data folder
// go by it too.
const (
	allowEnvPrefix  = "DUCTAPE_ALLOW_ENV_PREFIX"
	allowFiles      = "DUCTAPE_ALLOW_FILES"
	allowVault      = "DUCTAPE_ALLOW_VAULT"
	allowWorkspaces = "DUCTAPE_ALLOW_WORKSPACES"
)

// externalFlags let an operator allow secrets that are kept elsewhere.
func externalFlags(cmd *cobra.Command, e *embedded.External) {
	f := cmd.Flags()
	f.StringVar(&e.EnvPrefix, "secret-env-prefix", "", "let secrets be read --from env:NAME where the name begins with `PREFIX` ("+allowEnvPrefix+")")
	f.StringVar(&e.Folder, "secret-files", "", "let secrets be read --from file:PATH in `FOLDER` ("+allowFiles+")")
	f.StringVar(&e.VaultPrefix, "secret-vault", "", "let secrets be read --from vault:PATH#FIELD below `MOUNT/PREFIX`, at VAULT_ADDR with VAULT_TOKEN ("+allowVault+")")
	f.StringSliceVar(&e.Workspaces, "secret-workspaces", nil, "`workspaces` that may do so; the default one when left out ("+allowWorkspaces+")")
}

// allowed fills what no flag says from the environment.
func (c *command) allowed(e embedded.External) embedded.External {
	e.Getenv = c.Getenv
	for _, field := range []struct {
		to   *string
		name string
	}{{&e.EnvPrefix, allowEnvPrefix}, {&e.Folder, allowFiles}, {&e.VaultPrefix, allowVault}} {
		if *field.to == "" {
			*field.to = c.Getenv(field.name)
		}
	}
	if names := c.Getenv(allowWorkspaces); e.Workspaces == nil && names != "" {
		e.Workspaces = strings.Split(names, ",")
	}
	return e
}
