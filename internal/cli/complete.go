package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

// completionTime is how long a shell waits for names.
const completionTime = 2 * time.Second

// A namer lists the names that may stand in one place, given the arguments
// before it.
type namer func(ctx context.Context, t *target, cmd *cobra.Command, args []string) ([]string, error)

// completeNames lets shells complete names from the data folder or the server.
func (c *command) completeNames(cmd *cobra.Command) {
	for flag, list := range map[string]namer{"product": productNames, "env": envNames, "app": appNames, "cache": cacheNames} {
		if cmd.LocalFlags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, c.completer(func(cmd *cobra.Command, args []string) namer { return list }))
		}
	}
	if cmd.ValidArgsFunction == nil && len(argWords(cmd)) > 0 {
		cmd.ValidArgsFunction = c.completer(argNamer)
	}
	for _, sub := range cmd.Commands() {
		c.completeNames(sub)
	}
}

// completer is quiet: what cannot be read has no names. It makes no folder and
// no key.
func (c *command) completer(choose func(*cobra.Command, []string) namer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		list := choose(cmd, args)
		if list == nil {
			return nil, cobra.ShellCompDirectiveDefault
		}
		quiet := *c
		quiet.Stderr = io.Discard
		if c.url == "" && (c.data != "" || c.Getenv("DUCTAPE_URL") == "") {
			if _, err := os.Stat(filepath.Join(c.folder(), "ductape.db")); err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), completionTime)
		defer cancel()
		var found []string
		err := quiet.with(ctx, mustExist, func(t *target) (err error) {
			found, err = list(ctx, t, cmd, args)
			return err
		})
		if err != nil {
			found = nil
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

var usedFlag = regexp.MustCompile(`(\[|\| )?--?[a-z-]+( [^ \]]+)?\]?`)

// argWords are the usage's words for the arguments: APP, EVENT.
func argWords(cmd *cobra.Command) []string {
	return strings.Fields(usedFlag.ReplaceAllString(cmd.Use, ""))[1:]
}

// argNamer chooses by the word that the command's usage has for an argument.
func argNamer(cmd *cobra.Command, args []string) namer {
	words := argWords(cmd)
	if len(args) >= len(words) {
		return nil
	}
	switch word, parent := strings.Trim(words[len(args)], "[]"), cmd.Parent().Name(); {
	case word == "PRODUCT", word == "TAG" && parent == "products":
		return productNames
	case word == "APP" && cmd.Name() == "run", word == "ACCESS_TAG":
		return accessNames
	case word == "APP":
		return appNames
	case word == "EVENT", word == "ACTION":
		return actionNames
	case word == "KEY" && parent == "secrets":
		return secretNames
	case word == "TAG" && parent == "caches":
		return cacheNames
	case word == "TAG" && (parent == "sessions" || parent == "types"):
		return sessionTypeNames
	}
	return nil
}

func productNames(ctx context.Context, t *target, _ *cobra.Command, _ []string) ([]string, error) {
	all, err := t.Products(ctx)
	return tags(all, func(p ductape.Product) string { return p.Tag }), err
}

func appNames(ctx context.Context, t *target, _ *cobra.Command, _ []string) ([]string, error) {
	all, err := t.Apps(ctx)
	return tags(all, func(a ductape.App) string { return a.Tag }), err
}

func secretNames(ctx context.Context, t *target, _ *cobra.Command, _ []string) ([]string, error) {
	var all []ductape.Secret
	err := t.Do(ctx, "GET", "/v1/secrets", nil, &all)
	return tags(all, func(s ductape.Secret) string { return s.Key }), err
}

// meant is the product that -p names, else the first argument of a command on
// products; with neither, every product.
func meant(ctx context.Context, t *target, cmd *cobra.Command, args []string) ([]ductape.Product, error) {
	tag := ""
	if f := cmd.Flag("product"); f != nil {
		tag = f.Value.String()
	} else if cmd.Parent().Name() == "products" && len(args) > 0 {
		tag = args[0]
	}
	all, err := t.Products(ctx)
	var out []ductape.Product
	for _, p := range all {
		if tag == "" || p.Tag == tag {
			out = append(out, p)
		}
	}
	return out, err
}

// ofProducts lists what each of the products meant has.
func ofProducts(of func(ductape.Product) []string) namer {
	return func(ctx context.Context, t *target, cmd *cobra.Command, args []string) ([]string, error) {
		products, err := meant(ctx, t, cmd, args)
		var out []string
		for _, p := range products {
			out = append(out, of(p)...)
		}
		return tags(out, func(s string) string { return s }), err
	}
}

var (
	envNames = ofProducts(func(p ductape.Product) []string {
		return tags(p.Envs, func(e ductape.ProductEnv) string { return e.Slug })
	})
	accessNames = ofProducts(func(p ductape.Product) []string {
		return tags(p.Apps, func(a ductape.Connection) string { return a.AccessTag })
	})
	cacheNames = ofProducts(func(p ductape.Product) []string {
		return tags(p.Caches, func(k ductape.CachePolicy) string { return k.Tag })
	})
	sessionTypeNames = ofProducts(func(p ductape.Product) []string {
		return tags(p.Sessions, func(s ductape.SessionType) string { return s.Tag })
	})
)

// actionNames lists the actions of the app that the first argument names: by its
// access tag for run, else by its tag.
func actionNames(ctx context.Context, t *target, cmd *cobra.Command, args []string) ([]string, error) {
	app := args[0]
	if cmd.Name() == "run" {
		products, err := meant(ctx, t, cmd, args)
		if err != nil {
			return nil, err
		}
		for _, p := range products {
			for _, conn := range p.Apps {
				if conn.AccessTag == args[0] {
					app = conn.App
				}
			}
		}
	}
	all, err := t.Actions(ctx, app)
	return tags(all, func(a ductape.ActionSummary) string { return a.Tag }), err
}

// tags names each item once, in order.
func tags[T any](items []T, name func(T) string) []string {
	var out []string
	seen := map[string]bool{}
	for _, it := range items {
		if n := name(it); !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}
