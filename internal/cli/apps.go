package cli

import (
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

func (c *command) appsCommand() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List apps", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				apps, err := t.Apps(cmd.Context())
				if err != nil || c.json {
					return orPrint(c, apps, err)
				}
				rows := make([][]string, len(apps))
				for i, a := range apps {
					rows[i] = []string{a.Tag, a.Name, a.Version, strconv.Itoa(len(a.Envs)), strconv.Itoa(len(a.Auths))}
				}
				return c.table([]string{"APP", "NAME", "VERSION", "ENVS", "AUTHS"}, rows)
			})
		},
	}
	show := &cobra.Command{
		Use: "show APP", Short: "Show an app: environments, auths, variables", Args: exactly("APP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.show(cmd, "/v1/apps/"+url.PathEscape(args[0]), new(ductape.App))
		},
	}
	remove := c.deleter("delete APP", "Delete an app that no product is connected to", "/v1/apps/")
	return listGroup("apps", "List, show, change and delete apps", list, append([]*cobra.Command{show, remove}, c.appParts()...)...)
}

// show prints one resource as JSON.
func (c *command) show(cmd *cobra.Command, path string, into any) error {
	return c.with(cmd.Context(), mustExist, func(t *target) error {
		return orPrint(c, into, t.Do(cmd.Context(), "GET", path, nil, into))
	})
}

// deleter is a command that deletes what its one argument names.
func (c *command) deleter(use, short, path string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: exactly("TAG"), RunE: func(cmd *cobra.Command, args []string) error {
		return c.with(cmd.Context(), mustExist, func(t *target) error {
			return t.Do(cmd.Context(), "DELETE", path+url.PathEscape(args[0]), nil, nil)
		})
	}}
}
