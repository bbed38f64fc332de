package catalog

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/internal/placeholder"
)

// checkAction checks an action that came by hand. Those of a description have
// been through its reader.
func checkAction(p *problems, where string, a *ductape.Action, app *ductape.App) {
	p.tag(where, "tag", a.Tag, map[string]bool{})
	if !validMethod(a.Method) {
		p.add(where+".method", "%s is not a method such as GET or POST", quote(a.Method))
	}
	if a.Resource == "" || !strings.HasPrefix(a.Resource, "/") && !strings.HasPrefix(a.Resource, "$") {
		p.add(where+".resource", "must be a path that begins with /, as in /customers/{id}")
	}
	if strings.ContainsAny(a.Resource, " \t\r\n\x00#") {
		p.add(where+".resource", "must not hold spaces, line breaks or #")
	}
	p.template(where+".resource", a.Resource)
	if a.BaseURL != "" {
		checkBaseURL(p, where+".base_url", a.BaseURL)
	}
	checkParams(p, where, a)
	for i, alt := range a.Security {
		for _, need := range alt {
			if app.Auth(need.Auth) == nil {
				p.add(at(where+".security", i, ""), "%s", withHint("the app has no auth "+quote(need.Auth), nearest.Hint(need.Auth, tagsOf(app.Auths, authTag))))
			}
		}
	}
}

func validMethod(m string) bool {
	if m == "" || len(m) > 32 {
		return false
	}
	for i := range len(m) {
		if m[i] < 'A' || m[i] > 'Z' {
			return false
		}
	}
	return true
}

func checkParams(p *problems, where string, a *ductape.Action) {
	seen := map[string]bool{}
	inPath := pathNames(a.Resource)
	for i, x := range a.Params {
		w := at(where+".params", i, x.Name)
		id := string(x.In) + " " + x.Name
		switch {
		case x.Name == "":
			p.add(w, "name is missing")
		case seen[id]:
			p.add(w, "%s parameter %s is there twice", x.In, quote(x.Name))
		}
		seen[id] = true
		switch x.In {
		case ductape.InQuery, ductape.InHeader, ductape.InCookie, ductape.InQueryString:
		case ductape.InPath:
			if !slices.Contains(inPath, x.Name) {
				p.add(w, "%s", withHint("the resource "+quote(a.Resource)+" has no {"+clip(x.Name)+"}", nearest.Hint(x.Name, inPath)))
			}
		default:
			p.add(w+".in", "must be path, query, header or cookie")
		}
		p.templates(w+".default", x.Default)
	}
}

// pathNames returns the {names} of a path template. Braces of references such
// as $Variable{app}{key} are not among them.
func pathNames(resource string) []string {
	rest := resource
	if t, err := placeholder.Parse(resource); err == nil {
		for _, r := range t.Refs() {
			rest = strings.Replace(rest, r.Text, "", 1)
		}
	}
	var names []string
	for {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(after, "}")
		if !ok {
			return names
		}
		names, rest = append(names, name), after
	}
}
