package cli

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

// maxDotenv bounds a .env file, in bytes.
const maxDotenv = 4 << 20

// An imported is one name of a .env file and what became of it.
type imported struct {
	Key     string `json:"key"`
	Line    int    `json:"line"`
	Version int    `json:"version,omitempty"` // 0: a dry run
	Scope   string `json:"-"`
}

func (c *command) secretsImport() *cobra.Command {
	var flags scopeFlags
	var dry bool
	cmd := &cobra.Command{
		Use: "import FILE.env", Short: "Set a secret for every name of a .env file", Args: exactly("FILE.env"),
		Example: `  ductape secrets import .env --apps stripe --dry-run
  ductape secrets import .env --apps stripe --envs dev`,
		RunE: func(cmd *cobra.Command, args []string) error {
			scope, err := flags.scope()
			if err != nil {
				return err
			}
			entries, err := c.readDotenv(args[0])
			if err != nil {
				return err
			}
			if dry {
				return c.printImported(planned(entries), "would be set")
			}
			return c.with(cmd.Context(), mayCreate, func(t *target) error {
				done := planned(entries)
				for i, e := range entries {
					var s setSecret
					body := secretBody{Value: e.value, SecretScope: scope}
					if err := t.Do(cmd.Context(), "PUT", "/v1/secrets/"+url.PathEscape(e.name), body, &s); err != nil {
						return fmt.Errorf("line %d, %s (%d of %d are set): %w", e.line, e.name, i, len(entries), err)
					}
					done[i].Version, done[i].Scope = s.Version, scopeText(&s.Secret)
					c.warnOf(s.Key, s.Warnings)
				}
				return c.printImported(done, "set")
			})
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only list the names")
	return cmd
}

// readDotenv reads and checks the whole file before anything is set.
func (c *command) readDotenv(path string) ([]envEntry, error) {
	var r io.Reader = c.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, ductape.NewError(ductape.CodeInvalidInput, "cannot read "+path+": "+reason(err))
		}
		defer f.Close()
		r = f
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxDotenv+1))
	if err != nil {
		return nil, ductape.NewError(ductape.CodeInvalidInput, "cannot read "+path+": "+reason(err))
	}
	if len(raw) > maxDotenv {
		return nil, ductape.NewError(ductape.CodeInvalidInput, path+" is larger than 4 MB")
	}
	entries, err := parseDotenv(string(raw))
	if err != nil {
		return nil, ductape.NewError(ductape.CodeInvalidInput, path+", "+err.Error()+"; nothing was set")
	}
	return entries, checkEntries(path, entries)
}

func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func checkEntries(path string, entries []envEntry) error {
	e := ductape.NewError(ductape.CodeInvalidInput, path+" cannot be imported as it is; nothing was set")
	first := map[string]int{}
	for _, one := range entries {
		where := fmt.Sprintf("line %d", one.line)
		switch {
		case first[one.name] > 0:
			e.Problems = append(e.Problems, ductape.Problem{Where: where, Message: fmt.Sprintf("%s stands on line %d already", one.name, first[one.name])})
		case one.name[0] == '_':
			e.Problems = append(e.Problems, ductape.Problem{Where: where, Message: one.name + ": a secret's name begins with a letter or digit"})
		case !utf8.ValidString(one.value):
			e.Problems = append(e.Problems, ductape.Problem{Where: where, Message: one.name + " is not UTF-8 text, and would be changed on its way"})
		case one.value == "":
			e.Problems = append(e.Problems, ductape.Problem{Where: where, Message: one.name + " is empty"})
		}
		if first[one.name] == 0 {
			first[one.name] = one.line
		}
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}

func planned(entries []envEntry) []imported {
	out := make([]imported, len(entries))
	for i, e := range entries {
		out[i] = imported{Key: e.name, Line: e.line}
	}
	return out
}

func (c *command) printImported(list []imported, what string) error {
	if c.json {
		return c.printJSON(list)
	}
	for _, i := range list {
		if i.Version > 0 {
			fmt.Fprintf(c.Stdout, "%s is %s (version %d; %s).\n", i.Key, what, i.Version, i.Scope)
			continue
		}
		fmt.Fprintf(c.Stdout, "%s (line %d) %s.\n", i.Key, i.Line, what)
	}
	return nil
}

// secretBody is what PUT /v1/secrets/{key} takes.
type secretBody struct {
	Value string `json:"value,omitempty"`
	From  string `json:"from,omitempty"`
	catalog.SecretScope
}
