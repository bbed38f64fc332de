package postman

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/losses"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A reader is one reading of one collection.
type reader struct {
	app    *ductape.App
	auths  sample.Auths
	bases  sample.Bases
	sites  []string // base URL of each action, as in app.Actions
	vars   *variables
	losses losses.List

	literals literals
	scripted []bool // whether a script runs before each action, as in app.Actions
}

// A place is where an item stands: what it inherits from its folders.
type place struct {
	folder []string
	scope  *scope
	auth   inherited
	keeps  bool // bodies are sent with every method: disableBodyPruning
	script bool // a script runs before each request, which may set the auth
}

func newReader(doc sample.Value, tag string) *reader {
	info := doc.Get("info")
	r := &reader{app: &ductape.App{
		Tag:         tag,
		Name:        info.Get("name").Text(),
		Description: description(info.Get("description")),
		Version:     versionText(info.Get("version")),
	}}
	r.literals = literals{}
	r.vars = &variables{reader: r, app: tag, exported: map[string]string{}}
	return r
}

func (r *reader) read(doc sample.Value, base string) {
	top := place{scope: r.vars.open(nil, doc.Get("variable"), base+"/variable")}
	top.auth = r.inherit(doc.Get("auth"), base+"/auth", top)
	top.keeps, top.script = keepsBodies(doc, top), hasPrerequest(doc)
	r.notCarried(doc, base)
	r.items(doc, base, top)
	sample.Tags(r.app.Actions)
	r.servers(top.scope)
	r.auths.Settle(r.app.Actions)
	r.app.Auths = r.auths.List
	r.withoutAuth()
	r.vars.finish()
	r.withoutLiterals()
}

// items reads a collection's or folder's items. Some generators write "items".
func (r *reader) items(v sample.Value, at string, p place) {
	key := "item"
	if !v.Has(key) {
		key = "items"
	}
	for i, item := range v.Get(key).Items {
		r.item(item, sample.Pointer(at+"/"+key, i), p)
	}
}

func (r *reader) item(v sample.Value, at string, p place) {
	switch {
	case v.Get("item").Kind == sample.Array || v.Get("items").Kind == sample.Array:
		r.folder(v, at, p)
	case v.Has("request") && !v.Get("request").IsNull():
		r.request(v, at, p)
	default:
		r.warn(itemIgnored, at, "neither a folder nor a request: "+quoted(v.Get("name").Text()))
	}
}

func (r *reader) folder(v sample.Value, at string, p place) {
	inside := place{
		folder: append(slices.Clip(p.folder), strings.TrimSpace(v.Get("name").Text())),
		scope:  r.vars.open(p.scope, v.Get("variable"), at+"/variable"),
	}
	inside.auth = p.auth
	inside.auth = r.inherit(v.Get("auth"), at+"/auth", inside)
	inside.keeps, inside.script = keepsBodies(v, p), p.script || hasPrerequest(v)
	r.notCarried(v, at)
	r.items(v, at, inside)
}

// request reads one request into an action.
func (r *reader) request(v sample.Value, at string, p place) {
	r.notCarried(v, at)
	p.scope = r.vars.open(p.scope, v.Get("variable"), at+"/variable")
	req, reqAt := v.Get("request"), at+"/request"
	if req.Kind != sample.Object { // a plain URL
		req = sample.Value{Kind: sample.Object, Members: []sample.Member{
			{Name: "method", Value: sample.Value{Kind: sample.String, Literal: "GET"}},
			{Name: "url", Value: req},
		}}
	}
	r.notCarried(req, reqAt)
	a := ductape.Action{
		Name:        strings.TrimSpace(v.Get("name").Text()),
		Description: description(first(req.Get("description"), v.Get("description"))),
		Folder:      p.folder,
		Method:      r.method(req, reqAt),
	}
	t := &target{reader: r, action: &a, scope: p.scope, at: reqAt, keeps: keepsBodies(v, p)}
	t.url(readURL(req.Get("url")))
	own := r.inherit(req.Get("auth"), reqAt+"/auth", p)
	t.headers(req.Get("header"), own)
	t.security(own)
	t.body(req.Get("body"))
	a.Responses = responses(v.Get("response"))
	r.app.Actions = append(r.app.Actions, a)
	r.sites = append(r.sites, t.base)
	r.scripted = append(r.scripted, p.script || hasPrerequest(v))
	r.bases.Add(t.base)
}

