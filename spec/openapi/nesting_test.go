package openapi_test

import (
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// An app's nesting changes every form of it, so one field of style deepObject,
// which OpenAPI defines for that field, does not set it.
func TestNestingFromTheWholeDescription(t *testing.T) {
	const (
		created = `{"type":"object","properties":{"gte":{"type":"integer"}}}`
		list    = `{"type":"array","items":{"type":"string"}}`
		deep    = `{"style":"deepObject","explode":true}`
		form    = "application/x-www-form-urlencoded"
		parts   = "multipart/form-data"
	)
	body := func(media, schemas, encodings string) string {
		return `{"` + media + `":{"schema":{"type":"object","properties":{` + schemas + `}},"encoding":{` + encodings + `}}}`
	}
	stripe := body(form, `"a":`+created+`,"l":`+list, `"a":`+deep+`,"l":`+deep)
	plain := body(form, `"o":`+created+`,"l":`+list, ``)
	flat := body(form, `"s":{"type":"string"}`, ``)
	for name, c := range map[string]struct {
		bodies []string
		want   ductape.Nesting
	}{
		"one field that OpenAPI defines":        {[]string{body(form, `"created":`+created, `"created":`+deep)}, ""},
		"one field, and a form without":         {[]string{body(form, `"created":`+created, `"created":`+deep), plain}, ""},
		"one list, and a form without":          {[]string{stripe, plain}, ""},
		"one list beside another":               {[]string{body(form, `"a":`+list+`,"b":`+list, `"a":`+deep)}, ""},
		"all forms, lists too":                  {[]string{stripe, stripe, flat}, ductape.NestIndices},
		"all forms, and files":                  {[]string{stripe, body(parts, `"file":{"type":"string","format":"binary"}`, ``)}, ductape.NestIndices},
		"all forms, and multipart as they are":  {[]string{stripe, body(parts, `"l":`+list, `"l":`+deep)}, ductape.NestIndices},
		"all forms, but multipart has its rule": {append(strings.Split(strings.Repeat(stripe+"\n", 30), "\n")[:30], body(parts, `"files":`+list, ``)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for i, b := range c.bodies {
				paths = append(paths, `"/p`+strings.Repeat("x", i)+`":{"post":{"requestBody":{"content":`+b+`},"responses":{}}}`)
			}
			text := `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://a.example"}],"paths":{` + strings.Join(paths, ",") + `}}`
			res, err := spec.Read(spec.Source{Data: []byte(text)}, spec.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := res.App.Settings.Nesting; got != c.want {
				t.Errorf("nesting %q, want %q", got, c.want)
			}
		})
	}
}
