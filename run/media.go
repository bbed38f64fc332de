package run

import (
	"mime"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

// A bodyChoice is what the media type of a body is chosen by.
type bodyChoice struct {
	plan  *plan
	files map[string]ductape.File
	asked string // the Content-Type that the caller set
}

// content picks the media type for a value.
func (c bodyChoice) content(value jsontext.Value) ductape.Content {
	contents := c.plan.action.Body.Contents
	if c.asked != "" {
		return askedFor(contents, c.asked)
	}
	for _, one := range contents {
		if c.takes(one.Type, value) {
			return c.concrete(one, value)
		}
	}
	if len(contents) > 0 {
		return c.concrete(contents[0], value)
	}
	if t := c.plan.appEnv.RequestType; t != "" {
		return ductape.Content{Type: t}
	}
	return ductape.Content{Type: "application/json"}
}

func askedFor(contents []ductape.Content, asked string) ductape.Content {
	media, _, _ := mime.ParseMediaType(asked)
	for _, c := range contents {
		if m, _, _ := mime.ParseMediaType(c.Type); m == media {
			c.Type = asked
			return c
		}
	}
	return ductape.Content{Type: asked}
}

// takes reports whether a value can be written in a media type: an object not
// as text, text not as a form.
func (c bodyChoice) takes(typ string, value jsontext.Value) bool {
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
	if (isLines(media) || isSequence(media)) && (object || value.Kind() == '[') {
		return true
	}
	_, isFile, _ := wire.FilePart(value, c.files)
	return isFile || value.Kind() == '"'
}

// concrete turns a range of media types into one that fits the value.
func (c bodyChoice) concrete(one ductape.Content, value jsontext.Value) ductape.Content {
	if !strings.Contains(one.Type, "*") {
		return one
	}
	switch f, isFile, _ := wire.FilePart(value, c.files); {
	case isFile && f.ContentType != "":
		one.Type = f.ContentType
	case isFile:
		one.Type = "application/octet-stream"
	case value.Kind() == '"' && strings.HasPrefix(one.Type, "text/"):
		one.Type = "text/plain"
	case value.Kind() == '"' && one.Type != "application/*":
		one.Type = "application/octet-stream"
	default:
		one.Type = "application/json"
	}
	return one
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

// isLines names the media types of one JSON value a line. None is registered.
func isLines(media string) bool {
	switch media {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/jsonlines", "application/x-jsonlines", "application/x-json-stream":
		return true
	}
	return false
}

// isSequence names the media types of JSON text sequences (RFC 7464; RFC 8091
// for the suffix).
func isSequence(media string) bool {
	return media == "application/json-seq" || strings.HasSuffix(media, "+json-seq")
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
