package catalog

import (
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
)

const warnLookalike = "looks_like_reference"

// referenceNames are the names of references and of functions.
var referenceNames = map[byte][]string{
	'{': {"Session", "Auth", "Secret", "Variable", "Constant", "Input", "Size", "Length", "Literal"},
	'(': {"Now", "Default", "Size", "Length", "Add", "Subtract", "Concat", "Substring", "Trim", "Uppercase", "Lowercase", "Replace", "Split", "Dateformat", "Pick", "Join", "Filter", "Find"},
}

// lookalike returns what a text with the shape of a reference or a function,
// such as $Secrt{KEY}, may have meant where it is none and so is plain text; ""
// where nothing in it resembles one. $$ is how such text is meant as it is.
func lookalike(text string) string {
	if strings.Contains(text, "$Literal{") {
		return ""
	}
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			return ""
		}
		text = text[at:]
		rest := strings.TrimLeft(text, "$")
		run := len(text) - len(rest)
		n := strings.IndexFunc(rest, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
		text = rest
		if n <= 0 || run%2 == 0 || rest[n] != '{' && rest[n] != '(' {
			continue
		}
		open := rest[n]
		near := nearest.Nearest(rest[:n], referenceNames[open], 1)
		if len(near) > 0 && near[0] != rest[:n] {
			return "$" + near[0] + string(open)
		}
	}
}

// lookalikes warns of texts of what a draft changes or confirms that look like a
// reference. Never of the text itself: it may be a credential.
func lookalikes(d *draft, creds credentials) []ductape.Warning {
	var list []ductape.Warning
	look := func(where, text string) {
		if meant := lookalike(text); meant != "" {
			list = append(list, ductape.Warning{Code: warnLookalike, Where: where, Message: "has the shape of a reference but is none, and is kept as plain text; did you mean " + meant + "…? Write $$ where the text is meant"})
		}
	}
	for _, c := range creds {
		look(c.where, c.value.Expose())
	}
	for _, p := range d.products {
		eachConfigured(p.after, func(where, text string, _ ductape.SecretUse) { look(where, text) })
		if p.after != nil {
			for _, s := range p.after.Sessions {
				look(join("products", p.tag, "sessions", s.Tag, "selector"), s.Selector)
			}
		}
	}
	for _, a := range d.apps {
		if a.after != nil {
			appTexts(a.after, look)
		}
	}
	return list
}

// appTexts visits the texts of an app that a person set.
func appTexts(a *ductape.App, look func(where, text string)) {
	e := editsOf(a.Edited)
	visit := func(name string, raw rawJSON) {
		if e[name] {
			eachText(raw, func(text string) { look(join("apps", a.Tag, name), text) })
		}
	}
	for _, env := range a.Envs {
		if name := "envs." + env.Slug + ".base_url"; e[name] {
			look(join("apps", a.Tag, name), env.BaseURL)
		}
	}
	for _, v := range a.Variables {
		visit("variables."+v.Key, v.Default)
	}
	for _, c := range a.Constants {
		visit("constants."+c.Key, c.Value)
	}
}
