package postman_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// An s2auth is the auth of a collection, folder or request, with the place it
// stands at and the variables in sight there.
type s2auth struct {
	kind   string
	params s2entries
	at     string
	scope  s2scope
}

// UnmarshalJSON reads {"type": T, T: [{key, value}]} and, of format 2.0,
// {"type": T, T: {key: value}}. Without a type, the one member says it.
func (a *s2auth) UnmarshalJSON(b []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	if err := json.Unmarshal(members["type"], &a.kind); err != nil && len(members) == 1 {
		for name := range members {
			a.kind = name
		}
	}
	if raw, ok := members[a.kind]; ok {
		return json.Unmarshal(raw, &a.params)
	}
	return nil
}

// or returns the auth, else the inherited one.
func (a *s2auth) or(inherited *s2auth, at string, scope s2scope) *s2auth {
	if a == nil || a.kind == "" {
		return inherited
	}
	a.at, a.scope = at, scope
	return a
}

func (a *s2auth) param(name string) string {
	for _, e := range a.params.list {
		if string(e.Key) == name {
			return string(e.Value)
		}
	}
	return ""
}

// s2kinds: what each type of Postman is here, which of its parameters are the
// credential, and which say how it is sent (the fields of the Auth hold those).
var s2kinds = map[string]struct {
	is              ductape.AuthType
	secrets, fields []string
}{
	"bearer":   {is: "bearer", secrets: []string{"token"}},
	"basic":    {is: "basic", secrets: []string{"username", "password"}},
	"apikey":   {is: "api_key", secrets: []string{"value"}, fields: []string{"key", "in"}},
	"digest":   {is: "digest", secrets: []string{"username", "password"}},
	"oauth1":   {is: "oauth1", secrets: []string{"consumerKey", "consumerSecret", "token", "tokenSecret", "privateKey", "verifier"}},
	"oauth2":   {is: "oauth2", secrets: []string{"accessToken", "clientId", "clientSecret", "username", "password", "code_verifier", "refreshToken"}, fields: []string{"addTokenTo", "headerPrefix", "authUrl", "accessTokenUrl", "refreshTokenUrl", "scope"}},
	"awsv4":    {is: "aws", secrets: []string{"accessKey", "secretKey", "sessionToken"}},
	"hawk":     {is: "hawk", secrets: []string{"authId", "authKey"}},
	"ntlm":     {is: "ntlm", secrets: []string{"username", "password"}},
	"jwt":      {is: "jwt", secrets: []string{"secret", "privateKey"}},
	"asap":     {is: "jwt", secrets: []string{"privateKey", "kid"}},
	"edgegrid": {is: "edgegrid", secrets: []string{"accessToken", "clientToken", "clientSecret"}},
	"akamai":   {is: "edgegrid", secrets: []string{"accessToken", "clientToken", "clientSecret"}},
}

// s2applied are the types whose credential a connection alone can apply; the
// others are reported.
var s2applied = []string{"bearer", "basic", "apikey", "oauth2"}

// s2interface are settings of Postman's own windows; they say nothing of the request.
var s2interface = []string{"showPassword", "saveHelperData", "useBrowser", "tokenName"}

// empty: no credential is given, not even by a variable. What counts for OAuth 2
// is the token.
func (a *s2auth) empty() bool {
	for _, s := range s2kinds[a.kind].secrets {
		if a.param(s) != "" && (a.kind != "oauth2" || s == "accessToken") {
			return false
		}
	}
	return true
}

// header is the header the auth sets, in small letters.
func (a *s2auth) header() string {
	switch {
	case a.kind == "apikey" && a.param("in") == "query", a.kind == "oauth2" && a.param("addTokenTo") == "queryParams":
		return ""
	case a.kind == "apikey":
		return strings.ToLower(a.scope.resolve(a.param("key")))
	}
	return "authorization"
}

