package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
)

// sessionTypes are the commands for the kinds of session a product has.
func (c *command) sessionTypes() *cobra.Command {
	var product string
	var typ ductape.SessionType
	var schema, keys string
	path := func(tag string) string {
		return "/v1/products/" + url.PathEscape(product) + "/sessions/" + url.PathEscape(tag)
	}
	set := &cobra.Command{
		Use: "set -p PRODUCT TAG --expiry 7 --period days", Short: "Create or change a session type", Args: exactly("TAG"),
		Example: `  ductape sessions types set -p my-product user-session --selector '$Session{user}{id}' --expiry 7 --period days
  ductape sessions types set -p my-product auth0 --issuer https://example.eu.auth0.com/ --audience my-api \
    --jwks-url https://example.eu.auth0.com/.well-known/jwks.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			typ.Tag = args[0]
			if err := c.readTypeParts(&typ, schema, keys); err != nil {
				return err
			}
			if typ.IsExternal() && !cmd.Flags().Changed("expiry") && !cmd.Flags().Changed("period") {
				typ.Expiry, typ.Period = 0, "" // the tokens have their own
			}
			return c.with(cmd.Context(), mustExist, func(t *target) error { return t.Do(cmd.Context(), "PUT", path(args[0]), typ, nil) })
		},
	}
	set.Flags().StringVar(&typ.Selector, "selector", "", "`REFERENCE` to what identifies the user, or a function of such")
	set.Flags().Int64Var(&typ.Expiry, "expiry", 1, "how many periods a token is good for")
	set.Flags().StringVar(&typ.Period, "period", "days", "seconds, minutes, hours, days, weeks or months")
	set.Flags().Int64Var(&typ.RefreshExpiry, "refresh-expiry", 0, "how many periods it can be renewed for; 0: not at all")
	set.Flags().StringVar(&schema, "schema", "", "`FILE` with a JSON Schema that the data must fit")
	set.Flags().StringVar(&typ.Issuer, "issuer", "", "take the tokens of this `ISSUER`, their iss, as sessions")
	set.Flags().StringVar(&typ.Audience, "audience", "", "`AUDIENCE` that the issuer's tokens must be for, their aud")
	set.Flags().StringVar(&typ.JWKSURL, "jwks-url", "", "`URL` where the issuer publishes its keys")
	set.Flags().StringVar(&keys, "keys", "", "`FILE` with the issuer's keys, a JWK set or PEM; or '$Secret{KEY}' for HS256")
	set.Flags().StringSliceVar(&typ.Algorithms, "algorithms", nil, "algorithms to accept (default RS256,PS256,ES256,EdDSA)")
	set.Flags().BoolVar(&typ.AllowPrivate, "allow-private", false, "let the keys' URL be a private address, and plain http")
	remove := &cobra.Command{
		Use: "delete -p PRODUCT TAG", Short: "Delete a session type", Args: exactly("TAG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), mustExist, func(t *target) error { return t.Do(cmd.Context(), "DELETE", path(args[0]), nil, nil) })
		},
	}
	g := group("types", "Set and delete a product's session types", set, remove)
	g.PersistentFlags().StringVarP(&product, "product", "p", "", "`PRODUCT` whose session types are meant")
	return g
}

// readTypeParts reads the parts of a session type that stand in files.
func (c *command) readTypeParts(typ *ductape.SessionType, schema, keys string) (err error) {
	if schema != "" {
		if typ.Schema, err = readJSONFile(schema); err != nil {
			return err
		}
	}
	if strings.HasPrefix(keys, "$Secret{") {
		typ.Keys, err = json.Marshal(keys)
		return err
	}
	if keys == "" {
		return nil
	}
	text, err := os.ReadFile(keys)
	if err != nil {
		return err
	}
	if json.Valid(text) {
		typ.Keys = text
		return nil
	}
	typ.Keys, err = json.Marshal(string(text)) // PEM
	return err
}

func readJSONFile(name string) (json.RawMessage, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if !json.Valid(text) {
		return nil, fmt.Errorf("%s is no valid JSON", name)
	}
	return text, nil
}
