package placeholder_test

import (
	"testing"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

// session resolves against the session's data only, as a run does.
type session jsontext.Value

func (s session) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	v, ok := placeholder.Lookup(jsontext.Value(s), ref.Path)
	if !ok {
		return nil, placeholder.ErrUnresolved
	}
	return v, nil
}

const threeRefs = "/users/$Session{user}{id}/$Session{user}{name}?at=$Session{org}"

func newSession() placeholder.Resolver {
	return session(`{"user":{"id":"u_123","name":"Ana","email":"ana@example.com"},"org":"acme"}`)
}

func BenchmarkEvalText(b *testing.B) {
	tmpl, err := placeholder.Parse(threeRefs)
	if err != nil {
		b.Fatal(err)
	}
	r := newSession()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tmpl.EvalText(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	tmpl, err := placeholder.Parse(threeRefs)
	if err != nil {
		b.Fatal(err)
	}
	r := newSession()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tmpl.Eval(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMaybe(b *testing.B) {
	text := "a text without any placeholder, of a usual length, such as a sentence"
	b.ReportAllocs()
	for b.Loop() {
		if placeholder.Maybe(text) {
			b.Fatal("found one")
		}
	}
}

func BenchmarkRenderJSONWithout(b *testing.B) {
	raw := jsontext.Value(`{"email":"john@example.com","name":"John Doe","items":[1,2,3]}`)
	r := newSession()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := placeholder.RenderJSON(nil, raw, r, "input"); err != nil {
			b.Fatal(err)
		}
	}
}

// Filling needs the output and nothing else.
func TestAllocations(t *testing.T) {
	tmpl, err := placeholder.Parse(threeRefs)
	if err != nil {
		t.Fatal(err)
	}
	r := newSession()
	raw := jsontext.Value(`{"a":"b"}`)
	for name, c := range map[string]struct {
		most float64
		f    func()
	}{
		"EvalText":   {1, func() { _, _ = tmpl.EvalText(r) }},
		"Eval":       {1, func() { _, _ = tmpl.Eval(r) }},
		"RenderJSON": {0, func() { _, _ = placeholder.RenderJSON(nil, raw, r, "input") }},
	} {
		if got := testing.AllocsPerRun(100, c.f); got > c.most {
			t.Errorf("%s allocates %v times", name, got)
		}
	}
}
