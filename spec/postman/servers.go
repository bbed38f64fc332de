package postman

import (
	"maps"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// servers makes the environments. The base URL most requests go to is that of
// prd; requests that go elsewhere carry theirs.
func (r *reader) servers(top *scope) {
	main, ok := r.bases.Most()
	if !ok {
		return
	}
	env := ductape.AppEnv{Slug: "prd", BaseURL: main}
	if !isKnownBase(main) {
		env.BaseURL = ""
		r.warn(baseURLMissing, "", "most requests go to "+quoted(main)+", which has no value: set base_url of environment prd")
	}
	elsewhere := map[string]string{} // :: base -> Action.BaseURL
	for _, base := range r.bases.Others(main) {
		elsewhere[base] = r.elsewhere(base, &env)
	}
	slices.Sort(env.Hosts)
	env.Hosts = slices.Compact(env.Hosts)
	for i := range r.app.Actions {
		r.app.Actions[i].BaseURL = elsewhere[r.sites[i]]
	}
	r.app.Envs = append([]ductape.AppEnv{env}, otherEnvs(main, top)...)
}

func isKnownBase(base string) bool {
	return strings.Contains(base, "://") && len(names(base)) == 0
}

// elsewhere returns the BaseURL of actions that go to base.
func (r *reader) elsewhere(base string, env *ductape.AppEnv) string {
	switch {
	case base == "":
		return ""
	case !isKnownBase(base):
		return r.variableBase(base)
	case env.BaseURL != "" && sample.SameSite(base, env.BaseURL):
		if h := sample.Host(base); h != sample.Host(env.BaseURL) {
			env.Hosts = append(env.Hosts, h)
		}
	default:
		r.warn(foreignHost, "", "some requests go to "+quoted(base)+", and the credentials of a connection with them")
	}
	return base
}

// variableBase keeps the address of a smaller group as variables of the App.
func (r *reader) variableBase(base string) string {
	var b strings.Builder
	for _, p := range pieces(base) {
		if !p.isVar {
			b.WriteString(p.text)
			continue
		}
		b.WriteString("$Variable{" + r.app.Tag + "}{" + p.text + "}")
		if _, known := r.vars.exported[p.text]; !known {
			r.vars.exported[p.text] = ""
			r.app.Variables = append(r.app.Variables, ductape.Variable{Key: p.text, Description: "address of some actions"})
		}
	}
	r.warn(baseURLMissing, "", "some requests go to "+quoted(base)+", which has no value: set the variable on the connection")
	return b.String()
}

var envWords = map[string]string{ // :: word in a variable's name -> environment
	"sandbox": "sandbox", "test": "test", "testing": "test", "staging": "staging", "stage": "staging", "stg": "staging",
	"dev": "dev", "development": "dev", "local": "local", "uat": "uat", "qa": "qa", "mock": "mock", "demo": "demo",
}

// otherEnvs makes an environment of each collection variable that is an address
// and names one: sandbox_url, baseUrlTest.
func otherEnvs(main string, top *scope) []ductape.AppEnv {
	var envs []ductape.AppEnv
	add := func(name, base string) {
		words := naming.Words(name)
		if !slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains([]string{"url", "uri", "host", "base", "server", "endpoint", "domain"}, w)
		}) {
			return
		}
		for _, w := range words {
			slug := envWords[w]
			if slug == "" || slices.ContainsFunc(envs, func(e ductape.AppEnv) bool { return e.Slug == slug }) {
				continue
			}
			envs = append(envs, ductape.AppEnv{Slug: slug, BaseURL: base})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(top.vars)) {
		value := strings.TrimRight(top.expand(top.vars[name].value), "/")
		if _, tokens := sample.CutTokens(value); isKnownBase(value) && len(tokens) == 0 {
			add(name, value)
		}
	}
	for _, name := range names(main) {
		add(name, "")
	}
	return envs
}
