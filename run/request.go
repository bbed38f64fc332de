package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/wire"
)

// A request is what goes out, before the credential is on it. It can be sent
// any number of times.
type request struct {
	method     string
	url        *url.URL
	header     http.Header
	body       *payload // nil: none
	repeatable bool     // may be sent again though it may have arrived
}

// buildRequest puts the parts together: base URL and resource, parameters by
// their styles, body by its media type.
func buildRequest(ctx context.Context, run *run) (*request, error) {
	b := builder{ctx: ctx, run: run, req: &request{method: run.plan.action.Method, header: make(http.Header, 8)}}
	if err := b.buildURL(); err != nil {
		return nil, err
	}
	b.headers()
	b.cookies()
	if err := b.problemsFound(); err != nil {
		return nil, err
	}
	if err := b.body(); err != nil {
		return nil, err
	}
	b.accept()
	b.idempotency()
	return b.req, b.problemsFound()
}

// A builder collects every problem on the way.
type builder struct {
	ctx      context.Context // for the schemas of an XML body
	run      *run
	req      *request
	problems []ductape.Problem
}

func (b *builder) problem(where, message string) {
	b.problems = append(b.problems, ductape.Problem{Where: where, Message: message})
}

// wireProblem says where in the input a value stood that cannot be written.
func (b *builder) wireProblem(where string, err error) {
	var e *wire.Error
	if errors.As(err, &e) {
		message := e.Message
		if e.Hint != "" {
			message += " (" + e.Hint + ")"
		}
		b.problem(where+e.Where, message)
		return
	}
	b.problem(where, err.Error())
}

func (b *builder) problemsFound() error { return invalid("request", b.problems) }

func (b *builder) buildURL() error {
	base, err := b.base()
	if err != nil {
		return err
	}
	resource, ok := b.run.plan.resource.Static()
	if !ok {
		if resource, err = b.run.plan.resource.EvalText(&scope{ctx: b.ctx, run: b.run}); err != nil {
			return placeholderFault("request", "resource of "+b.run.plan.action.Tag, err)
		}
	}
	path, fixed, _ := strings.Cut(resource, "?")
	escaped := b.path(path)
	if len(b.problems) > 0 {
		return b.problemsFound()
	}
	u := *base
	if err := setPath(&u, strings.TrimSuffix(base.EscapedPath(), "/")+escaped); err != nil {
		return err
	}
	u.RawQuery = b.query(base.RawQuery, fixed)
	b.req.url = &u
	return b.problemsFound()
}

func (b *builder) base() (*url.URL, error) {
	if b.run.plan.baseURL != nil {
		return b.run.plan.baseURL, nil
	}
	text, err := b.run.plan.base.EvalText(&scope{ctx: b.ctx, run: b.run})
	if err != nil {
		return nil, placeholderFault("request", "base_url of "+b.run.plan.app.Tag+" in "+b.run.plan.appEnv.Slug, err)
	}
	return parseBase(text)
}

func (b *builder) path(template string) string {
	if template != "" && template[0] != '/' {
		template = "/" + template
	}
	if strings.IndexByte(template, '{') < 0 {
		escaped, err := wire.Path(template, nil, nil)
		if err != nil {
			b.wireProblem("resource", err)
		}
		return escaped
	}
	last := ""
	escaped, err := wire.Path(template, b.run.plan.action.Params, func(name string) (jsontext.Value, bool) {
		for i := range b.run.parts.fields {
			if f := &b.run.parts.fields[i]; f.in == ductape.InPath && f.name == name {
				last = f.where
				return f.value, true
			}
		}
		last = "input.params." + name
		return nil, false
	})
	if err != nil {
		var e *wire.Error
		if errors.As(err, &e) && e.Param != "" && !strings.HasSuffix(last, "."+e.Param) && !strings.HasSuffix(last, ":"+e.Param) {
			last = "input.params." + e.Param
		}
		b.wireProblem(last, err)
	}
	return escaped
}

// setPath gives a URL a path that is already escaped, byte for byte.
func setPath(u *url.URL, escaped string) error {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return fault("request", ductape.CodeInvalidInput, "the resource's path is not a valid URL path")
	}
	u.Path, u.RawPath = path, escaped
	return nil
}

func (b *builder) query(base, fixed string) string {
	var q []byte
	for _, part := range []string{base, fixed} {
		if part == "" {
			continue
		}
		if len(q) > 0 {
			q = append(q, '&')
		}
		q = append(q, part...)
	}
	for i := range b.run.parts.fields {
		f := &b.run.parts.fields[i]
		var next []byte
		var err error
		switch f.in {
		case ductape.InQuery:
			next, err = wire.AppendQuery(q, f.paramOr(ductape.InQuery), b.run.plan.app.Settings.Nesting, f.value)
		case ductape.InQueryString:
			next, err = wire.AppendQueryString(q, f.param, b.run.plan.app.Settings.Nesting, f.value)
		default:
			continue
		}
		if err != nil {
			b.wireProblem(f.where, err)
			continue
		}
		q = next
	}
	return string(q)
}

