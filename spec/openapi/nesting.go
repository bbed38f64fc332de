package openapi

import (
	"strings"

	"github.com/ductape-go/ductape"
)

// A nestingCount is what tells whether an API reads its forms and queries as
// Stripe does: a[b][0]=. One field of style deepObject does not, since OpenAPI
// defines an object of plain values for that field alone (3.2, 4.12.2); what it
// leaves undefined, lists in that style, does when the forms say it throughout.
type nestingCount struct {
	forms int  // bodies of forms and multipart that have an object or a list
	deep  int  // those of them where each is of style deepObject
	lists bool // a list, in a form or a query, is of that style
	parts bool // a list in multipart is not: a part for each item
}

func (c *nestingCount) body(content ductape.Content) {
	if !isForm(content.Type) && !isMultipart(content.Type) {
		return
	}
	some, all := false, true
	for _, f := range content.Fields {
		deep := isDeep(content.Encoding[f.Name])
		list := f.Type == "array"
		if !deep && !list && f.Type != "object" {
			continue
		}
		some, all = true, all && deep
		c.lists = c.lists || list && deep
		c.parts = c.parts || list && !deep && isMultipart(content.Type)
	}
	if some {
		c.forms++
	}
	if some && all {
		c.deep++
	}
}

func isDeep(e ductape.Encoding) bool {
	return e.Style == "deepObject" && e.Explode != nil && *e.Explode
}

func isMultipart(mediaType string) bool {
	return strings.HasPrefix(strings.ToLower(mediaType), "multipart/")
}

// nested reports whether the description as a whole says so: nine of ten forms
// at least, and no body of multipart that nesting would change.
func (c *nestingCount) nested() bool {
	return c.lists && !c.parts && c.deep*10 >= c.forms*9
}
