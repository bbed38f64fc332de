package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/naming"
)

// readSecuritySchemes turns security schemes into auths.
func (r *reader) readSecuritySchemes() {
	schemes := r.root.Get("components").Get("securitySchemes")
	if r.v2 {
		schemes = r.root.Get("securityDefinitions")
	}
	if schemes.Get("$ref").IsString() {
		schemes = r.resolve(schemes)
	}
	for written := range schemes.Members() {
		name := written.Key()
		if strings.HasPrefix(name, "x-") && !written.Get("type").OK() && !written.Get("$ref").OK() {
			continue
		}
		auth, ok := r.scheme(r.resolve(written), written)
		if !ok {
			continue
		}
		auth.Scheme = name
		auth.Tag = r.authTag(name)
		r.auths[name] = auth.Tag
		r.schemes[r.resolve(written)] = auth.Tag
		r.app.Auths = append(r.app.Auths, auth)
	}
}

// authOf returns the auth that a requirement names: by the name of a component,
// or else by a URI (OpenAPI 3.2, 4.30), which may lead into another file.
func (r *reader) authOf(need tree.Node) (tag string, ok bool) {
	name := need.Key()
	if tag, ok := r.auths[name]; ok || r.v2 || !strings.Contains(name, "#/") {
		return tag, ok
	}
	written := r.locate(refKey{doc: need.Doc, ref: name})
	scheme := r.resolve(written)
	if tag, ok := r.schemes[scheme]; ok || !scheme.OK() {
		return tag, ok
	}
	auth, ok := r.scheme(scheme, written)
	if !ok {
		return "", false
	}
	auth.Scheme = written.Key()
	auth.Tag = r.authTag(auth.Scheme)
	r.schemes[scheme] = auth.Tag
	r.app.Auths = append(r.app.Auths, auth)
	return auth.Tag, true
}

func (r *reader) authTag(name string) string {
	base := naming.Snake(name)
	if base == "" {
		base = "auth"
	}
	tag := base
	for r.authTags[tag] > 0 {
		r.authTags[base]++
		tag = base + "_" + strconv.Itoa(r.authTags[base])
	}
	r.authTags[tag] = 1
	return tag
}

func (r *reader) scheme(n, written tree.Node) (ductape.Auth, bool) {
	a := ductape.Auth{Description: r.text(n.Get("description"))}
	switch kind := n.Get("type").Text(); kind {
	case "http":
		r.httpScheme(&a, n, written)
	case "basic": // Swagger 2.0
		a.Type = ductape.AuthBasic
	case "apiKey":
		return r.keyScheme(a, n, written)
	case "oauth2":
		a.Type = ductape.AuthOAuth2
		a.Flows = r.flows(n)
		if m := n.Get("oauth2MetadataUrl"); m.OK() {
			r.warn("auth_metadata_ignored", m, "the metadata at "+m.Text()+" (RFC 8414) is not read; what the flows say is used")
		}
	case "openIdConnect":
		a.Type = ductape.AuthOpenID
		a.OpenIDURL = n.Get("openIdConnectUrl").Text()
	case "mutualTLS":
		a.Type = ductape.AuthMutualTLS
	default:
		r.warn("security_scheme_unknown", written, "there is no type of security scheme \""+kind+"\"; the scheme was left out")
		return a, false
	}
	switch a.Type {
	case ductape.AuthDigest, ductape.AuthHawk, ductape.AuthNTLM, ductape.AuthOAuth1, ductape.AuthMutualTLS:
		r.warn("auth_unsupported", written, "the auth is kept, but "+string(a.Type)+" cannot be applied to requests")
	}
	return a, true
}

// httpScheme maps the schemes of the HTTP authentication registry (RFC 9110,
// section 16.4.1). One nobody knows becomes the text before a value.
func (r *reader) httpScheme(a *ductape.Auth, n, written tree.Node) {
	scheme := n.Get("scheme").Text()
	switch strings.ToLower(scheme) {
	case "bearer":
		a.Type = ductape.AuthBearer
	case "basic":
		a.Type = ductape.AuthBasic
	case "digest":
		a.Type = ductape.AuthDigest
	case "hawk":
		a.Type = ductape.AuthHawk
	case "ntlm", "negotiate":
		a.Type = ductape.AuthNTLM
	case "oauth":
		a.Type = ductape.AuthOAuth1
	case "":
		a.Type = ductape.AuthBearer
		r.warn("security_scheme_unknown", written, "the http scheme has no name; bearer is assumed")
	default:
		a.Type, a.In, a.Name, a.Prefix = ductape.AuthAPIKey, ductape.InHeader, "Authorization", scheme+" "
		r.warn("security_scheme_unknown", written, "the http scheme \""+scheme+"\" is sent as \"Authorization: "+scheme+" VALUE\"")
	}
}

