package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) applyCommand() *cobra.Command {
	var file string
	var prune, dryRun bool
	cmd := &cobra.Command{
		Use: "apply -f FILE", Short: "Make the workspace what a ductape.yaml says", Args: exactly(),
		Long: `Apply reads a ductape.yaml and the descriptions it imports, shows what changes
(+ added, ~ changed, - removed) and changes all of it or nothing. What the file
does not name stays, unless --prune is given.`,
		Example: "  ductape apply -f ductape.yaml --dry-run\n  ductape apply -f ductape.yaml",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			text, err := c.readFile(file)
			if err != nil {
				return err
			}
			imports, err := catalog.Imports(text)
			if err != nil {
				return err
			}
			files, err := c.gather(filepath.Dir(file), imports)
			if err != nil {
				return err
			}
			leave, err := c.scratch(dryRun)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, leave()) }()
			return c.with(cmd.Context(), mayCreate, func(t *target) error {
				body := map[string]any{"location": file, "file": string(text), "prune": prune, "dry_run": dryRun}
				stop := c.progress("applying " + file)
				var plan catalog.Plan
				err := t.DoWithFiles(cmd.Context(), "/v1/apply", "apply", body, files, &plan)
				stop()
				if err != nil || c.json {
					return orPrint(c, plan, err)
				}
				fmt.Fprint(c.Stdout, plan.String())
				if dryRun {
					fmt.Fprintln(c.Stdout, "Nothing was changed: this was a dry run.")
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "ductape.yaml", "`FILE` to apply, - for standard input")
	cmd.Flags().BoolVar(&prune, "prune", false, "remove what the file does not name")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only show what would change")
	return cmd
}

// readFile reads a file, or standard input for "-".
func (c *command) readFile(name string) ([]byte, error) {
	if name == "-" {
		return readAll(c.Stdin, "standard input")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, ductape.NewError(ductape.CodeNotFound, "cannot read "+name+": "+pathCause(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, ductape.NewError(ductape.CodeInvalidInput, name+" is a folder").WithHint("name a file in it: " + filepath.Join(name, "ductape.yaml") + ", or a description's")
	}
	return readAll(f, name)
}
