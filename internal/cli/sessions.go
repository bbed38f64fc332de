package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
)

func (c *command) sessionsCommand() *cobra.Command {
	return group("sessions", "Start, check, renew, end and list sessions", c.sessionsStart(), c.sessionsVerify(), c.sessionsDecrypt(), c.sessionsRefresh(), c.sessionsRevoke(),
		c.sessionsList(), c.sessionsUsers(), c.sessionsStats(), c.sessionTypes())
}

type sessionFlags struct{ product, env string }

func (f *sessionFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.product, "product", "p", "", "`PRODUCT` of the session")
	cmd.Flags().StringVarP(&f.env, "env", "e", "", "`ENV` of the product")
}

func (c *command) sessionsStart() *cobra.Command {
	var f sessionFlags
	cmd := &cobra.Command{
		Use: "start -p PRODUCT -e ENV TAG", Short: "Begin a session with the user's data, JSON on standard input", Args: exactly("TAG"),
		Example: `  echo '{"user":{"id":"42"}}' | ductape sessions start -p my-product -e dev user-session --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := readAll(c.Stdin, "standard input")
			if err != nil {
				return err
			}
			if !json.Valid(data) {
				return &usageError{"the user's data on standard input is not JSON", `for example: echo '{"user":{"id":"42"}}' | ` + cmd.CommandPath()}
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				s, err := t.StartSession(cmd.Context(), f.product, f.env, args[0], json.RawMessage(data))
				if err != nil || c.json {
					return orPrint(c, s, err)
				}
				fmt.Fprintf(c.Stdout, "session  %s, until %s\ntoken    %s:%s\n", s.SessionID, when(s.ExpiresAt), args[0], s.Token)
				if s.RefreshToken != "" {
					fmt.Fprintf(c.Stdout, "refresh  %s\n", s.RefreshToken)
				}
				return nil
			})
		},
	}
	f.add(cmd)
	return cmd
}

// sessionsCall is a command that sends one text from standard input, which no
// shell history keeps, and prints the answer.
func (c *command) sessionsCall(use, short, path, field, what string) *cobra.Command {
	var f sessionFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Args: oneKey("TAG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			token, err := c.readSecret(cmd.Context(), tokenOf(what, cmd), "")
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var out json.RawMessage
				body := map[string]string{"product": f.product, "env": f.env, "tag": args[0], field: token}
				return orPrint(c, &out, t.Do(cmd.Context(), "POST", path, body, &out))
			})
		},
	}
	f.add(cmd)
	return cmd
}

func (c *command) sessionsVerify() *cobra.Command {
	return c.sessionsCall("verify -p PRODUCT -e ENV TAG", "Check a token, given on standard input, and show its data", "/v1/sessions/verify", "token", "token")
}

func (c *command) sessionsDecrypt() *cobra.Command {
	return c.sessionsCall("decrypt -p PRODUCT -e ENV TAG", "Check a token, given on standard input, and show its data alone", "/v1/sessions/decrypt", "token", "token")
}

func (c *command) sessionsRefresh() *cobra.Command {
	return c.sessionsCall("refresh -p PRODUCT -e ENV TAG", "Take a refresh token, given on standard input, and show new tokens", "/v1/sessions/refresh", "refreshToken", "refresh token")
}

func (c *command) sessionsRevoke() *cobra.Command {
	var id, identifier string
	cmd := &cobra.Command{
		Use: "revoke --session ID | --user IDENTIFIER", Short: "End a session, or all of a user's", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (id == "") == (identifier == "") {
				return &usageError{"name either --session or --user", "usage: " + cmd.UseLine()}
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var out struct {
					Revoked int64 `json:"revoked"`
				}
				body := map[string]string{"sessionId": id, "identifier": identifier}
				if err := t.Do(cmd.Context(), "POST", "/v1/sessions/revoke", body, &out); err != nil || c.json {
					return orPrint(c, out, err)
				}
				fmt.Fprintf(c.Stdout, "%d ended.\n", out.Revoked)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&id, "session", "", "`ID` of the session")
	cmd.Flags().StringVar(&identifier, "user", "", "`IDENTIFIER` of the user: the selector's value")
	return cmd
}
