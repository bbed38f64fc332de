package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// when prints a time in a column.
func when(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

func whenOr(t *time.Time, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return when(*t)
}

// orPrint passes an error on, or prints a value as JSON.
func orPrint(c *command, v any, err error) error {
	if err != nil {
		return err
	}
	return c.printJSON(v)
}

// columns prints rows without a heading.
func (c *command) columns(rows [][]string) error {
	w := tabwriter.NewWriter(c.Stdout, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			row[i] = oneLine(row[i])
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

func sortedNames(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
