package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape/catalog"
)

// scopeFlags are the flags that limit a secret.
type scopeFlags struct {
	apps, envs []string
	expires    string
}

func (f *scopeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&f.apps, "apps", nil, "tags of the apps it may be used for; all when left out")
	cmd.Flags().StringSliceVar(&f.envs, "envs", nil, "environments it may be used in; all when left out")
	cmd.Flags().StringVar(&f.expires, "expires", "", "when it expires: `90d`, 12h, 2026-12-31 or a time as RFC 3339 has it; never when left out")
}

func (f *scopeFlags) scope() (catalog.SecretScope, error) {
	at, err := parseExpiry(f.expires)
	return catalog.SecretScope{Apps: f.apps, Envs: f.envs, ExpiresAt: at}, err
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
