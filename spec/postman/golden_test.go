package postman

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads the collection of each file in testdata and compares the App
// and the warnings. go test -run Golden -update rewrites them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			app, version, warnings, err := Read(ar.Files[0].Data, Options{Location: "collection.json"})
			if err != nil {
				t.Fatal(err)
			}
			app.Source.Digest = ""
			text, err := json.MarshalIndent(app, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			var ws bytes.Buffer
			for _, w := range warnings {
				fmt.Fprintf(&ws, "%s %s: %s\n", w.Code, w.Where, w.Message)
			}
			want := []txtar.File{ar.Files[0], {Name: "app.json", Data: append(text, '\n')}, {Name: "warnings.txt", Data: ws.Bytes()}}
			if version != app.Source.Version {
				t.Errorf("version %q, source says %q", version, app.Source.Version)
			}
			got := txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: want})
			if *update {
				if err := os.WriteFile(file, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if old := txtar.Format(ar); !bytes.Equal(got, old) {
				t.Errorf("%s differs (-update rewrites it); got:\n%s", file, got)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ in, message, hint string }{
		"empty":       {"", "empty", "Export"},
		"blank":       {" \n\ufeff", "not JSON", "Export"},
		"only a mark": {"\ufeff", "empty", "Export"},
		"truncated":   {`{"info":{"name":"x"},"item":[{"na`, "before it is complete", "cut off"},
		"cut open":    {`{"info":`, "before it is complete", "cut off"},
		"not json":    {"openapi: 3.1.0", "not JSON", "v2.1"},
		"array":       {"[]", "JSON object", "v2.1"},
		"other":       {`{"openapi":"3.1.0","info":{}}`, "no item list", "v2.1"},
		"version 1":   {`{"id":"1","name":"x","order":[],"requests":[]}`, "format 1.0", "Collection v2.1"},
		"v1 schema":   {`{"info":{"schema":"https://schema.getpostman.com/json/collection/v1.0.0/collection.json"}}`, "format 1.0", "Collection v2.1"},
		"data dump":   {`{"version":1,"collections":[],"environments":[]}`, "format 1.0", "Collection v2.1"},
		"environment": {`{"name":"e","values":[],"_postman_variable_scope":"environment"}`, "environment", "connection"},
		"deep":        {strings.Repeat(`{"item":[`, 100000), "deeper", "check"},
	} {
		t.Run(name, func(t *testing.T) {
			app, _, _, err := Read([]byte(c.in), Options{})
			var e *ductape.Error
			if app != nil || !errors.As(err, &e) {
				t.Fatalf("app %v, error %v", app, err)
			}
			if e.Code != ductape.CodeInvalidInput || !strings.Contains(e.Message, c.message) || !strings.Contains(e.Hint, c.hint) {
				t.Errorf("%s %q, hint %q", e.Code, e.Message, e.Hint)
			}
		})
	}
}

// TestCodes finds every code of a warning in the table, and nothing else there.
func TestCodes(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Codes() {
		if known[c.Name] || c.Meaning == "" {
			t.Errorf("%s is there twice or says nothing", c.Name)
		}
		known[c.Name] = true
	}
	seen := map[string]bool{}
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, _, warnings, _ := Read(ar.Files[0].Data, Options{})
		for _, w := range warnings {
			seen[w.Code] = true
			if !known[w.Code] {
				t.Errorf("%s is not in Codes", w.Code)
			}
		}
	}
	for c := range known {
		if !seen[c] {
			t.Errorf("no golden file shows %s", c)
		}
	}
}

// TestHostile reads texts made to be large, or slow to read: what takes
// quadratic time here takes minutes.
func TestHostile(t *testing.T) {
	item := func(url, body string) string {
		q := func(s string) string { b, _ := json.Marshal(s); return string(b) }
		return `{"info":{"name":"x"},"variable":[{"key":"a","value":"{{b}}{{b}}{{b}}{{b}}{{b}}{{b}}{{b}}{{b}}"},{"key":"b","value":"{{c}}{{c}}{{c}}{{c}}{{c}}{{c}}{{c}}{{c}}"},{"key":"c","value":"{{d}}{{d}}{{d}}{{d}}{{d}}{{d}}{{d}}{{d}}"},{"key":"d","value":"{{a}}x"}],` +
			`"item":[{"name":"n","request":{"method":"POST","url":` + q(url) + `,"body":{"mode":"raw","raw":` + q(body) + `}}}]}`
	}
	const n = 1 << 16
	for name, in := range map[string]string{
		"open variables": item("https://x.test/"+strings.Repeat("{{", n), "["+strings.Repeat("{{", n)),
		"open pairs":     item("https://x.test/?"+strings.Repeat("{{&", n), strings.Repeat("/*", n)),
		"growing":        item("https://x.test/{{a}}?"+strings.Repeat("{{a}}&", 1000), strings.Repeat("{{a}}", n)),
		"segments":       item("https://x.test/"+strings.Repeat("a/:b/", n), strings.Repeat(",", n)),
		"same query":     item("https://x.test/?"+strings.Repeat("a=1&", n), `"`+strings.Repeat("$", n)),
		"braces":         item("https://x.test/"+strings.Repeat("{", n), strings.Repeat("{", n)),
	} {
		app, _, _, err := Read([]byte(in), Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		size := len(mustJSON(t, app))
		if size > 40*len(in) {
			t.Errorf("%s: %d bytes from %d", name, size, len(in))
		}
	}
}

// FuzzRead checks what holds for every text: no panic, unique tags, valid
// placeholders, known codes, and the same again.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[0].Data)
	}
	known := map[string]bool{}
	for _, c := range Codes() {
		known[c.Name] = true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		app, version, warnings, err := Read(data, Options{})
		if err != nil {
			var e *ductape.Error
			if !errors.As(err, &e) || e.Hint == "" {
				t.Fatalf("error without a hint: %v", err)
			}
			return
		}
		again, _, _, _ := Read(data, Options{})
		if !bytes.Equal(mustJSON(t, app), mustJSON(t, again)) {
			t.Fatal("reading twice gives two Apps")
		}
		for _, w := range warnings {
			if !known[w.Code] {
				t.Fatalf("unknown code %s", w.Code)
			}
		}
		if version == "" {
			t.Fatal("no version")
		}
		checkApp(t, app)
	})
}

func checkApp(t *testing.T, app *ductape.App) {
	tags := map[string]bool{}
	for _, a := range app.Actions {
		if a.Tag == "" || tags[a.Tag] {
			t.Fatalf("tag %q", a.Tag)
		}
		tags[a.Tag] = true
		for _, alt := range a.Security {
			for _, need := range alt {
				if app.Auth(need.Auth) == nil {
					t.Fatalf("no auth %q", need.Auth)
				}
			}
		}
		for _, p := range a.Params {
			var s string
			if p.Default != nil {
				if err := json.Unmarshal(p.Default, &s); err != nil {
					t.Fatal(err)
				}
				if _, err := placeholder.Parse(s); err != nil {
					t.Fatalf("default %q: %v", s, err)
				}
			}
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
