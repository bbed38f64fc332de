package catalog

import (
	"fmt"
	"strings"

	"github.com/ductape-go/ductape"
)

// A PlannedChange is one thing that a save adds, changes or removes. It never
// holds the value of a secret.
type PlannedChange struct {
	Op     string   `json:"op"`   // "+", "~" or "-"
	Kind   string   `json:"kind"` // app, env, auth, variable, constant, action, product, connection, cache, session
	Name   string   `json:"name"` // "stripe", "stripe/dev"
	Detail []string `json:"detail,omitempty"`
}

// A Plan is what a save does, or would do.
type Plan struct {
	Changes  []PlannedChange              `json:"changes"`
	Kept     []string                     `json:"kept,omitempty"`     // "cache my-product/old": not in the file, kept without prune
	Warnings []ductape.Warning            `json:"warnings,omitempty"` // what is worth a look; Where is a place in the configuration
	Imports  map[string][]ductape.Warning `json:"imports,omitempty"`  // app -> what its description had that could not be carried over
	DryRun   bool                         `json:"dry_run,omitempty"`
}

// Empty reports whether there is nothing to change.
func (p *Plan) Empty() bool { return len(p.Changes) == 0 }

// maxListed bounds how many actions of one app and kind of change are printed.
const maxListed = 20

// String prints the plan as the command line shows it.
func (p *Plan) String() string {
	var b strings.Builder
	p.printChanges(&b)
	for _, k := range p.Kept {
		fmt.Fprintf(&b, "= %s: not in the file, kept (--prune removes it)\n", k)
	}
	for _, app := range sortedKeys(p.Imports) {
		fmt.Fprintf(&b, "! apps.%s: %s of the import: %s\n", app, count(len(p.Imports[app]), "warning"), codesOf(p.Imports[app]))
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "! %s: %s\n", w.Where, w.Message)
	}
	b.WriteString(p.summary())
	return b.String()
}

func (p *Plan) printChanges(b *strings.Builder) {
	listed := map[string]int{}
	for _, c := range p.Changes {
		if c.Kind == "action" {
			app, _, _ := strings.Cut(c.Name, "/")
			listed[c.Op+app]++
			if listed[c.Op+app] > maxListed {
				continue
			}
		}
		fmt.Fprintf(b, "%s %-10s %s\n", c.Op, c.Kind, c.Name)
		for _, d := range c.Detail {
			fmt.Fprintf(b, "    %s\n", d)
		}
	}
	for _, key := range sortedKeys(listed) {
		if more := listed[key] - maxListed; more > 0 {
			fmt.Fprintf(b, "%s %-10s %s: and %d more\n", key[:1], "action", key[1:], more)
		}
	}
}

func (p *Plan) summary() string {
	if p.Empty() {
		return "No changes.\n"
	}
	n := map[string]int{}
	for _, c := range p.Changes {
		n[c.Op]++
	}
	return fmt.Sprintf("%d to add, %d to change, %d to remove.\n", n["+"], n["~"], n["-"])
}

// codesOf counts warnings by code: "3 dropped_script, 1 unknown_auth".
func codesOf(list []ductape.Warning) string {
	n := map[string]int{}
	for _, w := range list {
		n[w.Code]++
	}
	var parts []string
	for _, code := range sortedKeys(n) {
		parts = append(parts, fmt.Sprintf("%d %s", n[code], code))
	}
	return strings.Join(parts, ", ")
}

// sealed warns of credentials that were written literally.
func (p *Plan) sealed(creds credentials) {
	for _, c := range creds {
		p.Warnings = append(p.Warnings, ductape.Warning{
			Code: "literal_credential", Where: c.where,
			Message: "the credential is written literally; it is kept sealed, but better set a secret and refer to it as $Secret{KEY}",
		})
	}
}

// planOf describes a draft.
func planOf(d *draft) *Plan {
	p := &Plan{Changes: []PlannedChange{}, Warnings: d.warnings, Kept: d.kept}
	for _, a := range d.apps {
		p.app(a)
	}
	for _, pd := range d.products {
		p.product(pd)
	}
	return p
}

func (p *Plan) add(op, kind, name string, detail ...string) {
	p.Changes = append(p.Changes, PlannedChange{Op: op, Kind: kind, Name: name, Detail: detail})
}
