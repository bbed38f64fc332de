package client

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/ductape-go/ductape"
)

// stranger is the error for an answer that no Ductape server gave, such as a
// proxy's or a login page's: what says what it is.
func (c *Client) stranger(what string, cause error) error {
	e := &ductape.Error{Code: ductape.CodeInternal, Message: "not an answer of a Ductape server: " + what, Cause: cause}
	return e.WithHint("is " + shown(c.url) + " the URL of a Ductape server, and does nothing in between answer for it?")
}

// describe says of an answer what may be known without its body, which may hold
// anything.
func describe(resp *http.Response) string {
	if typ := mediaType(resp); typ != "" {
		return "status " + resp.Status + ", " + typ
	}
	return "status " + resp.Status + ", without a Content-Type"
}

func mediaType(resp *http.Response) string {
	typ, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return typ
}

// isJSON tells the media types of JSON (RFC 6839, section 3.1).
func isJSON(typ string) bool {
	return typ == "application/json" || strings.HasSuffix(typ, "+json")
}

// shown is a URL without the password it may hold.
func shown(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "it"
	}
	return u.Redacted()
}
