package run

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// A Preview is the exact request a call would send, secrets masked, and where
// each part of it came from.
type Preview struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body,omitempty"` // as it would go out; "[n bytes]" where it is not text
	Origins []Origin          `json:"origins"`
}

// An Origin says where one part of a request came from.
type Origin struct {
	Part string `json:"part"` // "path.id", "query.limit", "header.Authorization", "body.email"
	From string `json:"from"` // "input.params.id = $Session{user}{id}"
}

// Preview prepares a call as Run does and sends nothing. It is not recorded.
func (r *Runner) Preview(ctx context.Context, call ductape.Call) (*Preview, error) {
	ctx, run, err := r.begin(ctx, call)
	defer run.alarm.end()
	run.quiet = true
	if err == nil {
		err = r.prepare(ctx, run)
	}
	if err == nil && call.Cache != "" && run.cachePolicy() == nil {
		err = run.unknownCache()
	}
	if err != nil {
		return nil, run.fail(err)
	}
	req, err := run.request.attempt(ctx, run.request.header.Clone())
	if err == nil {
		err = run.credential.applyTo(req)
	}
	if err != nil {
		return nil, run.fail(err)
	}
	return run.describe(req)
}

func (one *run) describe(req *http.Request) (*Preview, error) {
	one.maskPlaces(req)
	mask := secret.NewRedactor(append(slices.Clone(one.opened), one.credential.values...)...)
	p := &Preview{Method: req.Method, URL: mask.String(req.URL.String()), Headers: make(map[string]string, len(req.Header))}
	for name, values := range req.Header {
		p.Headers[name] = mask.String(strings.Join(values, ", "))
	}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, one.fail(err)
		}
		p.Body = "[" + itoa(len(body)) + " bytes]"
		if !one.recodesSecret(req.Header.Get("Content-Type"), body) {
			p.Body = mask.String(readable(body))
		}
	}
	p.Origins = one.origins()
	for i := range p.Origins {
		p.Origins[i].From = mask.String(p.Origins[i].From)
	}
	return p, nil
}

func readable(body []byte) string {
	if utf8.Valid(body) && bytes.IndexByte(body, 0) < 0 {
		return string(body)
	}
	return "[" + itoa(len(body)) + " bytes]"
}

// origins lists the parts of the request in the order they are written.
func (one *run) origins() []Origin {
	p := one.plan
	out := []Origin{
		{"method", "action " + p.action.Tag + " of app " + p.app.Tag},
		{"url", one.baseOrigin()},
	}
	for i := range one.parts.fields {
		f := &one.parts.fields[i]
		out = append(out, Origin{string(f.in) + "." + f.name, written(f.where, one.given(f.where))})
	}
	for _, a := range one.credential.auths {
		headers, query, cookies := a.Names()
		out = append(out, one.named(ductape.InHeader, headers, a.from)...)
		out = append(out, one.named(ductape.InQuery, query, a.from)...)
		out = append(out, one.named(ductape.InCookie, cookies, a.from)...)
	}
	return append(out, one.bodyOrigins()...)
}

func (one *run) baseOrigin() string {
	if one.plan.action.BaseURL != "" && one.plan.appEnv.BaseURL != one.plan.action.BaseURL && sameBase(one.request.url.Scheme+"://"+one.request.url.Host, one.plan.action.BaseURL) {
		return "server of action " + one.plan.action.Tag
	}
	return "base_url of app environment " + one.plan.appEnv.Slug + ", resource " + one.plan.action.Resource
}

// named lists what an auth sets, less what the caller has set already.
func (one *run) named(in ductape.Location, names []string, from string) []Origin {
	var out []Origin
	for _, n := range names {
		if !slices.ContainsFunc(one.parts.fields, func(f field) bool { return f.in == in && strings.EqualFold(f.name, n) }) {
			out = append(out, Origin{string(in) + "." + n, from})
		}
	}
	return out
}

// bodyOrigins names the top level of a JSON object body.
func (one *run) bodyOrigins() []Origin {
	if one.request.body == nil {
		return nil
	}
	media, _, _ := mime.ParseMediaType(one.request.header.Get("Content-Type"))
	out := []Origin{{"header.Content-Type", "body of action " + one.plan.action.Tag + " (" + media + ")"}}
	members, err := membersOf(one.parts.body)
	if err != nil {
		return append(out, Origin{"body", one.parts.bodyWhere})
	}
	for _, m := range members {
		where := one.parts.bodyWhere + "." + m.name
		out = append(out, Origin{"body." + m.name, written(where, one.given(where))})
	}
	return out
}

// written shows a value's template beside its place, when it was one.
func written(where, template string) string {
	if strings.Contains(template, "$") {
		return where + " = " + template
	}
	return where
}

// given is the text that stood in the input at a place, "" when it is no text
// or stands deeper.
func (one *run) given(where string) string {
	v := one.parts.raw
	rest, ok := strings.CutPrefix(where, "input.")
	if !ok {
		return ""
	}
	for rest != "" {
		members, err := membersOf(v)
		if err != nil {
			return ""
		}
		i := slices.IndexFunc(members, func(m member) bool { return rest == m.name || strings.HasPrefix(rest, m.name+".") })
		if i < 0 {
			return ""
		}
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, members[i].name), ".")
		v = members[i].value
	}
	if v.Kind() != '"' {
		return ""
	}
	text, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(text)
}
