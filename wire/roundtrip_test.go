package wire

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// A reading takes the text of a parameter named "p" apart again, by nothing but
// its style.
type reading struct {
	name     string
	param    ductape.Param
	object   bool
	parse    func(string) []string
	excluded string // characters that the style cannot tell from its delimiters
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

var readings = []reading{
	{"query form array", ductape.Param{In: ductape.InQuery}, false, pairs("&", "p"), ""},
	{"query form list", ductape.Param{In: ductape.InQuery, Explode: no()}, false, list("p=", ","), ""},
	{"query form list, reserved", ductape.Param{In: ductape.InQuery, Explode: no(), AllowReserved: true}, false, list("p=", ","), "%"},
	{"query form object", ductape.Param{In: ductape.InQuery}, true, pairs("&", ""), ""},
	{"query form object list", ductape.Param{In: ductape.InQuery, Explode: no()}, true, list("p=", ","), ""},
	{"query pipes", ductape.Param{In: ductape.InQuery, Style: stylePipe}, false, list("p=", "%7C"), "|"},
	{"query spaces", ductape.Param{In: ductape.InQuery, Style: styleSpace}, false, list("p=", "%20"), " "},
	{"query deep object", ductape.Param{In: ductape.InQuery, Style: styleDeep}, true, deep, ""},
	{"path simple array", ductape.Param{In: ductape.InPath}, false, list("", ","), ""},
	{"path simple object", ductape.Param{In: ductape.InPath, Explode: yes()}, true, pairs(",", ""), ""},
	{"path label list", ductape.Param{In: ductape.InPath, Style: styleLabel}, false, list(".", ","), ""},
	{"path label array", ductape.Param{In: ductape.InPath, Style: styleLabel, Explode: yes()}, false, list(".", "."), "."},
	{"path matrix list", ductape.Param{In: ductape.InPath, Style: styleMatrix}, false, list(";p=", ","), ""},
	{"path matrix array", ductape.Param{In: ductape.InPath, Style: styleMatrix, Explode: yes()}, false, matrix, ""},
	{"cookie form array", ductape.Param{In: ductape.InCookie}, false, pairs("; ", "p"), ""},
	{"cookie form list", ductape.Param{In: ductape.InCookie, Explode: no()}, false, list("p=", ","), ""},
}

func unescape(s string) string {
	out, err := url.PathUnescape(s)
	if err != nil {
		return "unreadable: " + s
	}
	return out
}

func list(prefix, sep string) func(string) []string {
	return func(s string) (out []string) {
		rest, ok := strings.CutPrefix(s, prefix)
		if !ok {
			return []string{"no prefix: " + s}
		}
		for _, item := range strings.Split(rest, sep) {
			out = append(out, unescape(item))
		}
		return out
	}
}

// pairs reads name=value pairs: the values of one name, or names and values.
func pairs(sep, name string) func(string) []string {
	return func(s string) (out []string) {
		for _, pair := range strings.Split(s, sep) {
			k, v, _ := strings.Cut(pair, "=")
			if name == "" {
				out = append(out, unescape(k))
			} else if k != name {
				return []string{"another name: " + k}
			}
			out = append(out, unescape(v))
		}
		return out
	}
}

func matrix(s string) (out []string) {
	for _, pair := range strings.Split(s, ";")[1:] {
		_, v, _ := strings.Cut(pair, "=")
		out = append(out, unescape(v))
	}
	return out
}

func deep(s string) (out []string) {
	for _, pair := range strings.Split(s, "&") {
		k, v, _ := strings.Cut(pair, "=")
		k = strings.TrimSuffix(strings.TrimPrefix(k, "p%5B"), "%5D")
		out = append(out, unescape(k), unescape(v))
	}
	return out
}

// FuzzRoundTrip writes a list of texts in every style and reads it back.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{"a\x1fb", "a,b\x1fc;d\x1f", ":/?#[]@!$&'()*+,;=\x1f%41\x1f.", "é\x1f🚀\x1f\x00\r\n", "\x1f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, joined string) {
		if !utf8.ValidString(joined) || len(joined) > 1<<16 {
			return
		}
		texts := strings.Split(joined, "\x1f")
		for _, r := range readings {
			r.check(t, texts)
		}
	})
}

