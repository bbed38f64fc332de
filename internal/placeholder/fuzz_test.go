package placeholder_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func valid(s string) bool { return utf8.ValidString(s) }

var seeds = []string{
	"", "$5 $$5 ${x}", "$Session{user}{id}", "$$Session{x}", "$$$Session{user}{id}", "a $Now b $Now()c", "$Size{$Session{user}}",
	"$Default($Session{a}, {k: [1, 'x', \"y\\u00e9\"], \"z\": null})", "$Concat([$Session{user}{name}, 'x'], ' ')", "$Add(0.1, 1e3, '5')",
	`$Dateformat("2024-02-09T15:30:00", "dddd [at] hh:mm A")`, `$Filter([1,2,{a:1}], "!==", 3)`, "$Pick(", "$Session{", "$$$Literal{YQ}$Literal{!}$$Literal{Y}", "$Trim($Literal{JE5vdw})", "$Literal{JExpdGVyYWx7WVF9}", "$Join([[{id:1}],[]])",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := placeholder.Parse(text)
		if err != nil {
			var syntax *placeholder.SyntaxError
			if !errors.As(err, &syntax) || syntax.Column < 1 || syntax.Column > utf8.RuneCountInString(text)+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		printed := tmpl.String()
		again, err := placeholder.Parse(printed)
		if err != nil || !placeholder.Same(tmpl, again) || again.String() != printed {
			t.Fatalf("%q prints as %q, which is read as %q, %v", text, printed, again, err)
		}
		if got, ok := tmpl.Static(); ok && !strings.Contains(text, "$$") && !strings.Contains(text, "$Literal{") && got != text {
			t.Fatalf("%q is read as %q", text, got)
		}
		value, err := tmpl.Eval(world)
		if err == nil && !value.IsValid(jsontext.AllowDuplicateNames(true)) {
			t.Fatalf("%q gives %q", text, value)
		}
		var failed *placeholder.EvalError
		if err != nil && !errors.As(err, &failed) {
			t.Fatalf("%q: %v", text, err)
		}
		_, _ = tmpl.EvalText(world) // must not panic
	})
}

func FuzzRenderJSON(f *testing.F) {
	for _, s := range []string{`{"a":"$Session{user}{id}","b":["x $Now",1]}`, `"\u0024Now"`, `{"$Now":"$$Now"} `, `[`, `"$Session{"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		doc := jsontext.Value(raw)
		got, err := placeholder.RenderJSON(nil, doc, world, "input")
		if err != nil {
			return
		}
		if string(doc) != raw {
			t.Fatal("the document was changed")
		}
		if doc.IsValid() && !got.IsValid() {
			t.Fatalf("%s renders as %s", raw, got)
		}
		if !strings.Contains(raw, "$") && !strings.Contains(raw, `\u0024`) && string(got) != raw {
			t.Fatalf("%s renders as %s", raw, got)
		}
	})
}

// FuzzLookup compares with a decoder that checks everything.
func FuzzLookup(f *testing.F) {
	f.Add(string(world), "Session")
	f.Add(`[1,[2,{"a":"b"}]]`, "1")
	f.Add(`{"a\\":"\"}","b":[]}`, "b")
	f.Fuzz(func(t *testing.T, raw, name string) {
		got, ok := placeholder.Lookup(jsontext.Value(raw), []string{name})
		var want map[string]jsontext.Value
		if json.Unmarshal([]byte(raw), &want) != nil || want == nil {
			return
		}
		found, there := want[name]
		if ok != there || string(got) != string(found) {
			t.Fatalf("%s at %q: %s, %v; want %s, %v", raw, name, got, ok, found, there)
		}
	})
}
