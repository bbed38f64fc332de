package postman

import (
	"cmp"
	"encoding/json"
	"net"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A target is one action being filled from one request.
type target struct {
	*reader
	action     *ductape.Action
	scope      *scope
	at         string
	keeps      bool   // a body is sent with every method
	base       string // base URL, with {{unknown}} variables
	media      string // value of the Content-Type header
	mediaAt    string // its place; empty: there is none
	mediaEntry sample.Value
	lifted     []ductape.SecurityNeed // auths found in headers and the query
	repeated   map[int][]string       // :: index in action.Params -> examples of a name that comes again
	seen       map[[2]string]int      // :: location, name -> index in action.Params
}

func (t *target) url(l link) {
	t.seen = map[[2]string]int{}
	at := t.at + "/url"
	t.base = t.baseOf(l, at)
	if l.host == "" && len(l.path) == 0 {
		t.warn(urlMissing, at, "the request has no URL")
	}
	if l.user != "" {
		t.lift(ductape.Auth{Type: ductape.AuthBasic}, l.user, at)
	}
	t.path(l, at)
	for i, q := range l.query {
		t.query(q, sample.Pointer(at+"/query", i))
	}
	t.finishQuery()
}

// baseOf returns scheme, host and port, and what path the variables in them add.
func (t *target) baseOf(l link, at string) string {
	host := t.scope.expand(l.host)
	if host == "" {
		return ""
	}
	if l.port != "" {
		host = strings.TrimSuffix(host, "/") + ":" + t.scope.expand(l.port)
	}
	host = strings.TrimRight(host, "/")
	if strings.Contains(host, "://") {
		return host
	}
	if p := t.scope.expand(l.protocol); p != "" {
		return strings.TrimSuffix(p, "://") + "://" + host
	}
	if strings.HasPrefix(host, "{{") {
		return host
	}
	t.warn(schemeAssumed, at, "the address "+quoted(host)+" names no scheme")
	if isLocal(host) {
		return "http://" + host
	}
	return "https://" + host
}

func isLocal(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host, _, _ = strings.Cut(host, "/")
	return host == "localhost" || net.ParseIP(host) != nil || !strings.Contains(host, ".")
}

// path fills Resource and the path parameters.
func (t *target) path(l link, at string) {
	if len(l.path) == 0 {
		if scheme, rest, ok := strings.Cut(t.base, "://"); ok { // the address ends in the variable's own path
			host, p, _ := strings.Cut(rest, "/")
			t.base, t.action.Resource = scheme+"://"+host, t.withoutTokens("/"+p, at)
		} else {
			t.action.Resource = "/"
		}
		return
	}
	var b strings.Builder
	for _, seg := range l.path {
		b.WriteByte('/')
		if name, suffix, ok := l.pathName(seg); ok {
			b.WriteString(t.pathParam(name, l, at))
			seg = suffix
		}
		for _, p := range pieces(seg) {
			if p.isVar {
				b.WriteString(t.pathVariable(p.text, l, at))
			} else {
				b.WriteString(t.pathText(p.text))
			}
		}
	}
	t.action.Resource = t.withoutTokens(b.String(), at)
	if scheme, rest, ok := strings.Cut(t.base, "://"); ok && !strings.Contains(t.base, "{{") {
		host, p, _ := strings.Cut(rest, "/")
		if safe := t.withoutTokens("/"+p, at); safe != "/"+p { // an address has no parameters
			t.base, t.action.Resource = scheme+"://"+host, safe+t.action.Resource
		}
	}
}

// withoutTokens makes parameters of what in the path opens the way.
func (t *target) withoutTokens(path, at string) string {
	path, names := sample.CutTokens(path)
	for _, name := range names {
		t.add(ductape.Param{Name: name, In: ductape.InPath, Required: true})
		t.warn(secretDropped, at, "a part of the path looks like a secret and is not kept: give {"+name+"}")
	}
	return path
}

// pathParam declares the parameter of a :name segment.
func (t *target) pathParam(name string, l link, at string) string {
	p := ductape.Param{Name: name, In: ductape.InPath, Required: true}
	for i, v := range l.variables {
		if variableKey(v) != name {
			continue
		}
		p.Description = description(v.Get("description"))
		t.fillExample(&p, text(v.Get("value")), sample.Pointer(at+"/variable", i))
		break
	}
	t.add(p)
	return "{" + name + "}"
}

// pathVariable replaces a {{variable}} of the path by a parameter, which has a
// default when the variable has a value.
// Where the path has a :name of that name too, it is called name_variable.
func (t *target) pathVariable(name string, l link, at string) string {
	value, known := t.scope.value(name)
	if v := t.scope.find(name); v != nil && !v.secret && known && strings.ContainsAny(value, "/?{") {
		t.warn(variableInlined, at, "the value of "+quoted(name)+" holds a path and is written in")
		v.used = true
		return t.pathText(strings.Trim(value, "/"))
	}
	p := ductape.Param{Name: strings.TrimPrefix(name, "$"), In: ductape.InPath, Required: true}
	if slices.ContainsFunc(l.path, func(seg string) bool { n, _, ok := l.pathName(seg); return ok && n == p.Name }) {
		p.Name += "_variable"
	}
	if f := t.vars.fill(t.scope, "{{"+name+"}}", at); len(f.unknown) == 0 {
		p.Required, p.Default = false, sample.Quote(f.text)
	}
	t.add(p)
	return "{" + p.Name + "}"
}

// pathText keeps literal text; {name}, as OpenAPI writes it, is a parameter and
// other braces are escaped.
func (t *target) pathText(s string) string {
	var b strings.Builder
	for {
		end := strings.IndexByte(s, '}')
		if end < 0 {
			break
		}
		open := strings.LastIndexByte(s[:end], '{')
		if name := s[open+1 : end]; open >= 0 && name != "" {
			t.add(ductape.Param{Name: name, In: ductape.InPath, Required: true})
			b.WriteString(escapeBraces(s[:open]) + "{" + name + "}")
		} else {
			b.WriteString(escapeBraces(s[:end+1]))
		}
		s = s[end+1:]
	}
	return b.String() + escapeBraces(s)
}

func escapeBraces(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "{", "%7B"), "}", "%7D")
}

