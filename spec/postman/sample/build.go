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

// A Request is one request as it was sent, without variables. Of an App made of
// Requests the examples are plain text, as nothing in them refers to anything;
// defaults, which runs fill in, are escaped.
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
	More      []*Body // what else was sent so: its fields are put together
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
			values[name] = append(values[name], value)
		}
	}
	for name, i := range at {
		p := &a.action.Params[i]
		if vs := values[name]; len(vs) > 1 {
			p.Type, p.Example = "array", Strings(vs)
		} else if len(vs) == 1 {
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

func (a *built) body() {
	if a.Body == nil {
		a.contentType()
		return
	}
	media := a.media
	if media == "" {
		media = a.Body.Type
	}
	c := a.scrubbed(a.Body, media)
	a.action.Body = BodyOf(c)
	if a.media != "" && a.Body.IsForm && bareType(c.Type) != bareType(a.media) {
		a.Warn(CodeHeaderIgnored, a.Where, "the body is sent as "+c.Type+", not as its Content-Type says")
	}
	for _, more := range a.More {
		addContent(a.action.Body, a.scrubbed(more, more.Type))
	}
}

// contentType keeps a Content-Type that no body has.
func (a *built) contentType() {
	if a.media != "" {
		a.header("Content-Type", a.media)
	}
}

func (a *built) scrubbed(b *Body, media string) ductape.Content {
	c, secret := a.content(b, media)
	if secret {
		a.Warn(CodeSecretDropped, a.Where, "a credential in the body's example is not kept")
	}
	return c
}

// addContent adds the fields of a further content to that of its type.
func addContent(b *ductape.Body, c ductape.Content) {
	i := slices.IndexFunc(b.Contents, func(o ductape.Content) bool { return bareType(o.Type) == bareType(c.Type) })
	if i < 0 {
		b.Contents = append(b.Contents, c)
		return
	}
	to := &b.Contents[i]
	at := map[string]int{} // :: name -> index in to.Fields
	for i, f := range to.Fields {
		at[f.Name] = i
	}
	for _, f := range c.Fields {
		k, known := at[f.Name]
		switch {
		case !known:
			to.Fields = append(to.Fields, f)
			if e, ok := c.Encoding[f.Name]; ok {
				if to.Encoding == nil {
					to.Encoding = map[string]ductape.Encoding{}
				}
				to.Encoding[f.Name] = e
			}
		case to.Fields[k] != f:
			to.Fields[k] = ductape.Field{Name: f.Name} // of any type
		}
	}
	if to.Example == nil {
		to.Example = c.Example
	}
}

func bareType(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	return strings.TrimSpace(media)
}

const formType = "application/x-www-form-urlencoded"

func (a *built) content(b *Body, media string) (ductape.Content, bool) {
	bare := bareType(media)
	isJSON := IsJSONType(bare)
	switch {
	case b.IsForm:
		if bare != formType {
			media = "multipart/form-data" // without the boundary
		}
		return FormContent(media, a.fields(b.Form))
	case b.Binary:
		if strings.HasPrefix(bare, "multipart/") {
			media = bare
		}
		if media == "" {
			media = "application/octet-stream"
		}
		return ductape.Content{Type: media}, false
	case bare == formType:
		return FormContent(media, formFields(b.Text))
	case isJSON || media == "":
		v, err := Parse([]byte(b.Text))
		if err == nil && (isJSON || v.Kind == Object || v.Kind == Array) {
			if media == "" {
				media = "application/json"
			}
			return JSONContent(media, v)
		}
		if isJSON {
			a.Warn(CodeBodyNotJSON, a.Where, "the body is not JSON")
		} else {
			media = "text/plain"
		}
	}
	return TextContent(media, b.Text)
}

// fields reads the fields of a JSON type.
func (a *built) fields(fs []Field) []Field {
	fs = slices.Clone(fs)
	for i := range fs {
		if !fs[i].ReadJSON() {
			a.Warn(CodeBodyNotJSON, a.Where, "the field "+string(Quote(fs[i].Name))+" is not JSON; it is sent as a JSON string")
		}
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
