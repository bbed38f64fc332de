package har

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

func post(mimeType, text string) string {
	return fmt.Sprintf(`{"request":{"method":"POST","url":"https://a.test/t","headers":[{"name":"Content-Type","value":%q}],"postData":{"mimeType":%q,"text":%s}}}`, mimeType, mimeType, sample.Quote(text))
}

// Further requests of one method and path add their fields, and are reported.
func TestBodiesAreMerged(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name    string
		entries []string
		want    string
		code    string
	}{
		{"fields", []string{post("application/json", `{"a":1}`), post("application/json", `{"a":"x","b":[1]}`)}, `application/json a: b:array {"a":1}`, requestsMerged},
		{"equal", []string{post("application/json", `{"a":1}`), post("application/json", `{"a":1}`)}, `application/json a:integer {"a":1}`, ""},
		{"types", []string{post("application/json", `{"a":1}`), post(form, `b=2`)}, `application/json a:integer {"a":1}; ` + form + ` b:string {"b":"2"}`, requestsMerged},
		{"a form", []string{post(form, `q=%24Session%7Bx%7D`)}, form + ` q:string {"q":"$Session{x}"}`, ""},
		{
			"multipart",
			[]string{post("multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--X\r\nContent-Disposition: form-data; name=\"m\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--X--\r\n")},
			`multipart/form-data n:string f:string:binary m:object {"n":"1","m":{"a":1}}`, "",
		},
		{"multipart that is none", []string{post("multipart/form-data; boundary=X", "what")}, `multipart/form-data `, bodyUnread},
	} {
		app, _, warnings, err := Read(archive(c.entries...), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := bodyOutline(app.Actions[0].Body); got != c.want || len(app.Actions) != 1 {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if c.code == "" && len(warnings) > 0 || c.code != "" && !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == c.code }) {
			t.Errorf("%s: %v", c.name, warnings)
		}
	}
}

func bodyOutline(b *ductape.Body) string {
	var out []string
	for _, c := range b.Contents {
		s := c.Type
		for _, f := range c.Fields {
			s += " " + f.Name + ":" + f.Type
			if f.Format != "" {
				s += ":" + f.Format
			}
		}
		out = append(out, s+" "+string(c.Example))
	}
	return strings.Join(out, "; ")
}

// What of a request's headers is left out is said.
func TestHeadersAreReported(t *testing.T) {
	app, _, warnings, err := Read(archive(`{"request":{"method":"GET","url":"https://a.test/t","headers":[{"name":":path","value":"/t"},{"name":"Host","value":"b.test"},
		{"name":"sec-ch-ua","value":"x"},{"name":"Upgrade","value":"h2c"},{"name":"Content-Type","value":"application/json"}]}}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(warnings)
	for _, want := range []string{"host", "sec-ch-ua", `"Upgrade" is set by the connection`} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %s: %s", want, text)
		}
	}
	if p := app.Actions[0].Params; len(p) != 1 || p[0].Name != "Content-Type" {
		t.Errorf("%+v", p)
	}
}
