package cli

import (
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) keysCommand() *cobra.Command {
	var name string
	create := &cobra.Command{
		Use: "create", Short: "Make a key and show it, this once", Args: exactly(),
		Example: "  ductape keys create --name billing-service --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mayCreate, func(t *target) error {
				var raw keyText
				if err := t.Do(cmd.Context(), "POST", "/v1/keys", map[string]string{"name": name}, &raw); err != nil {
					return err
				}
				if c.json {
					return c.printJSON(raw)
				}
				raw.print(c.Stdout)
				return nil
			})
		},
	}
	create.Flags().StringVar(&name, "name", "", "what the key is for")
	list := &cobra.Command{
		Use: "list", Short: "List keys, without their texts", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var keys []ductape.Key
				if err := t.Do(cmd.Context(), "GET", "/v1/keys", nil, &keys); err != nil || c.json {
					return orPrint(c, keys, err)
				}
				rows := make([][]string, len(keys))
				for i, k := range keys {
					rows[i] = []string{k.ID, k.Name, when(k.CreatedAt), whenOr(k.RevokedAt, "active")}
				}
				return c.table([]string{"ID", "NAME", "CREATED", "REVOKED"}, rows)
			})
		},
	}
	revoke := &cobra.Command{
		Use: "revoke ID", Short: "End a key for good", Args: exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				return t.Do(cmd.Context(), "DELETE", "/v1/keys/"+url.PathEscape(args[0]), nil, nil)
			})
		},
	}
	return group("keys", "The keys that let programs in, and those that seal what is kept", create, list, revoke, c.rotateSessionKey(), c.keysRotateMaster(), c.keysRotateData())
}

// A keyText is a new key as the API shows it.
type keyText struct {
	WorkspaceID string `json:"workspace_id"`
	UserID      string `json:"user_id"`
	PublicKey   string `json:"public_key"`
	Key         string `json:"key"`
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
}

func (k keyText) print(w io.Writer) {
	fmt.Fprintf(w, "  workspace_id  %s\n  user_id       %s\n  public_key    %s\n  key           %s\n", k.WorkspaceID, k.UserID, k.PublicKey, k.Key)
}

func printKey(w io.Writer, k *catalog.NewKey) {
	keyText{WorkspaceID: k.WorkspaceID, UserID: k.UserID, PublicKey: k.PublicKey, Key: k.Text}.print(w)
}
