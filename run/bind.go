package run

import (
	"context"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
)

// parts is a call's input, each value at its place in the request.
type parts struct {
	fields    []field // path, query, header and cookie values, in the caller's order
	body      jsontext.Value
	bodyWhere string // where the body stood in the input: "input.body", or "input" in the flat form
	bodyFits  bool   // the body was compared with its schema
	raw       jsontext.Value
}

// A field is one value and its place.
type field struct {
	in    ductape.Location
	param *ductape.Param // nil: the action's description does not know it
	name  string
	where string // where it stood in the input: "input.params.id"
	value jsontext.Value

	preset   bool // not the caller's: the App's own default
	filled   bool // a reference was filled in: of the value nothing is told
	secret   bool // a secret or a credential was filled in
	unfilled bool // a reference in it could not be filled
}

// bind sorts the input into the parts of a request. Two forms are taken.
// Structured has only the keys query, params, body and headers. Flat is any
// other object: each key goes where the action's description has it.
func bind(ctx context.Context, plan *plan, input any) (*parts, error) {
	raw, err := encodeInput(input)
	if err != nil {
		return nil, err
	}
	b := binder{action: plan.action, parts: &parts{raw: raw, bodyWhere: "input.body"}}
	members, err := membersOf(raw)
	if err != nil {
		return nil, badJSON("input", err)
	}
	if structured(plan.action, members) {
		err = b.structured(members)
	} else {
		b.flat(members)
	}
	if err != nil {
		return nil, badJSON("input", err)
	}
	b.refuseTwice()
	b.defaults()
	b.requireParams()
	b.checkNow(ctx, plan)
	b.brokenNow(ctx)
	return b.parts, invalid("bind", b.list()) // the parts too: more may be wrong with them
}

var structuredKeys = []string{"query", "params", "body", "headers"}

// structured reports whether every member is one of the four keys. An empty
// object is. A parameter of the action may have such a name: a search's "query",
// whose value is no object.
func structured(action *ductape.Action, members []member) bool {
	for _, m := range members {
		if !slices.Contains(structuredKeys, m.name) || m.name != "body" && !isGroup(m.value) && describes(action, m.name) {
			return false
		}
	}
	return true
}

func isGroup(v jsontext.Value) bool { return v.Kind() == '{' || isNothing(v) }

func describes(action *ductape.Action, name string) bool {
	return slices.ContainsFunc(action.Params, func(p ductape.Param) bool { return p.Name == name })
}

// A binder collects the parts and every problem on the way.
type binder struct {
	action *ductape.Action
	parts  *parts
	problemList
}

func (b *binder) problem(where, format string, args ...any) {
	b.note(ductape.Problem{Where: where, Message: fmt.Sprintf(format, args...)})
}

func (b *binder) structured(members []member) error {
	for _, m := range members {
		where := "input." + m.name
		if m.name == "body" {
			b.body(where, m.value)
			continue
		}
		if isNothing(m.value) {
			continue
		}
		if m.value.Kind() != '{' {
			b.problem(where, "must be an object")
			continue
		}
		inner, err := membersOf(m.value)
		if err != nil {
			return err
		}
		for _, v := range inner {
			b.place(m.name, where+"."+v.name, v)
		}
	}
	return nil
}

// place puts one value of query, params or headers.
func (b *binder) place(group, where string, m member) {
	switch group {
	case "query":
		b.add(ductape.InQuery, where, m)
	case "headers":
		b.add(ductape.InHeader, where, m)
	case "params":
		for _, in := range []ductape.Location{ductape.InPath, ductape.InCookie} {
			if b.param(in, m.name) != nil {
				b.add(in, where, m)
				return
			}
		}
		if b.full() { // looking for near names takes long
			b.more++
			return
		}
		b.problem(where, "%s has no path parameter %q%s", b.action.Tag, m.name, suggest(b.action, ductape.InPath, m.name))
	}
}

