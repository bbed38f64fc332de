package wire

import (
	"cmp"
	"crypto/rand"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// A MultipartBody is a multipart/form-data body (RFC 7578) that can be read any
// number of times, for a request that is sent again.
type MultipartBody struct {
	Parts    []Part
	boundary string
}

// Multipart makes a body from a JSON object, its fields in the order given. See
// the package documentation for what becomes a part, and how a file is given.
func Multipart(body jsontext.Value, o FormOptions) (*MultipartBody, error) {
	if err := checkFields(body); err != nil {
		return nil, err
	}
	m := &MultipartBody{boundary: rand.Text()}
	for c := enter(body); ; {
		key, v, ok := c.next()
		if !ok {
			return m, nil
		}
		if v.Kind() == jsontext.KindNull {
			continue
		}
		f := partsOf{name: string(text(key, nil)), o: &o}
		f.encoding, f.field = o.Encoding[f.name], o.field(f.name)
		if err := f.write(v); err != nil {
			return nil, of(err, f.name)
		}
		if m.Parts = append(m.Parts, f.parts...); len(m.Parts) > maxParts {
			return nil, tooManyParts()
		}
	}
}

// maxParts bounds a body. Servers take far fewer: Go and PHP stop at 1,000.
const maxParts = 10_000

func tooManyParts() error {
	return fail("makes more than "+strconv.Itoa(maxParts)+" parts", "send the value as JSON")
}

// ContentType returns the value of the Content-Type header.
func (m *MultipartBody) ContentType() string { return "multipart/form-data; boundary=" + m.boundary }

// Len returns the length of the body in bytes, or -1 when a part's size is
// unknown.
func (m *MultipartBody) Len() int64 {
	n := int64(len(m.boundary) + 6)
	for i := range m.Parts {
		size := m.Parts[i].size()
		header, err := m.Parts[i].header()
		if size < 0 || err != nil {
			return -1
		}
		n += int64(len(m.boundary)+8+len(header)) + size
	}
	return n
}

// NewReader returns a reader of the whole body, from its start. Parts with Open
// are opened when the reader comes to them; Close closes the one at hand.
func (m *MultipartBody) NewReader() io.ReadCloser { return &multipartReader{body: m} }

type multipartReader struct {
	body *MultipartBody
	next int           // part to come
	text []byte        // boundary and header lines still to give
	data io.ReadCloser // content of the part at hand
	err  error
}

func (r *multipartReader) Read(p []byte) (int, error) {
	for r.err == nil {
		if len(r.text) > 0 {
			n := copy(p, r.text)
			r.text = r.text[n:]
			return n, nil
		}
		if r.data == nil {
			r.advance()
			continue
		}
		n, err := r.data.Read(p)
		if err == io.EOF {
			err = r.finish()
		}
		r.err = err
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, r.err
}

// finish ends the part at hand.
func (r *multipartReader) finish() error {
	err := r.data.Close()
	r.data, r.text = nil, []byte("\r\n")
	return err
}

// advance goes on to the next part, or to the end.
func (r *multipartReader) advance() {
	if r.next > len(r.body.Parts) {
		r.err = io.EOF
		return
	}
	r.next++
	if r.next > len(r.body.Parts) {
		r.text = []byte("--" + r.body.boundary + "--\r\n")
		return
	}
	part := &r.body.Parts[r.next-1]
	header, err := part.header()
	if err != nil {
		r.err = of(err, part.Name)
		return
	}
	r.text = append([]byte("--"+r.body.boundary+"\r\n"), header...)
	r.text = append(r.text, "\r\n"...)
	r.data, r.err = part.open()
}

func (r *multipartReader) Close() error {
	r.err = io.ErrClosedPipe
	if r.data == nil {
		return nil
	}
	err := r.data.Close()
	r.data = nil
	return err
}

// partsOf makes the parts of one field.
type partsOf struct {
	name     string
	o        *FormOptions
	field    *ductape.Field
	encoding ductape.Encoding
	parts    []Part
}

// write decides what becomes of a field, as Form does, with files besides.
func (f *partsOf) write(v jsontext.Value) error {
	e := f.encoding
	switch {
	case binary(f.field) && v.Kind() == jsontext.KindBeginObject:
		return f.one(f.name, v)
	case styled(e) && composite(v) && (f.o.Nesting == "" || delimited(e)) && !f.holdsFile(v):
		return f.styled(v)
	case f.o.Nesting != "" && f.o.Nesting != ductape.NestJSON && composite(v) && e.ContentType == "":
		return f.nested(f.name, v, 0)
	case v.Kind() == jsontext.KindBeginArray && (f.o.Nesting != ductape.NestJSON || binary(f.field) || f.holdsFile(v)):
		return f.items(v)
	default:
		return f.one(f.name, v)
	}
}

func (f *partsOf) holdsFile(v jsontext.Value) bool {
	if _, ok := asFile(v, f.field, f.o.Files); ok {
		return true
	}
	if v.Kind() != jsontext.KindBeginArray {
		return false
	}
	for c := enter(v); ; {
		_, item, ok := c.next()
		if !ok {
			return false
		}
		if _, is := asFile(item, f.field, f.o.Files); is {
			return true
		}
	}
}

func (f *partsOf) items(v jsontext.Value) error {
	for i, c := 0, enter(v); ; i++ {
		_, item, ok := c.next()
		if !ok {
			return nil
		}
		if item.Kind() == jsontext.KindNull {
			continue
		}
		if err := f.one(f.name, item); err != nil {
			return underItem(err, i)
		}
	}
}

// one makes a single part: a file, a text, or JSON.
func (f *partsOf) one(name string, v jsontext.Value) error {
	if file, ok := asFile(v, f.field, f.o.Files); ok {
		p, err := file.part(name, f.encoding.ContentType)
		if err != nil {
			return err
		}
		return f.add(p)
	}
	if binary(f.field) && v.Kind() == jsontext.KindBeginObject {
		return NoFile(v, f.o.Files)
	}
	if binary(f.field) && v.Kind() == jsontext.KindString {
		data := append([]byte(nil), text(v, nil)...)
		return f.add(Part{Name: name, Filename: name, ContentType: fileType(f.encoding.ContentType), Data: data})
	}
	contentType, err := f.mediaType(v)
	if err != nil {
		return err
	}
	if isJSON(contentType) && f.spellsJSON(v) {
		return f.add(Part{Name: name, ContentType: contentType, Data: append([]byte(nil), text(v, nil)...), Text: true})
	}
	data, err := contentText(contentType, v)
	if err != nil {
		return err
	}
	return f.add(Part{Name: name, ContentType: contentType, Data: append([]byte(nil), data...), Text: true})
}

// mediaType is the media type of a part; empty means text/plain.
func (f *partsOf) mediaType(v jsontext.Value) (string, error) {
	e := f.encoding
	switch {
	case styled(e) && composite(v):
		return "", notNested(cmp.Or(e.Style, styleForm))
	case styled(e):
		return "", nil
	case e.ContentType == "":
		return f.standardType(v), nil
	case composite(v) && !isMultipart(e.ContentType):
		return jsonAmong(e.ContentType), nil
	case strings.ContainsAny(e.ContentType, ",*"):
		return "", nil
	case isMultipart(e.ContentType):
		return "", fail("would be a "+e.ContentType+" of its own, which has no boundary", `give it as a file, {"base64", "content_type"}, whose content_type has its boundary`)
	}
	return e.ContentType, nil
}

// isMultipart reports whether a media type is multipart without its boundary.
func isMultipart(contentType string) bool {
	lower := strings.ToLower(contentType)
	return strings.HasPrefix(lower, "multipart/") && !strings.Contains(lower, "boundary=") && !strings.Contains(lower, ",")
}

// standardType is the media type of a part that the description gives none
// (OpenAPI 3.2, 4.15.1.1, the table of defaults); empty means text/plain.
func (f *partsOf) standardType(v jsontext.Value) string {
	switch {
	case composite(v):
		return "application/json"
	case v.Kind() == jsontext.KindString && encoded(f.field):
		return "application/octet-stream"
	}
	return ""
}

// spellsJSON reports whether a string is the text of a JSON part, as `curl -F
// 'a={};type=application/json'` gives it, and not a string to be written as JSON:
// it is one value, and of a type that the description wants. Where that says
// nothing, an object or an array is meant.
func (f *partsOf) spellsJSON(v jsontext.Value) bool {
	if v.Kind() != jsontext.KindString || f.field != nil && f.field.Type == "string" {
		return false
	}
	spelled := jsontext.Value(text(v, nil))
	if !spelled.IsValid(jsontext.AllowDuplicateNames(true)) {
		return false
	}
	return composite(spelled) || f.field != nil && f.field.Type != "" && spelled.Kind() != jsontext.KindString
}

// add puts the described headers on a part and keeps it. Content-Type among
// them is ignored (OpenAPI 3.2, 4.15.1.1).
func (f *partsOf) add(p Part) error {
	if len(p.Name) > maxName {
		return longName()
	}
	for name, value := range f.encoding.Headers {
		if !strings.EqualFold(name, "Content-Type") && !strings.EqualFold(name, "Content-Disposition") {
			p.Headers = append(p.Headers, [2]string{name, value})
		}
	}
	sort.Slice(p.Headers, func(i, j int) bool { return p.Headers[i][0] < p.Headers[j][0] })
	if _, err := p.header(); err != nil {
		return err
	}
	if f.parts = append(f.parts, p); len(f.parts) > maxParts {
		return tooManyParts()
	}
	return nil
}
