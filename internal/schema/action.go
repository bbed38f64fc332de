package schema

import (
	"mime"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// ActionInput returns a valid input of an action, in the structured form:
// {"params":{},"query":{},"headers":{},"body":…}, empty groups left out. It has
// the required parameters, with opt.All the optional ones too, and the first of
// the body's media types. Examples are taken where they are right, without the
// fields that a strict check does not know. Files are
// {"filename","content_type","base64"}.
//
// The input is one for a Call: what looks like a reference in a value is escaped,
// so that it is sent as it stands in the description. A Param's Default is
// written as one already, and so are examples with opt.References.
//
// When part of it is not what the description accepts, the error says which, and
// the input is returned with it.
func (s *Set) ActionInput(a *ductape.Action, opt SampleOptions) (jsontext.Value, error) {
	in := input{set: s, opt: opt}
	for i := range a.Params {
		if p := &a.Params[i]; p.Required || p.In == ductape.InPath || opt.All {
			in.param(p)
		}
	}
	if a.Body != nil {
		in.body(a.Body)
	}
	var out []member
	for _, g := range [...]struct {
		name    string
		members []member
	}{{"params", in.params}, {"query", in.query}, {"headers", in.headers}} {
		if len(g.members) > 0 {
			out = append(out, member{g.name, objectOf(g.members)})
		}
	}
	if in.content != nil {
		out = append(out, member{"body", in.content})
	}
	if len(in.problems) > 0 {
		return objectOf(out), noSample(in.problems)
	}
	return objectOf(out), nil
}

// ActionInput is Set.ActionInput for a single use. Version is that of the
// description's format.
func ActionInput(a *ductape.Action, version string, resolve Resolve, opt SampleOptions) (jsontext.Value, error) {
	return NewSet(version, resolve).ActionInput(a, opt)
}

// input is a sample input being made.
type input struct {
	set                    *Set
	opt                    SampleOptions
	params, query, headers []member
	content                jsontext.Value
	problems               []ductape.Problem
}

func (in *input) param(p *ductape.Param) {
	group, list := "query", &in.query
	switch p.In {
	case ductape.InPath, ductape.InCookie:
		group, list = "params", &in.params
	case ductape.InHeader:
		group, list = "headers", &in.headers
	}
	v, written, ok := in.set.paramSample(p, in.opt)
	if !ok {
		where := "input." + group + "." + p.Name
		in.problems = append(in.problems, ductape.Problem{Where: where, Message: "no value that its schema accepts was found"})
		if v == nil {
			return
		}
	}
	if !written {
		v = literal(v)
	}
	*list = append(*list, member{p.Name, v})
}

// paramSample makes a value of a parameter. One of a path must not be empty, and
// one of a header must be a line of text. Written says that it is written as in a
// call, with references.
func (s *Set) paramSample(p *ductape.Param, opt SampleOptions) (v jsontext.Value, written, ok bool) {
	n := s.parse(orAny(p.Schema))
	if v, ok := s.paramGiven(p, n, jsontext.Value(p.Example)); ok {
		return v, opt.References, true
	}
	if v, ok := s.paramGiven(p, n, jsontext.Value(p.Default)); ok {
		return v, true, true
	}
	if p.In == ductape.InHeader && string(p.Default) == `""` { // it is sent empty
		return jsontext.Value(p.Default), true, true
	}
	m := newMaker(s, opt)
	m.text, m.solid = textFor(p), 1
	v, ok = m.make(n, 0)
	return v, false, ok
}

// paramGiven takes an example, also when it spells a number as text.
func (s *Set) paramGiven(p *ductape.Param, n *node, given jsontext.Value) (jsontext.Value, bool) {
	if len(given) == 0 || isEmpty(given) && p.In != ductape.InQuery {
		return nil, false
	}
	decoded, err := decode(given)
	if err != nil || decoded == nil {
		return nil, false
	}
	if text, ok := decoded.(string); ok && !textFor(p)(text) {
		return nil, false
	}
	return given, s.check(n, s.coerce(n, decoded, 0), "") == nil
}

// textFor says which texts can stand in the place of a parameter.
func textFor(p *ductape.Param) func(string) bool {
	return func(text string) bool {
		switch p.In {
		case ductape.InPath:
			return text != "" && text != "." && text != ".."
		case ductape.InHeader, ductape.InCookie:
			return text != "" && !strings.ContainsAny(text, "\r\n\x00") && (p.In == ductape.InHeader || !strings.ContainsAny(text, "; ,\"\\"))
		}
		return true
	}
}

func orAny(schema []byte) []byte {
	if len(schema) == 0 {
		return []byte("{}")
	}
	return schema
}

// body makes a body of the first media type.
func (in *input) body(b *ductape.Body) {
	if len(b.Contents) == 0 {
		return
	}
	c := &b.Contents[0]
	n := in.set.parse(orAny(c.Schema))
	v, written, err := in.bodySample(c, n, b.Required)
	if err != nil {
		in.problems = append(append(in.problems, in.set.Body(c, v, "input.body")...), in.set.Unknown(c, v, "input.body")...)
		if len(in.problems) == 0 {
			in.problems = append(in.problems, ductape.Problem{Where: "input.body", Message: "no value that its schema accepts was found"})
		}
	}
	if in.content = in.set.withFiles(c, v); !written {
		in.content = literal(in.content)
	}
}

// bodySample makes a body. Written says that it is written as in a call.
func (in *input) bodySample(c *ductape.Content, n *node, required bool) (v jsontext.Value, written bool, err error) {
	m := newMaker(in.set, in.opt)
	m.solid = solidity(mediaOf(c.Type), required)
	if v := jsontext.Value(c.Example); len(v) > 0 && (!isForm(mediaOf(c.Type)) || v.Kind() == '{') {
		if pruned := in.set.withoutUnknown(c, m.prune(n, v, 0)); m.accept(n, pruned) {
			return pruned, in.opt.References, nil
		}
	}
	if len(c.Schema) == 0 {
		return unsaid(c.Type), false, nil
	}
	if v, err = m.sample(n, "input.body"); err != nil {
		return v, false, err
	}
	if known := in.set.withoutUnknown(c, v); m.accept(n, known) {
		return known, false, nil
	}
	return v, false, noSample(in.set.Unknown(c, v, "input.body"))
}

// solidity says where objects must not be empty: forms do not carry empty
// fields, nor themselves without fields, and XML takes its element from a member.
func solidity(media string, required bool) int {
	switch {
	case isXML(media), isForm(media) && required:
		return 1
	case isForm(media):
		return 2
	}
	return 0
}

// unsaid is the body of a media type without a schema.
func unsaid(mediaType string) jsontext.Value {
	media := mediaOf(mediaType)
	if isJSON(media) || isForm(media) {
		return jsontext.Value("{}")
	}
	return quote("string")
}

func mediaOf(typ string) string {
	media, _, err := mime.ParseMediaType(typ)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(typ))
	}
	return media
}

func isJSON(media string) bool {
	return media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
}

func isXML(media string) bool {
	return media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml")
}

func isForm(media string) bool {
	return media == "application/x-www-form-urlencoded" || isMultipart(media)
}

func isMultipart(media string) bool { return strings.HasPrefix(media, "multipart/") }
