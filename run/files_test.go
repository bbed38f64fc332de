package run_test

import (
	"context"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/run"
)

// A file is read anew for each attempt, in a field or as the whole body.
func TestFilesAreSentAgain(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "put_file", Method: "PUT", Resource: "/file", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/octet-stream"}}}})
	w.save()
	opened := 0
	photo := ductape.File{Name: "p.png", ContentType: "image/png", Size: 5, Open: func() (io.ReadCloser, error) {
		opened++
		return io.NopCloser(strings.NewReader("PHOTO")), nil
	}}
	s := &script{answers: []any{503}}
	call := w.call("put_file", `{"body":{"file":"a"}}`)
	call.Files, call.Retries = map[string]ductape.File{"a": photo}, 1
	if _, err := scripted(w, s, run.Limits{}).Run(context.Background(), call); err != nil {
		t.Fatal(err)
	}
	if len(s.seen) != 2 || s.seen[0] != "PUT PHOTO" || s.seen[1] != s.seen[0] || opened != 2 {
		t.Errorf("%q, opened %d times", s.seen, opened)
	}
}

func TestFileInMultipart(t *testing.T) {
	w := newWorld(t)
	s := &script{}
	call := w.call("upload", `{"body":{"title":"t","doc":{"file":"d"},"plain":{"file":"nobody"}}}`)
	call.Files = map[string]ductape.File{"d": ductape.FileBytes("d.txt", []byte("hello"))}
	if _, err := scripted(w, s, run.Limits{}).Run(context.Background(), call); err != nil {
		t.Fatal(err)
	}
	_, params, _ := strings.Cut(s.headers[0].Get("Content-Type"), "boundary=")
	form, err := multipart.NewReader(strings.NewReader(strings.TrimPrefix(s.seen[0], "POST ")), params).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.File["doc"][0].Open()
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(f)
	got := string(raw)
	if got != "hello" || form.File["doc"][0].Filename != "d.txt" || form.Value["title"][0] != "t" || form.Value["plain"][0] != `{"file":"nobody"}` {
		t.Errorf("%+v %q", form, got)
	}
}

// A file that would not go out is told, and not dropped.
func TestFilesThatAreNotSent(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ event, input, want string }{
		{"upload", `{"body":{"doc":{"file":"a"},"s":"file","more":{"file":1}}}`, `files.b: came with the call and is not sent: nothing in the body is {"file": "b"}`},
		{"upload", `{"body":{"doc":[{"file":"a"},{"x":{"file":"b"}}]}}`, "files.b: came with the call and is not sent"},
		{"upload", `{"body":{"doc":[{"file":"a"},{"file":"b"}]}}`, ""},
		{"create_thing", `{"body":{"file":"a"}}`, "files.a: came with the call and is not sent: application/json holds no files"},
		{"form_thing", `{"body":{"x":{"file":"a"}}}`, "files.a: came with the call and is not sent: application/x-www-form-urlencoded holds no files"},
		{"upload", `{}`, "files.a: came with the call and is not sent: there is no body"},
		{"get_thing", `{"id":"1"}`, "files.a: came with the call and is not sent: there is no body"},
		{"raw", `{"body":{"file":"a"}}`, `files.b: came with the call and is not sent`},
	} {
		call := w.call(c.event, c.input)
		call.Files = map[string]ductape.File{"a": ductape.FileBytes("a", nil), "b": ductape.FileBytes("b", nil)}
		if c.want == "" {
			if _, err := w.runCall(call); err != nil {
				t.Errorf("%s %s: %v", c.event, c.input, err)
			}
			continue
		}
		if got := w.refused(call, ductape.CodeInvalidInput); !strings.Contains(got, c.want) {
			t.Errorf("%s %s\ngot  %s\nwant %s", c.event, c.input, got, c.want)
		}
	}
}

func TestLines(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "bulk", Method: "POST", Resource: "/bulk", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/x-ndjson"}}}})
	w.save()
	if got := w.sent("bulk", `{"body":[{"a": 1},[2, 3],"x"]}`); !strings.HasSuffix(got, "\n\n{\"a\":1}\n[2,3]\n\"x\"") {
		t.Error(got)
	}
}

// What stands where a file must and leads to none is refused, and not sent as
// JSON.
func TestFilesThatAreNot(t *testing.T) {
	w := newWorld(t)
	w.addBody("send", "multipart/form-data", `{"type":"object","properties":{"file":{"type":"string","format":"binary"},"files":{"type":"array","items":{"type":"string","format":"binary"}}}}`, ductape.Field{Name: "file", Type: "string", Format: "binary"}, ductape.Field{Name: "files", Type: "array", Items: "string:binary"})
	w.addBody("put", "application/octet-stream", `{"type":"string"}`)
	for i, nesting := range []ductape.Nesting{"", ductape.NestBrackets, ductape.NestJSON, ""} {
		w.app.Settings.Nesting = nesting
		if i == 3 {
			w.app.Settings.Validate = ductape.ValidateStrict
		}
		w.save()
		for _, c := range []struct{ event, input, want string }{
			{"send", `{"body":{"file":{"file":"nope"}}}`, "input.body.file: names no file that came with the call (there are a, b)"},
			{"send", `{"file":{"file":"nope","filename":"x"}}`, "input.file: names no file that came with the call (there are a, b)"},
			{"send", `{"body":{"file":{"path":"/etc/passwd"}}}`, "input.body.file: is a path, which nothing here reads (send the file"},
			{"send", `{"body":{"file":{"a":1}}}`, "input.body.file: must be a file (give it as"},
			{"send", `{"body":{"files":["x",{"file":"nope"}]}}`, "input.body.files[1]: names no file that came with the call (there are a, b)"},
			{"put", `{"body":{"file":"nope"}}`, "input.body: names no file that came with the call (there are a, b)"},
			{"put", `{"body":{"path":"nope"}}`, "input.body: is a path"},
			{"put", `{"body":{"file":{"a":1},"path":["x"]}}`, "input.body: cannot be written as application/octet-stream"},
		} {
			call := w.call(c.event, c.input)
			call.Files = map[string]ductape.File{"b": ductape.FileBytes("b", nil), "a": ductape.FileBytes("a", nil)}
			if got := w.refused(call, ductape.CodeInvalidInput); !strings.Contains(got, c.want) {
				t.Errorf("%q %s\ngot  %s\nwant %s", nesting, c.input, got, c.want)
			}
		}
	}
	if got := w.refused(w.call("send", `{"body":{"file":{"file":"nope"}}}`), ductape.CodeInvalidInput); !strings.Contains(got, "(none came)") {
		t.Error(got)
	}
}
