package run_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

// Text goes out in the charset that its media type names, or not at all.
func TestRequestCharsets(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ media, body, want string }{
		{"text/plain; charset=iso-8859-1", `"café"`, "caf\xe9"},
		{"text/plain; charset=ISO-8859-1", `"$Uppercase('café')"`, "CAF\xc9"},
		{"text/plain; charset=utf-8", `"café €"`, "café €"},
		{"text/plain", `"café €"`, "café €"},
		{"text/plain; charset=us-ascii", `"cafe"`, "cafe"},
		{"text/plain; charset=windows-1252", `"5 €"`, "5 \x80"},
		{"text/plain; charset=iso-8859-15", `"5 €"`, "5 \xa4"},
		{"text/plain; charset=shift_jis", `"日本"`, "\x93\xfa\x96\x7b"},
		{"text/plain; charset=utf-16", `"é"`, "\xfe\xff\x00\xe9"},
		{"text/plain; charset=utf-16le", `"é😀"`, "\xe9\x00\x3d\xd8\x00\xde"},
		{"text/plain; charset=iso-8859-1", `5.0`, "5.0"},
		{"text/csv; charset=iso-8859-1", `{"text":"café","filename":"a"}`, "caf\xe9"},
		{"text/csv; charset=iso-8859-1", `{"base64":"w6k="}`, "é"},
		{"application/json; charset=iso-8859-1", `{"a": "café 😀", "n": 1.0}`, `{"a": "caf\u00e9 \ud83d\ude00", "n": 1.0}`},
		{"application/json; charset=utf-8", `{"a": "café"}`, `{"a": "café"}`},
		{"application/x-ndjson; charset=iso-8859-1", `["é"]`, `"\u00e9"`},
		{"application/x-www-form-urlencoded; charset=iso-8859-1", `{"a":"café & 1%E9","é":"x"}`, "a=caf%E9+%26+1%25E9&%E9=x"},
		{"application/xml; charset=iso-8859-1", `{"a":{"b":"café"}}`, "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<a><b>caf\xe9</b></a>"},
	} {
		w.addBody("t", c.media, "")
		if got := w.sent("t", `{"body":`+c.body+`}`); !strings.HasSuffix(strings.TrimSuffix(got, "\n"), "\n\n"+c.want) || !strings.Contains(got, "Content-Type: "+c.media) {
			t.Errorf("%s %s: %q", c.media, c.body, got)
		}
		w.app.Actions = w.app.Actions[:len(w.app.Actions)-1]
	}
	for _, c := range []struct{ media, body, want string }{
		{"text/plain; charset=iso-8859-1", `"5 €"`, "input.body: holds '€', which the charset iso-8859-1 does not have"},
		{"text/plain; charset=us-ascii", `"é"`, "input.body: holds 'é'"},
		{"text/plain; charset=windows-1252", `"a日"`, "input.body: holds '日'"},
		{"text/plain; charset=klingon", `"a"`, `input.body: would have to be written in the charset "klingon", which is not known here`},
		{"application/x-www-form-urlencoded; charset=iso-8859-1", `{"a":"日"}`, "input.body: holds '日'"},
	} {
		w.addBody("t", c.media, "")
		if got := w.refused(w.call("t", `{"body":`+c.body+`}`), ductape.CodeInvalidInput); !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %s", c.media, c.body, got)
		}
		w.app.Actions = w.app.Actions[:len(w.app.Actions)-1]
	}
}

func TestCharsetsOfParts(t *testing.T) {
	w := newWorld(t)
	a := w.addBody("m", "multipart/form-data", "")
	a.Body.Contents[0].Encoding = map[string]ductape.Encoding{"a": {ContentType: "text/plain; charset=iso-8859-1"}, "j": {ContentType: "application/json; charset=iso-8859-1"}}
	w.save()
	got := w.sent("m", `{"body":{"a":"café","j":{"k":"é"},"f":{"text":"é","content_type":"text/plain; charset=iso-8859-1"},"g":{"base64":"w6k=","content_type":"text/plain; charset=iso-8859-1"},"u":"é"}}`)
	for _, part := range []string{"\r\n\r\ncaf\xe9\r\n", "\r\n\r\n{\"k\":\"\\u00e9\"}\r\n", "filename=\"f\"\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9\r\n", "filename=\"g\"\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\né\r\n", "name=\"u\"\r\n\r\né\r\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("no part %q in %q", part, got)
		}
	}
	if says := w.refused(w.call("m", `{"body":{"a":"日"}}`), ductape.CodeInvalidInput); !strings.Contains(says, "input.body.a: holds '日'") {
		t.Error(says)
	}
}

// An answer whose type is not what it is, is handed on as it came.
func TestWrongContentTypes(t *testing.T) {
	w := newWorld(t)
	for _, c := range [][2]string{{"text/html", `{"a":1}`}, {"application/json", ""}, {"application/json", "<html>"}, {"image/png", "text"}, {"nonsense", "x"}, {"application/json; charset", "{}"}, {"text/event-stream", `{"a":1}`}} {
		w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", c[0])
			rw.Write([]byte(c[1]))
		}
		if got, err := w.run("get_thing", `{"params":{"id":"1"}}`); err != nil || got != c[1] {
			t.Errorf("%s: %q, %v", c[0], got, err)
		}
	}
}

// A preview does not show a secret in a charset in which it would not be known.
func TestPreviewOfASecretInACharset(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "PASSWORD", secret.New("pässword-of-ours"), catalog.SecretScope{Apps: []string{"sample"}}); err != nil {
		t.Fatal(err)
	}
	w.addBody("t", "application/x-www-form-urlencoded; charset=iso-8859-1", "")
	p, err := w.Runner.Preview(context.Background(), w.call("t", `{"body":{"a":"$Secret{PASSWORD}"}}`))
	if err != nil || p.Body != "[20 bytes]" {
		t.Errorf("%+v, %v", p, err)
	}
}
