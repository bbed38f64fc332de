package postman

import (
	"maps"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// An inherited auth is what a collection, folder or request says of auth.
type inherited struct {
	none   bool   // noauth: explicitly none
	tag    string // of the App's auth
	header string // header it sets, lower case; empty for none
	filled bool   // it has a credential, or a variable for one
}

// replaces reports whether the auth sets the header called name itself.
func (a inherited) replaces(name string) bool {
	return a.filled && a.header == strings.ToLower(name)
}

// security sets what the action needs.
func (t *target) security(own inherited) {
	var all ductape.SecurityAlternative
	header := func(n ductape.SecurityNeed) bool { // the lifted header stands in for an empty auth
		a := (&ductape.App{Auths: t.auths.List}).Auth(n.Auth)
		return a != nil && !own.filled && own.header != "" && own.header == headerOf(*a)
	}
	replaced := false
	for _, n := range t.lifted {
		replaced = replaced || header(n)
	}
	if own.tag != "" && !replaced {
		all = append(all, ductape.SecurityNeed{Auth: own.tag})
	}
	for _, n := range t.lifted {
		if n.Auth != own.tag || replaced {
			all = append(all, n)
		}
	}
	switch {
	case len(all) > 0:
		t.action.Security = []ductape.SecurityAlternative{all}
	case own.none:
		t.action.Security = []ductape.SecurityAlternative{}
	}
}

// inherit reads an auth object of format 2.1 (parameters as a list) or 2.0 (as
// an object) and adds it to the App; where there is none, p's holds.
func (r *reader) inherit(v sample.Value, at string, p place) inherited {
	if v.Kind != sample.Object || len(v.Members) == 0 {
		return p.auth
	}
	kind := v.Get("type").Text()
	if kind == "" && len(v.Members) == 1 {
		kind = v.Members[0].Name
	}
	switch kind {
	case "":
		r.warn(authDropped, at, "the auth names no type")
		return p.auth
	case "noauth":
		return inherited{none: true}
	}
	d := &authReader{reader: r, kind: kind, params: params(v.Get(kind)), scope: p.scope, at: at}
	a := d.auth()
	tag := r.auths.Add(a, d.uses, d.attributes...)
	return inherited{tag: tag, header: headerOf(a), filled: d.filled}
}

func headerOf(a ductape.Auth) string {
	switch {
	case a.In == ductape.InQuery || a.In == ductape.InCookie:
		return ""
	case a.Type == ductape.AuthAPIKey:
		return strings.ToLower(a.Name)
	}
	return "authorization"
}

// params reads the parameters of an auth; nested values as their JSON.
func params(v sample.Value) map[string]string {
	out := map[string]string{}
	for _, e := range pairs(v) {
		if k := e.Get("key").Text(); k != "" {
			out[k] = text(e.Get("value"))
		}
	}
	return out
}

// An authReader reads one auth.
type authReader struct {
	*reader
	kind   string
	params map[string]string
	scope  *scope
	at     string
	uses   []string // variables the credential comes from
	filled bool

	attributes []string // "region: eu-west-1": what no field holds
}

// kinds tells what each Postman type is here, and which of its parameters are
// the credential.
var kinds = map[string]struct {
	is      ductape.AuthType
	secrets []string
	applied bool
}{
	"bearer":   {ductape.AuthBearer, []string{"token"}, true},
	"basic":    {ductape.AuthBasic, []string{"username", "password"}, true},
	"apikey":   {ductape.AuthAPIKey, []string{"value"}, true},
	"oauth2":   {ductape.AuthOAuth2, []string{"accessToken", "clientId", "clientSecret", "username", "password", "code_verifier", "refreshToken"}, true},
	"digest":   {ductape.AuthDigest, []string{"username", "password"}, false},
	"oauth1":   {ductape.AuthOAuth1, []string{"consumerKey", "consumerSecret", "token", "tokenSecret", "privateKey", "verifier"}, false},
	"awsv4":    {ductape.AuthAWS, []string{"accessKey", "secretKey", "sessionToken"}, false},
	"hawk":     {ductape.AuthHawk, []string{"authId", "authKey"}, false},
	"ntlm":     {ductape.AuthNTLM, []string{"username", "password"}, false},
	"jwt":      {ductape.AuthJWT, []string{"secret", "privateKey"}, false},
	"asap":     {ductape.AuthJWT, []string{"privateKey", "kid"}, false},
	"edgegrid": {ductape.AuthEdgeGrid, []string{"accessToken", "clientToken", "clientSecret"}, false},
	"akamai":   {ductape.AuthEdgeGrid, []string{"accessToken", "clientToken", "clientSecret"}, false},
}

// fields are the parameters that fields of the Auth hold.
var fields = map[ductape.AuthType][]string{
	ductape.AuthAPIKey: {"key", "in"},
	ductape.AuthOAuth2: {"addTokenTo", "headerPrefix", "authUrl", "accessTokenUrl", "refreshTokenUrl", "scope"},
}

// windows are settings of Postman's own windows, which say nothing of requests.
var windows = []string{"showPassword", "saveHelperData", "useBrowser", "tokenName"}

func (d *authReader) auth() ductape.Auth {
	k, known := kinds[strings.ToLower(d.kind)]
	if !known {
		k.is = ductape.AuthCredentials
		k.secrets = slices.Sorted(maps.Keys(d.params))
	}
	if !k.applied {
		d.warn(authUnsupported, d.at, "auth of type "+quoted(d.kind)+" is kept as described, but cannot be applied to requests")
	}
	a := ductape.Auth{Type: k.is, Scheme: d.kind}
	switch k.is {
	case ductape.AuthAPIKey:
		d.apiKey(&a)
	case ductape.AuthOAuth2:
		d.oauth2(&a)
	}
	d.credentials(&a, k.secrets)
	return a
}

// plain lists the parameters that neither are the credential nor have a field;
// what may be a secret all the same is not kept.
func (d *authReader) plain(is ductape.AuthType, secrets []string) (kept, dropped []string) {
	for _, name := range slices.Sorted(maps.Keys(d.params)) {
		value := d.scope.expand(d.params[name])
		switch {
		case value == "", slices.Contains(secrets, name), slices.Contains(fields[is], name), slices.Contains(windows, name):
		case name == "grant_type" && grants[value] != "", name == "tokenType" && strings.EqualFold(value, "Bearer"):
		case isSecret(name, value):
			dropped = append(dropped, name)
		default:
			kept = append(kept, name+": "+value)
		}
	}
	return kept, dropped
}

func isSecret(name, value string) bool {
	_, found := sample.Scrub(value)
	return found || sample.IsSecretName(name) && sample.IsLiteral(value)
}

func (d *authReader) apiKey(a *ductape.Auth) {
	a.In, a.Name = ductape.InHeader, d.scope.expand(d.params["key"])
	if d.params["in"] == "query" {
		a.In = ductape.InQuery
	}
	if a.Name == "" {
		a.Name = "X-API-Key"
	}
	if strings.EqualFold(a.Name, "Authorization") {
		if scheme, _, ok := strings.Cut(d.params["value"], " "); ok && !strings.Contains(scheme, "{") {
			a.Prefix = scheme + " "
		}
	}
}

var grants = map[string]string{ // :: Postman's name of a grant -> AuthFlow.Grant
	"authorization_code": "authorization_code", "authorization_code_with_pkce": "authorization_code", "implicit": "implicit",
	"password_credentials": "password", "password": "password", "client_credentials": "client_credentials",
}

func (d *authReader) oauth2(a *ductape.Auth) {
	if d.params["addTokenTo"] == "queryParams" {
		a.In, a.Name = ductape.InQuery, "access_token"
	}
	if p := strings.TrimSpace(d.params["headerPrefix"]); p != "" && !strings.EqualFold(p, "Bearer") {
		a.Prefix = p + " "
	}
	f := ductape.AuthFlow{
		Grant:            grants[d.params["grant_type"]],
		AuthorizationURL: d.scope.expand(d.params["authUrl"]),
		TokenURL:         d.scope.expand(d.params["accessTokenUrl"]),
		RefreshURL:       d.scope.expand(d.params["refreshTokenUrl"]),
	}
	if f.Grant == "" && (f.AuthorizationURL != "" || f.TokenURL != "") {
		f.Grant = "authorization_code"
		if f.AuthorizationURL == "" {
			f.Grant = "client_credentials"
		}
	}
	if f.Grant == "" {
		return
	}
	for s := range strings.FieldsSeq(d.scope.expand(d.params["scope"])) {
		if f.Scopes == nil {
			f.Scopes = map[string]string{}
		}
		f.Scopes[s] = ""
	}
	a.Flows = []ductape.AuthFlow{f}
}

// credentials notes which variables the credential comes from; a literal one is
// reported and not kept.
func (d *authReader) credentials(a *ductape.Auth, secrets []string) {
	var from, literal []string
	for _, name := range secrets {
		value := d.params[name]
		uses := names(value)
		switch {
		case len(uses) > 0:
			for _, u := range uses {
				d.uses = append(d.uses, u)
				d.scope.credential(u)
				from = append(from, name+" = {{"+u+"}}")
			}
		case sample.IsLiteral(value):
			literal = append(literal, name)
			d.literals.add(value)
		}
		d.filled = d.filled || value != "" && (a.Type != ductape.AuthOAuth2 || name == "accessToken")
	}
	plain, dropped := d.plain(a.Type, secrets)
	d.attributes = plain
	from, literal = append(from, plain...), append(literal, dropped...)
	if len(from) > 0 {
		a.Description = "Postman: " + strings.Join(from, ", ")
	}
	if len(literal) > 0 {
		d.warn(secretDropped, d.at, "not kept, set on the connection: "+strings.Join(literal, ", "))
	}
}
