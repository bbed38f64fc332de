package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// Swagger 2.0 lets a description declare Accept, Content-Type and Authorization
// as header parameters; it is OpenAPI 3.0 that says they are ignored. So they
// are parameters, that a caller may give. But none has to: what the description
// says elsewhere sets them.

// formerHeader makes one of these headers a parameter that may be left out. An
// Accept with one value, or a default, is sent as the description has it.
func (r *reader) formerHeader(p *ductape.Param, n tree.Node) {
	p.Required = false
	p.Default = nil
	if values := headerValues(n); len(values) > 0 && strings.EqualFold(p.Name, "Accept") && (n.Get("default").IsString() || len(values) == 1) {
		p.Default = quote(values[0])
	}
}

// withoutBody sends the Content-Type that a description asks for where there is no
// body to have one.
func (r *reader) withoutBody(params []ductape.Param, p place, op tree.Node) {
	values := headerValues(r.contentTypeParam(p, op))
	for i := range params {
		if params[i].In == ductape.InHeader && strings.EqualFold(params[i].Name, "Content-Type") && len(values) > 0 {
			params[i].Default = quote(values[0])
		}
	}
}

func quote(text string) json.RawMessage {
	out, _ := jsontext.AppendQuote(nil, text)
	return out
}

// contentTypes returns the media types of a body: those that a Content-Type
// parameter names, the default first, else those of consumes. Of a parameter
// that names only a default the others stay possible.
func (r *reader) contentTypes(p place, op tree.Node) []string {
	consumes := r.mediaTypes(op, "consumes")
	n := r.contentTypeParam(p, op)
	named := slices.DeleteFunc(headerValues(n), func(t string) bool { return !strings.Contains(t, "/") })
	switch {
	case len(named) == 0:
		return consumes
	case n.Get("enum").Len() > 0:
		return named
	}
	for _, t := range consumes {
		if !slices.Contains(named, t) {
			named = append(named, t)
		}
	}
	return named
}

// contentTypeParam finds the parameter for the Content-Type header, the
// operation's before the path's.
func (r *reader) contentTypeParam(p place, op tree.Node) tree.Node {
	for _, list := range [...]tree.Node{op.Get("parameters"), p.item.Get("parameters"), p.over.Get("parameters")} {
		for item := range list.Items() {
			n := r.resolve(item)
			if n.Get("in").Text() == "header" && strings.EqualFold(n.Get("name").Text(), "Content-Type") {
				return n
			}
		}
	}
	return tree.Node{}
}

// headerValues returns the values a parameter allows, its default first.
func headerValues(n tree.Node) []string {
	var values []string
	if d := strings.TrimSpace(n.Get("default").Text()); d != "" {
		values = append(values, d)
	}
	for _, v := range n.Get("enum").Texts() {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}