// query adds one entry of the query.
func (t *target) query(q sample.Value, at string) {
	if q.Kind != sample.Object || q.Get("disabled").True() {
		return
	}
	name := unescape(t.name(q.Get("key").Text(), at))
	value := unescape(text(q.Get("value")))
	if name == "" {
		if value != "" {
			t.warn(paramWithoutName, at, "a value of the query has no name")
		}
		return
	}
	if t.isCredential(name, value) {
		t.lift(ductape.Auth{Type: ductape.AuthAPIKey, Name: name, In: ductape.InQuery}, value, at)
		return
	}
	p := ductape.Param{Name: name, In: ductape.InQuery, Description: description(q.Get("description"))}
	t.fillExample(&p, value, at)
	if i, again := t.seen[[2]string{string(p.In), name}]; again {
		t.repeat(i, p)
		return
	}
	t.add(p)
}

// isCredential: a literal token of a query is left out by fillExample, and one
// that is a variable is often the caller's own.
func (t *target) isCredential(name, value string) bool {
	return sample.Judge(ductape.InQuery, name, value) == sample.Lift && !strings.EqualFold(name, "token")
}

// repeat makes an array of a parameter that appears again. Its examples are
// collected and written at the end (finishQuery).
func (t *target) repeat(i int, again ductape.Param) {
	p := &t.action.Params[i]
	if p.Type != "array" {
		p.Type = "array"
		if t.repeated == nil {
			t.repeated = map[int][]string{}
		}
		t.repeated[i] = nil
		if p.Example != nil {
			t.repeated[i] = append(t.repeated[i], string(p.Example))
		}
		p.Example = nil
	}
	if again.Example != nil {
		t.repeated[i] = append(t.repeated[i], string(again.Example))
	}
	p.Description = cmp.Or(p.Description, again.Description)
}

func (t *target) finishQuery() {
	for i, examples := range t.repeated {
		t.action.Params[i].Example = json.RawMessage("[" + strings.Join(examples, ",") + "]")
	}
}

// fillExample sets a parameter's example, unless it may be a secret.
func (t *target) fillExample(p *ductape.Param, value, at string) {
	if value == "" {
		if p.In == ductape.InQuery {
			p.Example = sample.Quote("")
		}
		return
	}
	if sample.IsSecretName(p.Name) && len(names(value)) == 0 {
		if sample.IsLiteral(value) {
			t.literals.add(value)
			t.warn(secretDropped, at, "the value of "+quoted(p.Name)+" looks like a secret and is not kept")
		}
		return
	}
	if _, found := sample.Scrub(value); found || len(names(value)) == 0 && isToken(p, value) {
		t.literals.add(value)
		t.warn(secretDropped, at, "the value of "+quoted(p.Name)+" looks like a secret and is not kept")
		return
	}
	p.Example = sample.Quote(t.vars.fill(t.scope, value, at).text)
}

// isToken reports whether a value without variables must not be kept for its look.
func isToken(p *ductape.Param, value string) bool {
	if p.In == ductape.InPath {
		return sample.IsToken(value)
	}
	verdict := sample.Judge(p.In, p.Name, value)
	return verdict == sample.Drop || verdict == sample.Lift
}

// name writes the values of variables into the name of a header, parameter,
// field or member, which takes no references.
func (t *target) name(text, at string) string {
	name := t.scope.expand(text)
	if name != text {
		t.warn(variableInlined, at, "the values of variables are written into the name "+quoted(name))
	}
	return name
}

func (t *target) add(p ductape.Param) {
	key := [2]string{string(p.In), p.Name}
	if p.In == ductape.InHeader {
		key[1] = strings.ToLower(p.Name)
	}
	if _, again := t.seen[key]; again {
		return
	}
	t.seen[key] = len(t.action.Params)
	t.action.Params = append(t.action.Params, p)
}

// lift takes a credential out of the request into an auth.
func (t *target) lift(a ductape.Auth, value, at string) {
	uses := names(value)
	if len(uses) > 0 {
		a.Description = "Postman: " + value
		for _, n := range uses {
			t.scope.credential(n)
		}
	} else if sample.IsLiteral(value) {
		t.literals.add(value)
		t.warn(secretDropped, at, "the credential is not kept: set it on the connection")
	}
	if c, found := sample.Scrub(a.Description); found {
		a.Description = c
	}
	tag := t.auths.Add(a, uses)
	if !slices.ContainsFunc(t.lifted, func(n ductape.SecurityNeed) bool { return n.Auth == tag }) {
		t.lifted = append(t.lifted, ductape.SecurityNeed{Auth: tag})
	}
}
