package curl

import (
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// requests makes one request for each URL.
func (t *transfer) requests() []sample.Request {
	t.noteConflicts()
	var out []sample.Request
	for _, w := range t.addresses() {
		r := sample.Request{Where: t.where, Method: t.verb(), Headers: t.headers, Auth: t.auth, Body: t.body(), Defaults: t.isKnown}
		if t.json {
			r.Headers = withJSON(r.Headers)
		}
		if t.target(&r, w) {
			out = append(out, r)
		}
	}
	return out
}

// isKnown reports whether the command says what a header holds.
func (t *transfer) isKnown(header, value string) bool {
	return !slices.ContainsFunc(t.unknown, func(name string) bool { return strings.EqualFold(name, header) })
}

// withJSON adds the headers of --json, which give way to those that are given.
func withJSON(headers []sample.Pair) []sample.Pair {
	headers = slices.Clip(headers)
	for _, name := range [...]string{"Content-Type", "Accept"} {
		t := transfer{headers: headers}
		if !t.hasHeader(name) {
			headers = append(headers, sample.Pair{Name: name, Value: "application/json"})
		}
	}
	return headers
}

// noteConflicts reports what curl itself would refuse to send together.
func (t *transfer) noteConflicts() {
	switch {
	case len(t.form) > 0 && t.hasData:
		t.ignored("the data beside a form")
	case t.upload && (t.hasData || len(t.form) > 0):
		t.ignored("the data beside an upload")
	case t.head && t.method == "" && !t.get && (t.hasData || len(t.form) > 0):
		t.ignored("the data beside --head")
	}
}

// verb is the method as it is written; the common ones in small letters are
// meant as the ones that there are.
func (t *transfer) verb() string {
	m := strings.Map(printable, t.method)
	switch upper := strings.ToUpper(m); upper {
	case "":
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY":
		return upper
	default:
		return m
	}
	switch {
	case t.head:
		return "HEAD"
	case t.upload:
		return "PUT"
	case (t.hasData || len(t.form) > 0) && !t.get:
		return "POST"
	}
	return "GET"
}

func (t *transfer) body() *sample.Body {
	switch {
	case t.head && t.method == "":
		return nil
	case t.upload:
		return &sample.Body{Binary: true}
	case len(t.form) > 0:
		return &sample.Body{Type: "multipart/form-data", Form: t.form, IsForm: true}
	case !t.hasData || t.get:
		return nil
	}
	if form := t.parts(); form != nil {
		return &sample.Body{Type: "multipart/form-data", Form: form, IsForm: true}
	}
	b := &sample.Body{Type: "application/x-www-form-urlencoded", Text: t.text(), Binary: t.file && len(t.data) == 0}
	if s := strings.TrimSpace(b.Text); strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
		b.Type = "" // curl would call it a form, but the API reads JSON
		if !t.json && !t.hasHeader("Content-Type") {
			t.warn(contentTypeAssumed, t.where, "the command sends JSON and calls it a form; it is sent as application/json")
		}
	}
	return b
}

// parts reads a form that is written out as its parts, as browsers copy one.
func (t *transfer) parts() []sample.Field {
	for _, h := range t.headers {
		media, attributes, err := mime.ParseMediaType(h.Value)
		if err != nil || media != "multipart/form-data" || !strings.EqualFold(h.Name, "Content-Type") {
			continue
		}
		if form, err := sample.Parts(t.text(), attributes["boundary"]); err == nil {
			return form
		}
	}
	return nil
}

// text joins the parts of the body; those of --json need nothing between them.
func (t *transfer) text() string {
	if t.json {
		return strings.Join(t.data, "")
	}
	return strings.Join(t.data, "&")
}

// uploadName is the file name that curl adds to an address that ends in a slash.
func (t *transfer) uploadName() string {
	if !t.upload || t.filename == "-" || t.filename == "." {
		return ""
	}
	return path.Base(strings.ReplaceAll(t.filename, `\`, "/"))
}
