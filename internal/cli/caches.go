package cli

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

func (c *command) cachesCommand() *cobra.Command {
	var product string
	var expiry time.Duration
	path := func(tag string) string {
		return "/v1/products/" + url.PathEscape(product) + "/caches/" + url.PathEscape(tag)
	}
	list := &cobra.Command{
		Use: "list -p PRODUCT", Short: "List a product's caches", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var p ductape.Product
				if err := t.Do(cmd.Context(), "GET", "/v1/products/"+url.PathEscape(product), nil, &p); err != nil || c.json {
					return orPrint(c, p.Caches, err)
				}
				rows := make([][]string, len(p.Caches))
				for i, k := range p.Caches {
					rows[i] = []string{k.Tag, strconv.FormatInt(k.Expiry, 10) + " ms", k.Name}
				}
				return c.table([]string{"CACHE", "EXPIRY", "NAME"}, rows)
			})
		},
	}
	set := &cobra.Command{
		Use: "set -p PRODUCT TAG --expiry 60s", Short: "Create or change a cache", Args: exactly("TAG"),
		Example: "  ductape caches set -p my-product products-list --expiry 60s",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				body := ductape.CachePolicy{Tag: args[0], Expiry: expiry.Milliseconds()}
				if err := t.Do(cmd.Context(), "PUT", path(args[0]), body, nil); err != nil {
					return err
				}
				fmt.Fprintf(c.Stdout, "Cache %s of %s keeps answers for %s.\n", args[0], product, expiry)
				return nil
			})
		},
	}
	set.Flags().DurationVar(&expiry, "expiry", time.Minute, "how long answers are kept")
	remove := &cobra.Command{
		Use: "delete -p PRODUCT TAG", Short: "Delete a cache", Args: exactly("TAG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error { return t.Do(cmd.Context(), "DELETE", path(args[0]), nil, nil) })
		},
	}
	g := group("caches", "List, set and delete a product's caches", list, set, remove)
	g.PersistentFlags().StringVarP(&product, "product", "p", "", "`PRODUCT` whose caches are meant")
	return g
}
