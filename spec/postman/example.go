package postman

import (
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// jsonExample reads the text of a JSON body as Postman sends it: variables in
// and outside of strings, comments and trailing commas allowed.
func (t *target) jsonExample(raw, at string) (sample.Value, bool) {
	v, err := sample.Parse([]byte(t.plainJSON(raw, at)))
	return v, err == nil
}

// plainJSON returns raw as JSON: a variable outside a string becomes a string
// of its own, so that the text parses.
func (t *target) plainJSON(raw, at string) string {
	var b strings.Builder
	lastVar, lastComment := strings.LastIndex(raw, "}}"), strings.LastIndex(raw, "*/")
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			end := stringEnd(raw, i)
			if strings.HasPrefix(strings.TrimLeft(raw[end:], " \t\r\n"), ":") {
				b.WriteString(t.jsonName(raw[i:end], at))
			} else {
				b.WriteString(t.jsonString(raw[i:end], at))
			}
			i = end
		case strings.HasPrefix(raw[i:], "{{") && i < lastVar:
			end := i + strings.Index(raw[i:], "}}") + 2
			b.Write(sample.Quote(t.vars.fill(t.scope, raw[i:end], at).text))
			t.vars.keepType(t.scope, strings.TrimSpace(raw[i+2:end-2]))
			i = end
		case strings.HasPrefix(raw[i:], "//"):
			i = lineEnd(raw, i)
		case strings.HasPrefix(raw[i:], "/*") && i+1 < lastComment:
			i += strings.Index(raw[i+2:], "*/") + 4
		case c == ',' && closes(raw[i+1:]):
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// stringEnd returns where the JSON string that begins at i ends.
func stringEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// closes reports whether only space stands before the next ] or }.
func closes(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return strings.HasPrefix(s, "]") || strings.HasPrefix(s, "}")
}

// lineBreaks escapes raw line breaks and tabs in a JSON string.
var lineBreaks = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)

// jsonName writes the values of variables into the name of a member, which
// takes no references.
func (t *target) jsonName(quoted, at string) string {
	quoted = lineBreaks.Replace(quoted)
	if !strings.Contains(quoted, "{{") {
		return quoted
	}
	v, err := sample.Parse([]byte(quoted))
	if err != nil {
		return quoted
	}
	return string(sample.Quote(t.name(v.Text(), at)))
}

// jsonString fills the variables of a JSON string.
func (t *target) jsonString(quoted, at string) string {
	quoted = lineBreaks.Replace(quoted)
	if !strings.ContainsAny(quoted, "{$") {
		return quoted
	}
	v, err := sample.Parse([]byte(quoted))
	if err != nil {
		return quoted
	}
	return string(sample.Quote(t.vars.fill(t.scope, v.Text(), at).text))
}
