package wire

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

const formType = "application/x-www-form-urlencoded"

// mediaType returns the media type without its parameters, in lower case.
func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}

func isJSON(contentType string) bool {
	m := mediaType(contentType)
	return m == "application/json" || strings.HasSuffix(m, "+json") || m == "text/json"
}

// jsonAmong picks JSON out of the media types that an encoding lists, for a value that
// nothing else in the list could write. A list without it stays as it is.
func jsonAmong(list string) string {
	if !strings.ContainsAny(list, ",*") {
		return list
	}
	for one := range strings.SplitSeq(list, ",") {
		switch one = strings.TrimSpace(one); {
		case isJSON(one):
			return one
		case one == "*/*", one == "application/*":
			return "application/json"
		}
	}
	return list
}

// contentText writes v in a media type: JSON as itself without blanks, a form
// as a form, and of any other type the text that the caller gives.
func contentText(contentType string, v jsontext.Value) ([]byte, error) {
	switch {
	case isJSON(contentType):
		return appendCompact(nil, v), nil
	case !composite(v):
		return text(v, nil), nil
	case mediaType(contentType) == formType:
		return Form(v, FormOptions{})
	}
	return nil, fail("an array or object cannot be written as "+mediaType(contentType), "give it as text")
}

// content writes a parameter that uses `content` instead of `schema` (OpenAPI
// 3.2, 4.12.2.3): by its media type first, then by the rules of its place.
func (w *writer) content(p *ductape.Param, v jsontext.Value) error {
	t, err := contentText(p.ContentType, v)
	if err != nil {
		return err
	}
	w.begin()
	if p.In == ductape.InQuery || p.In == ductape.InCookie {
		if err := w.write([]byte(p.Name), w.names); err != nil {
			return err
		}
		w.dst = append(w.dst, '=')
	}
	return w.write(t, w.values)
}
