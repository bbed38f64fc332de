package placeholder_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
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

// The table is that of the TypeScript client's test: change both together.
func TestLiteral(t *testing.T) {
	for _, c := range []struct{ text, literal string }{
		{"", ""},
		{"plain", "$Literal{cGxhaW4}"},
		{"$Session{x}", "$Literal{JFNlc3Npb257eH0}"},
		{"$Auth{token_access}{token}", "$Literal{JEF1dGh7dG9rZW5fYWNjZXNzfXt0b2tlbn0}"},
		{"{pin}", "$Literal{e3Bpbn0}"},
		{"Now", "$Literal{Tm93}"},
		{"()", "$Literal{KCk}"},
		{"$Literal{YQ}", "$Literal{JExpdGVyYWx7WVF9}"},
		{"größe 🎉", "$Literal{Z3LDtsOfZSDwn46J}"},
		{"???>>>", "$Literal{Pz8_Pj4-}"},
		{"a\x00\n\"'\\", "$Literal{YQAKIidc}"},
	} {
		got := ductape.Literal(c.text)
		if got != c.literal {
			t.Errorf("Literal(%q) = %q, want %q", c.text, got, c.literal)
		}
		if back := evalText(t, got); back != c.text {
			t.Errorf("Literal(%q) evaluates to %q", c.text, back)
		}
	}
	// What is no UTF-8 becomes what JSON would carry.
	if got := ductape.Literal("a\xff\xfe"); evalText(t, got) != "a\ufffd\ufffd" {
		t.Errorf("%q is sent as %q", got, evalText(t, got))
	}
}

// Text that was put together with what its author wrote, each by itself and
// joined: every one of these was a reference, or lost something, once.
func TestLiteralDoesNotJoin(t *testing.T) {
	for _, c := range []struct{ head, text, tail, want string }{
		{"Price: $", "$Auth{token_access}{token}", "", "Price: $$Auth{token_access}{token}"},
		{"$Session{user}", "{pin}", "", evalText(t, "$Session{user}") + "{pin}"},
		{"$", "Now", "", "$Now"},
		{"$Now", "here", "", "1707494400000here"},
		{"$Now", "()", "", "1707494400000()"},
		{"$Session{user}{id}", "{", "", "42{"},
		{"$", "Session{user}", "", "$Session{user}"},
		{"$", "Session", "{user}{id}", "$Session{user}{id}"},
		{"$Secret", "{KEY}", "", "$Secret{KEY}"},
		{"", "$Secret", "{KEY}", "$Secret{KEY}"},
		{"", "x", "{KEY}", "x{KEY}"},
		{"", "x", "(KEY)", "x(KEY)"},
		{"$$", "x", "$$", "$$x$$"},
		{"$Literal{YQ}", "x", "$Literal{Yg}", "axb"},
	} {
		text := c.head + ductape.Literal(c.text) + c.tail
		if got := evalText(t, text); got != c.want {
			t.Errorf("%q + %q + %q is sent as %q, want %q", c.head, c.text, c.tail, got, c.want)
		}
	}
}

