package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// secrets stand in the golden files' archives and must not be in their Apps.
var secrets = []string{"abcdef", "s3cret", "hunter2", "tok12345"}

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
			app, _, warnings, err := Read(ar.Files[0].Data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			app.Source = nil
			text, err := json.MarshalIndent(app, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			var ws bytes.Buffer
			for _, w := range warnings {
				fmt.Fprintf(&ws, "%s %s: %s\n", w.Code, w.Where, w.Message)
			}
			for _, s := range secrets {
				if strings.Contains(string(text)+ws.String(), s) {
					t.Errorf("the App or a warning holds %q", s)
				}
			}
			got := txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: []txtar.File{ar.Files[0], {Name: "app.json", Data: append(text, '\n')}, {Name: "warnings.txt", Data: ws.Bytes()}}})
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
	for _, in := range []string{"", "x", "{", "[]", "{}", `{"log":{"entries":[]}}`, `{"log":{"entries":[null,{"request":{"url":"data:x"}}]}}`, `{"log":{"entries":[{"request":`, strings.Repeat("[", 10000)} {
		app, _, _, err := Read([]byte(in), Options{})
		var e *ductape.Error
		if app != nil || !errors.As(err, &e) || e.Hint == "" || e.Code != ductape.CodeInvalidInput {
			t.Errorf("%q: %v, %v", in, app, err)
		}
	}
}

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
		app, _, warnings, err := Read(data, Options{})
		if err != nil {
			return
		}
		for _, w := range warnings {
			if !known[w.Code] {
				t.Fatalf("unknown code %s", w.Code)
			}
		}
		if _, err := json.Marshal(app); err != nil {
			t.Fatal(err)
		}
		tags := map[string]bool{}
		for _, a := range app.Actions {
			if tags[a.Tag] || a.Tag == "" {
				t.Fatalf("tag %q", a.Tag)
			}
			tags[a.Tag] = true
		}
	})
}

// Programs that write an archive leave the query out of the URL.
func TestTheListOfTheQuery(t *testing.T) {
	app, _, _, err := Read(archive(`{"request":{"method":"VERSION-CONTROL","url":"https://a.test/x?a=1&b%5B%5D=2","queryString":[
		{"name":"a","value":"1"},{"name":"b[]","value":"2"},{"name":"c d","value":"&"},{"name":"c d","value":"+"},{"name":"api_key","value":"0123456789abcdef"}]}}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range app.Actions[0].Params {
		got = append(got, p.Name+"="+string(p.Example))
	}
	if want := []string{`a="1"`, `b[]="2"`, `c d=["&","+"]`}; !slices.Equal(got, want) || len(app.Auths) != 1 || app.Actions[0].Method != "VERSION-CONTROL" {
		t.Errorf("got %q, auths %v, want %q", got, app.Auths, want)
	}
}
