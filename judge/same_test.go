package judge

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// same says what is wrong when the judge read another body than the input had:
// a field that was left out on the way may be optional, and the judge content.
func same(input []byte, contentType string, body io.Reader) error {
	var in struct{ Body any }
	kept, ok := body.(interface{ ValidatedValue() any })
	if !ok {
		return nil // there is no body, or no schema of it
	}
	text, err := json.Marshal(kept.ValidatedValue())
	if err != nil {
		return nil // the judge cannot write what it read
	}
	var got any
	if err := json.Unmarshal(text, &got); err != nil {
		return err
	}
	if err := json.Unmarshal(input, &in); err != nil {
		return err
	}
	want, agree := in.Body, reflect.DeepEqual
	switch {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"), strings.HasPrefix(contentType, "multipart/"), strings.Contains(contentType, "xml"):
		got, want, agree = formValue(got), formValue(want), formsAgree
	case !strings.Contains(contentType, "json"):
		return nil
	}
	if !agree(got, want) {
		sent, _ := json.Marshal(got)
		return fmt.Errorf("the body says other than the input: %s", sent)
	}
	return nil
}

// formsAgree reports whether two values of forms are equal. JSON in a field of no type may be
// meant as it is, or as a text.
func formsAgree(got, want any) bool {
	switch got := got.(type) {
	case map[string]any:
		want, ok := want.(map[string]any)
		same := ok && len(got) == len(want)
		for name := range got {
			same = same && formsAgree(got[name], want[name])
		}
		return same
	case []any:
		want, ok := want.([]any)
		same := ok && len(got) == len(want)
		for i := range got {
			same = same && formsAgree(got[i], want[i])
		}
		return same
	case string:
		switch want.(type) {
		case map[string]any, []any:
			var v any
			return json.Unmarshal([]byte(got), &v) == nil && reflect.DeepEqual(formValue(v), formValue(want))
		}
	}
	return reflect.DeepEqual(got, want)
}

// formValue is what a form can say of a value: texts, and nothing of null and of
// lists and objects without parts.
func formValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if data, ok := v["base64"].(string); ok && v["filename"] != nil {
			content, _ := base64.StdEncoding.DecodeString(data)
			return string(content)
		}
		out := map[string]any{}
		for name, part := range v {
			if said := formValue(part); said != nil {
				out[name] = said
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case []any:
		var out []any
		for _, part := range v {
			if said := formValue(part); said != nil {
				out = append(out, said)
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case nil:
		return nil
	}
	return fmt.Sprint(v)
}

func TestSame(t *testing.T) {
	for _, tc := range []struct {
		contentType, input, got string
		same                    bool
	}{
		{"application/json", `{"body":{"a":[1,null],"b":{}}}`, `{"a":[1,null],"b":{}}`, true},
		{"application/json", `{"body":{"a":[1,null],"b":{}}}`, `{"a":[1,null]}`, false},
		{"application/json", `{"body":{"a":1}}`, `{"a":"1"}`, false},
		{"application/x-www-form-urlencoded", `{"body":{"a":1,"b":null,"c":[],"d":{"e":true}}}`, `{"a":"1","d":{"e":true}}`, true},
		{"application/x-www-form-urlencoded", `{"body":{"a":1,"d":{"e":true,"f":1}}}`, `{"a":"1","d":{"e":true}}`, false},
		{"multipart/form-data; boundary=b", `{"body":{"a":{"filename":"a","base64":"aGk="}}}`, `{"a":"hi"}`, true},
		{"multipart/form-data; boundary=b", `{"body":{"a":{"filename":"a","base64":"aGk="}}}`, `{"a":"ho"}`, false},
		{"application/x-www-form-urlencoded", `{"body":{"a":{"b":1}}}`, `{"a":"{\"b\":1}"}`, true},
		{"application/x-www-form-urlencoded", `{"body":{"a":{"b":1}}}`, `{"a":"{\"b\":2}"}`, false},
		{"application/x-www-form-urlencoded", `{"body":{"a":[1,2]}}`, `{"a":["1","3"]}`, false},
		{"text/plain", `{"body":"a"}`, `"b"`, true},
	} {
		if err := same([]byte(tc.input), tc.contentType, kept{tc.got}); (err == nil) != tc.same {
			t.Errorf("%s as %s: %v", tc.input, tc.got, err)
		}
	}
}

type kept struct{ text string }

func (k kept) Read([]byte) (int, error) { return 0, io.EOF }

func (k kept) ValidatedValue() any { return json.RawMessage(k.text) }
