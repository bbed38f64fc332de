package cli

import (
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

func (c *command) runsCommand() *cobra.Command {
	query := url.Values{}
	limit := 20
	flags := map[string]*string{}
	cmd := &cobra.Command{
		Use: "runs", Short: "List what was run, newest first", Args: exactly(),
		Example: "  ductape runs --outcome error\n  ductape runs --user 42\n  ductape runs show run_01…",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for name, value := range flags {
				if *value != "" {
					query.Set(name, *value)
				}
			}
			query.Set("limit", strconv.Itoa(limit))
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				runs, err := t.Runs(cmd.Context(), query)
				if err != nil || c.json {
					return orPrint(c, runs, err)
				}
				return c.table([]string{"RUN", "STARTED", "PRODUCT", "ENV", "APP", "EVENT", "OUTCOME", "STATUS", "TRIES", "CACHE", "TIME"}, runRows(runs))
			})
		},
	}
	for _, f := range []struct{ name, short, about string }{
		{"product", "p", "only of this product"},
		{"env", "e", "only of this environment"},
		{"app", "", "only of this access tag"},
		{"event", "", "only of this action"},
		{"outcome", "", "ok, error, or a code"},
		{"session", "", "only of this session id"},
		{"user", "", "only of this user: the session selector's value"},
		{"before", "", "run to begin before"},
	} {
		flags[f.name] = cmd.Flags().StringP(f.name, f.short, "", f.about)
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "how many, at most 1000")
	cmd.AddCommand(&cobra.Command{
		Use: "show ID", Short: "Show one run", Args: exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.show(cmd, "/v1/runs/"+url.PathEscape(args[0]), new(ductape.RunRecord))
		},
	})
	return cmd
}

func runRows(runs []ductape.RunRecord) [][]string {
	rows := make([][]string, len(runs))
	for i, r := range runs {
		status := "-"
		if r.Status != 0 {
			status = strconv.Itoa(r.Status)
		}
		took := (time.Duration(r.DurationUS) * time.Microsecond).Round(100 * time.Microsecond).String()
		rows[i] = []string{r.ID, when(r.StartedAt), r.Product, r.Env, r.App, r.Event, string(r.Outcome), status, strconv.Itoa(r.Attempts), r.Cache, took}
	}
	return rows
}
