package curl

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// secrets stand in the golden files' commands and must not be in their Apps.
var secrets = []string{"literalsecret", "abcdef", "hunter2", "secret123456", "pass12345", "sid=1"}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			app, _, warnings, err := Read(ar.Files[0].Data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			app.Source = nil
			text, err := json.MarshalIndent(app, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			var ws bytes.Buffer
			for _, w := range warnings {
				fmt.Fprintf(&ws, "%s %s: %s\n", w.Code, w.Where, w.Message)
			}
			for _, s := range secrets {
				if strings.Contains(string(text)+ws.String(), s) {
					t.Errorf("the App or a warning holds %q", s)
				}
			}
			got := txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: []txtar.File{ar.Files[0], {Name: "app.json", Data: append(text, '\n')}, {Name: "warnings.txt", Data: ws.Bytes()}}})
			if *update {
				if err := os.WriteFile(file, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if old := txtar.Format(ar); !bytes.Equal(got, old) {
				t.Errorf("%s differs (-update rewrites it); got:\n%s", file, got)
			}
		})
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string][][]string{
		"curl a 'b c' \"d \\\"e\\\" \\$f \\n\" g\\ h":      {{"a", "b c", `d "e" $f \n`, "g h"}},
		"curl a \\\n -X \\\r\n POST":                       {{"a", "-X", "POST"}},
		"curl a \\ \n -X POST":                             {{"a", "-X", "POST"}},
		`curl $'a\'b\x41\u00e9\101\n' ''`:                  {{"a'bAéA\n", ""}},
		"curl a; curl b && curl c | jq . # curl d\ncurl e": {{"a"}, {"b"}, {"c"}, {"e"}},
		"/usr/bin/curl x\nwget y\n$ curl.exe z":            {{"x"}, {"z"}},
		"curl 'a'\\''b' pre'fix'":                          {{"a'b", "prefix"}},
		"curl `\n a":                                       {{"a"}},
		"curl 'open":                                       {{"open"}},
		"curl 'open\ncurl b":                               {{"open"}, {"b"}},
		"curl a > out 2>&1 < in &> all":                    {{"a"}},
		"curl a <<EOF\ncurl no\nEOF\ncurl b":               {{"a"}, {"b"}},
		"curl x?a=1&b=2 & curl y":                          {{"x?a=1&b=2"}, {"y"}},
		"curl $(cat 'a b') `c d` \"$(e f)\"":               {{"$(cat 'a b')", "`c d`", "$(e f)"}},
		"A=b curl c; > curl d; PS C:\\x> curl e":           {{"c"}, {"d"}, {"e"}},
		"curl -d '' -H \"\"":                               {{"-d", "", "-H", ""}},
		"":                                                 nil,
	} {
		var got [][]string
		for _, c := range newSplitter(in).commands() {
			if c.unprefixed(); !c.isCurl() {
				continue
			}
			args := []string{}
			for _, w := range c.words[1:] {
				args = append(args, w.text)
			}
			got = append(got, args)
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Each command loses something, and the report says what.
func TestEveryLossIsReported(t *testing.T) {
	for _, c := range []struct{ in, code, says string }{
		{"curl https://a.test/x -d 'a=1", commandCutOff, "a single quote in line 1 is never closed"},
		{`curl https://a.test/x -d "a=1`, commandCutOff, "a double quote in line 1"},
		{"curl https://a.test/x \\\n -d $'a=1", commandCutOff, "a quote $' in line 2"},
		{"curl https://a.test/x -d 'a=1\ncurl https://a.test/y", commandCutOff, "never closed"},
		{"curl https://a.test/x -d 'a=1\ncurl 'https://a.test/y'", commandCutOff, "takes in another command"},
		{"curl https://a.test/x -d $(cat x", commandCutOff, "$( is never closed"},
		{"curl https://a.test/x -d \"don`t\"", commandCutOff, "backtick"},
		{"curl https://a.test/x \\", commandCutOff, "the text ends where the command goes on"},
		{"curl https://a.test/x -d @- <<EOF\na=1", commandCutOff, "does not end with it"},
		{"curl https://a.test/x -X", optionIncomplete, "--request has no value"},
		{"curl https://a.test/x -sd", optionIncomplete, "--data has no value"},
		{"curl https://a.test/x --header", optionIncomplete, "--header has no value"},
		{"curl https://a.test/x -d -H 'A: b'", optionIncomplete, "looks like an option"},
		{"curl https://a.test/x -H NoColon", optionIncomplete, "no Name: value"},
		{"curl https://a.test/x -F novalue", optionIncomplete, "name=content"},
		{"curl https://a.test/x --form-string novalue", optionIncomplete, "name=content"},
		{"curl https://a.test/x --frob", optionIgnored, "curl has no option --frob"},
		{"curl https://a.test/x -~", optionIgnored, "-~"},
		{"curl https://a.test/x -k", optionIgnored, "--insecure"},
		{"curl https://a.test/x --proxy-header 'A: b'", optionIgnored, "--proxy-header"},
		{"curl https://a.test/x --resolve a:1:2", optionIgnored, "--resolve"},
		{"curl https://a.test/x -", optionIgnored, "the word -"},
		{"curl https://a.test/x -H 'Accept:'", optionIgnored, "leaving out the header Accept"},
		{"curl https://a.test/x -H 'Host: b.test'", headerIgnored, "Host"},
		{"curl https://a.test/x -H 'X-A: 1' -H 'x-a: 2'", duplicateHeader, "x-a"},
		{"curl https://a.test/x -A one -H 'User-Agent: two'", duplicateHeader, "User-Agent"},
		{"curl https://a.test/x -H @headers.txt", fileIgnored, "given by the caller"},
		{"curl https://a.test/x -d @body.json", fileIgnored, "given by the caller"},
		{"curl https://a.test/x --data-urlencode name@file", fileIgnored, "given by the caller"},
		{"curl https://a.test/x --json @-", fileIgnored, "given by the caller"},
		{"curl https://a.test/x -F 'a=<file'", fileIgnored, "given by the caller"},
		{"curl https://a.test/x -T big.bin", fileIgnored, "given by the caller"},
		{"curl https://a.test/x -b jar.txt", fileIgnored, "given by the caller"},
		{"curl https://a.test/x -F 'a=@b;filename=c;headers=\"X: y\"'", optionIgnored, "filename of the form field a"},
		{"curl https://a.test/x -F 'a=b;encoder=base64'", optionIgnored, "encoder of the form field a"},
		{"curl https://a.test/x -F '=(;type=multipart/mixed' -F a=b", optionIncomplete, "name=content"},
		{"curl https://a.test/x -F 'm=(;type=multipart/mixed' -F a=b", optionIgnored, "the parts inside"},
		{"curl https://a.test/x -F 'a=@b,c'", optionIgnored, "several files"},
		{"curl https://a.test/x -F a=b -d c", optionIgnored, "beside a form"},
		{"curl https://a.test/x -T f -d c", optionIgnored, "beside an upload"},
		{"curl -I https://a.test/x -d c", optionIgnored, "beside --head"},
		{"curl https://a.test/x -u me:hunter2", secretDropped, "set it on the connection"},
		{"curl https://a.test/x --negotiate", optionIgnored, "Kerberos"},
		{"curl https://a.test/x -d a=$NAME", shellExpansion, "--data: $NAME is filled in by a shell"},
		{"curl https://a.test/x -H \"X-Id: $(cat id)\"", shellExpansion, "the header X-Id: $(…)"},
		{"curl https://a.test/x -d `cat secret`", shellExpansion, "`…`"},
		{"curl https://a.test/x?a=$NAME", shellExpansion, "the address: $NAME"},
		{"A=1 curl https://a.test/x", shellExpansion, "the variable A"},
		{"curl ^\n https://a.test/x -d %NAME%", shellExpansion, "%NAME%"},
		{"curl $HOST/x", baseURLMissing, "$HOST stands for the address"},
		{"curl \"https://${HOST}/x\"", baseURLMissing, "${HOST} stands for the address"},
		{"curl https://a.test/x --expand-data '{{v}}' --variable v=1", optionIgnored, "--expand-data"},
		{"curl https://a.test/{a,b}", urlGlobbed, "several values"},
		{"curl https://a.test/[1-9]", urlGlobbed, "several values"},
		{"curl a.test/x", "scheme_assumed", "names no scheme"},
		{"curl https://a.test/x -d '{\"a\":1}'", contentTypeAssumed, "application/json"},
		{"curl https://a.test/x -d {\"a\": 1}", commandFailed, "a word that is no URL"},
		{"curl https://a.test/x ftp://a.test/y", commandFailed, "not ftp"},
		{"curl https://a.test/x --next -d a=b", urlMissing, "names no URL"},
		{"curl https://a.test/x\nwget https://a.test/y", commandIgnored, `"wget" in line 2`},
		{"curl https://a.test/x\n-H 'A: b'", commandIgnored, `"-H" in line 2`},
		{"echo hunter2 | curl https://a.test/x -d @-", commandIgnored, `"echo" in line 1`},
		{"curl https://a.test/x\ncurl -Uri https://a.test/y -Method POST", commandFailed, "PowerShell"},
	} {
		_, _, warnings, err := Read([]byte(c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if !slices.ContainsFunc(warnings, func(w ductape.Warning) bool {
			return w.Code == c.code && strings.Contains(w.Message, c.says) && strings.HasPrefix(w.Where, "/")
		}) {
			t.Errorf("%s: want %s %q, got %v", c.in, c.code, c.says, warnings)
		}
		if strings.Contains(fmt.Sprint(warnings), "hunter2") {
			t.Errorf("%s: a secret in %v", c.in, warnings)
		}
	}
}

// Nothing is lost of these, and nothing is reported.
func TestNothingIsLost(t *testing.T) {
	for in, want := range map[string]string{
		"curl https://a.test/x | jq '.a[]' > out.json":                             `GET /x`,
		"curl -X report https://a.test/x":                                          `report /x`,
		"curl -X patch https://a.test/x":                                           `PATCH /x`,
		"curl https://a.test/users/{id}/x":                                         `GET /users/{id}/x path:id`,
		"curl https://a.test/users/$USER_ID":                                       `GET /users/{user_id} path:user_id`,
		"curl \"https://a.test/users/${USER_ID}?a=1\"":                             `GET /users/{user_id} path:user_id query:a="1"`,
		"curl -G https://a.test/x#top -d a=1 --data-urlencode 'b=c d'":             `GET /x query:a="1" query:b="c d"`,
		"curl https://a.test/x?a=1&b=2":                                            `GET /x query:a="1" query:b="2"`,
		"curl https://a.test/x --url-query b=c --url-query +d=e":                   `GET /x query:b="c" query:d="e"`,
		"curl https://a.test/x https://a.test/y":                                   `GET /x; GET /y`,
		"curl https://a.test/x --next -X PUT https://a.test/y":                     `GET /x; PUT /y`,
		"curl --json '{\"a\":' --json '1}' https://a.test/x":                       `POST /x header:Accept application/json {"a":1}`,
		"curl --json '{}' -H 'Content-Type: application/x+json' https://a.test/x":  `POST /x header:Accept application/x+json {}`,
		"curl -d @- https://a.test/x <<EOF\na=1\nEOF":                              `POST /x application/x-www-form-urlencoded {"a":"1"}`,
		"curl --json @- https://a.test/x <<< '{\"a\":1}'":                          `POST /x header:Accept application/json {"a":1}`,
		"curl -r 0-9 https://a.test/x":                                             `GET /x header:Range`,
		"curl -F 'a=\"x;type=y\";type=text/plain' https://a.test/x":                `POST /x multipart/form-data {"a":"x;type=y"}`,
		"curl –X DELETE —silent https://a.test/x":                                  `DELETE /x`,
		"curl -- https://a.test/x":                                                 `GET /x`,
		"curl https://a.test/x -u $USER:$PASS -H \"Authorization: Bearer $TOKEN\"": `GET /x`,
	} {
		app, _, warnings, err := Read([]byte(in), Options{})
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		warnings = slices.DeleteFunc(warnings, func(w ductape.Warning) bool { return w.Code == secretDropped })
		if len(warnings) > 0 {
			t.Errorf("%s: %v", in, warnings)
		}
		if got := outline(app); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

func outline(app *ductape.App) string {
	var out []string
	for _, a := range app.Actions {
		s := a.Method + " " + a.Resource
		for _, p := range a.Params {
			s += " " + string(p.In) + ":" + p.Name
			if p.In == ductape.InQuery {
				s += "=" + string(p.Example)
			}
		}
		if a.Body != nil {
			s += " " + a.Body.Contents[0].Type + " " + string(a.Body.Contents[0].Example)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// curl -T adds the file's name to an address that ends in a slash.
func TestUploadName(t *testing.T) {
	app, _, _, err := Read([]byte("curl -T dir/big.bin https://a.test/up/ -T small https://a.test"), Options{})
	if err != nil || app.Actions[0].Resource != "/up/small" {
		t.Errorf("%v %v", app, err)
	}
}

// An address that only a shell knows is none.
func TestUnknownHost(t *testing.T) {
	app, _, _, err := Read([]byte("curl $BASE_URL/v1/users -H \"X-A: $B\""), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if app.Tag != "app" || app.Envs[0].BaseURL != "" || outline(app) != "GET /v1/users header:X-A" || app.Actions[0].Params[0].Default != nil {
		t.Errorf("%+v", app)
	}
}

func TestRefused(t *testing.T) {
	for _, in := range []string{"", "wget x", "curl", "curl -X POST", "curl 'http://%zz'", "curl 'https://a.test/x -d \"a\"\n", "curl ftp://a.test/x"} {
		app, _, _, err := Read([]byte(in), Options{})
		var e *ductape.Error
		if app != nil || !errors.As(err, &e) || e.Hint == "" || e.Code != ductape.CodeInvalidInput {
			t.Errorf("%q: %v, %v", in, app, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[0].Data)
	}
	known := map[string]bool{}
	for _, c := range Codes() {
		known[c.Name] = true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		app, _, warnings, err := Read(data, Options{})
		if err != nil {
			return
		}
		for _, w := range warnings {
			if !known[w.Code] {
				t.Fatalf("unknown code %s", w.Code)
			}
		}
		if _, err := json.Marshal(app); err != nil {
			t.Fatal(err)
		}
		tags := map[string]bool{}
		for _, a := range app.Actions {
			if tags[a.Tag] || a.Tag == "" {
				t.Fatalf("tag %q", a.Tag)
			}
			tags[a.Tag] = true
		}
	})
}

// Large texts of one thing over and over are read in a time that grows with them.
func TestHostile(t *testing.T) {
	for _, piece := range []string{"curl x;", "$(", "`", "'", "\"", "curl $'", "curl a <<b\n", "x?a&", "curl https://a.test/$a$b ", "\\ \n", "–", "{a,b}"} {
		in := "curl https://a.test/ " + strings.Repeat(piece, 1<<16/len(piece))
		_, _, _, err := Read([]byte(in), Options{})
		var e *ductape.Error
		if err != nil && (!errors.As(err, &e) || len(e.Error()) > 1<<16) {
			t.Errorf("%q: %.200v", piece, err)
		}
	}
}

// sent returns the App of a text that must be read.
func sent(t *testing.T, text string) *ductape.App {
	t.Helper()
	app, _, _, err := Read([]byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// A session's cookie beside a token against forgery is what the API goes by.
func TestACookieBesideAnotherCredential(t *testing.T) {
	a := sent(t, `curl https://a.test/x -H 'X-CSRF-Token: 0123456789abcdef0123' -b 'session=s3cr3tsession'`).Actions[0]
	if got, want := fmt.Sprint(a.Security), "[[{api_key []} {cookie []}] [{api_key []}]]"; got != want {
		t.Errorf("security %s, want %s", got, want)
	}
}

func TestHeadersThatAreEmpty(t *testing.T) {
	for _, p := range sent(t, "curl https://a.test/x -H 'X-Empty;' -H \"X-Shell: $A\"").Actions[0].Params {
		if want := map[string]string{"X-Empty": `""`}[p.Name]; string(p.Default) != want || p.Example != nil {
			t.Errorf("%s: default %q, example %q, want default %q", p.Name, p.Default, p.Example, want)
		}
	}
}

func TestARangeOfOneNumber(t *testing.T) {
	for _, c := range [][2]string{{"600", "bytes=600-"}, {"0-99", "bytes=0-99"}, {"-5", "bytes=-5"}} {
		p := sent(t, "curl https://a.test/x -r "+c[0]).Actions[0].Params[0]
		if string(p.Default) != `"`+c[1]+`"` {
			t.Errorf("-r %s: %s, want %s", c[0], p.Default, c[1])
		}
	}
}

func TestACommandInBackticksIsOneWord(t *testing.T) {
	app := sent(t, "curl https://a.test/x --data @- < `echo some.file`\ncurl https://a.test/y")
	if len(app.Actions) != 2 || len(app.Envs) != 1 || len(app.Envs[0].Hosts) != 0 {
		t.Errorf("%d actions, %v", len(app.Actions), app.Envs)
	}
}

// Browsers copy a form with files as the text of its parts.
func TestAFormWrittenOutAsParts(t *testing.T) {
	const text = `curl https://a.test/x -H 'content-type: multipart/form-data; boundary=--X' --data-raw $'----X\r\nContent-Disposition: form-data; name="title"\r\n\r\nHello\r\n----X\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n\r\n----X--\r\n'`
	c := sent(t, text).Actions[0].Body.Contents[0]
	if c.Type != "multipart/form-data" || string(c.Example) != `{"title":"Hello"}` || len(c.Fields) != 2 || c.Fields[1].Format != "binary" {
		t.Errorf("%+v", c)
	}
}

func TestNoCredentialGoesAbroad(t *testing.T) {
	app := sent(t, "curl https://api.a.test/a -u user:pass\ncurl https://api.a.test/b\ncurl https://count.test/c")
	for i, none := range []bool{false, false, true} {
		if s := app.Actions[i].Security; (s != nil && len(s) == 0) != none {
			t.Errorf("%s: security %v, want none: %v", app.Actions[i].Resource, s, none)
		}
	}
}
