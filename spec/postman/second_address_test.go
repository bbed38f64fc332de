package postman_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// url compares the whole address: base, path, query.
func (q *s2request) url() {
	u := &q.req.URL
	if u.wasText {
		q.sum.StringURLs++
	}
	if u.user != "" { // user:password@ becomes basic auth
		q.lifted = append(q.lifted, s2credential{header: "Authorization", value: "Basic " + u.user, at: q.at + "/url"})
	}
	want := q.address(u) + q.path(u)
	base := q.action.BaseURL
	if base == "" && len(q.app.Envs) > 0 {
		base = q.app.Envs[0].BaseURL
		if base == "" { // the main address has no value: reported, once
			base = q.unknownBase(u)
		}
	}
	if q.says("url_missing", q.at+"/url") { // no address: the App's own
		want = base + "/"
	}
	got := q.got(base) + q.action.Resource
	if got != want {
		q.errorf("URL %q, want %q", got, want)
	}
	q.query(u)
	q.sum.Compared.URL++
}

// address is scheme, host and port with every value written in: an address is
// the environment's, not the request's. Where no scheme is named it is https,
// http for this machine, and reported.
func (q *s2request) address(u *s2url) string {
	host := u.host
	if u.port != "" {
		host = strings.TrimRight(host, "/") + ":" + u.port
	}
	if u.protocol != "" && !strings.Contains(q.scope.resolve(u.host), "://") {
		host = u.protocol + "://" + host
	}
	q.addressed(host)
	host = strings.TrimRight(q.visible(q.scope).resolve(host), "/")
	if host != "" && !strings.Contains(host, "://") && !strings.HasPrefix(host, "{{") {
		if !q.says("scheme_assumed", q.at+"/url") {
			q.errorf("no scheme in %q, and nothing says so", host)
		}
		scheme := "https://"
		if name, _, _ := strings.Cut(host, ":"); name == "localhost" || !strings.Contains(name, ".") || name == "127.0.0.1" {
			scheme = "http://"
		}
		host = scheme + host
	}
	if q.action.BaseURL != "" { // a smaller group without a value: variables of the App, without a default
		host = s2var.ReplaceAllStringFunc(host, func(m string) string { return "«" + s2name(m) + "»" })
	}
	if host == "" && !q.says("url_missing", q.at+"/url") && len(u.path) == 0 {
		q.errorf("no address, and nothing says so")
	}
	return host
}

// addressed notes the variables that an address, or a name, is made of.
func (q *s2request) addressed(text string) {
	for _, n := range s2names(text) {
		if v := q.scope.find(n); v != nil && !v.addressed {
			v.addressed = true
			q.addressed(v.value)
		}
	}
}

func (q *s2request) unknownBase(u *s2url) string {
	host := q.address(u)
	for _, m := range q.messages {
		if strings.Contains(m, strconv.Quote(host)) {
			return host
		}
	}
	return ""
}

// path is the template: :name and {{name}} become {name}.
func (q *s2request) path(u *s2url) string {
	if len(u.path) == 0 && strings.Count(q.scope.resolve(u.host), "/") > 2 {
		return "" // the address ends in a path of its own
	}
	if len(u.path) == 0 {
		return "/"
	}
	if strings.Contains("/"+strings.Join(u.path, "/"), "/:") {
		q.sum.PathVariables++
	}
	var b strings.Builder
	for _, seg := range u.path {
		b.WriteByte('/')
		if name := u.pathName(seg); name != "" {
			q.pathVariable(name, u)
			b.WriteString("{" + name + "}")
			seg = seg[1+len(name):]
		}
		b.WriteString(q.segment(seg, u))
	}
	return b.String()
}

// pathName is the name in a segment :name or :name.suffix.
func (u *s2url) pathName(seg string) string {
	if seg == "" || seg[0] != ':' {
		return ""
	}
	for _, v := range u.variable {
		if string(v.Key)+string(v.ID) == seg[1:] {
			return seg[1:]
		}
	}
	name, _, _ := strings.Cut(seg[1:], ".")
	if strings.ContainsAny(name, "{}") {
		return ""
	}
	return name
}

// s2hole is {{name}}, or {name} as OpenAPI writes it.
var s2hole = regexp.MustCompile(s2var.String() + `|\{[^{}]+\}`)

