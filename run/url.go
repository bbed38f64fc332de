package run

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/wire"
)

func (b *builder) buildURL() error {
	base, err := b.base()
	if err != nil {
		return err
	}
	resource, err := b.fixed(b.run.plan.resource, "resource of "+b.run.plan.action.Tag)
	if err != nil {
		return err
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
	where := "base_url of " + b.run.plan.app.Tag + " in " + b.run.plan.appEnv.Slug
	text, err := b.fixed(b.run.plan.base, where)
	if err != nil {
		return nil, err
	}
	base, err := parseBase(text)
	if err != nil { // without the text, which may hold a secret
		return nil, fault("request", ductape.CodeInvalidInput, where+": what its references are filled with is not an absolute http or https URL without user and fragment")
	}
	return base, nil
}

// fixed fills a template of the configuration that users may not shape.
func (b *builder) fixed(t *placeholder.Template, where string) (string, error) {
	if text, ok := t.Static(); ok {
		return text, nil
	}
	sc := b.run.scope(b.ctx)
	sc.fixed = true
	text, err := b.run.eval.EvalText(t, sc)
	if sc.secrets && b.run.short {
		b.run.seeSegments(text, t.String())
	}
	return text, placeholderFault("request", where, err)
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
		q = appendWritten(q, part)
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

// appendWritten appends a query that is written already. What would end the
// request line is escaped, and what the URL standard of the WHATWG escapes beside
// it (its query percent-encode set): a variable may have filled it in.
func appendWritten(q []byte, part string) []byte {
	for i := range len(part) {
		switch c := part[i]; {
		case c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>':
			q = fmt.Appendf(q, "%%%02X", c)
		default:
			q = append(q, c)
		}
	}
	return q
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
