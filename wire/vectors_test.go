package wire

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// A vectorFile is one file of testdata; its README describes the fields.
type vectorFile struct {
	About   string   `json:"about"`
	Licence string   `json:"licence"`
	Vectors []vector `json:"vectors"`
}

type vector struct {
	ID       string        `json:"id"`
	Func     string        `json:"func"`
	Input    vectorInput   `json:"input"`
	Expected *string       `json:"expected"`
	Parts    *[]vectorPart `json:"parts"`
	Omitted  bool          `json:"omitted"`
	Error    bool          `json:"error"`
	Where    *string       `json:"where"`
	Source   string        `json:"source"`
	Why      string        `json:"why"` // in differences.json, beside what the suite expects
}

type vectorInput struct {
	In            ductape.Location            `json:"in"`
	Name          string                      `json:"name"`
	Style         string                      `json:"style"`
	Explode       *bool                       `json:"explode"`
	AllowReserved bool                        `json:"allowReserved"`
	ContentType   string                      `json:"contentType"`
	Nesting       ductape.Nesting             `json:"nesting"`
	Value         json.RawMessage             `json:"value"`
	After         string                      `json:"after"` // a query that is already there
	Template      string                      `json:"template"`
	Params        []ductape.Param             `json:"params"`
	Body          json.RawMessage             `json:"body"`
	Encoding      map[string]ductape.Encoding `json:"encoding"`
	Fields        []ductape.Field             `json:"fields"`
	Schema        json.RawMessage             `json:"schema"`
	Schemas       map[string]json.RawMessage  `json:"schemas"`
}

type vectorPart struct {
	Name        string            `json:"name"`
	Filename    string            `json:"filename"`
	ContentType string            `json:"content_type"`
	Headers     map[string]string `json:"headers"`
	Data        string            `json:"data"`
}

func vectorFiles(t testing.TB) map[string]vectorFile {
	t.Helper()
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no vectors:", err)
	}
	files := map[string]vectorFile{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f vectorFile
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatal(name, err)
		}
		files[strings.TrimSuffix(filepath.Base(name), ".json")] = f
	}
	return files
}

func TestVectors(t *testing.T) {
	for name, file := range vectorFiles(t) {
		if file.Licence == "" || file.About == "" {
			t.Error(name, "says nothing about itself")
		}
		for _, v := range file.Vectors {
			t.Run(name+"/"+v.ID, func(t *testing.T) {
				if v.Source == "" {
					t.Error("no source")
				}
				if name == "differences" && v.Why == "" {
					t.Error("a difference without a reason")
				}
				run(t, &v)
			})
		}
	}
}

func run(t *testing.T, v *vector) {
	if v.Func == "multipart" {
		runMultipart(t, v)
		return
	}
	got, omitted, err := serialize(&v.Input, v.Func)
	if judgeError(t, v, err) {
		return
	}
	if omitted != v.Omitted {
		t.Fatalf("omitted = %v, want %v (%q)", omitted, v.Omitted, got)
	}
	if v.Omitted {
		if got != "" {
			t.Errorf("omitted, yet wrote %q", got)
		}
		return
	}
	if v.Expected == nil {
		t.Fatal("the vector expects nothing")
	}
	if got != *v.Expected {
		t.Errorf("got  %s\nwant %s", got, *v.Expected)
	}
}

// judgeError reports whether the vector is settled: it wants an error or got one.
func judgeError(t *testing.T, v *vector, err error) bool {
	t.Helper()
	if !v.Error {
		if err != nil {
			t.Fatal(err)
		}
		return false
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("want an error, got %v", err)
	}
	if v.Where != nil && e.Where != *v.Where {
		t.Errorf("error at %q, want %q: %v", e.Where, *v.Where, err)
	}
	return true
}

func (in *vectorInput) param() *ductape.Param {
	return &ductape.Param{Name: in.Name, In: in.In, Style: in.Style, Explode: in.Explode, AllowReserved: in.AllowReserved, ContentType: in.ContentType}
}

func (in *vectorInput) options() FormOptions {
	return FormOptions{Encoding: in.Encoding, Fields: in.Fields, Nesting: in.Nesting}
}