func (b *binder) add(in ductape.Location, where string, m member) {
	p := b.param(in, m.name)
	if in == ductape.InQuery && p == nil {
		if whole := b.param(ductape.InQueryString, m.name); whole != nil {
			in, p = ductape.InQueryString, whole
		}
	}
	name := m.name
	if p != nil {
		name = p.Name
	}
	b.parts.fields = append(b.parts.fields, field{in: in, param: p, name: name, where: where, value: m.value})
}

// refuseTwice reports what is given twice: as "id" and as "params:id", or as a
// header in two spellings. Nobody could tell which is meant.
func (b *binder) refuseTwice() {
	type place struct {
		in   ductape.Location
		name string
	}
	taken := make(map[place]string, len(b.parts.fields))
	for i := range b.parts.fields {
		f := &b.parts.fields[i]
		if isNothing(f.value) {
			continue
		}
		at := place{f.in, f.name}
		if f.in == ductape.InHeader {
			at.name = textproto.CanonicalMIMEHeaderKey(f.name)
		}
		if first, ok := taken[at]; ok {
			b.problem(f.where, "is given by %s already", first)
			continue
		}
		taken[at] = f.where
	}
}

// body takes a structured body. Missing, null and {} are the same, but for null
// where the body's schema names it.
func (b *binder) body(where string, v jsontext.Value) {
	if b.action.Body != nil {
		b.parts.body = v
		return
	}
	if !isNothing(v) {
		b.problem(where, "%s %s takes no body", b.action.Method, b.action.Resource)
	}
}

// param finds a parameter. Header names do not depend on case (RFC 9110, 5.1),
// but a description may hold one twice, spelled in two ways.
func (b *binder) param(in ductape.Location, name string) *ductape.Param {
	var near *ductape.Param
	for i := range b.action.Params {
		p := &b.action.Params[i]
		if p.In != in {
			continue
		}
		if p.Name == name {
			return p
		}
		if in == ductape.InHeader && strings.EqualFold(p.Name, name) {
			near = p
		}
	}
	return near
}

// suggest names the parameters that may have been meant.
func suggest(action *ductape.Action, in ductape.Location, name string) string {
	var names []string
	for _, p := range action.Params {
		if in == "" || p.In == in {
			names = append(names, p.Name)
		}
	}
	if hint := didYouMean(nearest.Nearest(name, names, 3)); hint != "" {
		return "; " + hint
	}
	return ""
}

// defaults adds what the description says is sent when the caller is silent.
func (b *binder) defaults() {
	for i := range b.action.Params {
		p := &b.action.Params[i]
		if p.Default != nil && !b.has(p) {
			b.parts.fields = append(b.parts.fields, field{in: p.In, param: p, name: p.Name, where: "default of " + p.Name, value: jsontext.Value(p.Default), preset: true})
		}
	}
}

func (b *binder) has(p *ductape.Param) bool {
	for i := range b.parts.fields {
		if f := &b.parts.fields[i]; f.param == p && f.value.Kind() != 'n' {
			return true
		}
	}
	return false
}

// requireParams reports the parameters without which no request can be built.
// Path parameters are always needed; the others when the description says so.
func (b *binder) requireParams() {
	for i := range b.action.Params {
		p := &b.action.Params[i]
		if (p.In == ductape.InPath || p.Required) && !b.has(p) && !b.complained(p.Name) {
			b.problem("input."+groupOf(p.In)+"."+p.Name, "is required")
		}
	}
}

func (b *binder) complained(name string) bool {
	for _, p := range b.problems {
		if names(p.Where, name) {
			return true
		}
	}
	return false
}

// names reports whether a place in the input is that of a parameter, by itself or
// under a prefix.
func names(where, param string) bool {
	return strings.HasSuffix(where, "."+param) || strings.HasSuffix(where, ":"+param)
}

// groupOf is the input's word for a place.
func groupOf(in ductape.Location) string {
	switch in {
	case ductape.InPath, ductape.InCookie:
		return "params"
	case ductape.InHeader:
		return "headers"
	}
	return "query"
}
