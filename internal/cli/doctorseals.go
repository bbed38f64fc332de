package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

// sealsTime is how long doctor tries sealed values unless it is told otherwise.
const sealsTime = time.Minute

// seals opens everything that the data folder keeps sealed, in all workspaces.
// It needs the master key, so of a server it says where to look.
func (c *command) seals(ctx context.Context, most time.Duration) (checks []check, err error) {
	if c.url != "" || c.data == "" && c.Getenv("DUCTAPE_URL") != "" {
		return []check{{Name: "sealed values", OK: true, Detail: "not tried: only where the data is, with ductape doctor --data FOLDER"}}, nil
	}
	if err := c.checkFolder(mustExist); err != nil {
		return nil, err
	}
	d, err := c.openDuctape(ctx, embedded.Config{})
	if err != nil {
		return nil, err
	}
	report, err := c.examine(ctx, d, most)
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return sealChecks(report, most), nil
}

func (c *command) examine(ctx context.Context, d *embedded.Ductape, most time.Duration) (*catalog.SealReport, error) {
	if most > 0 {
		limited, cancel := context.WithTimeout(ctx, most)
		defer cancel()
		ctx = limited
	}
	var bar *progressBar
	r, err := d.Catalog.ExamineSeals(ctx, func(done, total int) {
		if bar == nil {
			bar = c.bar(total)
		}
		if every := max(total/200, 1); done%every == 0 {
			bar.done = done - 1
			bar.step("sealed values")
		}
	})
	if bar != nil {
		bar.stop()
	}
	return r, err
}

// sealChecks says what opens, and names what does not.
func sealChecks(r *catalog.SealReport, most time.Duration) []check {
	summary := check{Name: "sealed values", OK: r.Left == 0, Detail: fmt.Sprintf("tried %s and %s of secrets", plural(r.DataKeys, "data key"), plural(r.Secrets, "version"))}
	if r.Left > 0 {
		summary.Detail += fmt.Sprintf(" in %s; %d are left: --seals-time 0 tries them all", most, r.Left)
	}
	checks := []check{summary}
	for _, f := range r.Faults {
		checks = append(checks, check{Name: faultName(f), Detail: f.Problem})
	}
	return checks
}

func faultName(f catalog.SealFault) string {
	name := "secret " + f.Key
	switch {
	case f.Key == "":
		name = "secrets"
	case f.Version == 0:
		name = "data key " + f.Key
	default:
		name += fmt.Sprintf(" version %d", f.Version)
	}
	if f.Workspace != ductape.DefaultWorkspace {
		name += " of the workspace " + f.Workspace
	}
	return name
}
