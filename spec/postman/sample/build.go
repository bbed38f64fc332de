package sample

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

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
	CodeAuthUnsupported = "auth_unsupported"
	CodeBodyNotJSON     = "body_not_json"
	CodeForeignHost     = "foreign_host"
	CodeHeaderIgnored   = "header_ignored"
	CodeSchemeAssumed   = "scheme_assumed"
	CodeSecretDropped   = "secret_dropped"
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
	b.auths.Settle(b.actions)
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
	KeepAtHome(app)
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
	if slices.Contains([]ductape.AuthType{ductape.AuthDigest, ductape.AuthNTLM, ductape.AuthAWS}, auth.Type) {
		a.Warn(CodeAuthUnsupported, a.Where, "the auth is kept, but "+string(auth.Type)+" cannot be applied to requests")
	}
	tag := a.auths.Add(auth, nil)
	if !slices.ContainsFunc(a.needs, func(n ductape.SecurityNeed) bool { return n.Auth == tag }) {
		a.needs = append(a.needs, ductape.SecurityNeed{Auth: tag})
	}
	return tag
}

// connection are headers that the connection sets by itself (RFC 9110, 7.6.1).
var connection = []string{"accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}

func (a *built) headers() {
	for _, h := range a.Headers {
		name := strings.TrimSpace(h.Name)
		switch lower := strings.ToLower(name); {
		case lower == "", strings.HasPrefix(lower, ":"): // of HTTP/2: the method and the URL
		case slices.Contains(connection, lower):
			a.Warn(CodeHeaderIgnored, a.Where, string(Quote(name))+" is set by the connection")
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
	case verdict == Drop:
	case verdict == OnlyShown, a.Defaults != nil && !a.Defaults(name, value):
		if value != "" {
			p.Example = Quote(value)
		}
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

// security: a cookie beside another credential may be the session that the API
// goes by or the browser's own, so that the action goes without it too.
func (a *built) security() {
	if len(a.needs) == 0 {
		return
	}
	a.action.Security = []ductape.SecurityAlternative{a.needs}
	if a.cookie != "" && len(a.needs) > 1 {
		others := slices.DeleteFunc(slices.Clone(a.needs), func(n ductape.SecurityNeed) bool { return n.Auth == a.cookie })
		a.action.Security = append(a.action.Security, others)
	}
}