func (r *reader) keyScheme(a ductape.Auth, n, written tree.Node) (ductape.Auth, bool) {
	if strings.EqualFold(n.Get("x-amazon-apigateway-authtype").Text(), "awsSigv4") {
		a.Type = ductape.AuthAWS
		return a, true
	}
	a.Type, a.Name, a.In = ductape.AuthAPIKey, n.Get("name").Scalar(), ductape.Location(n.Get("in").Text())
	switch a.In {
	case ductape.InHeader, ductape.InQuery, ductape.InCookie:
		if a.Name != "" {
			return a, true
		}
	}
	r.warn("security_scheme_unknown", written, "an apiKey needs a name and a place: header, query or cookie; the scheme was left out")
	return a, false
}

var grants = map[string]string{
	"authorizationCode": "authorization_code", "accessCode": "authorization_code", "clientCredentials": "client_credentials",
	"application": "client_credentials", "implicit": "implicit", "password": "password", "deviceAuthorization": "device_code",
}

func (r *reader) flows(n tree.Node) []ductape.AuthFlow {
	if flow := n.Get("flow"); flow.OK() { // Swagger 2.0 has one
		return []ductape.AuthFlow{r.flow(flow.Text(), n)}
	}
	var out []ductape.AuthFlow
	for f := range n.Get("flows").Members() {
		switch {
		case grants[f.Key()] != "":
			out = append(out, r.flow(f.Key(), f))
		case !strings.HasPrefix(f.Key(), "x-"):
			r.warn("security_scheme_unknown", f, "there is no OAuth flow \""+f.Key()+"\"; it was left out")
		}
	}
	return out
}

func (r *reader) flow(name string, n tree.Node) ductape.AuthFlow {
	f := ductape.AuthFlow{
		Grant: grants[name], AuthorizationURL: n.Get("authorizationUrl").Text(), TokenURL: n.Get("tokenUrl").Text(),
		RefreshURL: n.Get("refreshUrl").Text(), DeviceURL: n.Get("deviceAuthorizationUrl").Text(),
	}
	if f.Grant == "" {
		f.Grant = naming.Snake(name)
	}
	for scope := range n.Get("scopes").Members() {
		if f.Scopes == nil {
			f.Scopes = map[string]string{}
		}
		f.Scopes[scope.Key()] = scope.Text()
	}
	return f
}

// operationSecurity returns the operation's own security, else the document's.
// Each action gets its own copy.
func (r *reader) operationSecurity(op tree.Node) []ductape.SecurityAlternative {
	if own := op.Get("security"); own.IsArray() || own.Len() > 0 {
		return r.security(own)
	}
	if r.rootSecurity == nil {
		return nil
	}
	out := make([]ductape.SecurityAlternative, len(r.rootSecurity))
	for i, alternative := range r.rootSecurity {
		out[i] = slices.Clone(alternative)
	}
	return out
}

// security reads a list of alternatives, or one alternative that stands where a
// list belongs. One that names a scheme nobody describes cannot be met and is
// left out.
func (r *reader) security(list tree.Node) []ductape.SecurityAlternative {
	items := slices.Collect(list.Items())
	if list.IsObject() && list.Len() > 0 {
		items = []tree.Node{list}
	} else if !list.IsArray() {
		return nil
	}
	out := []ductape.SecurityAlternative{}
	for _, item := range items {
		if alternative, ok := r.alternative(item); ok {
			out = append(out, alternative)
		}
	}
	if len(out) == 0 && list.Len() > 0 {
		return nil
	}
	return out
}

func (r *reader) alternative(item tree.Node) (ductape.SecurityAlternative, bool) {
	alternative := ductape.SecurityAlternative{}
	for need := range item.Members() {
		tag, ok := r.authOf(need)
		if !ok {
			r.warn("security_scheme_missing", need, "no security scheme is called "+need.Key()+"; the alternative was left out")
			return nil, false
		}
		alternative = append(alternative, ductape.SecurityNeed{Auth: tag, Scopes: need.Texts()})
	}
	return alternative, true
}
