package tree

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) *Doc {
	t.Helper()
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return doc
}

func TestNode(t *testing.T) {
	root := parse(t, ` {"a": {"b/c": [1, "x\u0041\"", true, null, {"d~e": -0.50e+3}]}, "t": "true", "n": 1.10} `).Root()
	list := root.Get("a").Get("b/c")
	if list.Len() != 5 || root.Len() != 3 || !list.IsArray() || !root.IsObject() {
		t.Errorf("lengths %d, %d", list.Len(), root.Len())
	}
	var texts []string
	for item := range list.Items() {
		texts = append(texts, item.Scalar())
	}
	if want := []string{"1", `xA"`, "true", "", ""}; !reflect.DeepEqual(texts, want) {
		t.Errorf("got %q, want %q", texts, want)
	}
	if got := root.Get("n").Scalar(); got != "1.10" {
		t.Errorf("number text %s", got)
	}
	if !root.Get("t").True() || root.Get("missing").Get("deeper").OK() {
		t.Error("truth values or missing members")
	}
}

// Pointers lead to the node they were made from.
func TestPointer(t *testing.T) {
	doc := parse(t, `{"a/b":[{"c~d":1},{"":[2,3]}],"e":{"f":"\u0067"}}`)
	for i := range doc.entries {
		n := Node{doc, uint32(i)}
		if back := doc.Pointer(n.Pointer()); back != n {
			t.Errorf("%q leads to %s, not %s", n.Pointer(), back.Raw(), n.Raw())
		}
	}
	if got := doc.Pointer("/a~1b/1//1"); string(got.Raw()) != "3" {
		t.Errorf("got %s", got.Raw())
	}
	for _, wrong := range []string{"x", "/a~1b/2", "/a~1b/x", "/e/f/g", "/nope"} {
		if doc.Pointer(wrong).OK() {
			t.Errorf("%s leads somewhere", wrong)
		}
	}
}

func TestRepairs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"a":1,"a":2}`, `{"a":2}`},
		{`{"a":1 , "b":{"x":1,"x":2},"a":3}`, `{"b":{"x":2},"a":3}`},
		{`{"a":1,"a":2,"a":3,"b":4}`, `{"a":3,"b":4}`},
		{"{\"a\":\"x\ty\x00z\"}", `{"a":"x\u0009y\u0000z"}`},
		{"{\"a\":\"\xff\"}", "{\"a\":\"\uFFFD\"}"},
		{`{"a":1} trailing`, `{"a":1}`},
	} {
		doc := parse(t, c.text)
		if got := compact(t, doc.Root().Raw()); got != compact(t, []byte(c.want)) || len(doc.Repairs) == 0 {
			t.Errorf("%q gives %s with %v, want %s", c.text, got, doc.Repairs, c.want)
		}
	}
}

func compact(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

func TestManyDuplicates(t *testing.T) {
	var b strings.Builder
	for range 3 {
		for i := range 40 {
			b.WriteString(`,"k` + itoa(i) + `":` + itoa(i))
		}
	}
	doc := parse(t, "{"+b.String()[1:]+"}")
	if doc.Root().Len() != 40 || len(doc.Repairs) == 0 {
		t.Errorf("%d members, %d repairs", doc.Root().Len(), len(doc.Repairs))
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		text      string
		line, col int
		truncated bool
	}{
		{"", 1, 1, true},
		{"{\n  \"a\": tru\n}", 2, 8, false},
		{`{"a":1,}`, 1, 8, false},
		{`["a\x"]`, 1, 4, false},
		{`[01]`, 1, 2, false},
		{"[1,\n2", 2, 2, true},
		{`{"a`, 1, 4, true},
		{`1 2`, 1, 3, false},
	} {
		_, err := Parse([]byte(c.text))
		var e *SyntaxError
		if !errors.As(err, &e) || e.Line != c.line || e.Column != c.col || e.Truncated != c.truncated {
			t.Errorf("%q: %v (%+v)", c.text, err, e)
		}
	}
}

// FuzzParse holds the scanner against encoding/json: what that accepts, this
// accepts with the same meaning; what this accepts is JSON once repaired.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,"\u00e9\n",true,null]}`, `{"a":1,"a":2}`, "{\"\x01\":\"\xff\"}", `{} x`, `"`, `[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Parse(data)
		if err != nil {
			if json.Valid(Text(data)) && !strings.Contains(err.Error(), "nested deeper") {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		if !json.Valid(doc.Root().Raw()) {
			t.Fatalf("not JSON: %q", doc.Root().Raw())
		}
		for i := range doc.entries {
			n := Node{doc, uint32(i)}
			_, _, _ = n.Key(), n.Scalar(), n.Len()
			if i < 50 && doc.Pointer(n.Pointer()) != n {
				t.Fatalf("pointer %q", n.Pointer())
			}
		}
	})
}

// The pointer to a child does not depend on which was asked for before.
func TestPointerOfManyChildren(t *testing.T) {
	const n = 1000
	var b strings.Builder
	b.WriteString(`{"list":[0`)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, `,{"a":%d}`, i)
	}
	b.WriteString(`]}`)
	doc, err := Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	var items []Node
	for item := range doc.Root().Get("list").Items() {
		items = append(items, item)
	}
	for _, i := range []int{0, 999, 500, 501, 502, 998, 1, 999} {
		if got, want := items[i].Pointer(), fmt.Sprintf("/list/%d", i); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
