package openapi

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A server is one place an API answers at.
type server struct {
	url         string // its variables filled in with their defaults
	base        string // its variables as references to those of the app; empty: url
	description string
}

func (s server) baseURL() string {
	if s.base != "" {
		return s.base
	}
	return s.url
}

// readServers turns the document's servers into environments.
func (r *reader) readServers() {
	var servers []server
	if r.v2 {
		servers = r.formerServers()
	} else {
		servers = r.servers(r.part(r.root, "servers"))
	}
	if len(servers) == 0 {
		servers = r.defaultServer()
	}
	for _, s := range servers {
		r.sites[s.site()] = true
	}
	for i, slug := range slugs(servers) {
		r.bases[servers[i].baseURL()] = true
		r.app.Envs = append(r.app.Envs, ductape.AppEnv{Slug: slug, BaseURL: servers[i].baseURL()})
	}
}

// defaultServer is the root of where the description came from (OpenAPI 3.2,
// 4.1: servers defaults to "/").
func (r *reader) defaultServer() []server {
	if base := r.absolute("/"); isURL(base) {
		return []server{{url: strings.TrimSuffix(base, "/")}}
	}
	r.warn("server_missing", r.root, "the description does not say where the API is; set base_url of the environment prd")
	return []server{{}}
}

// servers reads a list of servers; those that come out equal are one.
func (r *reader) servers(list tree.Node) []server {
	var out []server
	seen := map[string]bool{}
	for n := range list.Items() {
		n = r.resolve(n)
		text := r.withoutUser(strings.TrimSpace(n.Get("url").Text()), n)
		if text == "" {
			continue
		}
		marked, variables := r.mark(text, n)
		whole := strings.TrimRight(r.absolute(marked), "/")
		filled, base := strings.TrimRight(variables.values.Replace(whole), "/"), variables.references.Replace(whole)
		text = variables.values.Replace(marked)
		if strings.HasSuffix(filled, ":") || strings.Contains(filled, ":///") {
			r.warn("server_invalid", n, "the server "+text+" names no host and was left out")
			continue
		}
		switch {
		case isURL(filled):
		case strings.Contains(filled, "://"):
			r.warn("server_not_http", n, "the server "+text+" is no http or https URL; set base_url")
		default:
			r.warn("server_relative", n, "the server "+text+" is relative and the description was not read from a URL; set base_url")
		}
		if seen[base] {
			continue
		}
		seen[base] = true
		out = append(out, server{url: filled, base: base, description: n.Get("description").Text() + " " + n.Get("name").Text()})
	}
	return out
}

// withoutUser takes the user and password out of a server's URL (RFC 3986,
// 3.2.1), and reports that.
func (r *reader) withoutUser(text string, n tree.Node) string {
	scheme, rest, ok := strings.Cut(text, "//")
	if !ok {
		return text
	}
	end := strings.IndexAny(rest+"/", `/?#\`)
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return text
	}
	r.warn("secret_dropped", n, "the user or password in the server's URL was left out; set it on the connection")
	return scheme + "//" + rest[at+1:]
}

// filling is what the variables of a server's URL become.
type filling struct{ values, references *strings.Replacer }

// mark puts a mark into a server's URL where each variable stands, one that
// resolving the URL leaves alone, and keeps the variables as those of the app.
func (r *reader) mark(text string, n tree.Node) (string, filling) {
	var marks, values, references []string
	names := variableNames(text)
	if len(names) > maxVariables {
		r.warn("server_variables_many", n, "the server has more than "+strconv.Itoa(maxVariables)+" variables and was left as it is; set base_url")
		names = nil
	}
	for i, name := range names {
		mark := "ductapevariable" + strconv.Itoa(i) + "z"
		value, reference := r.serverVariable(text, name, n)
		marks = append(marks, "{"+name+"}", mark)
		values, references = append(values, mark, value), append(references, mark, reference)
	}
	return strings.NewReplacer(marks...).Replace(text), filling{strings.NewReplacer(values...), strings.NewReplacer(references...)}
}

// maxVariables is how many variables of one server's URL are filled in.
const maxVariables = 100

// variableNames lists what stands in braces in a server's URL: one more than
// maxVariables at most.
func variableNames(text string) []string {
	var names []string
	for {
		_, after, ok := strings.Cut(text, "{")
		name, rest, closed := strings.Cut(after, "}")
		if !ok || !closed || len(names) > maxVariables {
			return names
		}
		if name != "" && !strings.ContainsAny(name, "{\n\r\x00") && !slices.Contains(names, name) {
			names = append(names, name)
		}
		text = rest
	}
}

// serverVariable returns the default of a variable and the reference to it: its
// value is a connection's to choose. A scheme, a default that is another one than
// a server before gave the same variable, and what stands in an address with a $
// of its own, which might become another reference, cannot be chosen so.
func (r *reader) serverVariable(text, name string, n tree.Node) (value, reference string) {
	v := n.Get("variables").Get(name)
	value, ok := v.Get("default").Scalar(), v.Get("default").OK()
	if values := v.Get("enum").Texts(); !ok && len(values) > 0 {
		value, ok = values[0], true
	}
	reference = "$Variable{" + r.app.Tag + "}{" + name + "}"
	hasDollar := strings.Contains(text, "$")
	if !ok && hasDollar {
		return "{" + name + "}", "{" + name + "}"
	}
	if !ok {
		at := v
		if !v.OK() {
			at = n
		}
		r.warn("server_variable_without_default", at, "the server variable "+name+" has no default; set the variable of a connection, or base_url")
		r.variable(v, name, nil)
		return "{" + name + "}", reference
	}
	isScheme := strings.HasPrefix(text, "{"+name+"}:")
	if isScheme || hasDollar || !r.variable(v, name, &value) {
		r.warn("server_variable_fixed", v, "the server variable "+name+" is filled with "+strconv.Quote(value)+"; set base_url for another value")
		return value, value
	}
	return value, reference
}

// variable keeps a server's variable as one of the app. It reports false when
// there is one with another default.
func (r *reader) variable(v tree.Node, name string, value *string) bool {
	var standard json.RawMessage
	if value != nil {
		text, _ := jsontext.AppendQuote(nil, *value)
		standard = json.RawMessage(text)
	}
	if i, ok := r.variables[name]; ok {
		return bytes.Equal(r.app.Variables[i].Default, standard)
	}
	r.variables[name] = len(r.app.Variables)
	r.app.Variables = append(r.app.Variables, ductape.Variable{
		Key: name, Description: v.Get("description").Text(), Default: standard, Enum: v.Get("enum").Texts(),
	})
	return true
}

// absolute resolves a server's URL against the description's own.
func (r *reader) absolute(text string) string {
	scheme, rest, hasScheme := strings.Cut(text, "://")
	switch {
	case hasScheme && strings.ContainsAny(scheme, "/?#"): // in what follows a path
		return text
	case hasScheme: // which letters it is in means nothing (RFC 3986, 3.1)
		return strings.ToLower(scheme) + "://" + rest
	case strings.HasPrefix(text, "//"):
		return "https:" + text
	case !strings.HasPrefix(text, "/") && looksLikeHost(text):
		return "https://" + text
	case isURL(r.opt.Location):
		if base, err := url.Parse(r.opt.Location); err == nil {
			if u, err := base.Parse(text); err == nil {
				u.User = nil // who may read the description
				return u.String()
			}
		}
	}
	return text
}

func looksLikeHost(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	name, _, _ := strings.Cut(host, ":")
	return name == "localhost" || strings.Contains(strings.Trim(name, "."), ".") && !strings.HasPrefix(name, ".")
}
