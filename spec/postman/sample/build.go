package sample

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// A Pair is a name and a value.
type Pair struct{ Name, Value string }

// A Request is one request as it was sent, without variables.
type Request struct {
	Name      string
	Where     string // its place, for warnings
	Method    string
	URL       string
	Template  string          // path with {parameters}; empty: the path of URL as it is
	Params    []ductape.Param // of Template
	Headers   []Pair
	Auth      *ductape.Auth                   // credentials that are in neither URL nor headers; nil: none
	Defaults  func(header, value string) bool // whether a header is sent unless the caller says otherwise; nil: always
	Body      *Body
	Responses []ductape.Response
}

// A Body is the body of a Request: text, or the fields of a form.
type Body struct {
	Type   string // media type; empty: the Content-Type header, else by its look
	Text   string
	Binary bool // its content is not known
	Form   []Field
	IsForm bool
}

// A Builder makes an App of Requests. Add each, then call App.
type Builder struct {
	Warn func(code, where, message string)

	actions []ductape.Action
	auths   Auths
	bases   Bases
	sites   []string
}

// The codes of a Builder's warnings.
const (
	CodeBodyNotJSON   = "body_not_json"
	CodeForeignHost   = "foreign_host"
	CodeSchemeAssumed = "scheme_assumed"
	CodeSecretDropped = "secret_dropped"
)

// Add makes an action of r. It reports false when r's URL cannot be read.
func (b *Builder) Add(r Request) bool {
	u, err := url.Parse(b.withScheme(r))
	if err != nil || u.Host == "" {
		return false
	}
	a := &built{Builder: b, Request: r}
	a.action = ductape.Action{Name: r.Name, Method: r.Method, Resource: r.Template, Params: slices.Clone(r.Params), Responses: r.Responses}
	if a.action.Resource == "" {
		a.action.Resource = strings.NewReplacer("{", "%7B", "}", "%7D").Replace(u.EscapedPath())
	}
	if a.action.Resource == "" {
		a.action.Resource = "/"
	}
	a.path()
	if u.User != nil {
		a.lift(ductape.Auth{Type: ductape.AuthBasic}, u.User.String())
	}
	if r.Auth != nil {
		a.lift(*r.Auth, "given")
	}
	a.query(u)
	a.headers()
	a.security()
	a.body()
	base := u.Scheme + "://" + u.Host
	b.actions = append(b.actions, a.action)
	b.sites = append(b.sites, base)
	b.bases.Add(base)
	return true
}

func (b *Builder) withScheme(r Request) string {
	if strings.Contains(r.URL, "://") {
		return r.URL
	}
	host, _, _ := strings.Cut(r.URL, "/")
	b.Warn(CodeSchemeAssumed, r.Where, "the address "+string(Quote(host))+" names no scheme")
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" || net.ParseIP(host) != nil {
		return "http://" + r.URL
	}
	return "https://" + r.URL
}

// App returns the App of what was added.
func (b *Builder) App(tag string) *ductape.App {
	Tags(b.actions)
	app := &ductape.App{Tag: tag, Auths: b.auths.List, Actions: b.actions}
	main, ok := b.bases.Most()
	if !ok {
		return app
	}
	env := ductape.AppEnv{Slug: "prd", BaseURL: main}
	for _, base := range b.bases.Others(main) {
		if SameSite(base, main) {
			env.Hosts = append(env.Hosts, Host(base))
		} else {
			b.Warn(CodeForeignHost, "", "some requests go to "+string(Quote(base)))
		}
	}
	for i, base := range b.sites {
		if base != main {
			app.Actions[i].BaseURL = base
		}
	}
	app.Envs = []ductape.AppEnv{env}
	return app
}

// Tag names the App after the host most requests go to.
func (b *Builder) Tag() string {
	main, _ := b.bases.Most()
	return HostTag(main)
}

// built is one action being made.
type built struct {
	*Builder
	Request
	action ductape.Action
	needs  ductape.SecurityAlternative
	cookie string // tag of the auth that is the Cookie header
	media  string
}

func (a *built) lift(auth ductape.Auth, value string) string {
	if !IsLiteral(value) || strings.HasPrefix(value, "$") { // a variable of the shell
		return a.need(auth)
	}
	a.Warn(CodeSecretDropped, a.Where, "a credential is not kept: set it on the connection")
	return a.need(auth)
}

func (a *built) need(auth ductape.Auth) string {
	tag := a.auths.Add(auth, nil)
	if !slices.ContainsFunc(a.needs, func(n ductape.SecurityNeed) bool { return n.Auth == tag }) {
		a.needs = append(a.needs, ductape.SecurityNeed{Auth: tag})
	}
	return tag
}

// path makes parameters of what in the path opens the way.
func (a *built) path() {
	resource, names := CutTokens(a.action.Resource)
	for _, name := range names {
		a.action.Params = append(a.action.Params, ductape.Param{Name: name, In: ductape.InPath, Required: true})
		a.Warn(CodeSecretDropped, a.Where, "a part of the path looks like a secret and is not kept: give {"+name+"}")
	}
	a.action.Resource = resource
}

