package curl

import (
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// What is sent, and what is said of it.
func TestValues(t *testing.T) {
	for _, c := range []struct{ in, want, code string }{
		{`curl https://a.test/x -F 'meta={"a":1.50};type=application/json'`, `POST /x multipart/form-data {"meta":{"a":1.50}}`, ""},
		{`curl https://a.test/x -F 'meta=hello;type=application/json'`, `POST /x multipart/form-data {"meta":"hello"}`, bodyNotJSON},
		{`curl https://a.test/x -d '{"q":"$Session{x}"}'`, `POST /x application/json {"q":"$Session{x}"}`, contentTypeAssumed},
		{`curl 'https://a.test/x?q=$Now&e='`, `GET /x query:q="$Now" query:e=""`, ""},
		{`curl https://a.test/x -H 'Content-Type: text/csv'`, `GET /x header:Content-Type`, ""},
		{`curl https://a.test/x -F a=b -H 'Content-Type: text/csv'`, `POST /x multipart/form-data {"a":"b"}`, headerIgnored},
		{`curl https://a.test/x --digest -u a:b`, `GET /x`, authUnsupported},
		{`curl https://a.test/x --aws-sigv4 aws:amz`, `GET /x`, authUnsupported},
	} {
		app, _, warnings, err := Read([]byte(c.in), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := outline(app); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.in, got, c.want)
		}
		if c.code == "" && len(warnings) > 0 || c.code != "" && !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == c.code }) {
			t.Errorf("%s: %v", c.in, warnings)
		}
	}
}

// A default is filled in by a run, so that what it holds of references is escaped.
func TestHeaderDefaultIsEscaped(t *testing.T) {
	app, _, _, err := Read([]byte(`curl https://a.test/x -H 'X-A: $Session{x}'`), Options{})
	if err != nil || !strings.Contains(string(app.Actions[0].Params[0].Default), "$$Session{x}") {
		t.Errorf("%v %+v", err, app.Actions)
	}
}
