package ductape_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/ductape-go/ductape"
)

func TestDecodeCharsets(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"application/json", `"é"`, "é"},
		{"", "\xef\xbb\xbf\"é\"", "é"},
		{"application/json; charset=iso-8859-1", "\"\xe9 \x80 \x81\"", "é € \u0081"},
		{"application/json; charset=iso-8859-1", `"é"`, "é"},
		{"application/json; charset=utf-16le", "\"\x00\xe9\x00\"\x00", "é"},
		{"application/json; charset=utf-16", "\x00\"\x00\xe9\x00\"", "é"},
		{"application/json; charset=utf-16", "\xff\xfe\"\x00\xe9\x00\"\x00", "é"},
		{"application/json", "\xfe\xff\x00\"\x00\xe9\x00\"", "é"},
		{"application/json; charset=utf-16", `"é"`, "é"},
		{"text/html", `"é"`, "é"},
		{"nonsense; charset", `"é"`, "é"},
		{"application/json; charset=nonsense", `"é"`, "é"},
		{"application/json", "\"\xe9\"", ""},
		{"application/json; charset=nonsense", "\"\xe9\"", ""},
		{"application/json; charset=utf-16", "\x00\"\x00", ""},
		{"application/json", "", ""},
		{"application/json", "<html>", ""},
	} {
		var got string
		res := ductape.Result{Header: http.Header{"Content-Type": {c.contentType}}, Body: io.NopCloser(bytes.NewReader([]byte(c.body)))}
		if err := res.Decode(&got); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s %q: %q, %v", c.contentType, c.body, got, err)
		}
	}
	var none any
	if err := (&ductape.Result{Body: http.NoBody}).Decode(&none); err == nil {
		t.Error("nothing was decoded")
	}
}

func TestUpstreamText(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"text/plain; charset=iso-8859-1", "caf\xe9", "café"},
		{"application/json; charset=utf-16le", "{\x00}\x00", "{}"},
		{"application/json", "\xef\xbb\xbf{}", "{}"},
		{"text/plain", "caf\xe9", "caf\xe9"},
		{"image/png", "\x89PNG\x00", "\x89PNG\x00"},
		{"", "", ""},
	} {
		u := ductape.Upstream{Headers: http.Header{"Content-Type": {c.contentType}}, Body: []byte(c.body)}
		if got := string(u.Text()); got != c.want {
			t.Errorf("%s %q: %q", c.contentType, c.body, got)
		}
	}
}
