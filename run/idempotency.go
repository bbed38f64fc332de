package run

import (
	"net/textproto"
	"strings"

	"github.com/ductape-go/ductape"
)

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
