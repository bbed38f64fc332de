package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

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
	ctx context.Context // for the schemas of an XML body
	run *run
	req *request
	problemList
}

func (b *builder) problem(where, message string) {
	b.note(ductape.Problem{Where: where, Message: message})
}

// wireProblem says where in the input a value stood that cannot be written.
func (b *builder) wireProblem(where string, err error) {
	b.note(problemOf(where, err))
}

func problemOf(where string, err error) ductape.Problem {
	var e *wire.Error
	if !errors.As(err, &e) {
		return ductape.Problem{Where: where, Message: err.Error()}
	}
	message := e.Message
	if e.Hint != "" {
		message += " (" + e.Hint + ")"
	}
	return ductape.Problem{Where: where + e.Where, Message: message}
}

func (b *builder) problemsFound() error { return invalid("request", b.list()) }

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

// streams reports whether the body is read as it is sent, and not known before.
func (q *request) streams() bool { return q.body != nil && q.body.stream != nil }

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

// policy is the plan's, with the names of what carries a credential in this run:
// those that its auths set, and those that the input filled with a secret; and
// with the run itself, which knows its secrets where they have no name.
func (one *run) policy() egress.Policy {
	p := one.plan.policy
	p.Credentials, p.Secrets = one.credential.names, one
	for i := range one.parts.fields {
		f := &one.parts.fields[i]
		if !f.secret {
			continue
		}
		switch f.in {
		case ductape.InHeader:
			p.Credentials.Headers = append(slices.Clip(p.Credentials.Headers), f.name)
		case ductape.InQuery, ductape.InQueryString:
			p.Credentials.Query = append(slices.Clip(p.Credentials.Query), f.name)
		case ductape.InCookie:
			p.Credentials.Cookies = append(slices.Clip(p.Credentials.Cookies), f.name)
		}
	}
	return p
}
