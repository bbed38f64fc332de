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

// isAuth reports whether a parameter is the header that the operation's auth
// sets.
func (r *reader) isAuth(n, op tree.Node) bool {
	security := op.Get("security")
	if !security.OK() {
		security = r.root.Get("security")
	}
	return r.v2 && security.Len() > 0 && n.Get("in").Text() == "header" && strings.EqualFold(n.Get("name").Text(), "Authorization")
}

// settleHeaders gives these headers the values that an operation sends by itself:
// as a default where there is no body to have a Content-Type, else as examples.
func (r *reader) settleHeaders(a *ductape.Action, p place, op tree.Node) {
	for i := range a.Params {
		param := &a.Params[i]
		switch {
		case param.In != ductape.InHeader:
		case strings.EqualFold(param.Name, "Accept") && len(param.Example) == 0 && len(param.Default) == 0:
			param.Example = first(append(headerValues(r.headerParam(p, op, "Accept")), r.mediaTypes(op, "produces")...))
		case !strings.EqualFold(param.Name, "Content-Type"):
		case a.Body != nil:
			param.Example = quote(a.Body.Contents[0].Type)
		default:
			param.Default = first(headerValues(r.headerParam(p, op, "Content-Type")))
		}
	}
}

// first returns the first of some texts as JSON, nil of none.
func first(texts []string) json.RawMessage {
	if len(texts) == 0 {
		return nil
	}
	return quote(texts[0])
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
	n := r.headerParam(p, op, "Content-Type")
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

// headerParam finds the parameter for a header, the operation's before the
// path's.
func (r *reader) headerParam(p place, op tree.Node, name string) tree.Node {
	for _, list := range [...]tree.Node{r.part(op, "parameters"), r.part(p.item, "parameters"), r.part(p.over, "parameters")} {
		for item := range list.Items() {
			n := r.resolve(item)
			if n.Get("in").Text() == "header" && strings.EqualFold(n.Get("name").Text(), name) {
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
