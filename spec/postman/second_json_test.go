package postman_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// json compares tokens, and the top-level fields with their types.
func (q *s2request) json(raw string, want []json.Token, c *ductape.Content, at string) {
	got, err := s2tokens(string(c.Example))
	if err != nil || len(got) != len(want) {
		q.errorf("the example has %d tokens (%v), want %d: %s", len(got), err, len(want), c.Example)
		return
	}
	var fields []string
	depth := 0
	for i := range want {
		g, w := got[i], want[i]
		if d, ok := w.(json.Delim); ok {
			depth += map[json.Delim]int{'{': 1, '[': 1, '}': -1, ']': -1}[d]
		}
		name, isText := w.(string)
		gotText, gotIsText := g.(string)
		switch key, isKey := strings.CutPrefix(name, s2key); {
		case isKey:
			key = q.name(key, at)
			if gotText != s2key+key {
				q.errorf("member %q, want %q", gotText, key)
			}
			if depth == 1 {
				fields = append(fields, key)
			}
		case isText && gotIsText:
			q.text("body", gotText, name, at)
		case g != w:
			q.errorf("%v in the example, want %v", g, w)
		}
	}
	q.sum.Compared.JSONBodies++
	var have []string
	for _, f := range c.Fields {
		have = append(have, f.Name)
	}
	if strings.HasPrefix(strings.TrimSpace(raw), "{") && !slices.Equal(have, fields) {
		q.errorf("fields %q, want %q", have, fields)
	}
}

// s2key marks the name of a member among the tokens.
const s2key = "\x00"

// s2tokens lists the tokens of a JSON text, numbers as written.
func s2tokens(text string) ([]json.Token, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var out []json.Token
	var inObject []bool // of the arrays and objects that are open
	isKey := false
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if len(out) == 0 || len(inObject) > 0 {
				return nil, io.ErrUnexpectedEOF
			}
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch s, isText := t.(string); {
		case t == json.Delim('{') || t == json.Delim('['):
			inObject = append(inObject, t == json.Delim('{'))
			isKey = true
		case t == json.Delim('}') || t == json.Delim(']'):
			inObject = inObject[:len(inObject)-1]
			isKey = true
		case isText && isKey && len(inObject) > 0 && inObject[len(inObject)-1]:
			t, isKey = s2key+s, false
		default:
			isKey = true
		}
		out = append(out, t)
	}
}

// s2bare is a variable at the beginning of a text.
var s2bare = regexp.MustCompile("^" + s2var.String())

// s2json makes JSON of what Postman takes for it: a variable outside of a
// string becomes one, comments and commas at the end go.
func s2json(raw string) string {
	var out bytes.Buffer
	for i := 0; i < len(raw); i++ {
		rest := raw[i:]
		switch {
		case raw[i] == '"':
			n := 1
			for n < len(rest) && rest[n] != '"' {
				if rest[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n+1, len(rest))
			out.WriteString(strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(rest[:n]))
			i += n - 1
		case s2bare.MatchString(rest):
			v := s2bare.FindString(rest)
			out.WriteString(strconv.Quote(v))
			i += len(v) - 1
		case strings.HasPrefix(rest, "//"):
			line, _, _ := strings.Cut(rest, "\n")
			i += len(line) - 1
		case strings.HasPrefix(rest, "/*") && strings.Contains(rest, "*/"):
			i += strings.Index(rest, "*/") + 1
		case raw[i] == ',' && strings.IndexAny(strings.TrimLeft(rest[1:], " \r\n\t"), "]}") == 0:
		default:
			out.WriteByte(raw[i])
		}
	}
	return out.String()
}
