package wire

import (
	"cmp"
	"encoding/base64"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// A file is what an input gives for a file: an object with these keys only.
type file struct {
	filename, contentType, base64, text, named jsontext.Value

	given *ductape.File // what named stands for
}

// asFile tells a file from an ordinary object. A file has no keys but filename,
// content_type and exactly one of base64, text and file, which names one of files.
// {"text": …} alone is one only where the description says binary; and an object
// is never one where the description says object.
func asFile(v jsontext.Value, f *ductape.Field, files map[string]ductape.File) (file, bool) {
	var out file
	if v.Kind() != jsontext.KindBeginObject || f != nil && f.Type == "object" && !binary(f) {
		return out, false
	}
	for c := enter(v); ; {
		key, item, ok := c.next()
		if !ok {
			break
		}
		if !out.set(string(text(key, nil)), item) {
			return out, false
		}
	}
	if out.named != nil {
		return out.find(files)
	}
	if (out.base64 == nil) == (out.text == nil) {
		return out, false
	}
	sure := out.base64 != nil || out.filename != nil || out.contentType != nil || binary(f)
	return out, sure
}

// find looks up the file that is named; an object that names none is no file.
func (f file) find(files map[string]ductape.File) (file, bool) {
	given, ok := files[string(text(f.named, nil))]
	f.given = &given
	return f, ok && f.base64 == nil && f.text == nil
}

func (f *file) set(key string, v jsontext.Value) bool {
	if v.Kind() != jsontext.KindString {
		return false
	}
	switch key {
	case "filename":
		f.filename = v
	case "content_type":
		f.contentType = v
	case "base64":
		f.base64 = v
	case "text":
		f.text = v
	case "file":
		f.named = v
	default:
		return false
	}
	return true
}

func binary(f *ductape.Field) bool {
	return f != nil && (f.Format == "binary" || f.Type == "file" || strings.HasSuffix(f.Items, ":binary"))
}

// encoded reports whether a field is text that stands for bytes, base64 for the
// most part: contentEncoding, or before OpenAPI 3.1 the format byte.
func encoded(f *ductape.Field) bool {
	return f != nil && (f.Format == "byte" || strings.HasSuffix(f.Items, ":byte"))
}

// part makes the part of a file; the field's name serves a file without one,
// since servers take a part without a filename for plain text.
func (f *file) part(name, contentType string) (Part, error) {
	p := Part{Name: name, Filename: baseName(string(text(f.filename, nil))), ContentType: string(text(f.contentType, nil))}
	if g := f.given; g != nil {
		p.Key, p.Open, p.Size = string(text(f.named, nil)), g.Open, g.Size
		p.Filename = cmp.Or(p.Filename, baseName(g.Name), baseName(string(text(f.named, nil))))
		p.ContentType = cmp.Or(p.ContentType, g.ContentType)
	}
	if p.Filename == "" {
		p.Filename = name
	}
	if p.ContentType == "" {
		p.ContentType = fileType(contentType)
	}
	if f.given != nil {
		return p, nil
	}
	if f.text != nil {
		p.Data, p.Text = append(p.Data, text(f.text, nil)...), true
		return p, nil
	}
	data, err := decodeBase64(text(f.base64, nil))
	if err != nil {
		return p, under(fail("not base64", "give the file's bytes in base64, or its text under \"text\""), ".base64")
	}
	p.Data = data
	return p, nil
}

// fileType picks the media type of a file: the described one if it is a single
// one, not a list or a range.
func fileType(described string) string {
	if described == "" || strings.ContainsAny(described, ",*") {
		return "application/octet-stream"
	}
	return described
}

// decodeBase64 takes both alphabets of RFC 4648, with or without padding.
func decodeBase64(s []byte) ([]byte, error) {
	t := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(string(s)), "=")
	return base64.RawStdEncoding.DecodeString(t)
}

// FilePart reads a value that is a file by itself, such as a whole body: an
// object with filename, content_type and one of base64, text, and file, which
// names one of files. It reports false for any other value.
func FilePart(v jsontext.Value, files map[string]ductape.File) (Part, bool, error) {
	f, ok := asFile(v, &ductape.Field{Format: "binary"}, files)
	if !ok {
		return Part{}, false, nil
	}
	p, err := f.part("", "")
	return p, true, err
}
