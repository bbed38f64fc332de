package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

// scopeFlags are the flags that limit a secret.
type scopeFlags struct {
	apps, envs       []string
	allApps, allEnvs bool
	expires          string
}

func (f *scopeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&f.apps, "apps", nil, "tags of the apps it may be used for; when left out as before, or all for a new secret")
	cmd.Flags().StringSliceVar(&f.envs, "envs", nil, "environments it may be used in; when left out as before, or all for a new secret")
	cmd.Flags().BoolVar(&f.allApps, "all-apps", false, "let it be used for every app")
	cmd.Flags().BoolVar(&f.allEnvs, "all-envs", false, "let it be used in every environment")
	cmd.Flags().StringVar(&f.expires, "expires", "", "when it expires: `90d`, 12h, 2026-12-31 or a time as RFC 3339 has it; never when left out")
}

func (f *scopeFlags) scope() (catalog.SecretScope, error) {
	at, err := parseExpiry(f.expires)
	if err != nil {
		return catalog.SecretScope{}, err
	}
	scope := catalog.SecretScope{ExpiresAt: at}
	if scope.Apps, err = scopeOf("apps", f.apps, f.allApps); err == nil {
		scope.Envs, err = scopeOf("envs", f.envs, f.allEnvs)
	}
	return scope, err
}

// scopeOf is nil where no flag says anything: the scope stays. An empty list,
// which is all, takes a flag of its own, so that an unset variable widens nothing.
func scopeOf(name string, list []string, all bool) ([]string, error) {
	switch {
	case all && list != nil:
		return nil, &usageError{"--" + name + " and --all-" + name + " say different things", "leave one of them out"}
	case all:
		return []string{}, nil
	case list != nil && len(list) == 0:
		return nil, &usageError{"--" + name + " names nothing", "to let it be used everywhere: --all-" + name}
	}
	return list, nil
}

// A setSecret is a secret as it was set, and what is to be said of its scope.
type setSecret struct {
	ductape.Secret
	Warnings []ductape.Warning `json:"warnings,omitempty"`
}

// scopeText says where a secret may be used.
func scopeText(s *ductape.Secret) string {
	return "apps: " + orAll(s.Apps) + "; environments: " + orAll(s.Envs)
}

func (c *command) warnOf(key string, list []ductape.Warning) {
	for _, w := range list {
		fmt.Fprintf(c.Stderr, "warning: %s, %s: %s\n", key, w.Where, w.Message)
	}
}

// oneKey takes a key and nothing else. What comes after it may be a value, so it
// is never repeated.
func oneKey(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return &usageError{"missing " + name, "usage: " + cmd.UseLine()}
		case len(args) > 1 || strings.Contains(args[0], "="):
			return &usageError{"a value is never an argument, which the shell's history keeps", "give it on standard input, or with a prompt; usage: " + cmd.UseLine()}
		}
		return nil
	}
}

// parseExpiry reads a span from now, a date (its end, UTC) or a time.
func parseExpiry(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	if d, err := parseSpan(text); err == nil {
		at := time.Now().Add(d).UTC().Truncate(time.Second)
		return &at, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		at := day.AddDate(0, 0, 1)
		return &at, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, &usageError{"--expires is no time: " + strconv.Quote(text), "for example 90d, 12h, 2026-12-31 or 2026-12-31T12:00:00Z"}
	}
	return &at, nil
}

// parseSpan reads a time such as 90d, 2h30m or 0.
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, errors.New(strconv.Quote(text) + " is no number of days")
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, errors.New(strconv.Quote(text) + " is no time")
	}
	return d, nil
}
