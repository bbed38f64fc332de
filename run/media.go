package run

import (
	"mime"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

// content picks the media type.
func (b *builder) content(value jsontext.Value) ductape.Content {
	contents := b.run.plan.action.Body.Contents
	if asked := b.req.header.Get("Content-Type"); asked != "" {
		media, _, _ := mime.ParseMediaType(asked)
		for _, c := range contents {
			if m, _, _ := mime.ParseMediaType(c.Type); m == media {
				c.Type = asked
				return c
			}
		}
		return ductape.Content{Type: asked}
	}
	for _, c := range contents {
		if b.takes(c.Type, value) {
			return b.concrete(c, value)
		}
	}
	if len(contents) > 0 {
		return b.concrete(contents[0], value)
	}
	if t := b.run.plan.appEnv.RequestType; t != "" {
		return ductape.Content{Type: t}
	}
	return ductape.Content{Type: "application/json"}
}

// takes reports whether a value can be written in a media type: an object not
// as text, text not as a form.
func (b *builder) takes(typ string, value jsontext.Value) bool {
	media, _ := mediaType(typ)
	object := value.Kind() == '{'
	switch {
	case isJSON(media):
		return true
	case media == formType || media == multipartType:
		return object
	case isXML(media):
		return object || value.Kind() == '"'
	case strings.HasSuffix(media, "/*"):
		return true
	}
	if isLines(media) && value.Kind() == '[' {
		return true
	}
	_, isFile, _ := wire.FilePart(value, b.run.call.Files)
	return isFile || value.Kind() == '"'
}

// concrete turns a range of media types into one that fits the value.
func (b *builder) concrete(c ductape.Content, value jsontext.Value) ductape.Content {
	if !strings.Contains(c.Type, "*") {
		return c
	}
	switch f, isFile, _ := wire.FilePart(value, b.run.call.Files); {
	case isFile && f.ContentType != "":
		c.Type = f.ContentType
	case isFile:
		c.Type = "application/octet-stream"
	case value.Kind() == '"' && strings.HasPrefix(c.Type, "text/"):
		c.Type = "text/plain"
	case value.Kind() == '"' && c.Type != "application/*":
		c.Type = "application/octet-stream"
	default:
		c.Type = "application/json"
	}
	return c
}

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
)

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json") || media == "text/json"
}

func isXML(media string) bool {
	return media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml")
}

// isLines names the media types of one JSON value a line.
func isLines(media string) bool {
	return media == "application/x-ndjson" || media == "application/ndjson" || media == "application/jsonl" || media == "application/x-jsonlines"
}

// mediaType splits a Content-Type. Most have no parameters and are in small
// letters, and need no parsing; one that cannot be parsed is taken whole.
func mediaType(text string) (media string, params map[string]string) {
	if strings.Trim(text, plainMedia) == "" {
		return text, nil
	}
	media, params, err := mime.ParseMediaType(text)
	if err != nil {
		return strings.ToLower(text), nil
	}
	return media, params
}

const plainMedia = "abcdefghijklmnopqrstuvwxyz0123456789/.+-"
