package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/ductape-go/ductape/internal/secret"
)

// formsOf lists the ways a secret travels, made by other code than the redactor's.
func formsOf(s string) map[string]string {
	out := map[string]string{
		"raw":           s,
		"query":         url.QueryEscape(s),
		"query lower":   lowerEscapes(url.QueryEscape(s)),
		"path":          url.PathEscape(s),
		"every byte":    everyByte(s),
		"userinfo":      url.User(s).String(),
		"hex":           hex.EncodeToString([]byte(s)),
		"HEX":           strings.ToUpper(hex.EncodeToString([]byte(s))),
		"base64":        base64.StdEncoding.EncodeToString([]byte(s)),
		"base64 raw":    base64.RawStdEncoding.EncodeToString([]byte(s)),
		"base64url":     base64.URLEncoding.EncodeToString([]byte(s)),
		"base64url raw": base64.RawURLEncoding.EncodeToString([]byte(s)),
		"basic":         base64.StdEncoding.EncodeToString([]byte("user:" + s)),
		"basic, first":  base64.StdEncoding.EncodeToString([]byte(s + ":password")),
		"quoted":        inner(strconv.Quote(s)),
		"quoted ascii":  inner(strconv.QuoteToASCII(s)),
		"url error":     (&url.Error{Op: "Get", URL: "http://h/?k=" + url.QueryEscape(s), Err: fmt.Errorf("x")}).Error(),
	}
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > 0xfffd }) {
		var b bytes.Buffer
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			panic(err)
		}
		out["xml"], out["html"] = b.String(), html.EscapeString(s)
	}
	if utf8.ValidString(s) {
		one, _ := json.Marshal(s)
		two, _ := jsonv2.Marshal(s)
		twice, _ := json.Marshal(string(one))
		out["json"], out["json v2"], out["json ascii"] = inner(string(one)), inner(string(two)), asciiJSON(s)
		out["json in json"] = inner(string(twice))
		out["json in json in query"] = url.QueryEscape(inner(string(twice)))
		out["json in json in json"] = inner(string(must(json.Marshal(string(twice)))))
		out["json of query"] = inner(string(must(json.Marshal(url.PathEscape(s)))))
	}
	for i := range 3 {
		long := strings.Repeat("p", i) + s + "tail"
		out[fmt.Sprint("base64 at ", i)] = base64.StdEncoding.EncodeToString([]byte(long))
		out[fmt.Sprint("base64url at ", i)] = base64.RawURLEncoding.EncodeToString([]byte(long))
	}
	return out
}

func TestEveryFormIsTakenOut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		s := randomSecret(r)
		red := secret.NewRedactor(secret.New(s))
		for name, form := range formsOf(s) {
			got := red.String("before " + form + " after")
			if strings.Contains(strings.ReplaceAll(got, secret.Redacted, "\x00"), core(form, name)) {
				t.Fatalf("%q as %s stays: %s", s, name, got)
			}
			if !strings.Contains(got, secret.Redacted) || !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") {
				t.Fatalf("%q as %s: %s", s, name, got)
			}
		}
	}
}

// core is the part of a form that must be gone: all of it, except where the form
// holds more than the secret.
func core(form, name string) string {
	if name == "url error" {
		return form[strings.Index(form, "?k=")+3 : strings.LastIndex(form, `"`)]
	}
	return form
}

func TestRedactorTable(t *testing.T) {
	for _, c := range []struct{ name, secrets, in, want string }{
		{"twice", "hunter22", "a hunter22 b hunter22", "a [redacted] b [redacted]"},
		{"longer first", "abcd abcdefgh", "abcdefgh", "[redacted]"},
		{"overlap leaves no tail", "abcdef defghi", "xabcdefghix", "x[redacted]x"},
		{"with itself", "aaaa", "baaaaaab", "b[redacted]b"},
		{"short, alone", "abc", "abc /abc/ \"abc\" x-abc_abc=%61bc abc", "[redacted] /[redacted]/ \"[redacted]\" x-[redacted]_[redacted]=[redacted] [redacted]"},
		{"short, in words", "a 7", "data at 17 \u00e4a", "data at 17 \u00e4a"},
		{"short, in forms", "abc", "616263 YWJj 6162636 YWJjZ", "[redacted] [redacted] 6162636 YWJjZ"},
		{"short signs", "?!", "what?! x", "what[redacted] x"},
		{"xml", "<a&b>'\"", "<v>&lt;a&amp;b&gt;&apos;&quot;</v> &#60;a&#x26;b&#62;&#39;&#34; &amp; &nbsp; &#; &#x;", "<v>[redacted]</v> [redacted] &amp; &nbsp; &#; &#x;"},
		{"nothing there", "hunter22", "plain 100% of \\ it+", "plain 100% of \\ it+"},
		{"text around escapes stays", "hunter22", `%41 \n + hunter22 %zz \q`, `%41 \n + [redacted] %zz \q`},
		{"mixed percent", "a/b c&d", "x=a%2fb+c%26d&y=%41", "x=[redacted]&y=%41"},
		{"some of it escaped", "a/b-c/d", `"a\/b-c/d"`, `"[redacted]"`},
		{"padding goes", "abcd", "Basic YWJjZA== x", "Basic [redacted] x"},
	} {
		var vs []secret.Value
		for _, s := range strings.Fields(c.secrets) {
			vs = append(vs, secret.New(s))
		}
		if strings.Contains(c.secrets, "&") {
			vs = []secret.Value{secret.New(c.secrets)}
		}
		r := secret.NewRedactor(vs...)
		if got := r.String(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := string(r.Bytes([]byte(c.in))); got != c.want {
			t.Errorf("%s as bytes: %q", c.name, got)
		}
	}
}

func TestRedactorAdd(t *testing.T) {
	var none *secret.Redactor
	if none.String("x") != "x" {
		t.Error("a nil Redactor changes text")
	}
	if got := secret.NewRedactor(secret.New(" \tal pw ")).String("X-Told: al pw."); got != "X-Told: [redacted]." { // a header loses the blanks around its value
		t.Error(got)
	}
	r := secret.NewRedactor()
	r.Add(secret.New("al:pw"))
	h := r.Header(map[string][]string{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("al:pw"))}})
	if h["Authorization"][0] != "Basic [redacted]" {
		t.Errorf("got %v", h)
	}
}