// segment is one step of a path: {{name}} and {name} are parameters; any other
// brace is escaped, since braces are the template's.
func (q *s2request) segment(seg string, u *s2url) string {
	var b strings.Builder
	escape := strings.NewReplacer("{", "%7B", "}", "%7D")
	last := 0
	for _, at := range s2hole.FindAllStringIndex(seg, -1) {
		b.WriteString(escape.Replace(seg[last:at[0]]))
		m := seg[at[0]:at[1]]
		last = at[1]
		if strings.HasPrefix(m, "{{") {
			b.WriteString(q.pathReference(s2name(m), u))
			continue
		}
		if p := q.param(ductape.InPath, m[1:len(m)-1]); p == nil || !p.Required {
			q.errorf("path parameter %s is not there or not required", m)
		}
		b.WriteString(m)
	}
	return b.String() + escape.Replace(seg[last:])
}

// pathVariable is :name: required, its value in the request an example.
func (q *s2request) pathVariable(name string, u *s2url) {
	p := q.param(ductape.InPath, name)
	if p == nil || !p.Required || p.Default != nil {
		q.errorf("path parameter %q is not there, not required or has a default: %+v", name, p)
		return
	}
	for i, v := range u.variable {
		if v.Key == s2text(name) || v.Key == "" && v.ID == s2text(name) {
			q.value(":"+name, p.Example, string(v.Value), q.at+"/url/variable/"+strconv.Itoa(i))
			q.sum.Compared.PathVariables++
			return
		}
	}
	if p.Example != nil {
		q.errorf("path parameter %q has an example %s from nowhere", name, p.Example)
	}
}

// pathReference is {{name}} in a path: a parameter whose default is the
// variable, required where that has no value. A value that holds a path of its
// own is written in, and reported. One called like a :name is name_variable.
func (q *s2request) pathReference(name string, u *s2url) string {
	at := q.at + "/url"
	if v := q.scope.find(name); v != nil && q.says("variable_inlined", at) && q.scope.known("{{"+name+"}}") {
		if value := q.scope.resolve("{{" + name + "}}"); strings.ContainsAny(value, "/?{") {
			q.addressed("{{" + name + "}}")
			return strings.Trim(value, "/")
		}
	}
	clean := strings.TrimPrefix(name, "$")
	if slices.Contains(u.path, ":"+clean) {
		clean += "_variable"
	}
	p := q.param(ductape.InPath, clean)
	if p == nil {
		q.errorf("no path parameter %q", clean)
		return "{" + clean + "}"
	}
	if q.scope.known("{{" + name + "}}") {
		if p.Required || p.Default == nil {
			q.errorf("path parameter %q has no default", clean)
		} else {
			q.value("{{"+name+"}}", p.Default, "{{"+name+"}}", at)
		}
	} else if !p.Required || p.Default != nil {
		q.errorf("path parameter %q has a default %s from nowhere", clean, p.Default)
	}
	return "{" + clean + "}"
}

// query compares the enabled entries in order: names and values, a name that
// comes again as an array. What is no parameter must be an auth of the action.
func (q *s2request) query(u *s2url) {
	type value struct{ text, at string }
	var names []string
	values := map[string][]value{}
	disabled := false
	for i, e := range u.query {
		if e.Disabled == "true" {
			disabled = true
			continue
		}
		if e.Key == "" {
			continue
		}
		name := s2unescape(q.name(string(e.Key), q.at+"/url/query/"+strconv.Itoa(i)))
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = append(values[name], value{s2unescape(string(e.Value)), q.at + "/url/query/" + strconv.Itoa(i)})
	}
	for _, name := range names {
		all := values[name]
		p := q.param(ductape.InQuery, name)
		switch {
		case p == nil:
			q.lifted = append(q.lifted, s2credential{query: name, value: all[0].text, at: all[0].at})
		case len(all) == 1:
			q.value("?"+name, p.Example, all[0].text, all[0].at)
		default:
			var examples []json.RawMessage
			if err := json.Unmarshal(p.Example, &examples); err != nil || p.Type != "array" {
				q.errorf("?%s comes %d times and is %q, %s", name, len(all), p.Type, p.Example)
			}
			for _, v := range all {
				var one json.RawMessage
				if v.text != "" && len(examples) > 0 {
					one, examples = examples[0], examples[1:]
				}
				q.value("?"+name, one, v.text, v.at)
			}
		}
	}
	if disabled {
		q.sum.DisabledQuery++
		q.sum.Compared.DisabledQuery++
	}
	q.sum.Compared.QueryValues += len(names)
}