func (r *reading) check(t *testing.T, texts []string) {
	t.Helper()
	want := texts
	if r.object && len(want)%2 == 1 {
		want = append(slices.Clone(want), "")
	}
	if r.excluded != "" && strings.ContainsAny(strings.Join(want, ""), r.excluded) {
		return
	}
	p := r.param
	p.Name = "p"
	out, _, err := serializeParam(&p, "", jsonOf(want, r.object))
	if err != nil {
		if len(want) == 1 && want[0] == "" && p.In == ductape.InPath {
			return // an empty path is refused
		}
		t.Fatalf("%s: %v", r.name, err)
	}
	if len(want) == 1 && want[0] == "" && p.Style == styleMatrix {
		return // ";p": an empty list and a list of one empty text look alike
	}
	if got := r.parse(out); !slices.Equal(got, want) {
		t.Errorf("%s: %q\nread back %q\nwant      %q", r.name, out, got, want)
	}
	if i := strings.IndexFunc(out, func(c rune) bool { return c <= ' ' && p.In != ductape.InCookie || c >= 0x7f }); i >= 0 {
		t.Errorf("%s: not a URL's character in %q", r.name, out)
	}
}

// jsonOf writes an array of texts, or an object of names and values.
func jsonOf(texts []string, object bool) jsontext.Value {
	b := []byte{'['}
	if object {
		b[0] = '{'
	}
	for i, s := range texts {
		switch {
		case i > 0 && object && i%2 == 1:
			b = append(b, ':')
		case i > 0:
			b = append(b, ',')
		}
		b, _ = jsontext.AppendQuote(b, s)
	}
	return append(b, b[0]+2) // ']' is '[' + 2, '}' is '{' + 2
}

// FuzzNested writes any JSON object as a form in indices, reads the names back
// into a tree, and compares it with what encoding/json makes of the input.
func FuzzNested(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,{"c":"d"}]},"e":"~ é&=","f":[[1,2],[3]],"g":-0,"h":1e400}`))
	f.Add([]byte(`{"a":null,"b":[null,1],"c":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var tree map[string]any
		if dec.Decode(&tree) != nil || !readable(tree) || hasDuplicates(body) {
			return
		}
		form, err := Form(body, FormOptions{Nesting: ductape.NestIndices})
		if err != nil {
			return
		}
		got, want := treeOf(t, string(form)), textTree(tree)
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		if want == nil {
			w = []byte("{}")
		}
		if string(g) != string(w) {
			t.Errorf("%s\nread back %s\nwant      %s", form, g, w)
		}
	})
}

func hasDuplicates(body []byte) bool { return !jsontext.Value(body).IsValid() }

// readable reports whether no name could be taken for an index or a bracket.
func readable(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if strings.ContainsAny(k, "[]") || k != "" && strings.Trim(k, "0123456789") == "" || !readable(m) {
				return false
			}
		}
	case []any:
		for _, m := range v {
			if !readable(m) {
				return false
			}
		}
	}
	return true
}

// textTree is a tree with every scalar as text and without what is undefined.
func textTree(v any) any {
	out := map[string]any{}
	switch v := v.(type) {
	case nil:
		return nil
	case map[string]any:
		for k, m := range v {
			if m := textTree(m); m != nil {
				out[k] = m
			}
		}
	case []any:
		place := 0
		for _, m := range v {
			if m == nil {
				continue
			}
			if m := textTree(m); m != nil {
				out[string(json.RawMessage(itoa(place)))] = m
			}
			place++
		}
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	default:
		return v
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func itoa(i int) []byte { b, _ := json.Marshal(i); return b }

func treeOf(t *testing.T, form string) map[string]any {
	root := map[string]any{}
	for _, pair := range strings.Split(form, "&") {
		if form == "" {
			break
		}
		k, v, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(k)
		value, err2 := url.QueryUnescape(v)
		if err1 != nil || err2 != nil {
			t.Fatalf("unreadable pair %q", pair)
		}
		steps := strings.Split(strings.ReplaceAll(name, "]", ""), "[")
		node := root
		for _, s := range steps[:len(steps)-1] {
			next, ok := node[s].(map[string]any)
			if !ok {
				next = map[string]any{}
				node[s] = next
			}
			node = next
		}
		node[steps[len(steps)-1]] = value
	}
	return root
}
