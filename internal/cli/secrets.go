package cli

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) secretsCommand() *cobra.Command {
	return group("secrets", "Set, list and delete secrets; their values never come out", c.secretsSet(), c.secretsList(), c.secretsDelete())
}

func (c *command) secretsSet() *cobra.Command {
	var scope catalog.SecretScope
	var file string
	cmd := &cobra.Command{
		Use: "set KEY", Short: "Set a secret, its value from standard input, a file or a prompt", Args: exactly("KEY"),
		Example: `  printf %s "$STRIPE_KEY" | ductape secrets set STRIPE_TEST_KEY
  ductape secrets set STRIPE_TEST_KEY --file ./key.txt --apps stripe --envs dev`,
		RunE: func(cmd *cobra.Command, args []string) error {
			value, err := c.readSecret(args[0], file)
			if err != nil {
				return err
			}
			body := struct {
				Value string `json:"value"`
				catalog.SecretScope
			}{value, scope}
			return c.with(cmd.Context(), mayCreate, func(t *target) error {
				var s ductape.Secret
				if err := t.Do(cmd.Context(), "PUT", "/v1/secrets/"+url.PathEscape(args[0]), body, &s); err != nil || c.json {
					return orPrint(c, s, err)
				}
				fmt.Fprintf(c.Stdout, "%s is set (version %d).\n", s.Key, s.Version)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "`file` to read the value from")
	cmd.Flags().StringSliceVar(&scope.Apps, "apps", nil, "tags of the apps it may be used for; all when left out")
	cmd.Flags().StringSliceVar(&scope.Envs, "envs", nil, "environments it may be used in; all when left out")
	return cmd
}

// readSecret takes the value from where no shell history keeps it. One line end
// at its end is the editor's, not the secret's.
func (c *command) readSecret(key, file string) (string, error) {
	var raw []byte
	var err error
	if stdin, ok := c.Stdin.(*os.File); file == "" && ok && term.IsTerminal(int(stdin.Fd())) {
		fmt.Fprintf(c.Stderr, "Value of %s (not shown): ", key)
		raw, err = term.ReadPassword(int(stdin.Fd()))
		fmt.Fprintln(c.Stderr)
	} else if file != "" {
		raw, err = os.ReadFile(file)
	} else {
		raw, err = io.ReadAll(io.LimitReader(c.Stdin, 1<<20))
	}
	if err != nil {
		return "", fmt.Errorf("read the value of %s: %w", key, err)
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	if value == "" {
		return "", &usageError{"the value of " + key + " is empty", "give it on standard input: printf %s \"$VALUE\" | ductape secrets set " + key}
	}
	return value, nil
}

func (c *command) secretsList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List secrets, never their values", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var secrets []ductape.Secret
				if err := t.Do(cmd.Context(), "GET", "/v1/secrets", nil, &secrets); err != nil || c.json {
					return orPrint(c, secrets, err)
				}
				rows := make([][]string, len(secrets))
				for i, s := range secrets {
					rows[i] = []string{s.Key, strconv.Itoa(s.Version), orAll(s.Apps), orAll(s.Envs), when(s.UpdatedAt), whenOr(s.ExpiresAt, "never")}
				}
				return c.table([]string{"KEY", "VERSION", "APPS", "ENVS", "SET", "EXPIRES"}, rows)
			})
		},
	}
}

func (c *command) secretsDelete() *cobra.Command {
	return &cobra.Command{
		Use: "delete KEY", Short: "Delete a secret and all its versions", Args: exactly("KEY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				return t.Do(cmd.Context(), "DELETE", "/v1/secrets/"+url.PathEscape(args[0]), nil, nil)
			})
		},
	}
}

func orAll(list []string) string {
	if len(list) == 0 {
		return "all"
	}
	return strings.Join(list, ", ")
}
