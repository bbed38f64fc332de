package placeholder_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/placeholder"
)

// nesting resolves $Variable{app}{n} to the template at n, which refers on.
type nesting struct {
	ev        *placeholder.Evaluation
	templates []string
	seen      int
}

func (n *nesting) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	n.seen++
	switch {
	case ref.Kind == placeholder.Secret:
		n.ev.MarkSecret()
		return jsontext.Value(`"s3cret"`), nil
	case ref.Kind != placeholder.Variable:
		return jsontext.Value(`"` + strings.Repeat("x", 1000) + `"`), nil
	}
	return n.ev.Nested(func() (jsontext.Value, error) {
		t, err := placeholder.Parse(n.templates[len(ref.Path[1])])
		if err != nil {
			return nil, err
		}
		return n.ev.Eval(t, n)
	})
}

func parsed(t *testing.T, text string) *placeholder.Template {
	t.Helper()
	tmpl, err := placeholder.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// What several templates take together is bounded, and what values take that
// refer to values.
func TestAnEvaluationIsBoundedAsAWhole(t *testing.T) {
	fifty := strings.Repeat("$Variable{app}{ii}", 50)
	for name, c := range map[string]struct {
		templates []string
		text      string
		times     int
		want      string
	}{
		"output":  {nil, "$Session{x}", 2000, "grows beyond 1048576 bytes"},
		"steps":   {nil, "$Length($Session{x})", 20_000, "takes more than 10000 steps"},
		"fan out": {[]string{"", strings.Repeat("$Variable{app}{ii}", 50), strings.Repeat("$Variable{app}{iii}", 50), strings.Repeat("$Variable{app}{iiii}", 50), "x"}, fifty, 1, "takes more than 10000 steps"},
		"nested":  {[]string{"", "$Trim('" + strings.Repeat("y", 1<<16) + "')"}, "$Length($Variable{app}{i})", 1000, "takes more than 10000 steps"},
		"circles": {[]string{"", "$Default($Variable{app}{i}, 'x')$Default($Variable{app}{i}, 'x')"}, "$Variable{app}{i}", 1, "takes more than 10000 steps"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := new(placeholder.Evaluation)
			r := &nesting{ev: ev, templates: c.templates}
			tmpl := parsed(t, c.text)
			var err error
			for i := 0; i < c.times && err == nil; i++ {
				_, err = ev.Eval(tmpl, r)
			}
			if !errors.Is(err, placeholder.ErrBounds) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.300v", err)
			}
			if r.seen > 11_000 {
				t.Errorf("%d references were resolved", r.seen)
			}
		})
	}
}

// A value that refers to itself does not resolve.
func TestCircles(t *testing.T) {
	ev := new(placeholder.Evaluation)
	r := &nesting{ev: ev, templates: []string{"", "$Variable{app}{i}"}}
	_, err := ev.Eval(parsed(t, "$Variable{app}{i}"), r)
	if !errors.Is(err, placeholder.ErrUnresolved) || !strings.Contains(err.Error(), "deeper than 32 levels") {
		t.Errorf("%.300v", err)
	}
}

// When the context ends, filling ends with its error.
func TestAnEvaluationEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ev := placeholder.NewEvaluation(ctx)
	raw := jsontext.Value("[" + strings.Repeat(`"$Session{x}",`, 500) + "1]")
	_, err := ev.RenderJSON(raw, &nesting{ev: ev}, "input")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%.300v", err)
	}
	var places placeholder.PlaceErrors
	if errors.As(err, &places) {
		t.Errorf("%d places are blamed", len(places))
	}
}

// What a function makes of a secret is told; what it makes of other values, and
// the text around, is not.
func TestDerivedValues(t *testing.T) {
	var derived, filled []string
	ev := &placeholder.Evaluation{
		Derived: func(v jsontext.Value) { derived = append(derived, string(v)) },
		Filled:  func(where string, v jsontext.Value) { filled = append(filled, where+" "+string(v)) },
	}
	r := &nesting{ev: ev, templates: []string{"", "v $Lowercase($Secret{K})"}}
	raw := jsontext.Value(`["a $Uppercase($Secret{K}) b $Uppercase('x')", "$Length($Session{x})", "$Secret{K}!", "$Variable{app}{i}", "$5"]`)
	if _, err := ev.RenderJSON(raw, r, "input"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(derived, " "); got != `"S3CRET" "s3cret"` {
		t.Errorf("derived: %s", got)
	}
	if got := strings.Join(filled, " "); got != `input[0] "a S3CRET b X" input[2] "s3cret!" input[3] "v s3cret"` {
		t.Errorf("filled: %s", got)
	}
}

// deep resolves $Variable{app}{nnn} through as many values as there are letters,
// the last of which refers to a session's text of some size.
type deep struct {
	ev   *placeholder.Evaluation
	size int
}

func (d deep) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	if ref.Kind == placeholder.Session {
		return jsontext.Value(`"` + strings.Repeat("x", d.size) + `"`), nil
	}
	next := "$Session{x}"
	if rest := ref.Path[1][1:]; rest != "" {
		next = "$Variable{app}{" + rest + "}"
	}
	return d.ev.Nested(func() (jsontext.Value, error) {
		t, err := placeholder.Parse(next)
		if err != nil {
			return nil, err
		}
		return d.ev.Eval(t, d)
	})
}

func TestHowDeepValuesMayRefer(t *testing.T) {
	for depth, want := range map[int]error{32: nil, 33: placeholder.ErrUnresolved} {
		ev := new(placeholder.Evaluation)
		_, err := ev.Eval(parsed(t, "$Variable{app}{"+strings.Repeat("n", depth)+"}"), deep{ev, 1})
		if !errors.Is(err, want) {
			t.Errorf("%d levels: %v, want %v", depth, err, want)
		}
	}
}

// A large value costs steps each time it is read by a function or handed from one
// value to another, also where little comes of it in the end.
func TestLargeValuesCostSteps(t *testing.T) {
	for _, c := range []struct {
		text  string
		times int
		want  error
	}{
		{"$Length($Session{x})", 9, nil},
		{"$Length($Session{x})", 10, placeholder.ErrBounds},
		{"$Variable{app}{" + strings.Repeat("n", 9) + "}", 1, nil},
		{"$Variable{app}{" + strings.Repeat("n", 10) + "}", 1, placeholder.ErrBounds},
	} {
		ev := new(placeholder.Evaluation)
		tmpl := parsed(t, c.text)
		var err error
		for i := 0; i < c.times && err == nil; i++ {
			_, err = ev.Eval(tmpl, deep{ev, 1 << 19})
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s, %d times: %v, want %v", c.text, c.times, err, c.want)
		}
	}
}
