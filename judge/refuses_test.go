package judge

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

const shop = `{"openapi":"3.0.3","info":{"title":"shop","version":"1"},"paths":{
"/orders":{
 "get":{"operationId":"list","parameters":[
  {"name":"created","in":"query","style":"deepObject","schema":{"anyOf":[{"type":"object","additionalProperties":false,"properties":{"gte":{"type":"integer"}}},{"type":"integer"}]}},
  {"name":"ids","in":"query","required":true,"style":"deepObject","schema":{"type":"array","items":{"type":"integer"}}}],"responses":{}},
 "post":{"operationId":"create","requestBody":{"required":true,"content":{"application/x-www-form-urlencoded":{
  "encoding":{"lines":{"style":"deepObject","explode":true},"meta":{"style":"deepObject","explode":true}},
  "schema":{"type":"object","additionalProperties":false,"required":["lines"],"properties":{
   "lines":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["price"],"properties":{"price":{"type":"string","enum":["big"]},"n":{"type":"integer"}}}},
   "meta":{"anyOf":[{"type":"object","additionalProperties":{"type":"string"}},{"type":"string","enum":[""]}]},
   "tags":{"type":"array","items":{"type":"object","properties":{"k":{"type":"integer"}}}}}}}}},"responses":{}}},
"/search":{"get":{"operationId":"search","parameters":[
  {"name":"limit","in":"query","schema":{"type":"integer"}},
  {"name":"filter","in":"query","required":true,"schema":{"type":"object","additionalProperties":{"type":"integer"}}}],"responses":{}}},
"/files":{"post":{"operationId":"upload","requestBody":{"required":true,"content":{"multipart/form-data":{
  "encoding":{"expand":{"style":"deepObject","explode":true},"about":{"contentType":"application/json"}},
  "schema":{"type":"object","additionalProperties":false,"properties":{
   "file":{"type":"string","format":"binary"},"about":{"type":"object","properties":{"n":{"type":"integer"}}},
   "expand":{"type":"array","items":{"type":"string","enum":["file"]}}}}}}},"responses":{}}}}}`

// What reads brackets for the judge does not make a wrong request right.
func TestKinRefuses(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	j := judge{doc: doc}
	for _, tc := range []struct {
		method, target, body string
		valid                bool
	}{
		{"GET", "/orders?ids[0]=1&ids[1]=2&created[gte]=1", "", true},
		{"GET", "/orders?ids[]=1&created=1", "", true},
		{"GET", "/orders?created=1", "", false},              // ids is required
		{"GET", "/orders?ids=1", "", false},                  // not a list
		{"GET", "/orders?ids[0]=x", "", false},               // not a number
		{"GET", "/orders?ids[0]=1&created[no]=1", "", false}, // no such member
		{"GET", "/orders?ids[0]=1&created=yes", "", false},
		{"GET", "/search?limit=1&a=1&b=2", "", true},
		{"GET", "/search?limit=1", "", false}, // filter is required
		{"GET", "/search?limit=1&a=x", "", false},
		{"POST", "/orders", "lines[0][price]=big&lines[0][n]=1&meta[a]=1&tags=%7B%22k%22%3A1%7D", true},
		{"POST", "/orders", "lines%5B%5D%5Bprice%5D=big&meta=", true},
		{"POST", "/orders", "meta[a]=1", false},                                 // lines is required
		{"POST", "/orders", "lines[0][n]=1", false},                             // so is price
		{"POST", "/orders", "lines[0][price]=small", false},                     // not of the enum
		{"POST", "/orders", "lines[0][price]=big&lines[0][n]=one", false},       // not a number
		{"POST", "/orders", "lines[0][price]=big&lines[0][no]=1", false},        // no such member
		{"POST", "/orders", "lines[0][price]=big&no=1", false},                  // no such field
		{"POST", "/orders", "lines[price]=big", false},                          // not a list
		{"POST", "/orders", "lines=%5B%7B%22price%22%3A%22big%22%7D%5D", false}, // JSON where brackets belong
		{"POST", "/orders", "lines[0][price]=big&meta=x", false},
		{"POST", "/orders", "lines[0][price]=big&tags[0][k]=1", false}, // brackets where JSON belongs
		{"POST", "/orders", "lines[0][price]=big&tags=1", false},
		{"POST", "/files", "file=x expand[0]=file about=application/json:{\"n\":1}", true},
		{"POST", "/files", "file=x expand[0]=other", false},
		{"POST", "/files", "file=x expand=file", false},
		{"POST", "/files", "file=x about={\"n\":1}", false},                                     // text, not JSON
		{"POST", "/files", "file=x expand[0]=file about=application/json:{\"n\":\"x\"}", false}, // not a number
		{"POST", "/files", "file=x expand[0]=file no=1", false},
	} {
		path := before(tc.target, "?")
		body, contentType := tc.body, "application/x-www-form-urlencoded"
		if path == "/files" {
			body, contentType = inParts(tc.body), "multipart/form-data; boundary=b"
		}
		req := httptest.NewRequest(tc.method, tc.target, strings.NewReader(body))
		req.Header.Set("Content-Type", contentType)
		item := doc.Paths.Value(path)
		route := &routers.Route{Spec: doc, Path: path, PathItem: item, Method: tc.method, Operation: item.GetOperation(tc.method)}
		if err := j.compare(req, route, path); (err == nil) != tc.valid {
			t.Errorf("%s %s %s: valid = %v, want %v: %v", tc.method, tc.target, tc.body, err == nil, tc.valid, err)
		}
	}
}

// inParts writes name=text and name=type:text as parts.
func inParts(form string) string {
	var b bytes.Buffer
	for one := range strings.FieldsSeq(form) {
		name, text, _ := strings.Cut(one, "=")
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n")
		if json, found := strings.CutPrefix(text, "application/json:"); found {
			b.WriteString("Content-Type: application/json\r\n")
			text = json
		}
		b.WriteString("\r\n" + text + "\r\n")
	}
	return b.String() + "--b--\r\n"
}
