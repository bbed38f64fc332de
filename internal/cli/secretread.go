package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ductape-go/ductape"
)

// maxRead bounds what is read of a value or a token, in bytes. Less is accepted.
const maxRead = 1 << 20

// A sought is something secret that a command reads.
type sought struct {
	what string // for people: "the value of KEY"
	hint string // how to give it
}

func secretOf(key string) sought {
	return sought{"the value of " + key, `give it on standard input: printf %s "$VALUE" | ductape secrets set ` + key}
}

// tokenOf is a token that cmd reads.
func tokenOf(what string, cmd *cobra.Command) sought {
	return sought{"the " + what, `give it on standard input: printf %s "$TOKEN" | ` + cmd.UseLine()}
}

// readSecret takes a value from where no shell history keeps it. One line end at
// its end is the editor's, not the secret's.
func (c *command) readSecret(ctx context.Context, s sought, file string) (string, error) {
	raw, err := c.readRaw(ctx, s, file)
	if errors.Is(err, errInterrupted) {
		return "", err
	}
	if err != nil {
		return "", ductape.NewError(ductape.CodeInvalidInput, "cannot read "+s.what+": "+reason(err))
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	switch {
	case value == "":
		return "", &usageError{s.what + " is empty", s.hint}
	case !utf8.ValidString(value):
		return "", ductape.NewError(ductape.CodeInvalidInput, s.what+" is not UTF-8 text, and would be changed on its way").
			WithHint("keep it as base64 where the API takes that: base64 FILE | tr -d '\\n' | ductape secrets set KEY")
	}
	return value, nil
}

func (c *command) readRaw(ctx context.Context, s sought, file string) ([]byte, error) {
	if file != "" {
		return await(ctx, func() ([]byte, error) { return readFile(file) })
	}
	if stdin := terminalOf(c.Stdin); stdin != nil {
		return c.readHidden(ctx, s, int(stdin.Fd()))
	}
	return readBounded(c.Stdin)
}

// readHidden asks for a line that the terminal does not show: it is told so before
// the question is there, since who answers at once would be shown else. The
// terminal is left as it was, also when it is interrupted.
func (c *command) readHidden(ctx context.Context, s sought, terminal int) ([]byte, error) {
	before, err := term.MakeRaw(terminal)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(c.Stderr, "%s%s (not shown): ", strings.ToUpper(s.what[:1]), s.what[1:])
	raw, err := await(ctx, func() ([]byte, error) { return term.ReadPassword(terminal) })
	if restored := term.Restore(terminal, before); err == nil {
		err = restored
	}
	fmt.Fprintln(c.Stderr)
	return raw, err
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readBounded(f)
}

func readBounded(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	if err == nil && len(raw) > maxRead {
		err = errors.New("it is larger than 1 MB")
	}
	return raw, err
}
