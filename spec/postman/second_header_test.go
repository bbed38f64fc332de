package postman_test

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// s2uuid: what names one request is an example, and not sent by itself.
var s2uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// headers compares names and values of the enabled headers, in order. One whose
// variables all have values is sent by itself (Default), another is an example.
// The media type is compared with the body; what is no parameter must be an
// auth, or reported.
func (q *s2request) headers() {
	seen := map[string]bool{}
	for i, h := range q.headerList() {
		at := q.at + "/header/" + strconv.Itoa(i)
		if h.Disabled == "true" || h.Key == "" {
			continue
		}
		name := strings.TrimSpace(q.name(string(h.Key), at))
		again := seen[strings.ToLower(name)]
		seen[strings.ToLower(name)] = true
		switch {
		case again:
			if !q.says("duplicate_header", at) && !q.says("header_overridden", at) {
				q.errorf("header %s comes again, and nothing says so", name)
			}
		case strings.EqualFold(name, "Content-Type"):
			q.addressed(string(h.Value))
			q.media, q.mediaAt = strings.TrimSpace(q.scope.resolve(string(h.Value))), at
		default:
			q.header(name, string(h.Value), at)
		}
		q.sum.Compared.HeaderValues++
	}
	q.sum.Compared.Headers++
}

func (q *s2request) headerList() []s2entry {
	list := q.req.Header.list
	for line := range strings.SplitSeq(q.req.Header.text, "\n") {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			list = append(list, s2entry{Key: s2text(k), Value: s2text(strings.TrimSpace(v))})
		}
	}
	return list
}

func (q *s2request) header(name, value, at string) {
	p := q.param(ductape.InHeader, name)
	if p == nil {
		if !q.says("header_ignored", at) {
			q.lifted = append(q.lifted, s2credential{header: name, value: value, at: at})
		}
		return
	}
	raw := p.Example
	if p.Default != nil {
		raw = p.Default
	}
	if known := q.scope.known(value); p.Default != nil && p.Example != nil || raw != nil && known != (p.Default != nil) && !s2uuid.MatchString(value) {
		q.errorf("header %s: default %s, example %s, and its variables have values: %v", name, p.Default, p.Example, known)
	}
	q.value(name, raw, value, at)
}

// contentType: the Content-Type header is the type of the body. Without a body
// it is a header like any other, except that POST, PUT and PATCH take a body of
// that type. What a form cannot be sent as is reported.
func (q *s2request) contentType(bodyless bool) {
	if p := q.param(ductape.InHeader, "Content-Type"); p != nil {
		raw := p.Default
		if raw == nil {
			raw = p.Example
		}
		if got := q.got(s2string(raw)); got != q.media && !strings.Contains(got, "«") {
			q.errorf("Content-Type %q, want %q", got, q.media)
		}
		return
	}
	switch {
	case q.media == "":
	case bodyless:
		q.errorf("Content-Type %q is lost", q.media)
	case q.action.Body.Contents[0].Type != q.media && !q.says("header_ignored", q.mediaAt):
		q.errorf("the body's type is %q, want %q", q.action.Body.Contents[0].Type, q.media)
	}
}
