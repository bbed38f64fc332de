package run

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/schema"
)

// A plan is everything a run needs that does not come from the call. It is
// immutable but for the credential it keeps, and it names secrets: their values
// are not in it.
type plan struct {
	version int64
	product *ductape.Product
	conn    *ductape.Connection
	connEnv *ductape.ConnectionEnv
	app     *ductape.App
	appEnv  *ductape.AppEnv
	action  *ductape.Action

	base      *placeholder.Template // base URL
	baseURL   *url.URL              // parsed, when it needs no values
	resource  *placeholder.Template
	auths     map[string]map[string]*placeholder.Template // auth tag -> field -> value, all the connection has
	apply     []ductape.Auth                              // those that this action gets, in order
	missing   string                                      // why none fits, where the action needs one
	variables map[string]valueTemplate
	constants map[string]valueTemplate
	policy    egress.Policy
	accept    []string    // value of the Accept header
	schemas   *schema.Set // set where the App wants input checked strictly
	schemaOf  func(ref string) (json.RawMessage, bool)

	kept atomic.Pointer[keptCredential]
}

// A valueTemplate is a JSON value that may hold references.
type valueTemplate struct {
	raw  jsontext.Value
	refs bool
}

// compile joins what the names stand for. An error here means that the catalog
// let something through that it should have refused.
func compile(product *ductape.Product, conn *ductape.Connection, connEnv *ductape.ConnectionEnv, app *ductape.App, appEnv *ductape.AppEnv, action *ductape.Action) (*plan, error) {
	p := &plan{product: product, conn: conn, connEnv: connEnv, app: app, appEnv: appEnv, action: action}
	if err := p.compileURL(); err != nil {
		return nil, err
	}
	if err := p.compileAuths(); err != nil {
		return nil, err
	}
	p.compileValues()
	p.apply, p.missing = chooseAuths(app, action, p.auths)
	p.accept = []string{acceptOf(action)}
	p.policy = egress.Policy{AllowPrivate: appEnv.AllowPrivate, Hosts: appEnv.Hosts}
	return p, nil
}

// compileURL decides where the request goes. An action that lives on another
// server than its App keeps that server only in the environment whose base URL
// the description itself gave: elsewhere the operator has said where to go.
func (p *plan) compileURL() error {
	base := p.appEnv.BaseURL
	if src := p.app.Source; p.action.BaseURL != "" && (base == "" || src != nil && sameBase(src.BaseURL, base)) {
		base = p.action.BaseURL
	}
	if base == "" {
		return fault("resolve", ductape.CodeInvalidInput, fmt.Sprintf("the environment %q of app %s has no base_url", p.appEnv.Slug, p.app.Tag)).
			WithHint("set it in ductape.yaml under apps, envs")
	}
	var err error
	if p.base, err = p.template(base, "base_url"); err != nil {
		return err
	}
	if p.resource, err = p.template(p.action.Resource, "resource"); err != nil {
		return err
	}
	if text, ok := p.base.Static(); ok {
		p.baseURL, err = parseBase(text)
	}
	return err
}

func sameBase(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}

func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.Fragment != "" {
		return nil, fault("request", ductape.CodeInvalidInput, fmt.Sprintf("base_url %q is not an absolute http or https URL without user and fragment", hideUser(text)))
	}
	return u, nil
}

// hideUser cuts what stands before an @, which may be a password.
func hideUser(text string) string {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return "…" + text[i:]
	}
	return text
}

func (p *plan) compileAuths() error {
	p.auths = make(map[string]map[string]*placeholder.Template, len(p.connEnv.Auth))
	for tag, fields := range p.connEnv.Auth {
		compiled := make(map[string]*placeholder.Template, len(fields))
		for field, value := range fields {
			t, err := p.template(value, "auth."+tag+"."+field)
			if err != nil {
				return err
			}
			compiled[field] = t
		}
		p.auths[tag] = compiled
	}
	return nil
}

func (p *plan) compileValues() {
	p.variables = make(map[string]valueTemplate)
	for _, v := range p.app.Variables {
		if v.Default != nil {
			p.variables[v.Key] = templateOf(v.Default)
		}
	}
	for key, raw := range p.connEnv.Variables {
		p.variables[key] = templateOf(raw)
	}
	p.constants = make(map[string]valueTemplate, len(p.app.Constants))
	for _, c := range p.app.Constants {
		p.constants[c.Key] = templateOf(c.Value)
	}
}

