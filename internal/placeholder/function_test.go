package placeholder_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/placeholder"
)

// The examples of the reference, then what it says in words.
func TestFunctions(t *testing.T) {
	for _, c := range []struct{ text, value string }{
		{`$Add(10, 20, 30)`, `60`},
		{`$Add('1', 76)`, `77`},
		{`$Add(0.1, 0.2)`, `0.3`},
		{`$Subtract(100, 20, 30)`, `50`},
		{`$Concat(["Hello", "World"], " ")`, `"Hello World"`},
		{`$Substring("Ductape", 0, 4)`, `"Duct"`},
		{`$Substring("4242", -2)`, `"42"`},
		{`$Trim("  Ductape  ")`, `"Ductape"`},
		{`$Split("a,b,c", ",")`, `["a","b","c"]`},
		{`$Pick("Hello", 1)`, `"e"`},
		{`$Pick(["a","b","c"], 2)`, `"c"`},
		{`$Join([[{id:1},{id:2}],[{id:3}]])`, `[{"id":1},{"id":2},{"id":3}]`},
		{`$Join(['John','Doe'], ' & ')`, `"John & Doe"`},
		{`$Uppercase("ductape")`, `"DUCTAPE"`},
		{`$Lowercase("DUCTAPE")`, `"ductape"`},
		{`$Dateformat("2024-02-09", "DD/MM/YYYY")`, `"09/02/2024"`},
		{`$Dateformat("2024-02-09T15:30:00", "hh:mm A")`, `"03:30 PM"`},
		{`$Replace("2024-02-09", "-", "/")`, `"2024/02/09"`},
		{`$Filter([1,2,3,4,5], ">", 3)`, `[4,5]`},
		{`$Find([1,4,6], ">", 4)`, `6`},

		{`$Add(-1.50, 1.5)`, `0`},
		{`$Add(1)`, `1`},
		{`$Add(12345678901234567890, 0.00000000000000000001)`, `12345678901234567890.00000000000000000001`},
		{`$Add(1e3, 1E-3)`, `1000.001`},
		{`$Subtract(0.3, 0.1)`, `0.2`},
		{`$Subtract(5, -0.005)`, `5.005`},
		{`$Subtract(0, 0.05)`, `-0.05`},
		{`$Concat(["n", 1.50], "")`, `"n1.50"`},
		{`$Concat([], "-")`, `""`},
		{`$Substring("Dücтape", 1, -1)`, `"ücтap"`},
		{`$Substring("abc", 2, 1)`, `""`},
		{`$Substring("abc", -9, 9)`, `"abc"`},
		{`$Split("äb", "")`, `["ä","b"]`},
		{`$Pick("äöü", 1)`, `"ö"`},
		{`$Pick([[1]], 0)`, `[1]`},
		{`$Join([])`, `[]`},
		{`$Join([], ',')`, `""`},
		{`$Join([[1],[2]], ',')`, `[1,2]`},
		{`$Uppercase("grün")`, `"GRÜN"`},
		{`$Filter([1.0, 1, "1", "a"], "==", 1)`, `[1.0,1,"1"]`},
		{`$Filter([1, 2, "1"], "!=", 1)`, `[2]`},
		{`$Filter([1, 2, "1"], "!==", 1)`, `[2,"1"]`},
		{`$Filter(["b","a"], "<=", "a")`, `["a"]`},
		{`$Filter([{a:1,b:2},{a:1}], "==", {b:2.0,a:1})`, `[{"a":1,"b":2}]`},
		{`$Filter([0.3], ">=", $Add(0.1, 0.2))`, `[0.3]`},
		{`$Filter([], ">", 1)`, `[]`},
		{`$Find([1], ">", 4)`, `null`},
		{`$Default($Find([1], ">", 4), 'none')`, `"none"`},
		{`$Default($Uppercase($Session{nope}), 'none')`, `"none"`},
		{`$Default("x", 'none')`, `"x"`},
		{`$Size{$Session{user}}`, `5`},
		{`$Length('äöü')`, `3`},
		{`$Length{$Split("a b", " ")}`, `2`},
		{`$Concat(['it\'s', "\"q\"", '\u00e9\ud83d\ude00\n'], "")`, `"it's\"q\"é😀\n"`},
		{`$Uppercase("$Session{user}{id}")`, `"$SESSION{USER}{ID}"`},
		{`$Uppercase($Session{user}{evil})`, `"$SECRET{KEY} $NOW"`},
		{`$Concat([$Session{user}{name}, $Session{user}{id}], ' ')`, `"Ana \"the\" Ö 42"`},
	} {
		t.Run(c.text, func(t *testing.T) {
			tmpl, err := placeholder.Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := tmpl.Eval(world); err != nil || string(got) != c.value {
				t.Errorf("= %s, %v; want %s", got, err, c.value)
			}
		})
	}
}

