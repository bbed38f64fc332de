package postman

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func one(t *testing.T, request string) (ductape.Action, []ductape.Warning) {
	t.Helper()
	app, _, warnings, err := Read([]byte(`{"info":{"name":"pm","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"variable":[{"key":"cv","value":"CV"}],"item":[{"name":"x","request":`+request+`}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return app.Actions[0], warnings
}

// A part of a JSON type is sent as the JSON that its text spells, not as a string.
func TestPartOfJSON(t *testing.T) {
	form := func(value string) string {
		return `{"method":"POST","url":"https://a.test/x","body":{"mode":"formdata","formdata":[{"key":"meta","type":"text","value":` + value + `,"contentType":"application/json"}]}}`
	}
	a, _ := one(t, form(`"{\"a\":1.50,\"b\":\"{{cv}}\"}"`))
	if got := string(a.Body.Contents[0].Example); got != `{"meta":{"a":1.50,"b":"$Variable{pm}{cv}"}}` {
		t.Errorf("got %s", got)
	}
	a, warnings := one(t, form(`"hello"`))
	if got := string(a.Body.Contents[0].Example); got != `{"meta":"hello"}` || !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == bodyNotJSON }) {
		t.Errorf("got %s, %v", got, warnings)
	}
}

func TestEmptyQueryValue(t *testing.T) {
	a, _ := one(t, `{"method":"GET","url":"https://a.test/x?e=&f=1"}`)
	if len(a.Params) != 2 || string(a.Params[0].Example) != `""` {
		t.Errorf("%+v", a.Params)
	}
}

func TestDigestIsReported(t *testing.T) {
	_, warnings := one(t, `{"method":"GET","url":"https://a.test/x","auth":{"type":"digest","digest":[{"key":"username","value":"{{u}}"}]}}`)
	if !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == authUnsupported }) {
		t.Errorf("%v", warnings)
	}
}

// A header is a credential by its name or by the look of its value; what names
// one request is never sent by itself.
func TestCredentialHeaders(t *testing.T) {
	const secret, id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "3f2b8c1e-7a64-4d0f-9c55-1e2d3c4b5a69"
	a, warnings := one(t, `{"method":"GET","url":"https://a.test/bot123456:ABC-DEF1234ghIkl/x?appid=`+secret+`","header":[
		{"key":"DD-APPLICATION-KEY","value":"`+secret+`"},{"key":"X-Thing","value":"`+secret+`"},{"key":"X-Signature","value":"`+secret+`"},
		{"key":"X-Request-Id","value":"`+id+`"},{"key":"X-Version","value":"2"}]}`)
	warnings = slices.DeleteFunc(warnings, func(w ductape.Warning) bool { return w.Code != secretDropped })
	kept, err := json.Marshal([]any{a, warnings})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(kept), secret) || strings.Contains(string(kept), "ABC-DEF") || a.Resource != "/bot{token}/x" {
		t.Errorf("kept: %s", kept)
	}
	if len(a.Security) != 1 || len(a.Security[0]) != 3 || len(warnings) != 5 {
		t.Errorf("lifted %v, warnings %v", a.Security, warnings)
	}
	for _, p := range a.Params {
		if sent := p.Name == "X-Version"; sent != (p.Default != nil) {
			t.Errorf("%+v", p)
		}
	}
}

// A token in the value of the address's variable is no part of the address.
func TestTokenInAddress(t *testing.T) {
	a, warnings := one(t, `{"method":"POST","url":"https://a.test/x","body":{"mode":"urlencoded","urlencoded":[{"key":"to","value":"https://hooks.slack.com/services/T0000/B0000/abcdefghijkl"}]}}`)
	if text := string(a.Body.Contents[0].Example); strings.Contains(text, "abcdef") || len(warnings) == 0 {
		t.Errorf("kept: %s, %v", text, warnings)
	}
	for path, want := range map[string]string{"/sendMessage": "/bot{token}/sendMessage", "": "/bot{token}"} {
		app, _, warnings, err := Read([]byte(`{"info":{"name":"pm","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
			"variable":[{"key":"base","value":"https://api.telegram.org/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"}],"item":[{"name":"x","request":{"method":"GET","url":"{{base}}`+path+`"}}]}`), Options{})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal([]any{app, warnings})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept), "ABC-DEF") || app.Actions[0].Resource != want || app.Envs[0].BaseURL != "https://api.telegram.org" {
			t.Errorf("kept: %s", kept)
		}
	}
}

// A body that is an empty object is sent by a call that gives none.
func TestAnEmptyObjectIsRequired(t *testing.T) {
	for raw, required := range map[string]bool{`{}`: true, `{ }`: true, `{\"a\":1}`: false, `[]`: false, ``: false} {
		a, _ := one(t, `{"method":"POST","url":"https://a.test/x","header":[{"key":"Content-Type","value":"application/json"}],"body":{"mode":"raw","raw":"`+raw+`"}}`)
		if a.Body == nil || a.Body.Required != required {
			t.Errorf("%s: %+v, want required: %v", raw, a.Body, required)
		}
	}
}

// What is a credential of a request is none to read in a description.
func TestCredentialsInDescriptions(t *testing.T) {
	a, _ := one(t, `{"method":"GET","url":"https://a.test/x","description":"Send D+EdQ-gs$-%@2Nu7, or: Authorization: Basic cG9zdG1hbjpwYXNzd29yZA==. The password is wanted.",
		"header":[{"key":"Authorization","value":"Basic cG9zdG1hbjpwYXNzd29yZA=="}],
		"auth":{"type":"oauth1","oauth1":[{"key":"consumerSecret","value":"D+EdQ-gs$-%@2Nu7"},{"key":"token","value":"password"}]}}`)
	if want := "Send [removed], or: Authorization: Basic [removed]. The password is wanted."; a.Description != want {
		t.Errorf("got %q, want %q", a.Description, want)
	}
}

// The names of auths do not depend on the order of the requests: what a
// connection holds for one must not go out as another after the next import.
func TestNamesOfAuthsInAnyOrder(t *testing.T) {
	items := []string{
		`{"name":"a","request":{"url":"https://a.test/a","header":[{"key":"X-Refresh-Token","value":"{{r}}"}]}}`,
		`{"name":"b","request":{"url":"https://a.test/b","header":[{"key":"X-Auth-Token","value":"{{t}}"}]}}`,
		`{"name":"c","request":{"url":"https://a.test/c","header":[{"key":"X-Auth-Token","value":"{{t}}"}]}}`,
	}
	want := map[string]string{"a": "api_key_x_refresh_token", "b": "api_key", "c": "api_key"}
	for range items {
		items = append(items[1:], items[0])
		app, _, _, err := Read([]byte(`{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[`+strings.Join(items, ",")+`]}`), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range app.Actions {
			if got := a.Security[0][0].Auth; got != want[a.Name] || app.Auth(got) == nil {
				t.Errorf("%s needs %s of %v, want %s", a.Name, got, app.Auths, want[a.Name])
			}
		}
	}
}

// Requests without a URL say nothing of where the API is.
func TestRequestsWithoutAURLAreNoServer(t *testing.T) {
	app, _, _, err := Read([]byte(`{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[
		{"name":"a","request":{"method":"GET"}},{"name":"b","request":{"method":"GET","url":""}},{"name":"c","request":"https://a.test/c"}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if app.Envs[0].BaseURL != "https://a.test" || app.Actions[2].BaseURL != "" {
		t.Errorf("%v, %q", app.Envs, app.Actions[2].BaseURL)
	}
}

// The credential of one site does not go to another that asks for none, whatever
// a script may do.
func TestNoCredentialGoesAbroad(t *testing.T) {
	app, _, _, err := Read([]byte(`{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"event":[{"listen":"prerequest","script":{"exec":["x()"]}}],"item":[
		{"name":"a","request":{"url":"https://api.a.test/a","auth":{"type":"bearer","bearer":[{"key":"token","value":"{{t}}"}]}}},
		{"name":"b","request":"https://api.a.test/b"},{"name":"c","request":"https://files.a.test/c"},{"name":"d","request":"https://d.test/d"}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, none := range []bool{false, false, false, true} {
		if s := app.Actions[i].Security; (s != nil && len(s) == 0) != none {
			t.Errorf("%s: security %v, want none: %v", app.Actions[i].Name, s, none)
		}
	}
}