// paramOr is the field's parameter, or a plain one for a name the description
// does not know. A value with parts is then written as the App writes such
// values.
func (f *field) paramOr(in ductape.Location) *ductape.Param {
	if f.param != nil {
		return f.param
	}
	p := &ductape.Param{Name: f.name, In: in}
	if in == ductape.InQuery && f.value.Kind() == '{' {
		p.Style = "deepObject"
	}
	return p
}

// refusedHeaders belong to the connection, not to the caller (RFC 9110, 7.6.1).
var refusedHeaders = []string{"Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func (b *builder) headers() {
	for i := range b.run.parts.fields {
		f := &b.run.parts.fields[i]
		if f.in != ductape.InHeader {
			continue
		}
		param := f.paramOr(ductape.InHeader)
		if wire.Omitted(param, f.value) {
			continue
		}
		name := textproto.CanonicalMIMEHeaderKey(f.name)
		if !httpguts.ValidHeaderFieldName(f.name) {
			b.problem(f.where, "is not a valid header name")
			continue
		}
		if slices.Contains(refusedHeaders, name) {
			b.problem(f.where, "is set by the connection and cannot be chosen")
			continue
		}
		value, err := wire.Header(param, f.value)
		if err != nil {
			b.wireProblem(f.where, err)
			continue
		}
		b.req.header[name] = []string{value}
	}
	if _, ok := b.req.header["User-Agent"]; !ok {
		b.req.header["User-Agent"] = userAgent
	}
}

var userAgent = []string{"ductape"}

func validHeaderValue(v string) bool { return httpguts.ValidHeaderFieldValue(v) }

func (b *builder) cookies() {
	cookies := []byte(b.req.header.Get("Cookie"))
	before := len(cookies)
	for i := range b.run.parts.fields {
		f := &b.run.parts.fields[i]
		if f.in != ductape.InCookie {
			continue
		}
		next, err := wire.AppendCookie(cookies, f.paramOr(ductape.InCookie), f.value)
		if err != nil {
			b.wireProblem(f.where, err)
			continue
		}
		cookies = next
	}
	if len(cookies) > before {
		b.req.header["Cookie"] = []string{string(cookies)}
	}
}

// accept names the media types the description announces, unless the caller
// has asked for some.
func (b *builder) accept() {
	if _, ok := b.req.header["Accept"]; ok {
		return
	}
	b.req.header["Accept"] = b.run.plan.accept
}

// idempotency makes a request that is not idempotent by itself safe to repeat,
// where the API takes a key: the caller's, or one of our own when the call asks
// for retries (draft-ietf-httpapi-idempotency-key-header-07).
func (b *builder) idempotency() {
	how := b.run.plan.app.Settings.Idempotency
	key := b.run.call.IdempotencyKey
	if how == nil {
		how = &ductape.IdempotencyKey{In: "header", Name: "Idempotency-Key"}
	} else if key == "" && b.run.call.Retries > 0 && !idempotent(b.req.method) {
		key = b.run.id
	}
	if key != "" {
		b.setIdempotencyKey(how, key)
	}
	b.req.repeatable = idempotent(b.req.method) || key != "" || how.In != "body" && b.req.header.Get(how.Name) != ""
}

func (b *builder) setIdempotencyKey(how *ductape.IdempotencyKey, key string) {
	if how.In == "body" {
		if err := b.req.body.setField(how.Name, key); err != nil {
			b.problem("idempotency_key", err.Error())
		}
		return
	}
	name := textproto.CanonicalMIMEHeaderKey(how.Name)
	if _, ok := b.req.header[name]; ok {
		return
	}
	if how.Quoted {
		key = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key) + `"`
	}
	b.req.header[name] = []string{key}
}

// idempotent lists the methods that may be repeated (RFC 9110, 9.2.2).
func idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY":
		return true
	}
	return false
}

// attempt makes the http.Request of one attempt, with a body of its own. The
// header becomes the attempt's.
func (q *request) attempt(ctx context.Context, header http.Header) (*http.Request, error) {
	req := (&http.Request{Method: q.method, URL: q.url, Host: q.url.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if q.body != nil {
		req.ContentLength = q.body.length
		req.Body = q.body.open()
		req.GetBody = func() (io.ReadCloser, error) { return q.body.open(), nil }
		if q.body.length == 0 {
			req.Body = http.NoBody
		}
	}
	return req, nil
}

func (q *request) host() string { return q.url.Host }

// canonicalHeader is the caller's headers in a fixed order, for a cache key.
func (q *request) canonicalHeader() []byte {
	var out bytes.Buffer
	names := make([]string, 0, len(q.header))
	for name := range q.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&out, "%s: %q\n", name, q.header[name])
	}
	return out.Bytes()
}

func (q *request) canonicalBody() []byte {
	if q.body == nil {
		return nil
	}
	return q.body.canonical()
}

// policy is the plan's, with the names of this run's credential.
func (one *run) policy() egress.Policy {
	p := one.plan.policy
	p.Credentials = one.credential.names
	return p
}
