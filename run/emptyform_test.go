package run_test

import "testing"

// Servers that take forms look for the Content-Type of an empty one, too.
func TestAFormLeftOutIsAnEmptyForm(t *testing.T) {
	w := newWorld(t)
	for _, input := range []string{``, `{"body":{}}`, `{"body":null}`} {
		want := "POST /base/form\nAuthorization: Bearer tok_s3cret_value\nContent-Type: application/x-www-form-urlencoded"
		if got := w.sent("form_thing", input); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", input, got, want)
		}
	}
	if got, want := w.sent("create_thing", `{}`), "POST /base/things\nAuthorization: Bearer tok_s3cret_value"; got != want {
		t.Errorf("JSON left out: got\n%s\nwant\n%s", got, want)
	}
}
