package wire

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// A Part is one part of a multipart body. Its content is Data, or what Open
// returns when Open is set.
type Part struct {
	Name        string
	Filename    string      // empty: not a file
	ContentType string      // empty: no header, which means text/plain (RFC 7578, 4.4)
	Headers     [][2]string // further headers, in order
	Data        []byte
	Text        bool                          // Data is text, in UTF-8 so far: who sends it may change its charset
	Open        func() (io.ReadCloser, error) // called once per reading of the body
	Size        int64                         // bytes Open gives; negative when unknown
	Key         string                        // of the file in FormOptions.Files that Open reads; empty for any other
}

func (p *Part) size() int64 {
	if p.Open != nil {
		return p.Size
	}
	return int64(len(p.Data))
}

func (p *Part) open() (io.ReadCloser, error) {
	if p.Open != nil {
		return p.Open()
	}
	return io.NopCloser(bytes.NewReader(p.Data)), nil
}

// header returns the header section of the part, without its last empty line.
func (p *Part) header() ([]byte, error) {
	b := []byte("Content-Disposition: form-data; name=\"")
	b, err := appendFieldName(b, p.Name)
	if err == nil && p.Filename != "" {
		b = append(b, "\"; filename=\""...)
		b, err = appendFieldName(b, p.Filename)
	}
	if err != nil {
		return nil, err
	}
	b = append(b, "\"\r\n"...)
	if p.ContentType != "" {
		if b, err = appendHeader(b, "Content-Type", p.ContentType); err != nil {
			return nil, err
		}
	}
	for _, h := range p.Headers {
		if b, err = appendHeader(b, h[0], h[1]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func appendHeader(b []byte, name, value string) ([]byte, error) {
	if !httpguts.ValidHeaderFieldName(name) {
		return nil, fail("a part's header has a name that no header can have", "")
	}
	for i := range len(value) {
		if control(value[i]) {
			return nil, fail("the "+name+" of a part holds a character that cannot stand there: "+charName(value[i]), "")
		}
	}
	b = append(append(b, name...), ": "...)
	return append(append(b, value...), "\r\n"...), nil
}

// appendFieldName escapes a field's or file's name as browsers do (WHATWG HTML,
// "multipart/form-data encoding algorithm"); RFC 7578, 4.2 forbids filename*.
// Other control characters have no escape and would break the header line.
func appendFieldName(b []byte, name string) ([]byte, error) {
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"':
			b = append(b, "%22"...)
		case c == '\r':
			b = append(b, "%0D"...)
		case c == '\n':
			b = append(b, "%0A"...)
		case control(c):
			return nil, fail("the name of a part or its file holds a character that cannot stand there: "+charName(c), "rename it")
		default:
			b = append(b, c)
		}
	}
	return b, nil
}

// baseName returns the last element of a file's name: a server has no use for
// the folders of the sender (RFC 7578, 4.2).
func baseName(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}
