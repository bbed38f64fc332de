package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sort"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/spec"
)

type importFlags struct {
	app                   string
	update, dryRun, prune bool
	acceptHosts           []string
}

func (c *command) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use: "import FILE|URL...", Short: "Import API descriptions (OpenAPI, Swagger, Postman) as apps",
		Long: `Import reads descriptions and keeps each as an app, one action per endpoint. An
import never fails on what it cannot carry over: it lists that. Over an app that
is there, --update shows what was added, changed and removed.`,
		Example: "  ductape import https://petstore3.swagger.io/api/v3/openapi.json\n  ductape import ./stripe.json --app stripe\n  ductape import --dry-run --json *.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"missing FILE or URL", "usage: " + cmd.UseLine()}
			}
			if f.app != "" && len(args) > 1 {
				return &usageError{"--app names one app, and there are several descriptions", "import them one by one"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.importAll(cmd.Context(), args, f) },
	}
	cmd.Flags().StringVar(&f.app, "app", "", "`TAG` of the app; from the description's title when left out")
	cmd.Flags().BoolVar(&f.update, "update", false, "import over an app that is there")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "only report")
	cmd.Flags().BoolVar(&f.prune, "prune", false, "remove actions that are gone from the description")
	cmd.Flags().StringSliceVar(&f.acceptHosts, "accept-hosts", nil, "new hosts that may receive existing credentials")
	return cmd
}

// An importLine is what is printed of one description.
type importLine struct {
	File     string                  `json:"file"`
	OK       bool                    `json:"ok"`
	Format   string                  `json:"format"`
	Version  string                  `json:"version"`
	App      string                  `json:"app"`
	Actions  int                     `json:"actions"`
	Warnings []ductape.Warning       `json:"warnings"`
	Added    []catalog.Change        `json:"added,omitempty"`
	Changed  []catalog.Change        `json:"changed,omitempty"`
	Parts    []catalog.PlannedChange `json:"parts,omitempty"`
	Removed  []string                `json:"removed,omitempty"`
	Error    string                  `json:"error"`
	Hint     string                  `json:"hint,omitempty"` // what to do about the error, where known

	pruned bool
	err    error
}

var errSomeFailed = errors.New("some descriptions were not imported")

func (c *command) importAll(ctx context.Context, files []string, f importFlags) (err error) {
	read := c.importOne
	if f.dryRun && !f.update {
		// What a description holds can be told without any catalog.
		return c.eachImport(files, f, func(file string) importLine { return c.readOnly(ctx, file, f) })
	}
	leave, err := c.scratch(f.dryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return c.with(ctx, mayCreate, func(t *target) error {
		return c.eachImport(files, f, func(file string) importLine { return read(ctx, t, file, f) })
	})
}

func (c *command) eachImport(files []string, f importFlags, one func(string) importLine) error {
	failed := 0
	bar := c.bar(len(files))
	for _, file := range files {
		bar.step(file)
		line := one(file)
		if line.err != nil {
			failed++
			line.Error, line.Hint = line.err.Error(), hintOf(line.err)
			if len(files) == 1 && !c.json {
				bar.stop()
				return line.err
			}
		} else {
			line.OK = true
		}
		if line.Warnings == nil {
			line.Warnings = []ductape.Warning{}
		}
		bar.clear()
		if err := c.printImport(line, f); err != nil {
			return err
		}
	}
	bar.stop()
	if failed > 0 {
		return fmt.Errorf("%w: %d of %d", errSomeFailed, failed, len(files))
	}
	return nil
}

// hintOf returns what to do about an error, where that is known.
func hintOf(err error) string {
	var e *ductape.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// readOnly reads a description without keeping it.
func (c *command) readOnly(ctx context.Context, file string, f importFlags) importLine {
	line := importLine{File: file}
	src, err := c.source(ctx, file)
	if err != nil {
		line.err = err
		return line
	}
	res, err := spec.Read(src, spec.Options{Tag: f.app})
	if err != nil {
		line.err = err
		return line
	}
	line.Format, line.Version, line.App, line.Actions, line.Warnings = res.Format, res.Version, res.App.Tag, len(res.App.Actions), res.Warnings
	return line
}

func (c *command) importOne(ctx context.Context, t *target, file string, f importFlags) importLine {
	line := importLine{File: file}
	body := map[string]any{"tag": f.app, "location": file, "update": f.update, "dry_run": f.dryRun, "prune": f.prune, "accept_hosts": f.acceptHosts}
	var files map[string]ductape.File
	if !isURL(file) {
		folder, base := filepath.Split(file)
		if files, line.err = c.gather(folder, []string{base}); line.err != nil {
			return line
		}
		body["location"] = base
	}
	var report catalog.ImportReport
	if line.err = t.DoWithFiles(ctx, "/v1/apps/import", "import", body, files, &report); line.err != nil {
		return line
	}
	line.Format, line.Version, line.App, line.Actions, line.Warnings = report.Format, report.Version, report.App, report.Actions, report.Warnings
	line.Parts = report.Parts
	line.Added, line.Changed, line.Removed, line.pruned = report.Added, report.Changed, report.Removed, report.Pruned
	return line
}

func (c *command) printImport(l importLine, f importFlags) error {
	if c.json {
		enc := json.NewEncoder(c.Stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(l)
	}
	if l.err != nil {
		fmt.Fprintf(c.Stdout, "%s: not imported: %s\n", l.File, oneLine(l.Error))
		if hint := hintOf(l.err); hint != "" {
			fmt.Fprintf(c.Stdout, "  hint: %s\n", oneLine(hint))
		}
		return nil
	}
	did := "imported"
	if f.dryRun {
		did = "would import"
	}
	fmt.Fprintf(c.Stdout, "%s: %s as app %s: %s %s, %d actions\n", l.File, did, oneLine(l.App), oneLine(l.Format), oneLine(l.Version), l.Actions)
	for _, p := range l.Parts {
		fmt.Fprintf(c.Stdout, "%s %s %s\n", p.Op, p.Kind, oneLine(p.Name))
		for _, d := range p.Detail {
			fmt.Fprintf(c.Stdout, "    %s\n", oneLine(d))
		}
	}
	for _, a := range l.Added {
		fmt.Fprintf(c.Stdout, "+ %s  %s %s\n", a.Action, a.Method, oneLine(a.Resource))
	}
	for _, a := range l.Changed {
		fmt.Fprintf(c.Stdout, "~ %s\n", a.Action)
		for _, d := range a.Detail {
			fmt.Fprintf(c.Stdout, "    %s\n", oneLine(d))
		}
	}
	for _, a := range l.Removed {
		if l.pruned {
			fmt.Fprintf(c.Stdout, "- %s\n", a)
		} else {
			fmt.Fprintf(c.Stdout, "= %s: no longer described, kept (--prune removes it)\n", a)
		}
	}
	c.printWarnings(l.Warnings)
	return nil
}

// maxWarnings is how many warnings of one code are printed for people.
const maxWarnings = 5

func (c *command) printWarnings(list []ductape.Warning) {
	byCode := map[string][]ductape.Warning{}
	for _, w := range list {
		byCode[w.Code] = append(byCode[w.Code], w)
	}
	codes := make([]string, 0, len(byCode))
	for code := range byCode {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		all := byCode[code]
		for i, w := range all {
			if i == maxWarnings {
				fmt.Fprintf(c.Stdout, "  ! %s: %d more (--json lists all)\n", code, len(all)-maxWarnings)
				break
			}
			fmt.Fprintf(c.Stdout, "  ! %s at %s: %s\n", code, oneLine(w.Where), oneLine(w.Message))
		}
	}
}
