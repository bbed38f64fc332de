package run_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// hostile is what a user may have typed: every placeholder, quote, brace and
// control character, and what breaks out of each place a value can stand in.
var hostile = func() []string {
	all := []string{
		"$Secret{API_TOKEN}", "$Auth{token_access}{token}", "$Session{user}{id}", "$Variable{api}{region}", "$Constant{api}{version}", "$Input{body}", "$Now", "$Now()",
		"$Size{$Session{user}}", "$Uppercase('x')", "$Add(1, 2)", "$Default($Session{none}, 'x')", "$$Secret{API_TOKEN}", "$$$$", "$", "${jndi:ldap://x}", "{{x}}", "{id}", "%{x}",
		`"`, `'`, "`", `\`, `\"`, `"}`, `{"a":1}`, `[1,2]`, `","admin":true,"x":"`, "}}", "]]", "null", "true", "1e999", "-0",
		"a&b=c", "a=b&c=d", "a;b", "a?b", "a#b", "a/b", "../etc", "a%2fb", "%00", "%", "%zz", "+", " ", "  a  ", "a b", "a,b", "a|b", ":", "@", "[]", "a[b]", "a[]=1",
		"<a>", "</name>", "<![CDATA[x]]>", "]]>", "<!--", "&amp;", "&lt;", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
		"é", "漢字", "😀", "\u2028", "\ufeff", "a\u0301", "--boundary", "\r\n--x\r\n", "\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1", "Set-Cookie: a=b",
	}
	for c := rune(0); c < 0x20; c++ {
		all = append(all, "a"+string(c)+"b")
	}
	return append(all, "a\x7fb", "a\u0085b", strings.Join(all, ""))
}()

// arrived is how the API got the value, read by the decoders of the standard
// library; ok says whether it is there at all.
type arrived func(t *testing.T, r *http.Request, body []byte) (value string, ok bool)

var injectionPlaces = []struct {
	name, event string
	input       func(value any) any
	read        arrived
}{
	{"path", "get_thing", func(v any) any { return map[string]any{"params": map[string]any{"id": v}} }, func(_ *testing.T, r *http.Request, _ []byte) (string, bool) {
		return strings.CutPrefix(r.URL.Path, "/base/things/")
	}},
	{"query", "get_thing", func(v any) any {
		return map[string]any{"params": map[string]any{"id": "1"}, "query": map[string]any{"q": v}}
	}, func(t *testing.T, r *http.Request, _ []byte) (string, bool) {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil || len(q) != 1 || len(q["q"]) != 1 {
			t.Errorf("query %q: %v", r.URL.RawQuery, err)
		}
		return q.Get("q"), true
	}},
	{"header", "get_thing", func(v any) any {
		return map[string]any{"params": map[string]any{"id": "1"}, "headers": map[string]any{"X-Trace": v}}
	}, func(t *testing.T, r *http.Request, _ []byte) (string, bool) {
		if r.Header.Get("X-Evil") != "" || len(r.Header["X-Trace"]) > 1 {
			t.Errorf("headers: %q", r.Header)
		}
		return r.Header.Get("X-Trace"), true
	}},
	{"JSON", "create_thing", func(v any) any { return map[string]any{"body": map[string]any{"email": v}} }, func(t *testing.T, _ *http.Request, body []byte) (string, bool) {
		var m map[string]string
		if err := json.Unmarshal(body, &m); err != nil || len(m) != 1 {
			t.Errorf("body %q: %v", body, err)
		}
		return m["email"], true
	}},
	{"form", "form_thing", func(v any) any { return map[string]any{"body": map[string]any{"name": v}} }, func(t *testing.T, _ *http.Request, body []byte) (string, bool) {
		q, err := url.ParseQuery(string(body))
		if err != nil || len(q) != 1 || len(q["name"]) != 1 {
			t.Errorf("body %q: %v", body, err)
		}
		return q.Get("name"), true
	}},
	{"multipart", "upload", func(v any) any { return map[string]any{"body": map[string]any{"name": v}} }, func(t *testing.T, r *http.Request, body []byte) (string, bool) {
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewReader(bytes.NewReader(append(body, '\n')), params["boundary"]) // which wireText cut off
		part, err := parts.NextPart()
		if err != nil || part.FormName() != "name" {
			t.Fatalf("body %q: %v", body, err)
		}
		held, _ := io.ReadAll(part)
		if _, err := parts.NextPart(); err != io.EOF {
			t.Errorf("more parts in %q", body)
		}
		return string(held), true
	}},
	{"XML", "xml_thing", func(v any) any {
		return map[string]any{"body": map[string]any{"doc": map[string]any{"name": v}}}
	}, func(t *testing.T, _ *http.Request, body []byte) (string, bool) {
		var doc struct {
			Name string `xml:"name"`
			More []struct {
				XMLName xml.Name
			} `xml:",any"`
		}
		if err := xml.Unmarshal(body, &doc); err != nil || len(doc.More) != 0 {
			t.Errorf("body %q: %v", body, err)
		}
		return doc.Name, true
	}},
}

// What a user typed stays data, wherever it stands: it comes in as a session's
// field, which the call refers to, and as the input itself, quoted, by itself and
// with text around it that looks for something to join. It arrives letter by letter or the call is refused before anything is sent.
func TestUserDataStaysData(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "xml_thing", Method: "POST", Resource: "/xml", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/xml"}}}})
	w.save()
	var got *http.Request
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) { got = r; _, _ = io.WriteString(rw, "{}") }
	for _, place := range injectionPlaces {
		refused := 0
		for _, text := range hostile {
			data, err := json.Marshal(map[string]any{"user": map[string]any{"id": "1", "text": text}})
			if err != nil {
				t.Fatal(err)
			}
			viaSession := w.call(place.event, marshal(t, place.input("$Session{user}{text}")))
			viaSession.Session = w.startSession("dev", string(data))
			literal := w.call(place.event, marshal(t, place.input(ductape.Literal(text))))
			joined := w.call(place.event, marshal(t, place.input("$"+ductape.Literal(text)+"{KEY}")))
			for how, call := range map[string]ductape.Call{"session": viaSession, "literal": literal, "joined": joined} {
				before := len(w.api.requests())
				_, err := w.runCall(call)
				sent := w.api.requests()[before:]
				if err != nil {
					if code := ductape.CodeOf(err); code != ductape.CodeInvalidInput || len(sent) > 0 {
						t.Errorf("%s, %s, %q: %v, %d sent", place.name, how, text, err, len(sent))
					}
					refused++
					continue
				}
				if len(sent) != 1 {
					t.Fatalf("%s, %s, %q: %d requests", place.name, how, text, len(sent))
				}
				_, body, _ := strings.Cut(sent[0], "\n\n")
				value, ok := place.read(t, got, []byte(body))
				want := asWritten(place.name, text)
				if how == "joined" {
					want = asWritten(place.name, "$"+text+"{KEY}")
				}
				if !ok || value != want {
					t.Errorf("%s, %s: %q arrived as %q", place.name, how, text, value)
				}
				if strings.Contains(strings.ReplaceAll(sent[0], "Bearer tok_s3cret_value", ""), "tok_s3cret_value") {
					t.Errorf("%s, %s: %q drew the secret in: %s", place.name, how, text, sent[0])
				}
			}
		}
		t.Logf("%s: %d of %d refused", place.name, refused, 3*len(hostile))
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// asWritten is what a place must make of a text: HTTP takes the space around a
// header's value (RFC 9110, 5.5), XML makes \r\n and \r a line end (XML 1.0, 2.11)
// unless they are written as references.
func asWritten(place, text string) string {
	if place == "header" {
		return strings.Trim(text, " \t")
	}
	return text
}
