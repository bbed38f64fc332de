package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

// A payload is a request's body, readable any number of times.
type payload struct {
	bytes  []byte
	stream func() io.ReadCloser // multipart; nil: bytes
	json   bool                 // bytes are a JSON object that a field can be added to
	length int64                // bytes; -1 when unknown
	parts  []byte               // what tells it from another, when it is a stream
}

func (p *payload) open() io.ReadCloser {
	if p.stream != nil {
		return p.stream()
	}
	return io.NopCloser(bytes.NewReader(p.bytes))
}

func (p *payload) canonical() []byte {
	if p.stream != nil {
		return p.parts
	}
	return p.bytes
}

// setField adds a member to a JSON object, unless it is there.
func (p *payload) setField(name, value string) error {
	if p == nil || !p.json {
		return errors.New("the API takes its idempotency key in a JSON body, and this request has none")
	}
	members, err := membersOf(p.bytes)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.name == name {
			return nil
		}
	}
	p.bytes = objectOf(append(members, member{name, quote(value)}))
	p.length = int64(len(p.bytes))
	return nil
}

// body writes the body by its media type: the one the caller names in
// Content-Type, else the action's first that fits the value, else the
// environment's, else JSON.
func (b *builder) body() error {
	value := b.run.parts.body
	spec := b.run.plan.action.Body
	if spec == nil {
		return nil
	}
	if isNothing(value) {
		if b.run.plan.schemas != nil && spec.Required && value == nil {
			b.problem(b.run.parts.bodyPlace(), "is required")
			return b.problemsFound()
		}
		if !spec.Required && !b.emptyForm() {
			return nil
		}
		value = jsontext.Value("{}")
	}
	content := b.content(value)
	if err := b.checkBody(&content, value); err != nil {
		return err
	}
	media, params := mediaType(content.Type)
	body, typ, err := b.write(media, params, content, value)
	if err != nil {
		b.wireProblem(b.bodyWhere(err), err)
		return b.problemsFound()
	}
	if typ != "" {
		b.req.header["Content-Type"] = []string{typ}
	}
	b.req.body = body
	return nil
}

// checkBody compares a body with its schema, where the App wants it strict.
func (b *builder) checkBody(content *ductape.Content, value jsontext.Value) error {
	if set := b.run.plan.schemas; set != nil {
		where := b.run.parts.bodyPlace()
		b.problems = append(b.problems, set.Body(content, value, where)...)
		b.problems = append(b.problems, set.Unknown(content, value, where)...)
	}
	return b.problemsFound()
}

// bodyPlace is where the body stands in the input.
func (p *parts) bodyPlace() string {
	if p.bodyWhere == "" {
		return "input.body"
	}
	return p.bodyWhere
}

// emptyForm reports whether a body that is left out is sent as a form without
// fields. That has no bytes; but servers that take forms, Stripe's among them,
// look for its Content-Type on every request of such a method.
func (b *builder) emptyForm() bool {
	switch contents := b.run.plan.action.Body.Contents; b.req.method {
	case "POST", "PUT", "PATCH":
		if len(contents) == 0 || b.req.header.Get("Content-Type") != "" {
			return false
		}
		media, _ := mediaType(contents[0].Type)
		return media == formType
	}
	return false
}

// bodyWhere is where a field of the body stood in the input.
func (b *builder) bodyWhere(err error) string {
	var e *wire.Error
	if errors.As(err, &e) && e.Param != "" {
		return b.run.parts.bodyWhere + "." + e.Param
	}
	return b.run.parts.bodyWhere
}

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

// write gives the body and its Content-Type.
func (b *builder) write(media string, params map[string]string, c ductape.Content, value jsontext.Value) (*payload, string, error) {
	options := wire.FormOptions{Encoding: c.Encoding, Fields: c.Fields, Nesting: b.run.plan.app.Settings.Nesting, Files: b.run.call.Files}
	switch {
	case isJSON(media):
		p := flat([]byte(value))
		p.json = value.Kind() == '{'
		return p, c.Type, nil
	case media == formType:
		form, err := wire.Form(value, options)
		return flat(form), c.Type, err
	case media == multipartType:
		return multipartBody(value, options)
	case isLines(media) && value.Kind() == '[':
		return b.lines(value, c.Type)
	}
	if part, ok, err := wire.FilePart(value, b.run.call.Files); ok || err != nil {
		return filePayload(part, value), c.Type, err
	}
	if value.Kind() == '"' {
		text, err := jsontext.AppendUnquote(nil, value)
		return flat(text), c.Type, err
	}
	if isXML(media) {
		return b.xml(c, value)
	}
	if value.Kind() == '0' || value.Kind() == 't' || value.Kind() == 'f' {
		return flat([]byte(strings.TrimSpace(string(value)))), c.Type, nil
	}
	return nil, "", fmt.Errorf("cannot be written as %s; give the text, or a file as {\"filename\", \"base64\"}", c.Type)
}

func flat(b []byte) *payload { return &payload{bytes: b, length: int64(len(b))} }

// filePayload is a body that is a file.
func filePayload(p wire.Part, value jsontext.Value) *payload {
	if p.Open == nil {
		return flat(p.Data)
	}
	return &payload{stream: func() io.ReadCloser { return opened(p.Open()) }, length: p.Size, parts: value}
}

// opened is a file, or a reader that fails as its opening did.
func opened(r io.ReadCloser, err error) io.ReadCloser {
	if err != nil {
		return io.NopCloser(failing{err})
	}
	return r
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// isLines names the media types of one JSON value a line.
func isLines(media string) bool {
	return media == "application/x-ndjson" || media == "application/ndjson" || media == "application/jsonl" || media == "application/x-jsonlines"
}

// lines writes an array as one JSON value a line.
func (b *builder) lines(value jsontext.Value, typ string) (*payload, string, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(value))
	if _, err := dec.ReadToken(); err != nil {
		return nil, "", err
	}
	var out []byte
	for dec.PeekKind() != ']' {
		item, err := dec.ReadValue()
		if err != nil {
			return nil, "", err
		}
		line := append(jsontext.Value(nil), item...)
		if err := line.Compact(); err != nil {
			return nil, "", err
		}
		out = append(append(out, line...), '\n')
	}
	return flat(out), typ, nil
}

func multipartBody(value jsontext.Value, options wire.FormOptions) (*payload, string, error) {
	m, err := wire.Multipart(value, options)
	if err != nil {
		return nil, "", err
	}
	return &payload{stream: m.NewReader, length: m.Len(), parts: value}, m.ContentType(), nil
}

// xml writes an object from its schema's hints.
func (b *builder) xml(c ductape.Content, value jsontext.Value) (*payload, string, error) {
	run := b.run
	doc, err := wire.XML(value, c.Schema, func(ref string) (json.RawMessage, bool) {
		schema, err := run.r.cfg.Catalog.Schema(b.ctx, run.call.Caller.Workspace, run.plan.app.Tag, ref)
		return schema, err == nil
	})
	return flat(doc), c.Type, err
}
