package spec_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

const hostileHead = `{"openapi":"3.0.0","info":{"title":"H","version":"1"},"paths":{"/a":{"get":{"responses":{}}}},"x":`

// What nobody writes by accident gives an answer, or an error with a hint.
func TestHostile(t *testing.T) {
	yaml := "openapi: 3.0.0\ninfo: {title: t, version: 1}\npaths: {}\n"
	for name, c := range map[string]struct {
		text    string
		actions int // -1: refused
	}{
		"100,000 levels of arrays":  {hostileHead + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}", -1},
		"100,000 levels of objects": {hostileHead + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_001), -1},
		"16 MB of brackets":         {strings.Repeat("[", 16<<20), -1},
		"YAML, 100,000 levels":      {yaml + "x: " + strings.Repeat("[", 100_000), -1},
		"YAML, many aliases":        {yaml + "b: &b {a: 1}\nl:\n" + strings.Repeat("  - *b\n", 100_000), 0},
		"YAML, merge bomb":          {yaml + "b: &b {" + strings.Repeat("k: 1, ", 5000) + "z: 1}\nc: &c [" + strings.Repeat("*b, ", 5000) + "]\nd: [" + strings.Repeat("*c, ", 5000) + "]\n", -1},
		"YAML, alias in itself":     {yaml + "p: &p\n  a: *p\n", -1},
		"UTF-16":                    {utf16LE(hostileHead + "1}"), 1},
		"byte order mark":           {"\xef\xbb\xbf" + hostileHead + "1}", 1},
		"broken UTF-8":              {hostileHead + "\"\xff\xc3\x28\"}", 1},
		"NUL":                       {strings.Repeat("\x00", 1000), -1},
		"long key":                  {hostileHead + `{"` + strings.Repeat("k", 3<<20) + `":1}}`, 1},
		"repeated keys":             {hostileHead + "{" + strings.Repeat(`"a":1,`, 100_000) + `"a":1}}`, 1},
		"one operationId":           {samePaths(20_000, `"operationId":"same",`), 20_000},
		"one name":                  {samePaths(20_000, ""), 20_000},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := spec.Read(spec.Source{Location: "h", Data: []byte(c.text)}, spec.Options{})
			var e *ductape.Error
			switch {
			case c.actions < 0 && (!errors.As(err, &e) || e.Hint == ""):
				t.Errorf("got %v, want an error with a hint", err)
			case c.actions >= 0 && err != nil:
				t.Error(err)
			case c.actions >= 0 && len(res.App.Actions) != c.actions:
				t.Errorf("%d actions, want %d", len(res.App.Actions), c.actions)
			}
		})
	}
}

// A description that is cut off anywhere is an error with a hint, never a part
// of an answer.
func TestCutOff(t *testing.T) {
	text := hostileHead + `{"a":["b",1.5e3,true,null,"\u00e9"]}}`
	for i := range len(text) {
		_, err := spec.Read(spec.Source{Data: []byte(text[:i])}, spec.Options{})
		var e *ductape.Error
		if !errors.As(err, &e) || e.Hint == "" {
			t.Errorf("cut off after %d bytes: %v", i, err)
		}
	}
}

func samePaths(n int, id string) string {
	var b strings.Builder
	b.WriteString(`{"openapi":"3.0.0","info":{"title":"H","version":"1"},"paths":{"/":{}`)
	for i := range n {
		fmt.Fprintf(&b, `,"/same/{a%d}":{"get":{%s"responses":{}}}`, i, id)
	}
	return b.String() + "}}"
}

func utf16LE(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}
