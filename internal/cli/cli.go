// Package cli is the command line, a file per command. Every command speaks the
// HTTP API: to a server, or, for a data folder, to the same server inside the
// process. So there is one way a thing is done.
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// A Process is what the command line gets from the world.
type Process struct {
	Args    []string
	Version string
	Getenv  func(string) string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// DefaultData is the data folder unless one is named.
const DefaultData = "./ductape-data"

// Main runs one command and returns the exit code: 0 when it succeeded, 1 when
// it failed, 2 when it was called wrongly.
func Main(p Process) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if p.Stdin != nil {
		p.Stdin = &input{p.Stdin, ctx}
	}
	c := &command{Process: p}
	root := c.root()
	root.SetArgs(p.Args)
	if c.wantsJSON() {
		root.SetVersionTemplate("{\"version\":\"{{.Version}}\"}\n")
	}
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	c.printError(err)
	var wrong *usageError
	if errors.As(err, &wrong) {
		return 2
	}
	return 1
}

// A command is what all commands share: the process and the global flags.
type command struct {
	Process
	data      string
	url       string
	key       string
	masterKey string
	json      bool
	dry       bool // what is opened is thrown away
	keyless   bool // a server is asked without a key
}

// A usageError is a command called wrongly.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ductape",
		Short: "Call any API by its name",
		Long: `Ductape calls any API by its name. Import an API's own description, connect it to
a product with credentials for each environment, then run its actions.

Commands work on a data folder (--data) or, with --url or DUCTAPE_URL, on a
server, with the key in --key or DUCTAPE_KEY.`,
		Example: `  ductape apply -f ductape.yaml
  printf %s "$STRIPE_KEY" | ductape secrets set STRIPE_TEST_KEY
  ductape run -p my-product -e dev stripe-app create_customer body.email=john@example.com
  ductape serve`,
		Version:       c.Version,
		Args:          onlyCommands,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	flags := root.PersistentFlags()
	flags.StringVar(&c.data, "data", "", "data `folder` (default "+DefaultData+")")
	flags.StringVar(&c.url, "url", "", "`URL` of a server to work on, instead of a data folder (DUCTAPE_URL)")
	flags.StringVar(&c.key, "key", "", "`key` for the server; better set DUCTAPE_KEY, which no shell history keeps")
	flags.StringVar(&c.masterKey, "master-key-file", "", "`file` with the master key (DUCTAPE_MASTER_KEY comes first)")
	flags.BoolVar(&c.json, "json", false, "print JSON, for machines")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err.Error(), "`" + cmd.CommandPath() + " --help` shows its flags"}
	})
	root.AddCommand(
		c.serveCommand(), c.applyCommand(), c.importCommand(), c.appsCommand(), c.actionsCommand(), c.productsCommand(),
		c.runCommand(), c.secretsCommand(), c.sessionsCommand(), c.cachesCommand(), c.keysCommand(), c.runsCommand(), c.evalCommand(), c.doctorCommand(),
	)
	root.PersistentPreRunE = needed
	addExamples(root)
	c.completeNames(root)
	return root
}

// exactly refuses another number of arguments, naming those it wants.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return &usageError{"missing " + names[len(args)], "usage: " + cmd.UseLine()}
		case len(args) > len(names):
			return &usageError{"unexpected argument \"" + args[len(names)] + "\"", "usage: " + cmd.UseLine()}
		}
		return nil
	}
}

// needed refuses a command without a flag that its usage says it needs, before
// anything is asked of the store.
func needed(cmd *cobra.Command, _ []string) error {
	for _, f := range [...]struct{ use, name, what string }{{"-p PRODUCT", "product", "-p PRODUCT"}, {"-e ENV", "env", "-e ENV"}} {
		if flag := cmd.Flag(f.name); strings.Contains(cmd.Use, f.use) && flag != nil && flag.Value.String() == "" {
			return &usageError{"missing " + f.what, "usage: " + cmd.UseLine()}
		}
	}
	return nil
}

// onlyCommands refuses a name that is no command, with those it resembles.
func onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "`" + cmd.CommandPath() + " --help` lists them"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "? " + hint
	}
	return &usageError{"unknown command \"" + args[0] + "\" for \"" + cmd.CommandPath() + "\"", hint}
}

// group is a command that only holds others.
// listGroup is a group that lists when it is called without a command.
func listGroup(use, short string, list *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	cmd := group(use, short, append([]*cobra.Command{list}, subs...)...)
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if list.Args(cmd, args) != nil {
			return onlyCommands(cmd, args)
		}
		return nil
	}
	cmd.RunE = list.RunE
	cmd.Flags().AddFlagSet(list.Flags())
	return cmd
}

func group(use, short string, subs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: onlyCommands, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddCommand(subs...)
	return cmd
}