func TestDateformat(t *testing.T) {
	for _, c := range []struct{ date, pattern, want string }{
		{`"2024-02-09"`, "YYYY YY MMMM MMM MM M DD D dddd ddd", "2024 24 February Feb 02 2 09 9 Friday Fri"},
		{`"2024-02-09T05:04:03"`, "HH H hh h mm m ss s A a", "05 5 05 5 04 4 03 3 AM am"},
		{`"2024-02-09T00:00:00Z"`, "H h", "0 12"},
		{`"2024-02-09T15:30:00+02:00"`, "HH:mm", "15:30"},
		{`"2024-02-09 15:30:00.123-0500"`, "HH:mm:ss", "15:30:00"},
		{`"20240209T153000Z"`, "YYYY-MM-DD[T]HH:mm:ss[Z]", "2024-02-09T15:30:00Z"},
		{`1707494400000`, "YYYY-MM-DD HH:mm", "2024-02-09 16:00"},
		{`-1`, "YYYY ss", "1969 59"},
		{`$Now`, "YYYY", "2024"},
		{`"2024-02"`, "[Day] D, [[x]", "Day 1, [x"},
		{`"2024"`, "YYYY.MM.DD é", "2024.01.01 é"},
	} {
		text := "$Dateformat(" + c.date + `, "` + c.pattern + `")`
		if got := evalText(t, text); got != c.want {
			t.Errorf("%s = %q, want %q", text, got, c.want)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`$Uppercase(5)`, `column 12: $Uppercase, argument 1: must be text, is a number`},
		{`é $Uppercase($Session{user}{id})`, `column 14: $Uppercase, argument 1: must be text, is a number`},
		{`$Uppercase()`, `column 1: $Uppercase takes 1 argument, has 0: $Uppercase(s)`},
		{`$Uppercase('a', 'b')`, `column 1: $Uppercase takes 1 argument, has 2: $Uppercase(s)`},
		{`$Substring('a')`, `column 1: $Substring takes 2 to 3 arguments, has 1: $Substring(s, start[, end])`},
		{`$Substring('a', 1.5)`, `column 17: $Substring, argument 2: must be a whole number`},
		{`$Add(1, 'x')`, `column 9: $Add, argument 2: must be a number, is text`},
		{`$Add(1, null)`, `column 9: $Add, argument 2: must be a number, is null`},
		{`$Add(1, 1e999999999)`, `column 9: $Add, argument 2: must be a number of at most 1000 digits and an exponent of at most 1000`},
		{`$Concat('a', ',')`, `column 9: $Concat, argument 1: must be an array, is text`},
		{`$Concat(['a', {}], ',')`, `column 9: $Concat, argument 1: member 1 must be text or a number, is an object`},
		{`$Concat(["n", true], "")`, `column 9: $Concat, argument 1: member 1 must be text or a number, is a boolean`},
		{`$Join([false], "")`, `column 7: $Join, argument 1: member 0 must be text or a number, is a boolean`},
		{`$Pick('abc', 3)`, `column 14: $Pick, argument 2: 3 is out of range: there are 3 characters`},
		{`$Pick([1], -1)`, `column 12: $Pick, argument 2: -1 is out of range: there are 1 member`},
		{`$Join(['a'])`, `column 7: $Join, argument 1: member 0 must be an array, is text`},
		{`$Join([[1], 'a'], ',')`, `column 7: $Join, argument 1: member 1 must be an array, is text`},
		{`$Join(['a', [1]], ',')`, `column 7: $Join, argument 1: member 1 must be text or a number, is an array`},
		{`$Replace('a', '', 'b')`, `column 15: $Replace, argument 2: must not be empty`},
		{`$Filter([1], '=>', 2)`, `column 14: $Filter, argument 2: must be one of > < >= <= == != !==`},
		{`$Filter([{}], '>', 2)`, `column 9: $Filter, argument 1: member 0 is an object, which > cannot compare with a number`},
		{`$Dateformat('2024-13-01', 'YYYY')`, `column 13: $Dateformat, argument 1: is no date: write ISO 8601, such as 2024-02-09T15:30:00Z, or milliseconds since 1970`},
		{`$Dateformat(true, 'YYYY')`, `column 13: $Dateformat, argument 1: must be a date: ISO 8601 text or milliseconds, is a boolean`},
		{`$Size{$Session{user}{id}}`, `column 7: $Size, argument 1: must be an object, is a number`},
		{`$Length(true)`, `column 9: $Length, argument 1: must be an array or text, is a boolean`},
	} {
		err := parseAndEval(c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.text, err, c.want)
		}
		if errors.Is(err, placeholder.ErrUnresolved) {
			t.Errorf("%s is unresolved", c.text)
		}
	}
}

