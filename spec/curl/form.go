package curl

import (
	"strings"

	"github.com/ductape-go/ductape/spec/postman/sample"
)

// addForm reads name=content;type=…, name=@file, name=<file.
func (t *transfer) addForm(text string) {
	name, content, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		t.warn(optionIncomplete, t.where, "a form field that is no name=content was left out")
		return
	}
	f := sample.Field{Name: name}
	content, rest := formContent(content)
	for part := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(key) {
		case "":
		case "type":
			f.ContentType = strings.Trim(value, `"`)
		default:
			t.ignored(key + " of the form field " + name)
		}
	}
	switch {
	case strings.HasPrefix(content, "@"):
		f.File = true
		if strings.Contains(content, ",") {
			t.ignored("several files in one form field " + name)
		}
	case strings.HasPrefix(content, "<"):
		t.fromFile()
	case strings.HasPrefix(content, "(") && f.ContentType != "" || content == ")":
		t.ignored("the parts inside the form field " + name)
		return
	default:
		f.Value = content
	}
	t.form = append(t.form, f)
}

// formContent divides a field's content, which may be quoted, from what
// describes it: ;type= ;filename= ;headers= ;encoder=.
func formContent(s string) (content, rest string) {
	lead := ""
	if s != "" && (s[0] == '@' || s[0] == '<') {
		lead, s = s[:1], s[1:]
	}
	if strings.HasPrefix(s, `"`) {
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '"':
				return lead + b.String(), s[i+1:]
			case s[i] == '\\' && i+1 < len(s):
				i++
				fallthrough
			default:
				b.WriteByte(s[i])
			}
		}
		return lead + s, ""
	}
	end := len(s)
	for _, key := range [...]string{";type=", ";filename=", ";headers=", ";encoder="} {
		if i := strings.Index(s, key); i >= 0 {
			end = min(end, i)
		}
	}
	return lead + s[:end], s[end:]
}

// addFormString reads name=content where nothing in content is special.
func (t *transfer) addFormString(w word) {
	name, content, ok := strings.Cut(w.text, "=")
	if !ok || name == "" {
		t.warn(optionIncomplete, t.where, "a form field that is no name=content was left out")
		return
	}
	t.form = append(t.form, sample.Field{Name: name, Value: content})
}
