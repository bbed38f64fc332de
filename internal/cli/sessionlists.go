package cli

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape/session"
)

// sessionFilter is the flags of a listing of sessions. Each is a parameter of
// the query by the same name, but for user, which is the identifier.
type sessionFilter struct {
	query  url.Values
	values map[string]*string
	limit  int
}

func (f *sessionFilter) add(cmd *cobra.Command, paged string) {
	f.query, f.values = url.Values{}, map[string]*string{}
	for _, flag := range []struct{ name, short, param, about string }{
		{"product", "p", "product", "only of this `PRODUCT`"}, {"env", "e", "env", "only of this `ENV`"}, {"tag", "", "tag", "only of this session `TYPE`"},
	} {
		f.values[flag.param] = cmd.Flags().StringP(flag.name, flag.short, "", flag.about)
	}
	if paged == "" {
		return
	}
	f.values["identifier"] = cmd.Flags().String("user", "", "only of this `IDENTIFIER`: the selector's value, or its hash as listings show it")
	f.values["before"] = cmd.Flags().String("before", "", paged)
	cmd.Flags().IntVar(&f.limit, "limit", 20, "how many, at most 1000")
}

func (f *sessionFilter) path(path string) string {
	for name, value := range f.values {
		if *value != "" {
			f.query.Set(name, *value)
		}
	}
	if f.limit != 0 {
		f.query.Set("limit", strconv.Itoa(f.limit))
	}
	return path + "?" + f.query.Encode()
}

// listing is a command that reads something and prints it.
func listing[T any](c *command, use, short, example string, path func() string, print func(T) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: exactly(), Example: example,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var out T
				if err := t.Do(cmd.Context(), "GET", path(), nil, &out); err != nil || c.json {
					return orPrint(c, out, err)
				}
				return print(out)
			})
		},
	}
}

func (c *command) sessionsList() *cobra.Command {
	var f sessionFilter
	var ended bool
	path := func() string {
		if ended {
			f.query.Set("ended", "true")
		}
		return f.path("/v1/sessions")
	}
	cmd := listing(c, "list", "List sessions, newest first", "  ductape sessions list -p my-product\n  ductape sessions list --user 42 --ended", path,
		func(all []session.Info) error {
			rows := make([][]string, len(all))
			for i, s := range all {
				rows[i] = []string{s.SessionID, s.Product, s.Env, s.Tag, string(s.State), when(s.StartedAt), when(s.ExpiresAt), s.Identifier}
			}
			return c.table([]string{"SESSION", "PRODUCT", "ENV", "TYPE", "STATE", "STARTED", "EXPIRES", "USER"}, rows)
		})
	f.add(cmd, "`ID` of the session to begin behind")
	cmd.Flags().BoolVar(&ended, "ended", false, "list those too that expired or were revoked")
	return cmd
}

func (c *command) sessionsUsers() *cobra.Command {
	var f sessionFilter
	cmd := listing(c, "users", "List who had sessions, last seen first", "", func() string { return f.path("/v1/sessions/users") },
		func(all []session.User) error {
			rows := make([][]string, len(all))
			for i, u := range all {
				rows[i] = []string{u.Identifier, strconv.FormatInt(u.Active, 10), strconv.FormatInt(u.Sessions, 10), when(u.FirstAt), when(u.SeenAt)}
			}
			return c.table([]string{"USER", "ACTIVE", "SESSIONS", "FIRST", "LAST"}, rows)
		})
	f.add(cmd, "`USER` to begin behind")
	return cmd
}

func (c *command) sessionsStats() *cobra.Command {
	var f sessionFilter
	var days int
	path := func() string {
		f.query.Set("days", strconv.Itoa(days))
		return f.path("/v1/sessions/stats")
	}
	cmd := listing(c, "stats", "Count sessions by day", "  ductape sessions stats -p my-product --days 7", path,
		func(s session.Stats) error {
			rows := make([][]string, 0, len(s.Days)+1)
			row := func(name string, numbers ...int64) {
				cells := []string{name}
				for _, n := range numbers {
					cells = append(cells, strconv.FormatInt(n, 10))
				}
				rows = append(rows, cells)
			}
			for _, d := range s.Days {
				row(d.Day, d.Started, d.Expired, d.Revoked, d.Active)
			}
			row("all", s.Started, s.Expired, s.Revoked, s.Active)
			return c.table([]string{"DAY", "STARTED", "EXPIRED", "REVOKED", "ACTIVE"}, rows)
		})
	f.add(cmd, "")
	cmd.Flags().IntVar(&days, "days", 30, "how many days of UTC, today among them")
	return cmd
}

// rotateSessionKey stands under keys.
func (c *command) rotateSessionKey() *cobra.Command {
	return &cobra.Command{
		Use: "rotate-session", Short: "Sign new sessions with a new key; older tokens stay good until they expire", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var out struct {
					KeyID string `json:"keyId"`
				}
				if err := t.Do(cmd.Context(), "POST", "/v1/keys/rotate-session", nil, &out); err != nil || c.json {
					return orPrint(c, out, err)
				}
				fmt.Fprintf(c.Stdout, "New sessions are signed with key %s; tokens made before stay good until they expire.\n", out.KeyID)
				return nil
			})
		},
	}
}
