package run

import (
	"net/textproto"
	"slices"

	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

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
