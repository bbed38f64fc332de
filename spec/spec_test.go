package spec_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

const small = `{"openapi":"3.0.0","info":{"title":"Small","version":"1"},"servers":[{"url":"https://a.example"}],"paths":{"/a/{id}":{"get":{"parameters":[{"name":"id","in":"path","schema":{"$ref":"#/components/schemas/Id"}}]}}},"components":{"schemas":{"Id":{"type":"string","pattern":"^\\u0041\"$"}}}}`

const smallYAML = "openapi: 3.0.0\ninfo:\n  title: \"Sm\\x41ll\"\n  version: 'it''s'\nservers: [{url: https://a.example}]\npaths:\n  /a/{id}: &a\n    get:\n      description: |\n        one\n        two\n  /b: *a\n"

// Every beginning of a description gives an App or a clear error, never a panic.
func TestTruncated(t *testing.T) {
	for _, text := range []string{small, smallYAML} {
		for n := range len(text) {
			res, err := spec.Read(spec.Source{Data: []byte(text[:n])}, spec.Options{})
			if err == nil {
				checkApp(t, res.App)
				continue
			}
			var e *ductape.Error
			if !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput || e.Hint == "" {
				t.Fatalf("%d bytes: %v", n, err)
			}
			if text[0] == '{' && n > 0 && !strings.Contains(err.Error(), "cut off") {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
	}
}

func TestTooLarge(t *testing.T) {
	data := bytes.Repeat([]byte{' '}, spec.MaxSize+1)
	_, err := spec.Read(spec.Source{Location: "big.json", Data: data}, spec.Options{})
	if err == nil || !strings.Contains(err.Error(), "64 MB") {
		t.Errorf("got %v", err)
	}
}

func TestNestedTooDeeply(t *testing.T) {
	for _, text := range []string{
		`{"openapi":` + strings.Repeat("[", 100_000),
		`{"openapi":"3.0.0","x":` + strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000) + "}",
		"openapi: 3.0.0\nx: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
	} {
		if _, err := spec.Read(spec.Source{Data: []byte(text)}, spec.Options{}); err == nil {
			t.Error("no error")
		}
	}
}

func TestByteOrderMarks(t *testing.T) {
	utf16 := []byte{0xFF, 0xFE}
	for _, c := range []byte(small) {
		utf16 = append(utf16, c, 0)
	}
	for _, data := range [][]byte{append([]byte("\xEF\xBB\xBF"), small...), utf16, []byte(small + "\n;")} {
		res, err := spec.Read(spec.Source{Data: data}, spec.Options{})
		if err != nil || len(res.App.Actions) != 1 {
			t.Errorf("%q...: %v", data[:4], err)
		}
	}
}

func TestSniff(t *testing.T) {
	for _, c := range []struct{ text, format, version string }{
		{small, "openapi", "3.0.0"},
		{smallYAML, "openapi", "3.0.0"},
		{`{"swagger":"2.0"}`, "swagger", "2.0"},
		{"swagger: 2.0", "swagger", "2.0"},
		{"# a comment\n$ curl https://x.example", "curl", "1"},
		{"\ufeff> sudo /usr/bin/curl https://x.example", "curl", "1"},
		{"curl\thttps://x.example", "curl", "1"},
		{"TOKEN=abc\nexport BASE=\"https://x.example/v 1\"\n\ncurl $BASE", "curl", "1"},
		{"$TOKEN = 'a b'\ncurl.exe https://x.example", "curl", "1"},
		{"A=1 time curl https://x.example", "curl", "1"},
		{"echo '{}' | curl -d @- https://x.example", "curl", "1"},
		{"#!/usr/bin/env bash\nset -e\ncurl https://x.example", "curl", "1"},
		{`{"log":{"version":"1.2","entries":[]}}`, "har", "1.2"},
		{`{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[]}`, "postman", "2.1.0"},
	} {
		format, version, err := spec.Sniff([]byte(c.text))
		if format != c.format || version != c.version || err != nil {
			t.Errorf("%.40s: got %s %s %v", c.text, format, version, err)
		}
	}
	if _, _, err := spec.Sniff([]byte("hello")); err == nil {
		t.Error("text is a description")
	}
}

func TestReferences(t *testing.T) {
	got := spec.References([]byte("paths:\n  /a: {$ref: paths/a.yaml}\n  /b: {$ref: 'paths/a.yaml#/x'}\n  /c: {$ref: '#/d'}\n  /e: {$ref: 'https://x.example/y.json#/z'}\n"))
	if want := []string{"paths/a.yaml", "https://x.example/y.json"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	own := spec.References([]byte(`{"$self":"https://a.example/api","a":{"$ref":"https://s.example/root#/$defs/x"},"b":{"$ref":"https://a.example/api#/c"},"c":{"$id":"https://s.example/root#"}}`))
	if len(own) > 0 {
		t.Errorf("got %q, which the description holds", own)
	}
}

// Every warning's code is in the table, and the table is in order.
func TestCodes(t *testing.T) {
	codes := spec.Codes()
	if !slices.IsSortedFunc(codes, func(a, b spec.Code) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not in order")
	}
	known := map[string]bool{}
	for _, c := range codes {
		known[c.Name] = c.Meaning != ""
	}
	for _, data := range goldenSources(t) {
		res, err := spec.Read(spec.Source{Data: data}, spec.Options{})
		if err != nil {
			continue
		}
		for _, w := range res.Warnings {
			if !known[w.Code] {
				t.Errorf("%s is in no table", w.Code)
			}
		}
	}
}

func goldenSources(t testing.TB) [][]byte {
	t.Helper()
	paths, err := filepath.Glob("openapi/testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	var out [][]byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, txtar.Parse(data).Files[0].Data)
	}
	return out
}

// FuzzRead reads any bytes: no panic, no hang, an App that keeps its promises or
// an error that says what to do, and the same both times.
func FuzzRead(f *testing.F) {
	for _, data := range goldenSources(f) {
		f.Add(data)
	}
	f.Add([]byte(small))
	f.Add([]byte(smallYAML))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := spec.Read(spec.Source{Data: data}, spec.Options{})
		again, errAgain := spec.Read(spec.Source{Data: data}, spec.Options{})
		if err != nil {
			var e *ductape.Error
			if !errors.As(err, &e) || errAgain == nil || err.Error() != errAgain.Error() {
				t.Fatalf("%v, then %v", err, errAgain)
			}
			return
		}
		if !reflect.DeepEqual(res, again) {
			t.Fatal("a second reading differs")
		}
		if res.Format != "postman" {
			checkApp(t, res.App)
		}
	})
}