func (r *reader) method(req sample.Value, at string) string {
	m := strings.ToUpper(strings.TrimSpace(req.Get("method").Text()))
	if m == "" || strings.ContainsFunc(m, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c) }) {
		r.warn(methodMissing, at, "no usable method: GET is taken")
		return "GET"
	}
	return m
}

// withoutAuth says of the requests that have no auth that they go without one,
// as they do in Postman. A collection that has none at all says nothing of auth,
// and one that a script may set is not known; but not even then may the
// credential of one site go to another.
func (r *reader) withoutAuth() {
	for i := range r.app.Actions {
		if a := &r.app.Actions[i]; a.Security == nil && len(r.app.Auths) > 0 && !r.scripted[i] {
			a.Security = []ductape.SecurityAlternative{}
		}
	}
	sample.KeepAtHome(r.app)
}

// hasPrerequest reports whether a collection, folder or item has a script that
// runs before its requests are sent.
func hasPrerequest(v sample.Value) bool {
	return slices.ContainsFunc(v.Get("event").Items, func(e sample.Value) bool {
		return e.Get("listen").Text() == "prerequest" && hasScript(e.Get("script")) && !e.Get("disabled").True()
	})
}

// notCarried reports what stands beside requests and is not carried over.
func (r *reader) notCarried(v sample.Value, at string) {
	var listen []string
	for _, e := range v.Get("event").Items {
		if hasScript(e.Get("script")) && !e.Get("disabled").True() {
			listen = append(listen, e.Get("listen").Text())
		}
	}
	if len(listen) > 0 {
		r.warn(scriptIgnored, at+"/event", "not run: "+strings.Join(listen, ", "))
	}
	var names []string
	for _, m := range v.Get("protocolProfileBehavior").Members {
		if m.Name != bodyPruning {
			names = append(names, m.Name)
		}
	}
	if len(names) > 0 {
		r.warn(behaviorIgnored, at+"/protocolProfileBehavior", "not carried over: "+strings.Join(names, ", "))
	}
	if len(v.Get("certificate").Members) > 0 {
		r.warn(certIgnored, at+"/certificate", "client certificates are set up where the server runs")
	}
	if len(v.Get("proxy").Members) > 0 {
		r.warn(proxyIgnored, at+"/proxy", "proxies are set up where the server runs")
	}
}

// bodyPruning is the behavior that has Postman send a body with the methods of
// bodiless.
const bodyPruning = "disableBodyPruning"

// keepsBodies reports whether a collection, folder or item inside p has
// Postman send bodies with every method.
func keepsBodies(v sample.Value, p place) bool {
	if b := v.Get("protocolProfileBehavior"); b.Has(bodyPruning) {
		return b.Get(bodyPruning).True()
	}
	return p.keeps
}

func hasScript(v sample.Value) bool {
	exec := v.Get("exec")
	if strings.TrimSpace(exec.Text()) != "" || v.Has("src") || v.Kind == sample.String && v.Text() != "" {
		return true
	}
	return slices.ContainsFunc(exec.Items, func(l sample.Value) bool { return strings.TrimSpace(l.Text()) != "" })
}

func (r *reader) warn(code, where, message string) {
	r.losses.Add(code, where, message)
}

// description reads a text or an object {content, type}.
func description(v sample.Value) string {
	if v.Kind == sample.Object {
		v = v.Get("content")
	}
	if v.Kind != sample.String {
		return ""
	}
	return v.Text()
}

// versionText reads a text or an object {major, minor, patch}.
func versionText(v sample.Value) string {
	if v.Kind != sample.Object {
		return v.Text()
	}
	var parts []string
	for _, k := range []string{"major", "minor", "patch"} {
		if t := v.Get(k).Text(); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, ".")
}

func first(vs ...sample.Value) sample.Value {
	for _, v := range vs {
		if !v.IsNull() {
			return v
		}
	}
	return sample.Value{}
}

func quoted(s string) string { return string(sample.Quote(s)) }