func serialize(in *vectorInput, function string) (out string, omitted bool, err error) {
	value := jsontext.Value(in.Value)
	var b []byte
	switch function {
	case "path":
		values := map[string]json.RawMessage{}
		if err := json.Unmarshal(in.Value, &values); err != nil {
			return "", false, err
		}
		out, err = Path(in.Template, in.Params, func(name string) (jsontext.Value, bool) {
			v, ok := values[name]
			return jsontext.Value(v), ok
		})
		return out, false, err
	case "query":
		out, err = serializeQuery(in)
		return out, false, err
	case "form":
		b, err = Form(jsontext.Value(in.Body), in.options())
	case "xml":
		b, err = XML(jsontext.Value(in.Body), in.Schema, func(ref string) (json.RawMessage, bool) {
			s, ok := in.Schemas[ref]
			return s, ok
		})
		_, rest, _ := strings.Cut(string(b), "?>\n")
		return rest, false, err
	default:
		return serializeParam(in.param(), in.Nesting, value)
	}
	return string(b), false, err
}

func serializeQuery(in *vectorInput) (string, error) {
	values := map[string]json.RawMessage{}
	if err := json.Unmarshal(in.Value, &values); err != nil {
		return "", err
	}
	query := []byte(in.After)
	for i := range in.Params {
		var err error
		p := &in.Params[i]
		if query, err = AppendQuery(query, p, in.Nesting, jsontext.Value(values[p.Name])); err != nil {
			return "", err
		}
	}
	return string(query), nil
}

func serializeParam(p *ductape.Param, n ductape.Nesting, v jsontext.Value) (out string, omitted bool, err error) {
	var b []byte
	switch p.In {
	case ductape.InPath:
		b, err = AppendPath(nil, p, v)
		return string(b), false, err
	case ductape.InQuery:
		b, err = AppendQuery(nil, p, n, v)
	case ductape.InQueryString:
		b, err = AppendQueryString(nil, p, n, v)
	case ductape.InCookie:
		b, err = AppendCookie(nil, p, v)
	case ductape.InHeader:
		out, err = Header(p, v)
		return out, Omitted(p, v), err
	}
	return string(b), Omitted(p, v), err
}

// runMultipart reads the body with the standard library's reader, twice.
func runMultipart(t *testing.T, v *vector) {
	m, err := Multipart(jsontext.Value(v.Input.Body), v.Input.options())
	if judgeError(t, v, err) {
		return
	}
	for range 2 {
		body, err := io.ReadAll(m.NewReader())
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(body)) != m.Len() {
			t.Errorf("Len = %d, body has %d", m.Len(), len(body))
		}
		checkParts(t, m.ContentType(), string(body), *v.Parts)
	}
}

func checkParts(t *testing.T, contentType, body string, want []vectorPart) {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	reader := multipart.NewReader(strings.NewReader(body), params["boundary"])
	for _, w := range want {
		p, err := reader.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		checkPart(t, p, w)
	}
	if _, err := reader.NextRawPart(); err != io.EOF {
		t.Errorf("more parts than %d: %v", len(want), err)
	}
}

func checkPart(t *testing.T, p *multipart.Part, w vectorPart) {
	t.Helper()
	data, err := io.ReadAll(p)
	if err != nil {
		t.Fatal(err)
	}
	disposition := `form-data; name="` + w.Name + `"`
	if w.Filename != "" {
		disposition += `; filename="` + w.Filename + `"`
	}
	if got := p.Header.Get("Content-Disposition"); got != disposition {
		t.Errorf("Content-Disposition: %s, want %s", got, disposition)
	}
	if got := p.Header.Get("Content-Type"); got != w.ContentType {
		t.Errorf("%s: Content-Type: %q, want %q", w.Name, got, w.ContentType)
	}
	for name, value := range w.Headers {
		if p.Header.Get(name) != value {
			t.Errorf("%s: %s: %q, want %q", w.Name, name, p.Header.Get(name), value)
		}
	}
	if w.Filename != "" && w.ContentType == "application/octet-stream" {
		w.Data = bytesOf(w.Data)
	}
	if string(data) != w.Data {
		t.Errorf("%s: data %q, want %q", w.Name, data, w.Data)
	}
}

// bytesOf reads one byte per character, as the vectors give binary data.
func bytesOf(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}