func FuzzRedactor(f *testing.F) {
	f.Add("s3cr3t/+=%", `a "s3cr3t\/+=%25" %73`)
	f.Add("\x00000", "000")
	f.Add("\\u0041\\", `\\u0041\\ \ud83d\ude00 %`)
	f.Fuzz(func(t *testing.T, s, around string) {
		if len(s) < 4 || strings.Contains(secret.Redacted, s) {
			return
		}
		r := secret.NewRedactor(secret.New(s))
		got := r.String(around + s + around)
		for _, part := range strings.Split(got, secret.Redacted) {
			if strings.Contains(part, s) {
				t.Errorf("%q stays in %q", s, got)
			}
		}
	})
}

func BenchmarkRedactor(b *testing.B) {
	r := secret.NewRedactor(secret.New("sk_test_4eC39HqLyjWDarjtT1zdp7dc"), secret.New("user:password"))
	text := `upstream refused: Post "https://api.example.com/v1/customers?limit=10": dial tcp 203.0.113.7:443: connection refused`
	b.ReportAllocs()
	for b.Loop() {
		r.String(text)
	}
}

func randomSecret(r *rand.Rand) string {
	alphabets := []string{
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
		"+/=%\\\"'<>&?#: \t\n ~!*()[]{}",
		"äöü€😀漢字\u2028\u0000é",
		"\xff\xfe\x80a",
	}
	alphabet := []rune(strings.Join(alphabets[:1+r.IntN(3)], ""))
	var b strings.Builder
	for n := 4 + r.IntN(40); b.Len() < n; {
		b.WriteRune(alphabet[r.IntN(len(alphabet))])
	}
	if r.IntN(10) == 0 {
		b.WriteString(alphabets[3])
	}
	return b.String()
}

func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToLower(s[i:i+3]))
		}
	}
	return string(b)
}

func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func asciiJSON(s string) string {
	var b strings.Builder
	for _, c := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04x`, c)
	}
	return b.String()
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// An API may tell back what it got in base64 or hex: the secret as it was written
// in the request.
func TestRedactorKnowsWhatWasWritten(t *testing.T) {
	const value = "&><XY*~a <''é\"Y&\\b\\"
	quoted := must(json.Marshal(value))
	form := strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(value))
	r := secret.NewRedactor(secret.New(value))
	for name, text := range map[string]string{
		"JSON":            `{"a":` + string(quoted) + `}`,
		"JSON, bare":      `{"a":"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"}`,
		"a query":         "/p?a=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20") + "&b=1",
		"a form":          "a=" + form + "&b=1",
		"XML":             "<a>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(value) + "</a>",
		"XML's attribute": `<a b="` + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(value) + `"/>`,
	} {
		for encoding, encode := range map[string]func([]byte) string{"base64": base64.StdEncoding.EncodeToString, "base64url": base64.RawURLEncoding.EncodeToString, "hex": hex.EncodeToString} {
			for _, before := range []string{"", "x", "xy"} {
				if got := r.String("told: " + encode([]byte(before+text)) + "."); !strings.Contains(got, secret.Redacted) {
					t.Errorf("%s in %s shows: %s", name, encoding, got)
				}
			}
		}
	}
}

// A header is sent without the blanks around its value, and repeated so.
func TestRedactorKnowsASecretWithoutItsBlanks(t *testing.T) {
	r := secret.NewRedactor(secret.New(" s3cret value \t"))
	for _, text := range []string{"got [s3cret value]", "got " + base64.StdEncoding.EncodeToString([]byte("[s3cret value]"))} {
		if got := r.String(text); !strings.Contains(got, secret.Redacted) || strings.Contains(got, "value") {
			t.Errorf("%q became %q", text, got)
		}
	}
}
