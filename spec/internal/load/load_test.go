package load

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What YAML means as JSON. Numbers keep their text where JSON can write it.
func TestYAML(t *testing.T) {
	for in, want := range map[string]string{
		"a: 1\nb: [x, 'y', \"z\\n\"]\n":         `{"a":1,"b":["x","y","z\n"]}`,
		"a: 1.10\nb: 12345678901234567890\n":    `{"a":1.10,"b":12345678901234567890}`,
		"a: 0x1F\nb: 0o17\nc: 007\nd: 1_000\n":  `{"a":31,"b":15,"c":"007","d":"1_000"}`,
		"a: .5\nb: +3\nc: -.5\nd: 1.\ne: .inf":  `{"a":0.5,"b":3,"c":-0.5,"d":1.0,"e":".inf"}`,
		"a: .\nb: -.\nc: +\nd: ..\ne: [., ',']": `{"a":".","b":"-.","c":"+","d":"..","e":[".",","]}`,
		"a: yes\nb: True\nc: ~\nd:\ne: null":    `{"a":"yes","b":true,"c":null,"d":null,"e":null}`,
		"200: ok\ntrue: x\nnull: y\n":           `{"200":"ok","true":"x","null":"y"}`,
		"a: !!str 1\nb: '1'\nc: 2001-01-01\n":   `{"a":"1","b":"1","c":"2001-01-01"}`,
		"a: &x {b: 1}\nc: *x\n":                 `{"a":{"b":1},"c":{"b":1}}`,
		"a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}": `{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}`,
		"a: {<<: [{b: 1}, {b: 2, c: 3}]}":       `{"a":{"b":1,"c":3}}`,
		"a: |\n  x\n  y\nb: >\n  x\n  y\n":      `{"a":"x\ny\n","b":"x y\n"}`,
		"---\na: 1\n---\nb: 2\n":                `{"a":1}`,
		"---\n# nothing\n---\n---\nb: 2\n":      `{"b":2}`,
		"a: 1\na: 2\n":                          `{"a":2}`,
		"a:\n\tb: 1\n":                          `{"a":{"b":1}}`,
		"a: x\x07y\n":                           `{"a":"x y"}`,
		"%YAML 1.2\n---\na: 1\n":                `{"a":1}`,
		"# x\n\n%YAML 1.1 # y\n---\na: 1\n":     `{"a":1}`,
		"\ufeff%YAML  1.2\r\n---\r\na: 1\r\n":   `{"a":1}`,
		"%YAML 1.2\n---\na:\n\tb: 1\n":          `{"a":{"b":1}}`,
		"%YAML 1.2\n--- |\n%YAML 1.2\n":         `"%YAML 1.2\n"`,
		"{a: 1, 'b': 2,}":                       `{"a":1,"b":2}`,
		"{\"a\": 1, // no\n}":                   `{"a":1,"// no":null}`,
	} {
		doc, err := Document([]byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := string(doc.Root().Raw()); got != want {
			t.Errorf("%q gives %s, want %s", in, got, want)
		}
	}
}

// What a stream holds behind its first document is said to be left out, as what
// stands behind a JSON text is.
func TestFurtherDocuments(t *testing.T) {
	for in, want := range map[string]string{
		"a: 1\n":                            "",
		"---\na: 1\n...\n":                  "",
		"---\na: 1\n---\n":                  "",
		"---\na: 1\n---\n# nothing\n":       "",
		"---\na: 1\n---\nb: 2\n":            "trailing_text",
		"---\na: 1\n---\n---\nb: 2\n":       "trailing_text",
		"a: 1\n...\n%YAML 1.2\n---\nb: 2\n": "trailing_text",
		"a: 1\n---\nb: [\n":                 "trailing_text",
		"%YAML 1.3\n---\na: 1\n":            "yaml_repaired",
		"\"a\": 1\n\"b\": {\"c\": 2}\n":     "",
	} {
		doc, err := Document([]byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		got := ""
		for _, r := range doc.Repairs {
			got += r.Code
		}
		if got != want {
			t.Errorf("%q: reported %q, want %q", in, got, want)
		}
	}
}

func TestVersionOfYAML(t *testing.T) {
	for _, in := range []string{"%YAML 2.0\n---\na: 1\n", "%YAML 1.2\n%YAML 1.2\n---\na: 1\n"} {
		if _, err := Document([]byte(in)); err == nil {
			t.Errorf("%q was read", in)
		}
	}
}

func TestBombs(t *testing.T) {
	wide := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	merged := "a0: &a0 {x: 1}\n"
	for i := range 12 {
		at, prev := string(rune('b'+i)), "a0"
		if i > 0 {
			prev = string(rune('a' + i))
		}
		wide += at + ": &" + at + " [" + strings.Repeat("*"+prev+",", 10) + "]\n"
		merged += at + ": &" + at + " {<<: [" + strings.Repeat("*"+prev+",", 10) + "]}\n"
	}
	for _, text := range []string{wide, merged} {
		if _, err := Document([]byte(text)); !errors.Is(err, ErrBomb) {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzDocument(f *testing.F) {
	for _, s := range []string{"a: &x [1, *x]\n", "a: {<<: *b}\nb: &b {<<: *b}\n", "? [a]\n: b\n", "a:\n\t- \x00\n", "{a: 1,}", "%YAML 1.1\n---\na: 1", "%YAML 1.2\n---\na: 1\n---\nb: 2"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		begun := time.Now()
		doc, err := Document(data)
		if spent := time.Since(begun); spent > 20*time.Second {
			t.Fatalf("%d bytes took %v", len(data), spent)
		}
		if err == nil && doc.Size() > 1<<20+21*len(data) {
			t.Fatalf("%d bytes became %d", len(data), doc.Size())
		}
	})
}

// What was mended is said, and nothing that was not.
func TestRepairsAreTrue(t *testing.T) {
	for in, want := range map[string]string{
		"a:\n\tb: 1\n":                  "tabs in the indentation were read as 2 spaces",
		"a: x\x07y\n":                   "control characters were read as spaces",
		"a: caf\xe9\n":                  "bytes that are not UTF-8 were replaced",
		"a:\n\tb: \"x\x01\"\nc: \xe9\n": "tabs in the indentation were read as 2 spaces, control characters were read as spaces, bytes that are not UTF-8 were replaced",
	} {
		doc, err := Document([]byte(in))
		if err != nil || len(doc.Repairs) != 1 || doc.Repairs[0].Message != want {
			t.Errorf("%q: %v, %v, want %s", in, err, doc, want)
		}
	}
}