// query adds the query's parameters; credentials become auths.
func (a *built) query(u *url.URL) {
	at := map[string]int{} // :: name -> index in the action's Params
	values := map[string][]string{}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		k, v, _ := strings.Cut(pair, "=")
		name, value := unquery(k), unquery(v)
		if name == "" {
			continue
		}
		verdict := a.judge(ductape.InQuery, name, value)
		if verdict == Lift && IsLiteral(value) {
			a.lift(ductape.Auth{Type: ductape.AuthAPIKey, Name: name, In: ductape.InQuery}, value)
			continue
		}
		if _, again := at[name]; !again {
			at[name] = len(a.action.Params)
			a.action.Params = append(a.action.Params, ductape.Param{Name: name, In: ductape.InQuery})
		}
		if verdict != Drop {
			values[name] = append(values[name], Literal(value))
		} else {
			values[name] = append(values[name], "")
		}
	}
	for name, i := range at {
		p := &a.action.Params[i]
		if vs := values[name]; len(vs) > 1 {
			p.Type, p.Example = "array", Strings(vs)
		} else if vs[0] != "" {
			p.Example = Quote(vs[0])
		}
	}
}

func unquery(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

// judge is Judge, and says what is dropped.
func (a *built) judge(in ductape.Location, name, value string) Verdict {
	verdict := Judge(in, name, value)
	if verdict == Drop {
		a.Warn(CodeSecretDropped, a.Where, "the value of "+string(Quote(name))+" looks like a secret and is not kept")
	}
	return verdict
}

func (a *built) headers() {
	for _, h := range a.Headers {
		name := strings.TrimSpace(h.Name)
		switch lower := strings.ToLower(name); {
		case lower == "", strings.HasPrefix(lower, ":"), lower == "content-length", lower == "host", lower == "connection", lower == "accept-encoding", lower == "transfer-encoding":
		case lower == "content-type":
			a.media = h.Value
		default:
			a.header(name, h.Value)
		}
	}
}

func (a *built) header(name, value string) {
	verdict := a.judge(ductape.InHeader, name, value)
	if verdict == Lift {
		a.liftHeader(name, value)
		return
	}
	if slices.ContainsFunc(a.action.Params, func(p ductape.Param) bool { return p.In == ductape.InHeader && strings.EqualFold(p.Name, name) }) {
		return
	}
	p := ductape.Param{Name: name, In: ductape.InHeader}
	switch {
	case verdict == Drop || value == "":
	case verdict == OnlyShown, a.Defaults != nil && !a.Defaults(name, value):
		p.Example = Quote(Literal(value))
	default:
		p.Default = Quote(Literal(value))
	}
	a.action.Params = append(a.action.Params, p)
}

func (a *built) liftHeader(name, value string) {
	if value == "" {
		return
	}
	auth, value := HeaderAuth(name, value)
	if tag := a.lift(auth, value); auth.Name == "Cookie" {
		a.cookie = tag
	}
}

// security: a cookie beside another credential is the browser's, not the API's.
func (a *built) security() {
	if a.cookie != "" && len(a.needs) > 1 {
		a.needs = slices.DeleteFunc(a.needs, func(n ductape.SecurityNeed) bool { return n.Auth == a.cookie })
	}
	if len(a.needs) > 0 {
		a.action.Security = []ductape.SecurityAlternative{a.needs}
	}
}

func (a *built) body() {
	if a.Body == nil {
		return
	}
	media := a.media
	if media == "" {
		media = a.Body.Type
	}
	c, secret := a.content(media)
	if secret {
		a.Warn(CodeSecretDropped, a.Where, "a credential in the body's example is not kept")
	}
	a.action.Body = &ductape.Body{Contents: []ductape.Content{c}}
}

func (a *built) content(media string) (ductape.Content, bool) {
	b := a.Body
	bare, _, _ := strings.Cut(strings.ToLower(media), ";")
	bare = strings.TrimSpace(bare)
	isJSON := bare == "application/json" || strings.HasSuffix(bare, "+json") || bare == "text/json"
	switch {
	case b.Binary:
		if media == "" {
			media = "application/octet-stream"
		}
		return ductape.Content{Type: media}, false
	case b.IsForm:
		if bare == "multipart/form-data" {
			media = bare // without the boundary
		}
		return FormContent(media, literals(b.Form))
	case bare == "application/x-www-form-urlencoded":
		return FormContent(media, literals(formFields(b.Text)))
	case isJSON || media == "":
		v, err := Parse([]byte(b.Text))
		if err == nil && (isJSON || v.Kind == Object || v.Kind == Array) {
			if media == "" {
				media = "application/json"
			}
			v.escape()
			return JSONContent(media, v)
		}
		if isJSON {
			a.Warn(CodeBodyNotJSON, a.Where, "the body is not JSON")
		} else {
			media = "text/plain"
		}
	}
	return TextContent(media, Literal(b.Text))
}

// escape makes every string of v literal.
func (v *Value) escape() {
	if v.Kind == String {
		v.Literal = Literal(v.Literal)
	}
	for i := range v.Items {
		v.Items[i].escape()
	}
	for i := range v.Members {
		v.Members[i].Value.escape()
	}
}

func literals(fs []Field) []Field {
	fs = slices.Clone(fs)
	for i := range fs {
		fs[i].Value = Literal(fs[i].Value)
	}
	return fs
}

func formFields(text string) []Field {
	var fs []Field
	for pair := range strings.SplitSeq(strings.TrimSpace(text), "&") {
		k, v, _ := strings.Cut(pair, "=")
		fs = append(fs, Field{Name: unquery(k), Value: unquery(v)})
	}
	return fs
}
