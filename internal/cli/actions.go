package cli

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) actionsCommand() *cobra.Command {
	var match string
	list := &cobra.Command{
		Use: "list APP", Short: "List an app's actions", Args: exactly("APP"),
		Example: "  ductape actions list stripe --match customer",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				all, err := t.Actions(cmd.Context(), args[0])
				actions := all[:0]
				for _, a := range all {
					if strings.Contains(strings.ToLower(a.Tag+" "+a.Method+" "+a.Resource+" "+a.Name), strings.ToLower(match)) {
						actions = append(actions, a)
					}
				}
				if err != nil || c.json {
					return orPrint(c, actions, err)
				}
				rows := make([][]string, len(actions))
				for i, a := range actions {
					rows[i] = []string{a.Tag, a.Method, a.Resource, a.Name}
				}
				return c.table([]string{"ACTION", "METHOD", "RESOURCE", "NAME"}, rows)
			})
		},
	}
	list.Flags().StringVar(&match, "match", "", "only those whose tag, resource or name holds this text")
	show := &cobra.Command{
		Use: "show APP ACTION", Short: "Show an action: parameters, bodies, security", Args: exactly("APP", "ACTION"),
		Example: "  ductape actions show stripe create_customer\n  ductape actions show stripe 'POST /v1/customers'",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.show(cmd, "/v1/apps/"+url.PathEscape(args[0])+"/actions/"+url.PathEscape(args[1]), new(ductape.Action))
		},
	}
	return listGroup("actions [APP]", "List and show an app's actions, and make sample inputs", list, show, c.actionsSample())
}

func (c *command) actionsSample() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "sample APP ACTION", Short: "Make a valid input of an action", Args: exactly("APP", "ACTION"),
		Example: "  ductape actions sample stripe create_customer --all\n  ductape actions sample stripe create_payment_intent | ductape run -p my-product -e dev stripe-app create_payment_intent --input -",
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/v1/apps/" + url.PathEscape(args[0]) + "/actions/" + url.PathEscape(args[1]) + "/sample"
			if all {
				path += "?all=true"
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				var s catalog.Sample
				if err := t.Do(cmd.Context(), "GET", path, nil, &s); err != nil {
					return err
				}
				if s.Warning != "" {
					fmt.Fprintln(c.Stderr, "warning:", oneLine(s.Warning))
				}
				if c.json {
					return c.printJSON(s.Input)
				}
				_, err := fmt.Fprintln(c.Stdout, indentJSON(s.Input))
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "optional parameters and fields too")
	return cmd
}