// sameAuth compares an App's auth with the one in force, in every attribute,
// and says what differs.
func (q *s2request) sameAuth(a ductape.Auth, own *s2auth) string {
	k, known := s2kinds[own.kind]
	if !known { // kept under its own name
		k.is = ductape.AuthCredentials
		for _, e := range own.params.list {
			k.secrets = append(k.secrets, string(e.Key))
		}
	}
	if a.Type != k.is {
		return "want type " + string(k.is)
	}
	if !slices.Contains(s2applied, own.kind) && !q.says("auth_unsupported", own.at) {
		return own.kind + " cannot be applied, and nothing says so"
	}
	if why := s2howSent(a, own); why != "" {
		return why
	}
	for _, e := range own.params.list {
		name, value := string(e.Key), string(e.Value)
		if value == "" || slices.Contains(s2interface, name) || slices.Contains(k.fields, name) {
			continue
		}
		if own.kind == "oauth2" && (name == "grant_type" && s2grant(value) != "" || name == "tokenType" && value == "Bearer") {
			continue // the flow's grant; the usual prefix
		}
		q.sum.Compared.AuthAttributes++
		if why := q.attribute(a, own, name, value, slices.Contains(k.secrets, name)); why != "" {
			return why
		}
	}
	return ""
}

// attribute: the variable of a credential is named in the auth's description,
// the text of one is left out and reported; any other attribute is kept in the
// description, with its value.
func (q *s2request) attribute(a ductape.Auth, own *s2auth, name, value string, secret bool) string {
	if !secret {
		q.addressed(value)
		if text := name + ": " + q.visible(own.scope).resolve(value); !strings.Contains(a.Description, text) && !q.says("secret_dropped", own.at) {
			return "attribute lost: " + text
		}
		return ""
	}
	for _, v := range s2names(value) {
		if !strings.Contains(a.Description, name+" = {{"+v+"}}") && a.Description != "Postman: {{"+v+"}}" {
			return name + " comes from {{" + v + "}}, which is lost"
		}
	}
	if len(s2names(value)) == 0 && !q.says("secret_dropped", own.at) && !strings.HasPrefix(value, "<") {
		return name + " is dropped, and nothing says so"
	}
	return ""
}

// s2howSent compares where and how a credential is sent.
func s2howSent(a ductape.Auth, own *s2auth) string {
	in, name, prefix := ductape.Location(""), "", ""
	var flows []ductape.AuthFlow
	switch own.kind {
	case "apikey":
		in, name = ductape.InHeader, own.scope.resolve(own.param("key"))
		if own.param("in") == "query" {
			in = ductape.InQuery
		}
		if name == "" {
			name = "X-API-Key"
		}
		if word, _, ok := strings.Cut(own.param("value"), " "); ok && strings.EqualFold(name, "Authorization") && !strings.Contains(word, "{") {
			prefix = word + " "
		}
	case "oauth2":
		if own.param("addTokenTo") == "queryParams" {
			in, name = ductape.InQuery, "access_token"
		}
		if p := strings.TrimSpace(own.param("headerPrefix")); p != "" && !strings.EqualFold(p, "Bearer") {
			prefix = p + " "
		}
		flows = s2flows(own)
	}
	if a.In != in || !strings.EqualFold(a.Name, name) || a.Prefix != prefix {
		return "want it in " + string(in) + " " + name + " as " + strconv.Quote(prefix)
	}
	x, _ := json.Marshal(a.Flows)
	y, _ := json.Marshal(flows)
	if string(x) != string(y) {
		return "flows " + string(x) + ", want " + string(y)
	}
	return ""
}

// s2flows is the flow that OAuth 2 parameters describe; the grant is the code's
// where only addresses are given, the client's where only the token's is.
func s2flows(own *s2auth) []ductape.AuthFlow {
	get := func(name string) string { return own.scope.resolve(own.param(name)) }
	f := ductape.AuthFlow{AuthorizationURL: get("authUrl"), TokenURL: get("accessTokenUrl"), RefreshURL: get("refreshTokenUrl")}
	switch f.Grant = s2grant(own.param("grant_type")); {
	case f.Grant != "":
	case f.AuthorizationURL != "":
		f.Grant = "authorization_code"
	case f.TokenURL != "":
		f.Grant = "client_credentials"
	default:
		return nil
	}
	for _, s := range strings.Fields(get("scope")) {
		if f.Scopes == nil {
			f.Scopes = map[string]string{}
		}
		f.Scopes[s] = ""
	}
	return []ductape.AuthFlow{f}
}

func s2grant(grant string) string {
	switch {
	case strings.HasPrefix(grant, "authorization_code"):
		return "authorization_code"
	case strings.HasPrefix(grant, "password"):
		return "password"
	case grant == "implicit", grant == "client_credentials":
		return grant
	}
	return ""
}
