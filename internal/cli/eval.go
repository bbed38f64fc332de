package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

func (c *command) evalCommand() *cobra.Command {
	var session, input string
	var vars []string
	var f sessionFlags
	cmd := &cobra.Command{
		Use: "eval TEMPLATE", Short: "Try a placeholder", Args: exactly("TEMPLATE"),
		Long: `Eval fills a template and prints its value as JSON. What the references stand for
is given here: --session takes the session's data as JSON, or TAG:TOKEN with -p and
-e; --input a call's input; --var the App's variables and constants. The values of
secrets and credentials are never shown, and functions cannot be tried on them.`,
		Example: `  ductape eval '$Uppercase($Session{user}{name})' --session '{"user":{"name":"Ada"}}'
  ductape eval '$Add(0.1, 0.2)'
  ductape eval '$Dateformat($Now, "YYYY-MM-DD")'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := values{now: time.Now().UnixMilli(), vars: map[string]jsontext.Value{}}
			if err := v.fill(input, vars); err != nil {
				return err
			}
			if err := c.sessionData(cmd.Context(), session, f, &v); err != nil {
				return err
			}
			return c.eval(args[0], v)
		},
	}
	cmd.Flags().StringVar(&session, "session", "", "session's data as `JSON`, or TAG:TOKEN")
	cmd.Flags().StringVar(&input, "input", "", "call's input as `JSON`")
	cmd.Flags().StringArrayVar(&vars, "var", nil, "variable or constant as `APP.KEY=VALUE`; may be given again")
	f.add(cmd)
	return cmd
}

func (c *command) eval(text string, v values) error {
	t, err := placeholder.Parse(text)
	if err != nil {
		return badTemplate(ductape.CodeInvalidPlaceholder, err)
	}
	out, err := t.Eval(v)
	if errors.Is(err, placeholder.ErrUnresolved) {
		return badTemplate(ductape.CodeUnresolvedPlaceholder, err)
	}
	if err != nil {
		return badTemplate(ductape.CodeInvalidPlaceholder, err)
	}
	_, err = fmt.Fprintln(c.Stdout, string(out))
	return err
}

func badTemplate(code ductape.Code, err error) error {
	return &ductape.Error{Code: code, Message: err.Error(), Cause: err}
}

// sessionData is what --session stands for: data, or a token that is verified.
func (c *command) sessionData(ctx context.Context, session string, f sessionFlags, v *values) error {
	if session == "" {
		return nil
	}
	if data := jsontext.Value(strings.TrimSpace(session)); data.IsValid() {
		if data.Kind() != '{' {
			return &usageError{"--session is no JSON object, which a session's data is", `for example: --session '{"user":{"name":"Ada"}}'`}
		}
		v.session = data
		return nil
	}
	tag, token, ok := strings.Cut(session, ":")
	if !ok || f.product == "" || f.env == "" {
		return &usageError{"--session is neither JSON nor TAG:TOKEN with -p and -e", `for example: --session '{"user":{"name":"Ada"}}'`}
	}
	return c.with(ctx, mustExist, func(t *target) error {
		var out struct{ Data json.RawMessage }
		body := map[string]string{"product": f.product, "env": f.env, "tag": tag, "token": token}
		err := t.Do(ctx, "POST", "/v1/sessions/verify", body, &out)
		v.session, v.tag = jsontext.Value(out.Data), tag
		return err
	})
}

// values resolve references to what the command line gave.
type values struct {
	session, input jsontext.Value
	tag            string                    // of the session
	vars           map[string]jsontext.Value // :: "app.key" -> value
	now            int64
}

func (v *values) fill(input string, vars []string) error {
	if input != "" {
		if v.input = jsontext.Value(strings.TrimSpace(input)); !v.input.IsValid() || v.input.Kind() != '{' {
			return &usageError{"--input is no JSON object, which a call's input is", `for example: --input '{"body":{"email":"ada@example.com"}}'`}
		}
	}
	for _, pair := range vars {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || !strings.Contains(key, ".") {
			return &usageError{"--var is not APP.KEY=VALUE", "for example: --var stripe-app.region=eu"}
		}
		v.vars[key] = jsontext.Value(jsonOrText(value))
	}
	return nil
}

// Resolve implements placeholder.Resolver.
func (v values) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	switch ref.Kind {
	case placeholder.Now:
		return jsontext.Value(strconv.FormatInt(v.now, 10)), nil
	case placeholder.Session:
		if v.session == nil {
			return nil, fmt.Errorf("%w: give the session's data with --session", placeholder.ErrUnresolved)
		}
		return found(placeholder.LookupSession(v.session, ref.Path, v.tag))
	case placeholder.Input:
		if v.input == nil {
			return nil, fmt.Errorf("%w: give the input with --input", placeholder.ErrUnresolved)
		}
		part, ok := placeholder.Lookup(v.input, ref.Path)
		return found(placeholder.Plain(part), ok)
	case placeholder.Variable, placeholder.Constant:
		if value, ok := v.vars[strings.Join(ref.Path, ".")]; ok {
			return value, nil
		}
		return nil, fmt.Errorf("%w: give it with --var %s=…", placeholder.ErrUnresolved, strings.Join(ref.Path, "."))
	}
	if ref.InCall {
		return nil, fmt.Errorf("the value of %s is not shown to anyone, so no function can be tried on it here", ref.Text)
	}
	return jsontext.Value(`"[redacted]"`), nil
}

func found(v jsontext.Value, ok bool) (jsontext.Value, error) {
	if !ok {
		return nil, fmt.Errorf("%w: there is no such field", placeholder.ErrUnresolved)
	}
	return v, nil
}
