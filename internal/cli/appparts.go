package cli

import (
	"encoding/json"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

// appParts are the commands that change one part of an app. The app is read,
// changed and written back; its actions stay.
func (c *command) appParts() []*cobra.Command {
	return []*cobra.Command{
		group("env", "Set and delete an app's environments", c.appEnvSet(), c.appPartDelete("SLUG", "environment", func(a *ductape.App, slug string) bool {
			return remove(&a.Envs, func(e ductape.AppEnv) bool { return e.Slug == slug })
		})),
		group("auth", "Set and delete an app's auths", c.appAuthSet(), c.appPartDelete("TAG", "auth", func(a *ductape.App, tag string) bool {
			return remove(&a.Auths, func(x ductape.Auth) bool { return x.Tag == tag })
		})),
		group("variable", "Set and delete an app's variables", c.appVariableSet(), c.appPartDelete("KEY", "variable", func(a *ductape.App, key string) bool {
			return remove(&a.Variables, func(v ductape.Variable) bool { return v.Key == key })
		})),
		group("constant", "Set and delete an app's constants", c.appConstantSet(), c.appPartDelete("KEY", "constant", func(a *ductape.App, key string) bool {
			return remove(&a.Constants, func(v ductape.Constant) bool { return v.Key == key })
		})),
	}
}

// changeApp reads an app, changes it, and writes it back. An app that is not
// there is begun.
func (c *command) changeApp(cmd *cobra.Command, tag string, change func(*ductape.App) error) error {
	return c.with(cmd.Context(), mayCreate, func(t *target) error {
		path := "/v1/apps/" + url.PathEscape(tag)
		app := &ductape.App{Tag: tag}
		err := t.Do(cmd.Context(), "GET", path, nil, app)
		if err != nil && ductape.CodeOf(err) != ductape.CodeUnknownApp {
			return err
		}
		if err := change(app); err != nil {
			return err
		}
		return t.Do(cmd.Context(), "PUT", path, app, nil)
	})
}

// set puts an item in the place of the one like it, or at the end.
func set[T any](list *[]T, item T, like func(T) bool) {
	if i := slices.IndexFunc(*list, like); i >= 0 {
		(*list)[i] = item
		return
	}
	*list = append(*list, item)
}

// remove reports whether there was something to take out.
func remove[T any](list *[]T, is func(T) bool) bool {
	before := len(*list)
	*list = slices.DeleteFunc(*list, is)
	return len(*list) < before
}

func (c *command) appPartDelete(arg, what string, take func(*ductape.App, string) bool) *cobra.Command {
	return &cobra.Command{Use: "delete APP " + arg, Short: "Delete an app's " + what, Args: exactly("APP", arg), RunE: func(cmd *cobra.Command, args []string) error {
		return c.changeApp(cmd, args[0], func(a *ductape.App) error {
			if !take(a, args[1]) {
				return ductape.NewError(ductape.CodeNotFound, args[0]+" has no "+what+" \""+args[1]+"\"")
			}
			return nil
		})
	}}
}

func (c *command) appEnvSet() *cobra.Command {
	var e ductape.AppEnv
	cmd := &cobra.Command{
		Use: "set APP SLUG --base-url URL", Short: "Create or change an environment of an app", Args: exactly("APP", "SLUG"),
		Example: "  ductape apps env set stripe dev --base-url http://127.0.0.1:12111 --allow-private",
		RunE: func(cmd *cobra.Command, args []string) error {
			e.Slug = args[1]
			return c.changeApp(cmd, args[0], func(a *ductape.App) error {
				set(&a.Envs, e, func(x ductape.AppEnv) bool { return x.Slug == e.Slug })
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&e.BaseURL, "base-url", "", "`URL` that the resources are added to")
	cmd.Flags().StringVar(&e.RequestType, "request-type", "", "media `TYPE` of bodies when an action names none")
	cmd.Flags().BoolVar(&e.AllowPrivate, "allow-private", false, "permit loopback and private addresses")
	cmd.Flags().StringSliceVar(&e.Hosts, "hosts", nil, "further hosts that may receive the credentials")
	return cmd
}

func (c *command) appAuthSet() *cobra.Command {
	var a ductape.Auth
	var typ, in string
	cmd := &cobra.Command{
		Use: "set APP TAG --type TYPE", Short: "Create or change an auth of an app", Args: exactly("APP", "TAG"),
		Example: "  ductape apps auth set stripe token_access --type bearer\n  ductape apps auth set weather key --type api_key --in query --name appid",
		RunE: func(cmd *cobra.Command, args []string) error {
			a.Tag, a.Type, a.In = args[1], ductape.AuthType(typ), ductape.Location(in)
			return c.changeApp(cmd, args[0], func(app *ductape.App) error {
				set(&app.Auths, a, func(x ductape.Auth) bool { return x.Tag == a.Tag })
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&typ, "type", "bearer", "bearer, api_key, basic, …")
	cmd.Flags().StringVar(&in, "in", "", "api_key: header, query or cookie")
	cmd.Flags().StringVar(&a.Name, "name", "", "api_key: name of the header, query parameter or cookie")
	cmd.Flags().StringVar(&a.Prefix, "prefix", "", "text before the value, with its space")
	return cmd
}

func (c *command) appVariableSet() *cobra.Command {
	var v ductape.Variable
	var value string
	cmd := &cobra.Command{
		Use: "set APP KEY", Short: "Create or change a variable of an app, which each connection may set", Args: exactly("APP", "KEY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			v.Key = args[1]
			if cmd.Flags().Changed("default") {
				v.Default = jsonOrText(value)
			}
			return c.changeApp(cmd, args[0], func(a *ductape.App) error {
				set(&a.Variables, v, func(x ductape.Variable) bool { return x.Key == v.Key })
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&value, "default", "", "`VALUE` where a connection sets none: JSON, else text")
	cmd.Flags().BoolVar(&v.Required, "required", false, "each connection must set it")
	return cmd
}

func (c *command) appConstantSet() *cobra.Command {
	return &cobra.Command{
		Use: "set APP KEY VALUE", Short: "Create or change a constant of an app", Args: exactly("APP", "KEY", "VALUE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			k := ductape.Constant{Key: args[1], Value: jsonOrText(args[2])}
			return c.changeApp(cmd, args[0], func(a *ductape.App) error {
				set(&a.Constants, k, func(x ductape.Constant) bool { return x.Key == k.Key })
				return nil
			})
		},
	}
}

// jsonOrText is a value as a person types one: JSON where it is, else text.
func jsonOrText(s string) json.RawMessage {
	if json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return quoted
}
