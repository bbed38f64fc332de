package curl

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

const (
	hex32  = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	base62 = "Zx9Qw2Er7Ty4Ui1Op6As3Df"
)

// What looks like a credential, by its name or by itself, is in no App and in no
// warning, and the report says that it was there. Lifted: an Auth asks for it.
func TestNoCredentialIsKept(t *testing.T) {
	for _, c := range []struct {
		in, secret string
		lifted     bool
	}{
		{`curl https://a.test/t -H "DD-APPLICATION-KEY: ` + hex32 + `"`, hex32, true},
		{`curl https://a.test/t -H "X-Functions-Key: ` + base62 + `=="`, base62, true},
		{`curl https://a.test/t -H "X-Parse-Master-Key: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "X-Query-Key: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "X-AIO-Key: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "Authentication: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "X-Auth: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "X-Session-Id: hunter2"`, "hunter2", true},
		{`curl https://a.test/t -H "X-Auth-Email: john@example.com" -H "X-Auth-Key: hunter2"`, "john@", true},
		{`curl https://a.test/t -H "X-Thing: ` + hex32 + `"`, hex32, true},
		{`curl https://a.test/t -H "X-Signature: hunter2"`, "hunter2", false},
		{`curl https://a.test/t -H "X-Hub-Signature: sha1=` + hex32 + `"`, hex32, false},
		{`curl "https://a.test/t?appid=` + hex32 + `"`, hex32, true},
		{`curl "https://a.test/t?auth=hunter2"`, "hunter2", true},
		{`curl "https://a.test/t?sv=1&sig=hunter2%3D"`, "hunter2", false},
		{`curl "https://a.test/t?key=AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r"`, "AIza", true},
		{`curl "https://a.test/t?q=` + hex32 + `"`, hex32, false},
		{"curl https://a.test/bot123456:ABC-DEF1234ghIkl/sendMessage -d chat_id=1", "ABC-DEF", false},
		{"curl https://a.test/services/T0000/B0000/" + base62, base62, false},
		{`curl https://a.test/t --json '{"n":1,"api_token":"` + base62 + `"}'`, base62, false},
		{`curl https://a.test/t --json '{"n":1,"key":"` + hex32 + `"}'`, hex32, false},
		{`curl https://a.test/t -d 'n=1&session=` + hex32 + `'`, hex32, false},
		{`curl https://a.test/t -F 'auth=` + hex32 + `'`, hex32, false},
		{`curl https://a.test/t -H 'Content-Type: application/xml' -d '<a><Password>hunter2</Password></a>'`, "hunter2", false},
		{"curl https://a.test/t -H Authorization: Bearer hunter2", "hunter2", false},
		{"curl 'https://a.test/bot123456:ABC-DEF1234ghIkl/x y\n-d z'", "ABC-DEF", false},
	} {
		app, _, warnings, err := Read([]byte(c.in+"\ncurl https://a.test/ok"), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		kept, err := json.Marshal([]any{app.Actions, app.Auths, app.Variables, app.Envs, warnings})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept), c.secret) || strings.Contains(strings.ToLower(string(kept)), strings.ToLower(strings.ReplaceAll(c.secret, "-", "_"))) {
			t.Errorf("%s: kept in %s", c.in, kept)
		}
		if len(warnings) == 0 {
			t.Errorf("%s: nothing is reported", c.in)
		}
		if lifted := app.Actions[0].Security != nil; lifted != c.lifted {
			t.Errorf("%s: lifted is %v: %s", c.in, lifted, kept)
		}
	}
}

// A part of the path that is a token is asked for.
func TestTokenInPath(t *testing.T) {
	app, _, warnings, err := Read([]byte("curl https://api.telegram.org/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11/sendMessage -d chat_id=1"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := app.Actions[0]
	if a.Resource != "/bot{token}/sendMessage" || len(a.Params) != 1 || !a.Params[0].Required || a.Params[0].In != ductape.InPath {
		t.Errorf("%+v", a)
	}
	if !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == secretDropped && strings.Contains(w.Message, "{token}") }) {
		t.Errorf("%v", warnings)
	}
}

// What belongs to one request is an example, and never sent by itself.
func TestRequestIDIsNoDefault(t *testing.T) {
	app, _, warnings, err := Read([]byte(`curl https://a.test/t -H 'X-Request-Id: 3f2b8c1e-7a64-4d0f-9c55-1e2d3c4b5a69' -H 'X-Version: 2'`), Options{})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	id, version := app.Actions[0].Params[0], app.Actions[0].Params[1]
	if id.Default != nil || id.Example == nil || version.Default == nil {
		t.Errorf("%+v %+v", id, version)
	}
}
