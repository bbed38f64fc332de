package har

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
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
	if form, err := parts(text, attributes["boundary"]); isMultipart && text != "" && err == nil {
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

// maxPart bounds what is kept of the text of one field, maxFields how many.
const (
	maxPart   = 1 << 20
	maxFields = 1000
)

var errNoParts = errors.New("no parts")

// parts reads the text of a multipart body (RFC 7578). What a browser left out
// of it, the content of files, is not needed.
func parts(text, boundary string) ([]sample.Field, error) {
	if boundary == "" {
		first, _, _ := strings.Cut(text, "\n")
		boundary = strings.TrimPrefix(strings.TrimSpace(first), "--")
	}
	if boundary == "" {
		return nil, errNoParts
	}
	var out []sample.Field
	for in := multipart.NewReader(strings.NewReader(text), boundary); ; {
		part, err := in.NextRawPart()
		if errors.Is(err, io.EOF) && len(out) > 0 {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(out) == maxFields {
			return out, nil
		}
		f := sample.Field{Name: part.FormName(), File: part.FileName() != "", ContentType: part.Header.Get("Content-Type")}
		if value, err := io.ReadAll(io.LimitReader(part, maxPart)); err != nil {
			return nil, err
		} else if !f.File {
			f.Value = string(value)
		}
		out = append(out, f)
	}
}
