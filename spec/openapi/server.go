package openapi

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// A server is one place an API answers at, its variables filled in.
type server struct{ url, description string }

// readServers turns the document's servers into environments.
func (r *reader) readServers() {
	var servers []server
	if r.v2 {
		servers = r.formerServers()
	} else {
		servers = r.servers(r.root.Get("servers"))
	}
	if len(servers) == 0 {
		servers = r.defaultServer()
	}
	for i, slug := range slugs(servers) {
		r.app.Envs = append(r.app.Envs, ductape.AppEnv{Slug: slug, BaseURL: servers[i].url})
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
		text := strings.TrimSpace(n.Get("url").Text())
		if text == "" {
			continue
		}
		text = r.fill(text, n)
		base := strings.TrimRight(r.absolute(text), "/")
		if strings.HasSuffix(base, ":") || strings.Contains(base, ":///") {
			r.warn("server_invalid", n, "the server "+text+" names no host and was left out")
			continue
		}
		if !isURL(base) && !strings.HasPrefix(base, "ws") {
			r.warn("server_relative", n, "the server "+text+" is relative and the description was not read from a URL; set base_url")
		}
		if seen[base] {
			continue
		}
		seen[base] = true
		out = append(out, server{url: base, description: n.Get("description").Text() + " " + n.Get("name").Text()})
	}
	return out
}

// fill puts the default of each variable into a server's URL and keeps the
// variable as one of the app.
func (r *reader) fill(text string, n tree.Node) string {
	for v := range n.Get("variables").Members() {
		name := v.Key()
		value, ok := v.Get("default").Scalar(), v.Get("default").OK()
		if values := v.Get("enum").Texts(); !ok && len(values) > 0 {
			value, ok = values[0], true
		}
		if !ok {
			r.warn("server_variable_without_default", v, "the server variable "+name+" has no default; set base_url")
			continue
		}
		if strings.Contains(text, "{"+name+"}") {
			r.warn("server_variable_fixed", v, "the server variable "+name+" is filled with "+strconv.Quote(value)+"; set base_url for another value")
		}
		text = strings.ReplaceAll(text, "{"+name+"}", value)
		r.variable(v, name, value)
	}
	return text
}

func (r *reader) variable(v tree.Node, name, value string) {
	for _, known := range r.app.Variables {
		if known.Key == name {
			return
		}
	}
	text, _ := jsontext.AppendQuote(nil, value)
	r.app.Variables = append(r.app.Variables, ductape.Variable{
		Key: name, Description: v.Get("description").Text(), Default: json.RawMessage(text), Enum: v.Get("enum").Texts(),
	})
}

// absolute resolves a server's URL against the description's own.
func (r *reader) absolute(text string) string {
	switch {
	case isURL(text) || strings.Contains(text, "://"):
		return text
	case strings.HasPrefix(text, "//"):
		return "https:" + text
	case !strings.HasPrefix(text, "/") && looksLikeHost(text):
		return "https://" + text
	case isURL(r.opt.Location):
		if base, err := url.Parse(r.opt.Location); err == nil {
			if u, err := base.Parse(text); err == nil {
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

// ownServer returns where an operation lives when that is on none of the app's
// servers: operation before path before document (OpenAPI 3.2, 4.9 and 4.10).
func (r *reader) ownServer(p place, op tree.Node) string {
	list := op.Get("servers")
	for _, next := range [...]tree.Node{p.over.Get("servers"), p.item.Get("servers")} {
		if list.Len() == 0 {
			list = next
		}
	}
	if list.Len() == 0 {
		return ""
	}
	servers := r.servers(list)
	if len(servers) == 0 {
		return ""
	}
	for _, s := range servers {
		if r.hasServer(s.url) {
			return ""
		}
	}
	if len(servers) > 1 {
		r.warn("server_alternative", list, "of several servers of this operation the first is used: "+servers[0].url)
	}
	return servers[0].url
}

func (r *reader) hasServer(base string) bool {
	for _, e := range r.app.Envs {
		if e.BaseURL == base {
			return true
		}
	}
	return false
}
