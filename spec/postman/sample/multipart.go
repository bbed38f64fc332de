package sample

import (
	"errors"
	"io"
	"mime/multipart"
	"strings"
)

// maxPart bounds what is kept of the text of one field, maxFields how many.
const (
	maxPart   = 1 << 20
	maxFields = 1000
)

var errNoParts = errors.New("no parts")

// Parts reads the text of a multipart body (RFC 7578). Without a boundary its
// first line is taken for one. What a browser left out of it, the content of
// files, is not needed. An error says that the text is none.
func Parts(text, boundary string) ([]Field, error) {
	if boundary == "" {
		first, _, _ := strings.Cut(text, "\n")
		boundary = strings.TrimPrefix(strings.TrimSpace(first), "--")
	}
	if boundary == "" {
		return nil, errNoParts
	}
	var out []Field
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
		f := Field{Name: part.FormName(), File: part.FileName() != "", ContentType: part.Header.Get("Content-Type")}
		if value, err := io.ReadAll(io.LimitReader(part, maxPart)); err != nil {
			return nil, err
		} else if !f.File {
			f.Value = string(value)
		}
		out = append(out, f)
	}
}
