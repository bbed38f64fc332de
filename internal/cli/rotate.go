package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape/embedded"
)

// maxKeyText bounds the text of a master key, in bytes.
const maxKeyText = 4096

func (c *command) keysRotateMaster() *cobra.Command {
	var file, env string
	var stdin bool
	cmd := &cobra.Command{
		Use: "rotate-master", Short: "Seal the data keys with another master key, all of them or none", Args: exactly(),
		Long: `Seals the data keys with another master key, all of them or none. The key in use is
given as always: DUCTAPE_MASTER_KEY, --master-key-file, or the one in the data
folder. That last one is replaced by a new one unless another is named.

Servers on the folder go on, with nothing to be done when the key was made in the
folder. With a key of your own, so that nothing fails in between:

  1. start the servers with the next key in DUCTAPE_NEXT_MASTER_KEY, beside the one in use
  2. ductape keys rotate-master --new-env DUCTAPE_NEXT_MASTER_KEY
  3. start them again, one by one, with the next key in place of the one before

A server that was not told the next key goes on with what it has opened, but the
first secret or session of a workspace fails there until it is started again.
Copies of the folder from before open with the key from before: keep it with them.`,
		Example: `  ductape keys rotate-master
  ductape keys rotate-master --master-key-file old.key --new-file new.key
  DUCTAPE_MASTER_KEY=$OLD NEW=awskms://alias/ductape?region=eu-central-1 ductape keys rotate-master --new-env NEW`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			to, err := c.newMasterKey(file, env, stdin)
			if err != nil {
				return err
			}
			return c.withFolder(cmd, func(d *embedded.Ductape) error {
				r, err := d.RotateMasterKey(cmd.Context(), to)
				if err != nil || c.json {
					return orPrint(c, r, err)
				}
				fmt.Fprintf(c.Stdout, "%d data keys are sealed with the master key %s now.\n", r.DataKeys, r.Fingerprint)
				if r.Generated {
					fmt.Fprintf(c.Stdout, "It is in %s: keep a copy apart from the data. Servers that run find it there.\n", r.Source)
				} else {
					fmt.Fprintln(c.Stdout, "Start with that key from now on. Servers that run go on until then; see: ductape keys rotate-master --help")
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&file, "new-file", "", "`file` with the next master key, or the URL of one")
	cmd.Flags().StringVar(&env, "new-env", "", "`name` of the environment variable with it")
	cmd.Flags().BoolVar(&stdin, "new-stdin", false, "read it from standard input")
	return cmd
}

func (c *command) newMasterKey(file, env string, stdin bool) (to embedded.NewMasterKey, err error) {
	n := 0
	for _, given := range []bool{file != "", env != "", stdin} {
		if given {
			n++
		}
	}
	if n > 1 {
		return to, &usageError{"the next master key is named twice", "give one of --new-file, --new-env and --new-stdin"}
	}
	to.File = file
	if env != "" {
		to.Text = c.Getenv(env)
	}
	if stdin {
		raw, err := io.ReadAll(io.LimitReader(c.Stdin, maxKeyText))
		if err != nil {
			return to, fmt.Errorf("read the next master key: %w", err)
		}
		to.Text = strings.TrimSpace(string(raw))
	}
	if env != "" && to.Text == "" {
		return to, &usageError{"the environment variable " + env + " is not set or empty", "make a key with: openssl rand -base64 32"}
	}
	if stdin && to.Text == "" {
		return to, &usageError{"the next master key is empty", "make one with: openssl rand -base64 32"}
	}
	return to, nil
}

func (c *command) keysRotateData() *cobra.Command {
	return &cobra.Command{
		Use: "rotate-data", Short: "Give every workspace a new data key and seal its secrets with it", Args: exactly(),
		Long: `Gives every workspace a new data key and seals every secret with it. Runs go on
meanwhile. Cut off, it goes on where it was when it is called again.

Credentials that a file states literally get new names with it, so the next
apply of that file shows them as changed, once.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withFolder(cmd, func(d *embedded.Ductape) error {
				done, err := d.RotateDataKeys(cmd.Context())
				if err != nil || c.json {
					return orPrint(c, done, err)
				}
				for _, r := range done {
					fmt.Fprintf(c.Stdout, "%s: %d secrets are sealed with a new data key.\n", oneLine(r.Workspace), r.Secrets)
				}
				return nil
			})
		},
	}
}

// withFolder opens the data folder itself: the master key is there, and no
// server tells it.
func (c *command) withFolder(cmd *cobra.Command, f func(d *embedded.Ductape) error) error {
	if c.url != "" {
		return &usageError{"keys are rotated where the data is, not through --url", "run it on the server's machine with --data"}
	}
	if err := c.checkFolder(mustExist); err != nil {
		return err
	}
	d, err := c.openDuctape(cmd.Context(), embedded.Config{})
	if err != nil {
		return err
	}
	err = f(d)
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
