package wire

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// What is not JSON is an error in every place, and no reason to leave a
// parameter out.
func TestNotJSON(t *testing.T) {
	for _, v := range []string{`{0`, `[null`, `[`, `{`, `{"a"`, `"`, `"\`, `nul`, `1 2`, `[1,]`, `{"a":}`, `]`, `"` + "\xff" + `"`, `"\ud800"`} {
		for _, in := range []ductape.Location{ductape.InPath, ductape.InQuery, ductape.InQueryString, ductape.InHeader, ductape.InCookie} {
			p := &ductape.Param{Name: "p", In: in}
			if out, _, err := serializeParam(p, "", jsontext.Value(v)); err == nil {
				t.Errorf("%s %s: wrote %q", in, v, out)
			}
		}
		for name, err := range map[string]error{"form": second(Form([]byte(v), FormOptions{})), "multipart": second(Multipart([]byte(v), FormOptions{})), "xml": second(XML([]byte(v), nil, nil))} {
			if err == nil {
				t.Errorf("%s %s: no error", name, v)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAbsent(t *testing.T) {
	for _, v := range []jsontext.Value{nil, {}, jsontext.Value(" ")} {
		for _, contentType := range []string{"", "application/json"} {
			p := &ductape.Param{Name: "p", In: ductape.InQuery, ContentType: contentType}
			if out, err := AppendQuery(nil, p, "", v); err != nil || len(out) != 0 || !Omitted(p, v) {
				t.Errorf("%q: %q, %v", v, out, err)
			}
		}
	}
}

// A parameter joins what is already there.
func TestAppend(t *testing.T) {
	q := []byte("x=1")
	p := &ductape.Param{Name: "a", In: ductape.InQuery}
	q, _ = AppendQuery(q, p, "", jsontext.Value(`[1,2]`))
	q, _ = AppendQuery(q, p, "", jsontext.Value(`null`))
	if q, err := AppendQuery(q, p, "", jsontext.Value(`[[1]]`)); err == nil || string(q) != "x=1&a=1&a=2" {
		t.Errorf("query %q, %v", q, err)
	}
	c := []byte("x=1")
	p = &ductape.Param{Name: "a", In: ductape.InCookie}
	c, _ = AppendCookie(c, p, jsontext.Value(`[1,2]`))
	if string(c) != "x=1; a=1; a=2" {
		t.Errorf("cookie %q", c)
	}
	if _, err := AppendQueryString(q, &ductape.Param{In: ductape.InQueryString, ContentType: "text/plain"}, "", jsontext.Value(`"a"`)); err == nil {
		t.Error("a query string after a parameter")
	}
}

// An error names the parameter and the place inside its value.
func TestErrorText(t *testing.T) {
	p := &ductape.Param{Name: "filter", In: ductape.InHeader}
	_, err := Header(p, jsontext.Value(`{"items":"a","b":{"c":1}}`))
	want := "filter.b: style simple has no way to write an array or object inside another (OpenAPI leaves it undefined; set the app's nesting, or send the inner value as text)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// One long name above many short values must not fill the memory.
func TestProportion(t *testing.T) {
	name := make([]byte, 1<<18)
	for i := range name {
		name[i] = 'n'
	}
	body := append([]byte(`{"`), name...)
	body = append(body, `":[0`...)
	for range 20_000 {
		body = append(body, ",0"...)
	}
	body = append(body, "]}"...)
	for _, n := range nestings[:4] {
		if _, err := Form(body, FormOptions{Nesting: n}); err == nil {
			t.Errorf("form %q: no error", n)
		}
	}
	if _, err := Multipart(body, FormOptions{}); err == nil {
		t.Error("multipart: no error")
	}
	if _, err := XML(append(append([]byte(`{"d":`), body...), '}'), nil, nil); err == nil {
		t.Error("xml: no error")
	}
}
