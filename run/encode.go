package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/wire"
)

// write gives the body and its Content-Type.
func (b *builder) write(media string, params map[string]string, c ductape.Content, value jsontext.Value) (*payload, string, error) {
	options := wire.FormOptions{Encoding: c.Encoding, Fields: c.Fields, Nesting: b.run.plan.app.Settings.Nesting, Files: b.run.call.Files}
	switch {
	case isJSON(media):
		p := flat(inJSON(c.Type, value))
		p.json = value.Kind() == '{'
		return p, c.Type, nil
	case media == formType:
		form, err := wire.Form(value, options)
		if charset := charsetOf(c.Type); charset != "" && err == nil {
			form, err = formInCharset(form, charset)
		}
		return flat(form), c.Type, err
	case media == multipartType:
		return multipartBody(value, options)
	case (isLines(media) || isSequence(media)) && value.Kind() == '[':
		return b.records(value, media, c.Type)
	}
	if part, ok, err := wire.FilePart(value, b.run.call.Files); ok || err != nil {
		if err == nil && part.Text {
			part.Data, err = inCharset(part.Data, charsetOf(c.Type))
		}
		return filePayload(part, value), c.Type, err
	}
	if (isLines(media) || isSequence(media)) && value.Kind() == '{' {
		return b.records(slices.Concat(jsontext.Value{'['}, value, jsontext.Value{']'}), media, c.Type)
	}
	if value.Kind() == '"' {
		text, err := jsontext.AppendUnquote(nil, value)
		return asText(text, c.Type, err)
	}
	if isXML(media) {
		return b.xml(c, value)
	}
	if value.Kind() == '0' || value.Kind() == 't' || value.Kind() == 'f' {
		return asText([]byte(strings.TrimSpace(string(value))), c.Type, nil)
	}
	if hasText(value, "file") || hasText(value, "path") {
		return nil, "", wire.NoFile(value, b.run.call.Files)
	}
	return nil, "", fmt.Errorf("cannot be written as %s; give the text, or a file as {\"filename\", \"base64\"}", c.Type)
}

// asText is a body of text, in the charset of its media type.
func asText(text []byte, typ string, err error) (*payload, string, error) {
	if err == nil {
		text, err = inCharset(text, charsetOf(typ))
	}
	return flat(text), typ, err
}

// inJSON is a value as a JSON body: as it came, unless its media type names a
// charset that JSON does not have.
func inJSON(typ string, value []byte) []byte {
	if charsetOf(typ) == "" {
		return value
	}
	return asciiJSON(value)
}

// records writes an array as one JSON value a line, each after a record
// separator where the media type wants one (RFC 7464, 2.2).
func (b *builder) records(value jsontext.Value, media, typ string) (*payload, string, error) {
	var before []byte
	if isSequence(media) {
		before = []byte{0x1e}
	}
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
		out = append(append(append(out, before...), inJSON(typ, line)...), '\n')
	}
	return flat(out), typ, nil
}

func multipartBody(value jsontext.Value, options wire.FormOptions) (*payload, string, error) {
	m, err := wire.Multipart(value, options)
	if err != nil {
		return nil, "", err
	}
	var files []string
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Key != "" {
			files = append(files, p.Key)
		}
		if !p.Text {
			continue
		}
		if p.Data, err = partText(p); err != nil {
			return nil, "", &wire.Error{Param: p.Name, Message: err.Error()}
		}
	}
	return &payload{stream: m.NewReader, length: m.Len(), parts: value, files: files}, m.ContentType(), nil
}

// partText is the text of a part, in the charset of its media type.
func partText(p *wire.Part) ([]byte, error) {
	if media, _ := mediaType(p.ContentType); isJSON(media) {
		return inJSON(p.ContentType, p.Data), nil
	}
	return inCharset(p.Data, charsetOf(p.ContentType))
}

// xml writes an object from its schema's hints.
func (b *builder) xml(c ductape.Content, value jsontext.Value) (*payload, string, error) {
	run := b.run
	doc, err := wire.XML(value, c.Schema, func(ref string) (json.RawMessage, bool) {
		schema, err := run.r.cfg.Catalog.Schema(b.ctx, run.call.Caller.Workspace, run.plan.app.Tag, ref)
		return schema, err == nil
	})
	if charset := charsetOf(c.Type); charset != "" {
		doc = bytes.Replace(doc, []byte(`encoding="UTF-8"`), []byte(`encoding="`+charset+`"`), 1)
	}
	return asText(doc, c.Type, err)
}