// As an argument it is a text like another; what is no literal is plain text
// where text stands, and an error where a value is wanted.
func TestLiteralElsewhere(t *testing.T) {
	for text, want := range map[string]string{
		"$Uppercase($Literal{JFNlY3JldHtLRVl9})":     "$SECRET{KEY}",
		"$Concat([$Literal{YQ}, 'b'], $Literal{LQ})": "a-b",
		"$Literal{}":     "",
		"$Literal{YR}":   "$Literal{YR}", // bits left over
		"$Literal{Y}":    "$Literal{Y}",
		"$Literal{YQ==}": "$Literal{YQ==}",
		"$Literal{_w}":   "$Literal{_w}", // no UTF-8
		"$Literal{Y\nQ}": "$Literal{Y\nQ}",
		"$Literal{YQ":    "$Literal{YQ",
		"$Literal(YQ)":   "$Literal(YQ)",
		"$$Literal{!}":   "$Literal{!}",
		"Literal{YQ}":    "Literal{YQ}",
		"$Default($Session{nope}, $Literal{YQ}){b}":    "a{b}",
		"$Literal{YQ}{YQ}":                             "a{YQ}",
		placeholder.Escape("$Literal{YQ} $Now $5 {x}"): "$Literal{YQ} $Now $5 {x}",
	} {
		if got := evalText(t, text); got != want {
			t.Errorf("%q is sent as %q, want %q", text, got, want)
		}
	}
	if _, err := placeholder.Parse("$Trim($Literal{!})"); err == nil {
		t.Error("an argument that is no literal is accepted")
	}
	got, err := placeholder.RenderJSON(nil, jsontext.Value(`["$Literal{IlwK}","a\u0024Literal{YQ}"]`), world, "input")
	if err != nil || string(got) != `["\"\\\n","aa"]` {
		t.Errorf("%s, %v", got, err)
	}
}

// heads and tails are what an author may write around literals.
var (
	heads = []string{
		"", "$", "$$", "$$$", "$Now", "$$Now", "$Now()", "$Session{user}{id}", "$Session{user}", "$S", "$Session", "$$Session", "Price: $", "$Secret", "{", "(",
		"$Trim('x')", "$Trim", "$Size{$Session{user}}", "$Literal", "$Literal{YQ}", "$$Literal{YQ}", "$Literal{", "$Literal{Y", "$5", "$a", "\\", "ä$",
	}
	tails = []string{
		"", "$", "$$", "{id}", "{x}", "}", "()", "(", "Now", "$Now", "here", "Session{user}", "$Session{user}{id}", "Literal{YQ}", "$Literal{YQ}", "$$Now", "Q}", "'", "_",
	}
)

// render(head + Literal(a) + Literal(b) + tail) is render(head) + a + b + render(tail).
// Where a and b are empty nothing stands between head and tail.
func checkLiterals(t *testing.T, a, b string) {
	t.Helper()
	for _, head := range heads {
		before := evalText(t, head)
		for _, tail := range tails {
			if a+b == "" && head != "" && tail != "" {
				continue
			}
			text := head + ductape.Literal(a) + ductape.Literal(b) + tail
			if got, want := evalText(t, text), before+a+b+evalText(t, tail); got != want {
				t.Fatalf("%q + %q + %q + %q is sent as %q, want %q", head, a, b, tail, got, want)
			}
		}
	}
}

func TestLiteralsAmongText(t *testing.T) {
	pieces := []string{"$", "$$", "Session", "Now", "{", "}", "(", ")", "user", "{id}", "$Secret{KEY}", "$Auth{token_access}{token}", "Literal", "YQ", "'", "\"", "\\", "\n", "ü", "🎉", "5", "_", "$Trim('')"}
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range r.IntN(5) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 100 {
		checkLiterals(t, text(), text())
	}
}

// Text that is escaped reads as itself, and stays readable.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "$5 $$5 ${x}": "$5 $$5 ${x}", "$Session{x}": "$$Session{x}", "a $$Now": "a $$$$Now", "$Unknown(x)": "$$Unknown(x)",
		"$Literal{YQ}": "$Literal{JExpdGVyYWx7WVF9}", "$$Literal{YQ}x": "$$Literal{JExpdGVyYWx7WVF9}x", "$Literal{Y}": "$$Literal{Y}",
	} {
		if got := placeholder.Escape(text); got != want || evalText(t, got) != text {
			t.Errorf("Escape(%q) = %q, want %q; it reads as %q", text, got, want, evalText(t, got))
		}
	}
}

func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"", "$", "$$5", "$Session{x}", "$$$Now", "a$Sec", "Secret{x}$Uppercase(", "$Literal{YQ}"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !valid(a) || !valid(b) {
			return
		}
		checkLiterals(t, a, b)
		if got := evalText(t, placeholder.Escape(a)); got != a {
			t.Errorf("Escape(%q) is read as %q", a, got)
		}
	})
}
