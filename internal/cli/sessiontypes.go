package cli

import (
	"net/url"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

// sessionTypes are the commands for the kinds of session a product has.
func (c *command) sessionTypes() *cobra.Command {
	var product string
	var typ ductape.SessionType
	path := func(tag string) string {
		return "/v1/products/" + url.PathEscape(product) + "/sessions/" + url.PathEscape(tag)
	}
	set := &cobra.Command{
		Use: "set -p PRODUCT TAG --expiry 7 --period days", Short: "Create or change a session type", Args: exactly("TAG"),
		Example: "  ductape sessions types set -p my-product user-session --selector '$Session{user}{id}' --expiry 7 --period days",
		RunE: func(cmd *cobra.Command, args []string) error {
			typ.Tag = args[0]
			return c.with(cmd.Context(), mustExist, func(t *target) error { return t.Do(cmd.Context(), "PUT", path(args[0]), typ, nil) })
		},
	}
	set.Flags().StringVar(&typ.Selector, "selector", "", "`REFERENCE` to what identifies the user")
	set.Flags().Int64Var(&typ.Expiry, "expiry", 1, "how many periods a token is good for")
	set.Flags().StringVar(&typ.Period, "period", "days", "seconds, minutes, hours, days, weeks or months")
	set.Flags().Int64Var(&typ.RefreshExpiry, "refresh-expiry", 0, "how many periods it can be renewed for; 0: not at all")
	remove := &cobra.Command{
		Use: "delete -p PRODUCT TAG", Short: "Delete a session type", Args: exactly("TAG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error { return t.Do(cmd.Context(), "DELETE", path(args[0]), nil, nil) })
		},
	}
	g := group("types", "Set and delete a product's session types", set, remove)
	g.PersistentFlags().StringVarP(&product, "product", "p", "", "`PRODUCT` whose session types are meant")
	return g
}
