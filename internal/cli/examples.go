package cli

import "github.com/spf13/cobra"

// examples are those of commands that have little more to say than their names.
var examples = map[string]string{
	"ductape apps auth delete":     `  ductape apps auth delete stripe token_access`,
	"ductape apps constant delete": `  ductape apps constant delete stripe currency`,
	"ductape apps constant set":    `  ductape apps constant set stripe currency eur`,
	"ductape apps delete":          `  ductape apps delete stripe`,
	"ductape apps env delete":      `  ductape apps env delete stripe staging`,
	"ductape apps list":            `  ductape apps list --json`,
	"ductape apps show":            `  ductape apps show stripe`,
	"ductape apps variable delete": `  ductape apps variable delete stripe account`,
	"ductape apps variable set":    `  ductape apps variable set stripe account`,
	"ductape caches delete":        `  ductape caches delete -p my-product products-list`,
	"ductape caches list":          `  ductape caches list -p my-product`,
	"ductape keys list":            `  ductape keys list`,
	"ductape keys revoke":          `  ductape keys revoke key_01…`,
	"ductape keys rotate-data":     `  ductape keys rotate-data`,
	"ductape keys rotate-master":   `  ductape keys rotate-master`,
	"ductape keys rotate-session":  `  ductape keys rotate-session`,
	"ductape products delete":      `  ductape products delete my-product`,
	"ductape products disconnect":  `  ductape products disconnect my-product stripe-app`,
	"ductape products list":        `  ductape products list`,
	"ductape products set":         `  ductape products set my-product --envs dev,staging,prd`,
	"ductape products show":        `  ductape products show my-product`,
	"ductape runs show":            `  ductape runs show run_01…`,
	"ductape secrets delete":       `  ductape secrets delete STRIPE_TEST_KEY`,
	"ductape secrets describe":     `  ductape secrets describe STRIPE_TEST_KEY`,
	"ductape secrets list":         `  ductape secrets list`,
	"ductape sessions revoke": `  ductape sessions revoke --session 01…
  ductape sessions revoke --user 42`,
	"ductape sessions types delete": `  ductape sessions types delete -p my-product user-session`,
	"ductape sessions users":        `  ductape sessions users -p my-product`,
	"ductape sessions verify":       `  printf %s "$TOKEN" | ductape sessions verify -p my-product -e dev user-session`,
	"ductape sessions decrypt":      `  printf %s "$TOKEN" | ductape sessions decrypt -p my-product -e dev user-session`,
	"ductape sessions refresh":      `  printf %s "$TOKEN" | ductape sessions refresh -p my-product -e dev user-session`,
}

func addExamples(cmd *cobra.Command) {
	if cmd.Example == "" {
		cmd.Example = examples[cmd.CommandPath()]
	}
	for _, sub := range cmd.Commands() {
		addExamples(sub)
	}
}
