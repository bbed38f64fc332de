package har

import (
	"mime"
	"reflect"
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// maxBodies bounds how many bodies of one action are put together.
const maxBodies = 100

// addBody adds the body of one entry: the first is the example, and the fields
// of those that differ from it are put together with its own. It reports whether
// b differs.
func (g *group) addBody(b *sample.Body) bool {
	switch {
	case b == nil:
		return g.first.Body != nil
	case g.first.Body == nil:
		g.first.Body = b
		return g.sent > 1
	case reflect.DeepEqual(b, g.first.Body):
		return false
	case len(g.first.More) < maxBodies:
		g.first.More = append(g.first.More, b)
	}
	return true
}

// body reads postData: its text, as it was sent, or else its params.
func (r *reader) body(v sample.Value, at string) *sample.Body {
	text, params, written := v.Get("text").Text(), v.Get("params").Items, v.Get("mimeType").Text()
	if text == "" && len(params) == 0 {
		return nil
	}
	media, attributes, err := mime.ParseMediaType(written)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(written), ";")
	}
	media = strings.TrimSpace(media)
	isMultipart := strings.HasPrefix(media, "multipart/")
	if form, err := sample.Parts(text, attributes["boundary"]); isMultipart && text != "" && err == nil {
		return &sample.Body{Type: media, Form: form, IsForm: true}
	}
	switch {
	case text != "" && !isMultipart, len(params) > 0 && sample.IsJSONType(media):
		return &sample.Body{Type: written, Text: text}
	case len(params) > 0:
		return &sample.Body{Type: media, Form: fields(params), IsForm: true}
	}
	r.warn(bodyUnread, at, "the parts of the body could not be read")
	return &sample.Body{Type: media, Binary: true}
}

// fields reads the params of a form.
func fields(params []sample.Value) []sample.Field {
	out := make([]sample.Field, 0, len(params))
	for _, p := range params {
		f := sample.Field{Name: p.Get("name").Text(), File: p.Get("fileName").Text() != "", ContentType: p.Get("contentType").Text()}
		if !f.File {
			f.Value = p.Get("value").Text()
		}
		out = append(out, f)
	}
	return out
}
