package cli

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) secretsList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List secrets, never their values", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var secrets []ductape.Secret
				if err := t.Do(cmd.Context(), "GET", "/v1/secrets", nil, &secrets); err != nil || c.json {
					return orPrint(c, secrets, err)
				}
				now := time.Now()
				rows := make([][]string, len(secrets))
				for i, s := range secrets {
					rows[i] = []string{s.Key, strconv.Itoa(s.Version), orAll(s.Apps), orAll(s.Envs), when(s.UpdatedAt), expiry(&s, now), lastUse(&s), kept(&s)}
				}
				return c.table([]string{"KEY", "VERSION", "APPS", "ENVS", "SET", "EXPIRES", "USED", "FROM"}, rows)
			})
		},
	}
}

func (c *command) secretsDescribe() *cobra.Command {
	return &cobra.Command{
		Use: "describe KEY", Short: "Show what is known of a secret and its versions, never a value", Args: exactly("KEY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				at := "/v1/secrets/" + url.PathEscape(args[0])
				var s ductape.Secret
				if err := t.Do(cmd.Context(), "GET", at, nil, &s); err != nil {
					return err
				}
				var versions []ductape.Secret
				if err := t.Do(cmd.Context(), "GET", at+"/versions", nil, &versions); err != nil {
					return err
				}
				if c.json {
					return c.printJSON(struct {
						ductape.Secret
						Versions []ductape.Secret `json:"versions"`
					}{s, versions})
				}
				return c.printSecret(&s, versions)
			})
		},
	}
}

func (c *command) printSecret(s *ductape.Secret, versions []ductape.Secret) error {
	now := time.Now()
	err := c.columns([][]string{
		{"key", s.Key},
		{"apps", orAll(s.Apps)},
		{"envs", orAll(s.Envs)},
		{"first set", when(s.CreatedAt)},
		{"expires", expiry(s, now)},
		{"last used", lastUse(s)},
		{"kept", kept(s)},
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Stdout)
	rows := make([][]string, len(versions))
	for i, v := range versions {
		rows[i] = []string{strconv.Itoa(v.Version), when(v.UpdatedAt), expiry(&v, now), usable(versions[:i], now)}
	}
	return c.table([]string{"VERSION", "SET", "EXPIRES", "USABLE"}, rows)
}

// usable says until when a version can be used, given those after it.
func usable(later []ductape.Secret, now time.Time) string {
	if len(later) == 0 {
		return "as $Secret{KEY}"
	}
	var until *time.Time
	for i := range later {
		p := later[i].PreviousUntil
		if p == nil || !now.Before(*p) {
			return "no longer"
		}
		if until == nil || p.Before(*until) {
			until = p
		}
	}
	return "where pinned, until " + when(*until)
}

func expiry(s *ductape.Secret, now time.Time) string {
	if s.ExpiresAt == nil {
		return "never"
	}
	if text := catalog.ExpiryWarning(s, now); text != "" {
		return strings.TrimPrefix(text, "secret "+s.Key+" ")
	}
	return when(*s.ExpiresAt)
}

func lastUse(s *ductape.Secret) string {
	if s.LastUsedAt == nil {
		return "never"
	}
	return "in the hour from " + s.LastUsedAt.Local().Format("2006-01-02 15:04")
}

func kept(s *ductape.Secret) string {
	if s.From == "" {
		return "here"
	}
	return s.From
}

func orAll(list []string) string {
	if len(list) == 0 {
		return "all"
	}
	return strings.Join(list, ", ")
}
