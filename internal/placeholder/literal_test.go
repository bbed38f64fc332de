package placeholder_test

import (
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
)

func evalText(t *testing.T, text string) string {
	t.Helper()
	tmpl, err := placeholder.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	got, err := tmpl.EvalText(world)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return got
}

func TestLiteral(t *testing.T) {
	for _, c := range []struct{ text, literal string }{
		{"", ""},
		{"plain", "plain"},
		{"costs $5 or $$5", "costs $5 or $$5"},
		{"$foo ${x} $(x)", "$foo ${x} $(x)"},
		{"$Session{x}", "$$Session{x}"},
		{"a $$Session{x}", "a $$$$Session{x}"},
		{"$Now.", "$$Now."},
		{"$Uppercase($Session{x})", "$$Uppercase($$Session{x})"},
		{"5 $", "5 $$$Trim('')"},
		{"5 $Sec", "5 $Sec$Trim('')"},
		{"$Now", "$$Now$Trim('')"},
		{"Secret{KEY}", "$Trim('')Secret{KEY}"},
	} {
		got := ductape.Literal(c.text)
		if got != c.literal {
			t.Errorf("Literal(%q) = %q, want %q", c.text, got, c.literal)
		}
		if back := evalText(t, got); back != c.text {
			t.Errorf("Literal(%q) evaluates to %q", c.text, back)
		}
	}
}

// Text from two users, side by side, must not make a reference.
func TestLiteralsSideBySide(t *testing.T) {
	for _, text := range []string{"$Secret{KEY}", "$$Session{user}{id}", "$Uppercase('x')", "$Now", "$Nowhere", "$$$", "a$Trim('')b"} {
		for i := range len(text) + 1 {
			if got := evalText(t, ductape.Literal(text[:i])+ductape.Literal(text[i:])); got != text {
				t.Errorf("%q + %q is sent as %q", text[:i], text[i:], got)
			}
		}
	}
}

// A $ that the author wrote before the user's text makes no reference of it.
func TestLiteralAfterADollar(t *testing.T) {
	if got := evalText(t, "$"+ductape.Literal("Secret{KEY}")); got == "s3cret" {
		t.Error("the user's text was read as a reference")
	}
}

func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"", "$", "$$5", "$Session{x}", "$$$Now", "a$Sec", "Secret{x}$Uppercase("} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !valid(a + b) {
			return
		}
		if got := evalText(t, ductape.Literal(a)); got != a {
			t.Errorf("Literal(%q) is sent as %q", a, got)
		}
		if got := evalText(t, ductape.Literal(a)+ductape.Literal(b)); got != a+b {
			t.Errorf("%q + %q is sent as %q", a, b, got)
		}
	})
}
