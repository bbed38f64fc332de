package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

func (c *command) productsSet() *cobra.Command {
	var name string
	var envs []string
	cmd := &cobra.Command{
		Use: "set PRODUCT --envs dev,staging,prd", Short: "Create a product, or change its name and environments", Args: exactly("PRODUCT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.changeProduct(cmd, args[0], func(p *ductape.Product) error {
				if name != "" {
					p.Name = name
				}
				if cmd.Flags().Changed("envs") {
					p.Envs = productEnvs(p.Envs, envs)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "name for people")
	cmd.Flags().StringSliceVar(&envs, "envs", []string{"dev", "staging", "prd"}, "slugs of its environments")
	return cmd
}

// productEnvs keeps what is known of the environments that stay.
func productEnvs(have []ductape.ProductEnv, slugs []string) []ductape.ProductEnv {
	out := make([]ductape.ProductEnv, len(slugs))
	for i, slug := range slugs {
		out[i] = ductape.ProductEnv{Slug: slug}
		for _, e := range have {
			if e.Slug == slug {
				out[i] = e
			}
		}
	}
	return out
}

// changeProduct reads a product, changes it, and writes it back. One that is
// not there is begun.
func (c *command) changeProduct(cmd *cobra.Command, tag string, change func(*ductape.Product) error) error {
	return c.with(cmd.Context(), mayCreate, func(t *target) error {
		path := "/v1/products/" + url.PathEscape(tag)
		p := &ductape.Product{Tag: tag, Envs: productEnvs(nil, []string{"dev", "staging", "prd"})}
		err := t.Do(cmd.Context(), "GET", path, nil, p)
		if err != nil && ductape.CodeOf(err) != ductape.CodeUnknownProduct {
			return err
		}
		if err := change(p); err != nil {
			return err
		}
		return t.Do(cmd.Context(), "PUT", path, p, nil)
	})
}

func (c *command) productsConnect() *cobra.Command {
	var app, env, appEnv string
	var auth, vars []string
	cmd := &cobra.Command{
		Use: "connect PRODUCT ACCESS_TAG --app APP --env ENV", Short: "Connect an app to a product, for one environment", Args: exactly("PRODUCT", "ACCESS_TAG"),
		Long: `Connect sets how a product uses an app in one environment: which environment of
the app, which credentials, which variables. Other environments of the connection
stay. Credentials are best given as references to secrets.`,
		Example: `  ductape products connect my-product stripe-app --app stripe --env dev --auth 'token_access.token=$Secret{STRIPE_TEST_KEY}'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			entry := ductape.ConnectionEnv{ProductEnv: env, AppEnv: appEnv}
			if entry.AppEnv == "" {
				entry.AppEnv = env
			}
			if err := fillEntry(&entry, auth, vars); err != nil {
				return err
			}
			return c.connect(cmd, args[0], args[1], app, entry)
		},
	}
	cmd.Flags().StringVar(&app, "app", "", "`TAG` of the app; the access tag when left out")
	cmd.Flags().StringVarP(&env, "env", "e", "dev", "`ENV` of the product")
	cmd.Flags().StringVar(&appEnv, "app-env", "", "`ENV` of the app; the same name when left out")
	cmd.Flags().StringArrayVar(&auth, "auth", nil, "credential as `TAG.FIELD=VALUE`; may be given again")
	cmd.Flags().StringArrayVar(&vars, "var", nil, "variable as `KEY=VALUE`; may be given again")
	return cmd
}

func fillEntry(e *ductape.ConnectionEnv, auth, vars []string) error {
	for _, a := range auth {
		name, value, ok := strings.Cut(a, "=")
		tag, field, dotted := strings.Cut(name, ".")
		if !ok || !dotted {
			return &usageError{"--auth is not TAG.FIELD=VALUE", "for example: --auth 'token_access.token=$Secret{KEY}'"}
		}
		if e.Auth == nil {
			e.Auth = map[string]map[string]string{}
		}
		if e.Auth[tag] == nil {
			e.Auth[tag] = map[string]string{}
		}
		e.Auth[tag][field] = value
	}
	for _, v := range vars {
		key, value, ok := strings.Cut(v, "=")
		if !ok {
			return &usageError{"--var is not KEY=VALUE", "for example: --var region=eu"}
		}
		if e.Variables == nil {
			e.Variables = map[string]json.RawMessage{}
		}
		e.Variables[key] = jsonOrText(value)
	}
	return nil
}

func (c *command) connect(cmd *cobra.Command, product, access, app string, entry ductape.ConnectionEnv) error {
	return c.with(cmd.Context(), mustExist, func(t *target) error {
		var p ductape.Product
		if err := t.Do(cmd.Context(), "GET", "/v1/products/"+url.PathEscape(product), nil, &p); err != nil {
			return err
		}
		conn := ductape.Connection{AccessTag: access, App: access}
		for _, have := range p.Apps {
			if have.AccessTag == access {
				conn = have
			}
		}
		if app != "" {
			conn.App = app
		}
		set(&conn.Envs, entry, func(e ductape.ConnectionEnv) bool { return e.ProductEnv == entry.ProductEnv })
		var plan catalog.Plan
		if err := t.Do(cmd.Context(), "PUT", "/v1/products/"+url.PathEscape(product)+"/apps/"+url.PathEscape(access), conn, &plan); err != nil || c.json {
			return orPrint(c, plan, err)
		}
		_, err := fmt.Fprint(c.Stdout, plan.String())
		return err
	})
}

func (c *command) productsDisconnect() *cobra.Command {
	return &cobra.Command{
		Use: "disconnect PRODUCT ACCESS_TAG", Short: "Disconnect an app from a product", Args: exactly("PRODUCT", "ACCESS_TAG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error {
				return t.Do(cmd.Context(), "DELETE", "/v1/products/"+url.PathEscape(args[0])+"/apps/"+url.PathEscape(args[1]), nil, nil)
			})
		},
	}
}
