package wire

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
)

var nestings = []ductape.Nesting{"", ductape.NestBrackets, ductape.NestIndices, ductape.NestRepeat, ductape.NestJSON}

// seeds adds the values and bodies of all vectors.
func seeds(f *testing.F, add func(in *vectorInput)) {
	for _, file := range vectorFiles(f) {
		for i := range file.Vectors {
			add(&file.Vectors[i].Input)
		}
	}
}

// FuzzParam asks of any value in any style: no panic, no size out of proportion,
// and nothing that would end the place it stands in.
func FuzzParam(f *testing.F) {
	seeds(f, func(in *vectorInput) { f.Add([]byte(in.Value), in.Name, in.Style, len(in.In), in.AllowReserved) })
	places := []ductape.Location{ductape.InPath, ductape.InQuery, ductape.InHeader, ductape.InCookie, ductape.InQueryString}
	f.Fuzz(func(t *testing.T, value []byte, name, style string, k int, reserved bool) {
		p := &ductape.Param{Name: name, Style: style, In: places[abs(k)%len(places)], AllowReserved: reserved}
		if k%3 == 0 {
			p.Explode = yes()
		}
		if k%7 == 0 || p.In == ductape.InQueryString {
			p.ContentType = []string{"application/json", formType, "text/plain"}[abs(k)%3]
		}
		out, _, err := serializeParam(p, nestings[abs(k)%len(nestings)], value)
		if err != nil {
			return
		}
		if len(out) > 1<<20+70*(len(value)+len(name)+1) {
			t.Errorf("%d bytes from %d", len(out), len(value))
		}
		if p.In == ductape.InHeader && !httpguts.ValidHeaderFieldValue(out) {
			t.Errorf("not a header value: %q", out)
		}
		if p.In == ductape.InPath && strings.ContainsAny(out, "/?#\\ \r\n") {
			t.Errorf("leaves its segment: %q", out)
		}
		if p.In == ductape.InQuery && strings.ContainsAny(out, "# \r\n[]|") {
			t.Errorf("leaves the query: %q", out)
		}
	})
}

func abs(i int) int { return max(i, -(i + 1)) }

// FuzzPath asks that no value leads out of its place, whoever decodes the path.
func FuzzPath(f *testing.F) {
	for _, s := range []string{".", "..", "../..", "%2e%2e", "a/../b", "..;x", "..\\", "é", "?", "#"} {
		f.Add(s, "", "simple", false)
		f.Add(s, s, "simple", true)
		f.Add(s, "x", "label", false)
		f.Add(s, "x", "matrix", true)
	}
	f.Fuzz(func(t *testing.T, a, b, style string, reserved bool) {
		params := []ductape.Param{{Name: "a", In: ductape.InPath, Style: style, AllowReserved: reserved}, {Name: "b", In: ductape.InPath, AllowReserved: reserved}}
		out, err := Path("/v1/x/{a}{b}/y", params, func(name string) (jsontext.Value, bool) {
			v, err := jsontext.AppendQuote(nil, map[string]string{"a": a, "b": b}[name])
			return v, err == nil
		})
		if err != nil {
			return
		}
		u, err := url.Parse("http://h" + out)
		if err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if u.RawQuery != "" || u.Fragment != "" || strings.Count(u.EscapedPath(), "/") != 4 {
			t.Errorf("leaves its segment: %q", out)
		}
		for _, decoded := range []string{u.Path, strings.ReplaceAll(u.Path, "\\", "/")} {
			if clean := path.Clean(decoded); !strings.HasPrefix(clean, "/v1/x/") || !strings.HasSuffix(clean, "/y") {
				t.Errorf("climbs: %q reads %q", out, clean)
			}
		}
	})
}

// FuzzForm asks of any body: no panic, nothing out of proportion, and a form
// that net/url reads.
func FuzzForm(f *testing.F) {
	seeds(f, func(in *vectorInput) { f.Add([]byte(in.Body), "form", 0) })
	f.Fuzz(func(t *testing.T, body []byte, style string, k int) {
		o := FormOptions{Nesting: nestings[abs(k)%len(nestings)]}
		if k%2 == 1 {
			o.Encoding = map[string]ductape.Encoding{"a": {Style: style, AllowReserved: k%3 == 0}}
		}
		out, err := Form(body, o)
		if err != nil {
			return
		}
		if len(out) > 1<<20+70*len(body) {
			t.Errorf("%d bytes from %d", len(out), len(body))
		}
		if _, err := url.ParseQuery(string(out)); err != nil && !strings.Contains(err.Error(), "semicolon") && !strings.Contains(err.Error(), "number of") {
			t.Errorf("%q: %v", out, err)
		}
	})
}

// FuzzMultipart asks of any body: no panic, the length that was said, and parts
// that mime/multipart reads.
func FuzzMultipart(f *testing.F) {
	seeds(f, func(in *vectorInput) { f.Add([]byte(in.Body), "form", 0) })
	f.Fuzz(func(t *testing.T, body []byte, style string, k int) {
		o := FormOptions{Nesting: nestings[abs(k)%len(nestings)], Fields: []ductape.Field{{Name: "f", Format: "binary"}}}
		if k%2 == 1 {
			o.Encoding = map[string]ductape.Encoding{"a": {Style: style}}
		}
		m, err := Multipart(body, o)
		if err != nil {
			return
		}
		out, err := io.ReadAll(m.NewReader())
		if err != nil || int64(len(out)) != m.Len() {
			t.Fatalf("%d bytes, Len %d, %v", len(out), m.Len(), err)
		}
		_, params, _ := mime.ParseMediaType(m.ContentType())
		reader := multipart.NewReader(bytes.NewReader(out), params["boundary"])
		for i := range m.Parts {
			p, err := reader.NextRawPart()
			if err != nil {
				t.Fatalf("part %d of %q: %v", i, out, err)
			}
			if data, _ := io.ReadAll(p); !bytes.Equal(data, m.Parts[i].Data) {
				t.Errorf("part %d: %q, want %q", i, data, m.Parts[i].Data)
			}
		}
	})
}

// FuzzXML asks of any body and schema: no panic, and a document that
// encoding/xml reads.
func FuzzXML(f *testing.F) {
	seeds(f, func(in *vectorInput) {
		schemas, _ := json.Marshal(in.Schemas)
		f.Add([]byte(in.Body), []byte(in.Schema), schemas)
	})
	f.Fuzz(func(t *testing.T, body, schema, schemas []byte) {
		var known map[string]json.RawMessage
		_ = json.Unmarshal(schemas, &known)
		out, err := XML(body, schema, func(ref string) (json.RawMessage, bool) {
			s, ok := known[ref]
			return s, ok
		})
		if err != nil {
			return
		}
		dec := xml.NewDecoder(bytes.NewReader(out))
		for {
			if _, err := dec.RawToken(); err == io.EOF {
				return
			} else if err != nil && !strings.Contains(err.Error(), "invalid XML name") { // it knows the names of XML 1.0's fourth edition only
				t.Fatalf("%s: %v", out, err)
			} else if err != nil {
				return
			}
		}
	})
}
