package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

// A check is one thing that doctor looks at.
type check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`

	Warning bool `json:"warning,omitempty"` // it works for some runs only
}

func (c *command) doctorCommand() *cobra.Command {
	var most time.Duration
	cmd := &cobra.Command{
		Use: "doctor", Short: "Look for what would keep runs from working", Args: exactly(),
		Long: `Looks at the store, at what each connection lacks, at secrets that are
referred to but not set, not allowed there or expired, and, in a
data folder, whether everything that is kept sealed opens: every data key and every
version of every secret, of all workspaces. What was changed, cut or moved in the
file does not, and is named by its key.`,
		Example: "  ductape doctor",
		RunE: func(cmd *cobra.Command, _ []string) error {
			checks, err := c.seals(cmd.Context(), most)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				more, err := diagnose(cmd.Context(), t)
				return c.report(append(more, checks...), err)
			})
		},
	}
	cmd.Flags().DurationVar(&most, "seals-time", sealsTime, "how long to try sealed values; 0: until all are tried")
	return cmd
}

// report prints the checks, and fails when one of them did.
func (c *command) report(checks []check, err error) error {
	if err != nil {
		return err
	}
	bad := 0
	for _, k := range checks {
		mark := "ok  "
		if !k.OK {
			mark, bad = "FAIL", bad+1
		} else if k.Warning {
			mark = "warn"
		}
		if !c.json {
			fmt.Fprintf(c.Stdout, "%s  %s: %s\n", mark, oneLine(k.Name), oneLine(k.Detail))
		}
	}
	if c.json {
		err = c.printJSON(checks)
	}
	if bad > 0 && err == nil {
		err = ductape.NewError(ductape.CodeConflict, fmt.Sprintf("%d of %d checks failed", bad, len(checks)))
	}
	return err
}

// diagnose looks at the store, and at each connection for what it lacks.
func diagnose(ctx context.Context, t *target) ([]check, error) {
	checks := []check{{Name: "store", OK: true, Detail: "answers"}}
	if err := t.Do(ctx, "GET", "/readyz", nil, nil); err != nil {
		return nil, err
	}
	apps, err := t.Apps(ctx)
	if err != nil {
		return nil, err
	}
	byTag := map[string]*ductape.App{}
	for i := range apps {
		byTag[apps[i].Tag] = &apps[i]
	}
	products, err := t.Products(ctx)
	if err != nil {
		return nil, err
	}
	checks = append(checks, check{Name: "apps", OK: len(apps) > 0, Detail: fmt.Sprintf("%d imported", len(apps))}, check{Name: "products", OK: len(products) > 0, Detail: fmt.Sprintf("%d set up", len(products))})
	var secrets []ductape.Secret
	if err := t.Do(ctx, "GET", "/v1/secrets", nil, &secrets); err != nil {
		return append(checks, check{Name: "secrets", Detail: err.Error()}), nil //nolint:nilerr // it is the check's outcome
	}
	now := time.Now()
	byKey := map[string]*ductape.Secret{}
	for i := range secrets {
		byKey[secrets[i].Key] = &secrets[i]
	}
	for _, p := range products {
		for _, conn := range p.Apps {
			for _, env := range conn.Envs {
				k := examine(p, conn, env, byTag[conn.App])
				if faults := unusable(conn, env, byKey, now); k.OK && len(faults) > 0 {
					k.OK, k.Warning, k.Detail = false, false, strings.Join(faults, "; ")
				}
				checks = append(checks, k)
			}
		}
	}
	return append(checks, expiring(secrets, now)...), nil
}

// expiring lists the secrets that have expired or soon will.
func expiring(secrets []ductape.Secret, now time.Time) []check {
	checks := []check{{Name: "secrets", OK: true, Detail: fmt.Sprintf("%d set by name", len(secrets))}}
	for _, s := range secrets {
		if text := catalog.ExpiryWarning(&s, now); text != "" {
			checks = append(checks, check{Name: "secret " + s.Key, OK: now.Before(*s.ExpiresAt), Detail: strings.TrimPrefix(text, "secret "+s.Key+" ") + "; set its next value with: ductape secrets rotate " + s.Key})
		}
	}
	return checks
}

func examine(p ductape.Product, conn ductape.Connection, env ductape.ConnectionEnv, app *ductape.App) check {
	k := check{Name: fmt.Sprintf("connection %s/%s in %s", p.Tag, conn.AccessTag, env.ProductEnv)}
	switch {
	case app == nil:
		k.Detail = "the app " + conn.App + " does not exist"
	case app.Env(env.AppEnv) == nil:
		k.Detail = "the app has no environment " + env.AppEnv
	case app.Env(env.AppEnv).BaseURL == "":
		k.Detail = "the app's environment " + env.AppEnv + " has no base_url"
	case isPrivate(app.Env(env.AppEnv).BaseURL) && !app.Env(env.AppEnv).AllowPrivate:
		k.Detail = app.Env(env.AppEnv).BaseURL + " is a private address, and the app's environment " + env.AppEnv + " does not allow those: set allow_private"
	case len(app.Auths) > 0 && len(env.Auth) == 0:
		k.OK, k.Warning, k.Detail = true, true, "has no credentials; only actions that need none will work"
	default:
		k.OK, k.Detail = true, app.Env(env.AppEnv).BaseURL
	}
	return k
}
