package cli

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command has an example, and no example is of a command that is gone.
func TestEveryCommandHasAnExample(t *testing.T) {
	c := &command{Process: Process{Getenv: func(string) string { return "" }, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard}}
	seen := map[string]bool{}
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		seen[cmd.CommandPath()] = true
		if !cmd.HasSubCommands() && !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%s: its example is %q", cmd.CommandPath(), cmd.Example)
		}
		for _, sub := range cmd.Commands() {
			look(sub)
		}
	}
	look(c.root())
	for path := range examples {
		if !seen[path] {
			t.Errorf("there is no %s", path)
		}
	}
}
