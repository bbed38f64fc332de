package placeholder_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

// values resolves references from a document: {"Session": {...}, "Now": 5}.
type values string

func (v values) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	found, ok := placeholder.Lookup(jsontext.Value(v), append([]string{ref.Kind.String()}, ref.Path...))
	if !ok {
		return nil, fmt.Errorf("no such value: %w", placeholder.ErrUnresolved)
	}
	return found, nil
}

const world = values(`{
	"Session": {"user": {"id": 42, "name": "Ana \"the\" Ö", "tags": ["a", "b"], "none": null, "evil": "$Secret{KEY} \u0024Now"}, "big": 12345678901234567890.10},
	"Auth": {"token_access": {"token": "tok"}},
	"Secret": {"KEY": "s3cret"},
	"Variable": {"app": {"region": "eu"}},
	"Constant": {"app": {"limit": 10}},
	"Input": {"body": {"email": "a@b.c", "list": [ {"x": 1}, {"x": 2} ]}},
	"Now": 1707494400000
}`)

func TestReferences(t *testing.T) {
	for _, c := range []struct{ text, value, asText string }{
		{"", `""`, ""},
		{"plain", `"plain"`, "plain"},
		{"$Session{user}{id}", "42", "42"},
		{"$Session{user}{tags}{1}", `"b"`, "b"},
		{"$Session{user}{tags}", `["a", "b"]`, `["a","b"]`},
		{"$Session{big}", "12345678901234567890.10", "12345678901234567890.10"},
		{"$Auth{token_access}{token}", `"tok"`, "tok"},
		{"Bearer $Secret{KEY}", `"Bearer s3cret"`, "Bearer s3cret"},
		{"$Variable{app}{region}-$Constant{app}{limit}", `"eu-10"`, "eu-10"},
		{"$Input{body}{list}{1}{x}", "2", "2"},
		{"$Now", "1707494400000", "1707494400000"},
		{"$Now()", "1707494400000", "1707494400000"},
		{"at $Now.", `"at 1707494400000."`, "at 1707494400000."},
		{"hi $Session{user}{name}!", `"hi Ana \"the\" Ö!"`, `hi Ana "the" Ö!`},
		{"x$Session{user}{tags}", `"x[\"a\",\"b\"]"`, `x["a","b"]`},
		{"x$Session{user}{evil}", `"x$Secret{KEY} \u0024Now"`, "x$Secret{KEY} $Now"},
		{"$Session{user}{evil}", `"$Secret{KEY} \u0024Now"`, "$Secret{KEY} $Now"},
		{"$$Session{x}", `"$Session{x}"`, "$Session{x}"},
		{"$$$Session{user}{id}", `"$42"`, "$42"},
		{"$$Now", `"$Now"`, "$Now"},
		{"$Nowhere $Now_ $now", `"$Nowhere $Now_ $now"`, "$Nowhere $Now_ $now"},
		{"$Default($Session{nope}, 'x')", `"x"`, "x"},
		{"$Default($Session{user}{none}, 5)", `5`, "5"},
		{"$Size{$Session{user}}", "5", "5"},
		{"$Length{ $Session{user}{tags} }", "2", "2"},
		{"$Length($Session{user}{name})", "11", "11"},
	} {
		tmpl, err := placeholder.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got, err := tmpl.Eval(world); err != nil || string(got) != c.value {
			t.Errorf("Eval %s = %s, %v; want %s", c.text, got, err, c.value)
		}
		if got, err := tmpl.EvalText(world); err != nil || got != c.asText {
			t.Errorf("EvalText %s = %s, %v; want %s", c.text, got, err, c.asText)
		}
	}
}

func TestPlainTextStays(t *testing.T) {
	for _, text := range []string{"$", "$$", "$5", "$$5", "$foo", "$$foo", "${x}", "$Unknown{x}", "$Unknown(x)", "a$", "$Session", "$Session(x)", "$Uppercase{x}", "$(x)", "\xff$5"} {
		tmpl, err := placeholder.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, ok := tmpl.Static(); !ok || got != text {
			t.Errorf("Static %q = %q, %v", text, got, ok)
		}
	}
}

func TestUnresolved(t *testing.T) {
	for _, text := range []string{"$Session{nope}", "x $Session{nope}", "x $Session{user}{none}", "$Size{$Session{nope}}"} {
		tmpl, err := placeholder.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tmpl.Eval(world)
		if !errors.Is(err, placeholder.ErrUnresolved) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What a $Default stands in for need not resolve, wherever in it it stands.
func TestOptionalReferences(t *testing.T) {
	tmpl, err := placeholder.Parse("$Session{a} $Default($Uppercase($Session{b}), $Session{c}) $Size{$Session{d}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range tmpl.Refs() {
		if ref.Optional != (ref.Path[0] == "b") {
			t.Errorf("%s: %v", ref.Text, ref.Optional)
		}
	}
}
