package auth

import (
	"cmp"
	"net/http"

	"github.com/ductape-go/ductape"
)

const authorization = "Authorization"

// authorized is a credential that is one Authorization header, as bearer and
// basic are.
type authorized struct {
	redacted
	header string
}

// newBearer makes bearer tokens (RFC 6750, 2.1), and the access tokens of
// OAuth 2.0 and OpenID Connect, which go the same way. An Auth that says so has
// its token in the query (RFC 6750, 2.3).
func newBearer(a ductape.Auth, v Values) (Credential, error) {
	token, err := only(a, v)
	if err != nil {
		return nil, err
	}
	if a.In == ductape.InQuery {
		return newQueryKey(cmp.Or(a.Name, "access_token"), token), nil
	}
	header := prefixed(cmp.Or(a.Prefix, "Bearer "), token)
	if err := checkHeader(a, header); err != nil {
		return nil, err
	}
	return &authorized{header: header}, nil
}

func (c *authorized) Apply(req *http.Request) error {
	setHeader(req, authorization, c.header)
	return nil
}

func (c *authorized) Names() (headers, query, cookies []string) {
	return []string{authorization}, nil, nil
}
