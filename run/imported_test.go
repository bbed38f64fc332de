package run_test

import (
	"strings"
	"testing"

	"github.com/ductape-go/ductape/spec"
)

// imported makes the world's app the one that a description gives.
func (w *world) imported(description string) {
	w.t.Helper()
	res, err := spec.Read(spec.Source{Data: []byte(description)}, spec.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.app.Actions, w.app.Schemas, w.app.Settings = res.App.Actions, res.App.Schemas, res.App.Settings
	w.save()
}

const swaggerHeaders = `{"swagger":"2.0","info":{"title":"x","version":"1"},"host":"a.example","paths":{
"/tabs/{p}":{"get":{"operationId":"tabs","parameters":[
 {"name":"p","in":"path","required":true,"type":"array","items":{"type":"string"},"collectionFormat":"tsv"},
 {"name":"q","in":"query","type":"array","items":{"type":"string"},"collectionFormat":"tsv"},
 {"name":"X-H","in":"header","type":"array","items":{"type":"string"},"collectionFormat":"tsv"}]}},
"/tabs":{"post":{"operationId":"form","consumes":["application/x-www-form-urlencoded"],"parameters":[
 {"name":"f","in":"formData","type":"array","items":{"type":"string"},"collectionFormat":"tsv"}]}},
"/build":{"post":{"operationId":"build","consumes":["application/octet-stream"],"parameters":[
 {"name":"in","in":"body","schema":{"type":"string","format":"binary"}},
 {"name":"Content-type","in":"header","type":"string","enum":["application/x-tar"],"default":"application/x-tar"}]}},
"/list":{"get":{"operationId":"list","parameters":[
 {"name":"Content-Type","in":"header","required":true,"type":"string","enum":["application/vnd.a+json"]}]}}}}`

// A description's own way to say things reaches the wire: tabs, the type of a
// body in a header parameter.
func TestImportedSwagger(t *testing.T) {
	w := newWorld(t)
	w.imported(swaggerHeaders)
	for _, c := range []struct{ event, input, want string }{
		{"tabs", `{"params":{"p":["a","b"]},"query":{"q":["c d","e"]},"headers":{"X-H":["f","g"]}}`, "GET /base/tabs/a%09b?q=c%20d%09e\nX-H: f\tg"},
		{"form", `{"body":{"f":["a","b"]}}`, "POST /base/tabs\nContent-Type: application/x-www-form-urlencoded\n\nf=a%09b"},
		{"build", `{"body":"tar"}`, "POST /base/build\nContent-Type: application/x-tar\n\ntar"},
		{"build", `{"body":"tar","headers":{"Content-Type":"application/gzip"}}`, "POST /base/build\nContent-Type: application/gzip\n\ntar"},
		{"list", `{}`, "GET /base/list\nContent-Type: application/vnd.a+json"},
	} {
		w.sends(c.event, c.input, c.want)
	}
}

const methodsAndRoots = `{"openapi":"3.2.0","info":{"title":"x","version":"1"},"servers":[{"url":"https://a.example"}],"paths":{
"/things":{"additionalOperations":{"purge":{"operationId":"purge"},"Link":{"operationId":"link"}}},
"/pairs":{"post":{"operationId":"CreatePair","requestBody":{"content":{"application/xml":{"schema":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}}},
 "put":{"operationId":"put","requestBody":{"content":{"application/xml":{"schema":{"$ref":"#/components/schemas/Pair"}}}}}}},
"components":{"schemas":{"Pair":{"type":"object"},"CreatePairRequest":{"type":"object","properties":{"a":{},"b":{}}}}}}`

// Methods keep their capitals, and XML has the root that the description means.
func TestImportedOpenAPI(t *testing.T) {
	w := newWorld(t)
	w.imported(methodsAndRoots)
	const xml = "Content-Type: application/xml\n\n" + `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	for _, c := range []struct{ event, input, want string }{
		{"purge", `{}`, "purge /base/things"},
		{"link", `{}`, "Link /base/things"},
		{"create_pair", `{"body":{"a":"1","b":"2"}}`, "POST /base/pairs\n" + xml + "<CreatePairRequest><a>1</a><b>2</b></CreatePairRequest>"},
		{"put", `{"body":{"a":"1","b":"2"}}`, "PUT /base/pairs\n" + xml + "<Pair><a>1</a><b>2</b></Pair>"},
	} {
		w.sends(c.event, c.input, c.want)
	}
}

// sends runs an action and compares what the API gets.
func (w *world) sends(event, input, want string) {
	w.t.Helper()
	got := strings.Replace(w.sent(event, input), "Authorization: Bearer tok_s3cret_value\n", "", 1)
	got = strings.TrimSuffix(got, "\nAuthorization: Bearer tok_s3cret_value")
	if got != want {
		w.t.Errorf("%s:\n got %q\nwant %q", event, got, want)
	}
}
