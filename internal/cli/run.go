package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/run"
)

type runFlags struct {
	call    ductape.Call
	session string
	input   string
	timeout time.Duration
	dryRun  bool
}

func (c *command) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "run -p PRODUCT -e ENV APP EVENT [NAME=VALUE...]", Short: "Run an action by its name",
		Long: `Run calls an action and prints the API's own answer. The input is given as
NAME=VALUE for text, NAME:=JSON for anything else, NAME=@FILE for a file. NAME is a
path such as body.email, query.limit, params.id, headers.X-Trace or
body.items[0].price; a name without one of those four words in front goes where the
action's description has it, alone or beside names that have one. --input takes the whole input as JSON.
With --json the answer stands under "output", or, where it is no text, in base64
under "output_base64".`,
		Example: `  ductape run -p my-product -e dev stripe-app create_customer body.email=john@example.com
  ductape run -p my-product -e dev stripe-app create_customer body.email=john@example.com --dry-run
  ductape run -p my-product -e dev stripe-app list_customers query.limit:=3 --json
  echo '{"body":{"name":"John"}}' | ductape run -p my-product -e dev stripe-app create_customer --input -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return exactly("APP", "EVENT")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.call.App, f.call.Event = args[0], args[1]
			if err := c.fillCall(&f, args[2:]); err != nil {
				return err
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				if f.dryRun {
					return c.preview(cmd.Context(), t, f.call)
				}
				return c.runCall(cmd.Context(), t, f.call)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.call.Product, "product", "p", "", "`PRODUCT` to run for")
	flags.StringVarP(&f.call.Env, "env", "e", "", "`ENV` of the product: dev, staging, prd")
	flags.StringVar(&f.input, "input", "", "the whole input as JSON, - for standard input, @FILE for a file")
	flags.StringVar(&f.call.Cache, "cache", "", "`TAG` of the product's cache to answer from; a server keeps answers, a command on a data folder only while it runs")
	flags.IntVar(&f.call.Retries, "retries", 0, "attempts after the first")
	flags.StringVar(&f.session, "session", "", "session as `TAG:TOKEN`")
	flags.StringVar(&f.call.IdempotencyKey, "idempotency-key", "", "key that makes a POST or PATCH safe to repeat")
	flags.DurationVar(&f.timeout, "timeout", 0, "limit for the whole run")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show the exact request, secrets masked, and send nothing")
	return cmd
}

// fillCall reads the input and the session into the call.
func (c *command) fillCall(f *runFlags, pairs []string) error {
	if f.call.TimeoutMS = f.timeout.Milliseconds(); f.timeout < 0 || f.timeout > 0 && f.call.TimeoutMS == 0 {
		return &usageError{"--timeout " + f.timeout.String() + " is under a millisecond", "for example: --timeout 10s; left out, the server's own limit holds"}
	}
	if f.session != "" {
		tag, token, ok := strings.Cut(f.session, ":")
		if !ok {
			return &usageError{"--session is not TAG:TOKEN", "`ductape sessions start` prints one"}
		}
		f.call.Session = &ductape.SessionRef{Tag: tag, Token: token}
	}
	if f.input != "" {
		if len(pairs) > 0 {
			return &usageError{"--input and NAME=VALUE both give the input", "leave one of them out"}
		}
		raw, err := c.readInput(f.input)
		if err != nil {
			return err
		}
		f.call.Input = raw
		return nil
	}
	input, files, err := parsePairs(pairs)
	if err != nil {
		return err
	}
	f.call.Files = files
	if input != nil {
		f.call.Input = input
	}
	return nil
}

func (c *command) readInput(arg string) (json.RawMessage, error) {
	raw := []byte(arg)
	var err error
	if arg == "-" {
		raw, err = c.readFile("-")
	} else if name, ok := strings.CutPrefix(arg, "@"); ok {
		raw, err = c.readFile(name)
	}
	if err == nil {
		if at := jsonFault(raw); at != "" {
			err = &usageError{"--input is not JSON: " + at, `for example: --input '{"body":{"name":"John"}}'`}
		}
	}
	return raw, err
}

// jsonFault says where a text stops being JSON, and nothing where it is JSON. No
// part of the text is in what it says but one character.
func jsonFault(raw []byte) string {
	var syntax *json.SyntaxError
	var v json.RawMessage
	err := json.Unmarshal(raw, &v)
	if !errors.As(err, &syntax) {
		return ""
	}
	before := raw[:max(min(int(syntax.Offset), len(raw))-1, 0)]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d: %s", line, column, syntax)
}

func (c *command) runCall(ctx context.Context, t *target, call ductape.Call) error {
	stop := c.progress(call.App + " " + call.Event)
	started := time.Now()
	res, err := t.Run(ctx, call)
	stop()
	if err != nil {
		return err
	}
	if c.json {
		body, err := res.Bytes()
		if err != nil {
			return err
		}
		out := map[string]any{"run_id": res.RunID, "status": res.Status, "attempts": res.Attempts, "cache": res.Cache, "output": nil}
		if len(body) > 0 {
			putBody(out, "output", body, res.Header.Get("Content-Type"))
		}
		return c.printJSON(out)
	}
	if err := c.printBody(res); err != nil {
		return err
	}
	if isTerminal(c.Stderr) {
		fmt.Fprintf(c.Stderr, "%d, %s, cache %s, %s, %s\n", res.Status, plural(res.Attempts, "attempt"), res.Cache, time.Since(started).Round(time.Millisecond), res.RunID)
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printBody prints the answer: indented where a person looks, as it came
// otherwise.
func (c *command) printBody(res *ductape.Result) error {
	if !isTerminal(c.Stdout) || !strings.Contains(res.Header.Get("Content-Type"), "json") {
		defer res.Body.Close()
		_, err := io.Copy(c.Stdout, res.Body)
		var broken *ductape.Error
		if errors.As(err, &broken) {
			broken.Message += ": what was printed is not all of it"
		}
		return err
	}
	body, err := res.Bytes()
	if err != nil || len(body) == 0 {
		return err
	}
	_, err = fmt.Fprintln(c.Stdout, indentJSON(body))
	return err
}

// preview prints the request that would go out, and where its parts come from.
func (c *command) preview(ctx context.Context, t *target, call ductape.Call) error {
	raw, err := t.Preview(ctx, call)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(raw)
	}
	var p run.Preview
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "%s %s\n", p.Method, p.URL)
	for _, name := range sortedNames(p.Headers) {
		fmt.Fprintf(c.Stdout, "%s: %s\n", name, oneLine(p.Headers[name]))
	}
	if p.Body != "" {
		fmt.Fprintf(c.Stdout, "\n%s\n", p.Body)
	}
	fmt.Fprintln(c.Stdout, "\nWhere each part comes from (nothing was sent):")
	rows := make([][]string, len(p.Origins))
	for i, o := range p.Origins {
		rows[i] = []string{"  " + o.Part, o.From}
	}
	return c.columns(rows)
}