func parseAndEval(text string) error {
	tmpl, err := placeholder.Parse(text)
	if err != nil {
		return err
	}
	_, err = tmpl.Eval(world)
	return err
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`$Session{`, `column 9: $Session: the { is never closed with }`},
		{`$Session{a}{}`, `column 12: $Session: a name is missing between { and }`},
		{`é$Secret{a}{b}`, `column 2: $Secret{a}{b}: $Secret takes 1 name in braces, has 2`},
		{`$Size{user}`, `column 7: $Size{...} takes a reference, such as $Size{$Session{items}}`},
		{`$Size{$Session{a}`, `column 18: $Size: expected } after the reference`},
		{`$Now(1)`, `column 1: $Now takes no argument: write $Now or $Now()`},
		{`$Trim('a`, `column 7: the text that begins here is never closed with '`},
		{`$Trim('a'`, `column 6: $Trim: the ( is never closed with )`},
		{`$Trim('a' 'b')`, `column 11: $Trim: expected , or )`},
		{`$Trim('a',)`, `column 11: expected a value`},
		{`$Trim(abc)`, `column 7: abc is not a value; write text in quotes`},
		{`$Trim($foo)`, `column 7: a reference or function must follow the $; write text in quotes`},
		{`$Trim($Foo{x})`, `column 7: there is no reference or function $Foo`},
		{`$Trim($Session)`, `column 7: $Session is incomplete`},
		{`$Trim('\x')`, `column 8: unknown escape after \; there are \\ \' \" \/ \$ \n \t \r \b \f \uXXXX`},
		{`$Trim('\ud800')`, `column 8: \u takes four hexadecimal digits, and a pair of them above \uffff`},
		{`$Add(01)`, `column 6: 01 is not a number`},
		{`$Join([1`, `column 7: array: the [ is never closed with ]`},
		{`$Join({a:1,a:2})`, `column 12: object: the key "a" stands twice`},
		{`$Join({a 1})`, `column 10: object: expected : after the key "a"`},
		{`$Join({:1})`, `column 8: object: expected a key`},
		{"\xff$Now", `column 1: text with placeholders must be valid UTF-8`},
	} {
		_, err := placeholder.Parse(c.text)
		var syntax *placeholder.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestBounds(t *testing.T) {
	big := strings.Repeat("a", 1<<19)
	for name, c := range map[string]struct{ text, want string }{
		"depth":        {strings.Repeat("$Trim(", 33) + "'x'" + strings.Repeat(")", 33), "nested deeper than 32 levels"},
		"deep array":   {"$Join(" + strings.Repeat("[", 100_000), "nested deeper than 32 levels"},
		"placeholders": {strings.Repeat("$Now", 10_001), "more than 10000 placeholders"},
		"output":       {"$Concat(['" + big + "','" + big + "'], 'x')", "grows beyond 1048576 bytes"},
		"replace":      {"$Replace('" + big + "', 'a', 'aaaaaaaaaaaaaaaa')", "larger than 1048576 bytes"},
		"steps":        {"$Split('" + strings.Repeat("a", 20_000) + "', '')", "more than 10000 steps"},
	} {
		err := parseAndEval(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	deepest := strings.Repeat("$Trim(", 32) + "'x'" + strings.Repeat(")", 32)
	if err := parseAndEval(deepest); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// Values from outside are as deep as they like.
func TestComparingDeepValuesIsBounded(t *testing.T) {
	deep := strings.Repeat("[", 9000) + `"` + strings.Repeat("x", 500_000) + `"` + strings.Repeat("]", 9000)
	tmpl, err := placeholder.Parse(`$Filter([$Input{a}], "==", $Input{a})`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tmpl.Eval(values(`{"Input":{"a":` + deep + `}}`))
	if err == nil || !strings.Contains(err.Error(), "more than 10000 steps") {
		t.Errorf("%.200v", err)
	}
}
