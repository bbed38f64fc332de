package run

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// flat sends each key where the action's description has it: path, query,
// header or cookie, else the body.
func (b *binder) flat(members []member) {
	var inBody []member
	asIs := true
	for _, m := range members {
		where := "input." + m.name
		if in, name, ok := outright(m.name); ok {
			m.name, asIs = name, false
			b.flatOutright(in, where, m, &inBody)
			continue
		}
		b.flatByName(where, m, &inBody)
	}
	if len(inBody) == 0 {
		return
	}
	b.parts.bodyWhere = "input"
	switch {
	case asIs && len(inBody) == len(members): // the input is the body, and stays the bytes it was
		b.parts.body = bytes.TrimSpace(b.parts.raw)
	default:
		b.refuseBodyTwice(inBody)
		b.parts.body = objectOf(inBody)
	}
}

// refuseBodyTwice reports a field that is given as "id" and as "body:id": the body
// would hold its name twice.
func (b *binder) refuseBodyTwice(inBody []member) {
	taken := make(map[string]bool, len(inBody))
	for _, m := range inBody {
		if taken[m.name] {
			b.problem("input.body:"+m.name, "is given by input.%s already", m.name)
		}
		taken[m.name] = true
	}
}

// outright splits a key that names its place: "query:limit".
func outright(key string) (place, name string, ok bool) {
	place, name, ok = strings.Cut(key, ":")
	if !ok || name == "" {
		return "", "", false
	}
	switch place {
	case "params", "query", "body", "headers", "cookies":
		return place, name, true
	}
	return "", "", false
}

func (b *binder) flatOutright(place, where string, m member, inBody *[]member) {
	switch place {
	case "body":
		if b.action.Body == nil {
			b.problem(where, "%s %s takes no body", b.action.Method, b.action.Resource)
			return
		}
		*inBody = append(*inBody, m)
	case "cookies":
		b.add(ductape.InCookie, where, m)
	default:
		b.place(place, where, m)
	}
}

func (b *binder) flatByName(where string, m member, inBody *[]member) {
	places := b.placesOf(m.name)
	switch {
	case len(places) > 1:
		b.problem(where, "%q fits %s; say which with a prefix, as in %q", m.name, strings.Join(places, " and "), places[0]+":"+m.name)
	case len(places) == 0 && b.action.Body == nil && b.full(): // looking for near names takes long
		b.more++
	case len(places) == 0 && b.action.Body == nil:
		b.problem(where, "%s %s has no parameter %q and takes no body%s", b.action.Method, b.action.Resource, m.name, suggest(b.action, "", m.name))
	case len(places) == 0 && slices.Contains(structuredKeys, m.name) && m.value.Kind() == '{':
		b.problem(where, "stands beside keys of the flat form; put those into query, params, body or headers, or prefix them as in %q", "body:"+m.name)
	case len(places) == 0 || places[0] == "body":
		*inBody = append(*inBody, m)
	case places[0] == "cookies":
		b.add(ductape.InCookie, where, m)
	default:
		b.place(places[0], where, m)
	}
}

// placesOf lists where the description has a name, in words of the flat form.
func (b *binder) placesOf(name string) []string {
	var places []string
	for _, at := range [...]struct {
		in   ductape.Location
		word string
	}{{ductape.InPath, "params"}, {ductape.InQuery, "query"}, {ductape.InQueryString, "query"}, {ductape.InHeader, "headers"}, {ductape.InCookie, "cookies"}} {
		if b.param(at.in, name) != nil {
			places = append(places, at.word)
		}
	}
	if b.hasBodyField(name) {
		places = append(places, "body")
	}
	return places
}

func (b *binder) hasBodyField(name string) bool {
	if b.action.Body == nil {
		return false
	}
	for _, c := range b.action.Body.Contents {
		for _, f := range c.Fields {
			if f.Name == name {
				return true
			}
		}
	}
	return false
}
