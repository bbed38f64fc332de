package cli

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

func (c *command) productsCommand() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List products", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				products, err := t.Products(cmd.Context())
				if err != nil || c.json {
					return orPrint(c, products, err)
				}
				rows := make([][]string, len(products))
				for i, p := range products {
					rows[i] = []string{p.Tag, names(p.Envs, func(e ductape.ProductEnv) string { return e.Slug }), names(p.Apps, func(a ductape.Connection) string { return a.AccessTag })}
				}
				return c.table([]string{"PRODUCT", "ENVS", "APPS"}, rows)
			})
		},
	}
	show := &cobra.Command{
		Use: "show PRODUCT", Short: "Show a product: environments, connections, caches, sessions", Args: exactly("PRODUCT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.show(cmd, "/v1/products/"+url.PathEscape(args[0]), new(ductape.Product))
		},
	}
	return listGroup("products", "List, show, change, connect and delete products", list, show, c.productsSet(), c.productsConnect(), c.productsDisconnect(), c.deleter("delete PRODUCT", "Delete a product and its connections", "/v1/products/"))
}

func names[T any](items []T, name func(T) string) string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = name(it)
	}
	return strings.Join(out, ", ")
}
