package schema

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// sampleFile is a file as an input gives one, of the first media type that the
// description allows it.
func sampleFile(e ductape.Encoding) jsontext.Value {
	typ, _, _ := strings.Cut(e.ContentType, ",")
	if typ = strings.TrimSpace(typ); typ == "" || strings.Contains(typ, "*") {
		typ = "text/plain"
	}
	return objectOf([]member{{"filename", quote("example.txt")}, {"content_type", quote(typ)}, {"base64", quote("ZXhhbXBsZQ==")}})
}

// withFiles puts files where a body has them: in the fields of a multipart body,
// or as the whole of a binary one.
func (s *Set) withFiles(c *ductape.Content, v jsontext.Value) jsontext.Value {
	media := mediaOf(c.Type)
	if isMultipart(media) {
		return filesOf(c, v)
	}
	if isText(media) && (v.Kind() == '{' || v.Kind() == '[') {
		return quote(string(v)) // the nearest thing to an object that is text; and JSON is YAML
	}
	if isBinary(media) && !(len(c.Schema) == 0 && jsontext.Value(c.Example).Kind() == '"') { // unlike a text that the description shows
		return jsontext.Value(`{"filename":"example.bin","base64":"ZXhhbXBsZQ=="}`)
	}
	return v
}

// isBinary reports whether bodies of a media type are files: what is none of
// those that are written from values.
func isBinary(media string) bool {
	return media != "" && !strings.Contains(media, "*") && !strings.Contains(media, "json") && !isXML(media) && !isForm(media) && !isText(media)
}

// isText reports whether bodies of a media type are given as text.
func isText(media string) bool {
	if isXML(media) || isJSON(media) {
		return false
	}
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "yaml")
}

// isSequential reports whether a body is JSON values one after another.
func isSequential(media string) bool { return strings.Contains(media, "json") && !isJSON(media) }

// mayBeText reports whether a body of a media type may be given as the text that
// goes out, beside a value that is written.
func mayBeText(media string) bool { return isText(media) || isXML(media) || isSequential(media) }

func filesOf(c *ductape.Content, v jsontext.Value) jsontext.Value {
	members := membersOf(v)
	for i, m := range members {
		f := fieldOf(c, m.name)
		switch {
		case f == nil:
		case f.Format == "binary" && m.value.Kind() == '"':
			members[i].value = sampleFile(c.Encoding[m.name])
		case strings.HasSuffix(f.Items, ":binary"):
			items := itemsOf(m.value)
			for j := range items {
				items[j] = sampleFile(c.Encoding[m.name])
			}
			members[i].value = arrayOf(items)
		}
	}
	return objectOf(members)
}

func fieldOf(c *ductape.Content, name string) *ductape.Field {
	for i := range c.Fields {
		if c.Fields[i].Name == name {
			return &c.Fields[i]
		}
	}
	return nil
}

// withoutFiles puts text in the place of files, as their schema describes them.
func withoutFiles(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutFiles(v[i])
		}
	case map[string]any:
		if isFile(v) {
			return ""
		}
		for name := range v {
			v[name] = withoutFiles(v[name])
		}
	}
	return v
}

// isFile tells a file from an ordinary object, by its keys.
func isFile(v map[string]any) bool {
	content := 0
	for name, part := range v {
		if _, ok := part.(string); !ok {
			return false
		}
		switch name {
		case "base64", "text":
			content++
		case "filename", "content_type":
		default:
			return false
		}
	}
	return content == 1
}
