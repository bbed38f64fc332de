package catalog

import (
	"mime"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
)

var authTypes = []ductape.AuthType{
	ductape.AuthBearer, ductape.AuthAPIKey, ductape.AuthBasic, ductape.AuthOAuth2, ductape.AuthOpenID, ductape.AuthDigest,
	ductape.AuthMutualTLS, ductape.AuthHawk, ductape.AuthNTLM, ductape.AuthAWS, ductape.AuthOAuth1, ductape.AuthJWT,
	ductape.AuthEdgeGrid, ductape.AuthCredentials,
}

func checkApp(p *problems, d *appDraft) {
	a := d.after
	where := "apps." + clip(a.Tag)
	p.tag(where, "tag", a.Tag, map[string]bool{})
	checkEnvs(p, where, a)
	seen := map[string]bool{}
	for i, x := range a.Auths {
		w := at(where+".auths", i, x.Tag)
		p.tag(w, "tag", x.Tag, seen)
		checkAuth(p, w, x)
	}
	seen = map[string]bool{}
	for i, v := range a.Variables {
		w := at(where+".variables", i, v.Key)
		checkKey(p, w, v.Key, seen)
		p.templates(w+".default", v.Default)
	}
	seen = map[string]bool{}
	for i, c := range a.Constants {
		w := at(where+".constants", i, c.Key)
		checkKey(p, w, c.Key, seen)
		if len(c.Value) == 0 {
			p.add(w, "value is missing")
		}
		p.templates(w+".value", c.Value)
	}
	checkSettings(p, where+".settings", a.Settings)
	for i := range d.now {
		if x := &d.now[i]; slices.Contains(d.written, x.Tag) {
			checkAction(p, at(where+".actions", i, x.Tag), x, a)
		}
	}
}

// checkKey checks the key of a variable or constant: any text that can stand
// between braces.
func checkKey(p *problems, where, key string, seen map[string]bool) {
	switch {
	case key == "":
		p.add(where, "key is missing")
	case len(key) > maxTag || strings.ContainsAny(key, "{}\n\r\x00"):
		p.add(where, "key %s is not allowed: use at most 128 bytes without braces and line breaks", quote(key))
	case seen[key]:
		p.add(where, "key %s is there twice", quote(key))
	}
	seen[key] = true
}

func checkEnvs(p *problems, where string, a *ductape.App) {
	seen := map[string]bool{}
	for i, e := range a.Envs {
		w := at(where+".envs", i, e.Slug)
		p.tag(w, "slug", e.Slug, seen)
		if e.BaseURL != "" || a.Source == nil {
			checkBaseURL(p, w+".base_url", e.BaseURL)
		}
		if e.RequestType != "" {
			if _, _, err := mime.ParseMediaType(e.RequestType); err != nil || !strings.Contains(e.RequestType, "/") {
				p.add(w+".request_type", "%s is not a media type such as application/json", quote(e.RequestType))
			}
		}
		for j, h := range e.Hosts {
			if !validHost(h) {
				p.add(at(w+".hosts", j, ""), "%s is not a host or host:port", quote(h))
			}
		}
	}
}

// checkBaseURL wants an absolute http or https URL without user and fragment.
// One that holds references is judged by its beginning.
func checkBaseURL(p *problems, where, base string) {
	if base == "" {
		p.add(where, "is missing: say where the API is, as in https://api.example.com")
		return
	}
	t := p.template(where, base)
	if t == nil {
		return
	}
	text, static := t.Static()
	if !static {
		if !strings.HasPrefix(base, "http://") && !strings.HasPrefix(base, "https://") && !strings.HasPrefix(base, "$") {
			p.add(where, "must begin with http://, https:// or a reference")
		}
		return
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		p.add(where, "%s is not an absolute http or https URL", quote(hideUser(text)))
	case u.User != nil:
		p.add(where, "must not hold a user or password: put them in a connection's auth")
	case u.Fragment != "" || strings.Contains(text, "#"):
		p.add(where, "must not hold a fragment (#)")
	}
}

// hideUser cuts what stands before an @, which may be a password.
func hideUser(text string) string {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return "…" + text[i:]
	}
	return text
}

func validHost(h string) bool {
	host, port, err := net.SplitHostPort(h)
	if err != nil {
		host, port = h, ""
	}
	u, err := url.Parse("https://" + h)
	return err == nil && host != "" && u.Host == h && (port == "" || u.Port() == port) && !strings.ContainsAny(host, "*_ ")
}

func checkAuth(p *problems, where string, a ductape.Auth) {
	if !slices.Contains(authTypes, a.Type) {
		names := tagsOf(authTypes, func(t ductape.AuthType) string { return string(t) })
		p.add(where+".type", "%s", withHint("unknown type "+quote(string(a.Type)), nearest.Hint(string(a.Type), names)))
	}
	if a.Type != ductape.AuthAPIKey {
		return
	}
	if a.Name == "" {
		p.add(where+".name", "is missing: the header, query parameter or cookie that carries the key")
	}
	if a.In != ductape.InHeader && a.In != ductape.InQuery && a.In != ductape.InCookie {
		p.add(where+".in", "must be header, query or cookie")
	}
}

func checkSettings(p *problems, where string, s ductape.Settings) {
	switch s.Nesting {
	case "", ductape.NestBrackets, ductape.NestIndices, ductape.NestRepeat, ductape.NestJSON:
	default:
		p.add(where+".nesting", "must be brackets, indices, repeat or json")
	}
	switch s.Validate {
	case "", ductape.ValidateOff, ductape.ValidateParams, ductape.ValidateStrict:
	default:
		p.add(where+".validate", "must be off, params or strict")
	}
	if k := s.Idempotency; k != nil && (k.In != "header" && k.In != "body" || k.Name == "") {
		p.add(where+".idempotency", "needs in (header or body) and name")
	}
}

func withHint(text, hint string) string {
	if hint == "" {
		return text
	}
	return text + "; " + hint
}
