package cli

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

func (c *command) secretsCommand() *cobra.Command {
	return group("secrets", "Set, rotate, list and delete secrets; their values never come out",
		c.secretsSet(), c.secretsRotate(), c.secretsImport(), c.secretsList(), c.secretsDescribe(), c.secretsDelete())
}

func (c *command) secretsSet() *cobra.Command {
	var flags scopeFlags
	var file, from string
	cmd := &cobra.Command{
		Use: "set KEY", Short: "Set a secret, its value from standard input, a file or a prompt", Args: oneKey("KEY"),
		Example: `  printf %s "$STRIPE_KEY" | ductape secrets set STRIPE_TEST_KEY
  ductape secrets set STRIPE_TEST_KEY --file ./key.txt --apps stripe --envs dev --expires 90d
  ductape secrets set STRIPE_TEST_KEY --from vault:secret/stripe#key`,
		RunE: func(cmd *cobra.Command, args []string) error {
			scope, err := flags.scope()
			if err != nil {
				return err
			}
			body := secretBody{From: from, SecretScope: scope}
			if from == "" {
				if body.Value, err = c.readSecret(cmd.Context(), secretOf(args[0]), file); err != nil {
					return err
				}
			} else if file != "" {
				return &usageError{"--from and --file name two places", "leave one of them out"}
			}
			return c.with(cmd.Context(), mayCreate, func(t *target) error {
				var s setSecret
				if err := t.Do(cmd.Context(), "PUT", "/v1/secrets/"+url.PathEscape(args[0]), body, &s); err != nil || c.json {
					return orPrint(c, s, err)
				}
				fmt.Fprintf(c.Stdout, "%s is set (version %d; %s).\n", s.Key, s.Version, scopeText(&s.Secret))
				c.warnOf(s.Key, s.Warnings)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "`file` to read the value from")
	cmd.Flags().StringVar(&from, "from", "", "where the server reads the value each time: `env:NAME, file:/path or vault:path#field`, as its operator allows")
	flags.add(cmd)
	return cmd
}

func (c *command) secretsRotate() *cobra.Command {
	var file, grace, expires string
	cmd := &cobra.Command{
		Use: "rotate KEY", Short: "Give a secret its next value; what is pinned to the one before works on for a while", Args: oneKey("KEY"),
		Long: `Gives a secret its next value, from standard input, a file or a prompt. Its scope
stays. $Secret{KEY} means the new value at once. $Secret{KEY@2}, pinned to version 2,
means that one until the grace is over; --grace 0 ends every version before.`,
		Example: `  printf %s "$NEW" | ductape secrets rotate STRIPE_TEST_KEY --grace 2h`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := parseSpan(grace)
			if err != nil {
				return &usageError{"--grace: " + err.Error(), "for example 0, 2h or 7d"}
			}
			seconds := int64(d.Seconds())
			at, err := parseExpiry(expires)
			if err != nil {
				return err
			}
			value, err := c.readSecret(cmd.Context(), secretOf(args[0]), file)
			if err != nil {
				return err
			}
			body := map[string]any{"value": value, "grace_seconds": seconds}
			if at != nil {
				body["expires_at"] = at
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var s ductape.Secret
				if err := t.Do(cmd.Context(), "POST", "/v1/secrets/"+url.PathEscape(args[0])+"/rotate", body, &s); err != nil || c.json {
					return orPrint(c, s, err)
				}
				fmt.Fprintf(c.Stdout, "%s is rotated (version %d; %s); %s.\n", s.Key, s.Version, scopeText(&s), earlier(&s))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "`file` to read the value from")
	cmd.Flags().StringVar(&grace, "grace", "24h", "how long versions before may be used where they are pinned: `0, 2h, 7d`")
	cmd.Flags().StringVar(&expires, "expires", "", "when the new value expires: `90d` or a date; never when left out")
	return cmd
}

func earlier(s *ductape.Secret) string {
	if s.PreviousUntil == nil {
		return "versions before it can no longer be used"
	}
	return "versions before it can be used until " + when(*s.PreviousUntil) + " where they are pinned"
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