func templateOf(raw json.RawMessage) valueTemplate {
	v := jsontext.Value(raw)
	return valueTemplate{raw: v, refs: placeholder.HasRefs(v)}
}

func (p *plan) template(text, where string) (*placeholder.Template, error) {
	t, err := placeholder.Parse(text)
	if err != nil {
		e := fault("resolve", ductape.CodeInvalidPlaceholder, fmt.Sprintf("products.%s.apps.%s.envs.%s.%s: %v", p.product.Tag, p.conn.AccessTag, p.connEnv.ProductEnv, where, err))
		e.Cause = err
		return nil, e
	}
	return t, nil
}

// chooseAuths picks the auths an action gets, among those for which the
// connection has values: the first of the action's alternatives that is covered
// whole; where none is and there is one candidate, that one. The second result
// says what is missing, when something is needed and nothing fits.
func chooseAuths(app *ductape.App, action *ductape.Action, have map[string]map[string]*placeholder.Template) ([]ductape.Auth, string) {
	candidates := candidateAuths(app, have)
	if action.Security != nil && len(action.Security) == 0 {
		return nil, ""
	}
	for _, alternative := range action.Security {
		if chosen, ok := cover(app, alternative, candidates); ok && len(chosen) > 0 {
			return chosen, ""
		}
	}
	switch {
	case len(candidates) == 1:
		return candidates, ""
	case action.Security == nil && len(candidates) > 1:
		return candidates[:1], ""
	case action.Security == nil || optional(action.Security):
		return nil, ""
	}
	return nil, needed(action.Security)
}

// candidateAuths lists the App's auths that have values here and that can be
// applied to a request, in the App's order.
func candidateAuths(app *ductape.App, have map[string]map[string]*placeholder.Template) []ductape.Auth {
	var out []ductape.Auth
	for _, a := range app.Auths {
		if len(have[a.Tag]) > 0 && a.Type != ductape.AuthCredentials {
			out = append(out, a)
		}
	}
	return out
}

func cover(app *ductape.App, alternative ductape.SecurityAlternative, candidates []ductape.Auth) ([]ductape.Auth, bool) {
	var chosen []ductape.Auth
	for _, need := range alternative {
		i := slices.IndexFunc(candidates, func(c ductape.Auth) bool { return c.Tag == need.Auth })
		if i < 0 {
			declared := app.Auth(need.Auth)
			i = slices.IndexFunc(candidates, func(c ductape.Auth) bool { return declared != nil && sameKind(*declared, c) })
		}
		if i < 0 {
			return nil, false
		}
		chosen = append(chosen, candidates[i])
	}
	return chosen, true
}

// sameKind reports whether two auths put their value in the same place.
func sameKind(a, b ductape.Auth) bool {
	if bearerLike(a.Type) && bearerLike(b.Type) {
		return true
	}
	return a.Type == b.Type && a.In == b.In && strings.EqualFold(a.Name, b.Name)
}

func bearerLike(t ductape.AuthType) bool {
	return t == ductape.AuthBearer || t == ductape.AuthOAuth2 || t == ductape.AuthOpenID
}

func optional(alternatives []ductape.SecurityAlternative) bool {
	return slices.ContainsFunc(alternatives, func(a ductape.SecurityAlternative) bool { return len(a) == 0 })
}

func needed(alternatives []ductape.SecurityAlternative) string {
	ways := make([]string, 0, len(alternatives))
	for _, a := range alternatives {
		tags := make([]string, len(a))
		for i, n := range a {
			tags[i] = n.Auth
		}
		ways = append(ways, strings.Join(tags, " and "))
	}
	return strings.Join(ways, ", or ")
}

// acceptOf lists the media types of the action's successful answers, as the
// description orders them; anything when it says nothing.
func acceptOf(action *ductape.Action) string {
	var types []string
	for _, r := range action.Responses {
		if !strings.HasPrefix(r.Status, "2") && r.Status != "default" {
			continue
		}
		for _, t := range r.Types {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	if len(types) == 0 {
		return "*/*"
	}
	return strings.Join(types, ", ")
}
