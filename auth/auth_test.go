package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mccutchen/go-httpbin/v2/httpbin"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/auth"
)

var (
	bearer    = ductape.Auth{Tag: "token_access", Type: ductape.AuthBearer}
	basic     = ductape.Auth{Tag: "login", Type: ductape.AuthBasic}
	headerKey = ductape.Auth{Tag: "key", Type: ductape.AuthAPIKey, In: ductape.InHeader, Name: "x-api-key"}
	queryKey  = ductape.Auth{Tag: "key", Type: ductape.AuthAPIKey, In: ductape.InQuery, Name: "api key"}
	cookieKey = ductape.Auth{Tag: "key", Type: ductape.AuthAPIKey, In: ductape.InCookie, Name: "sid"}
)

func request(t *testing.T, address string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func apply(t *testing.T, a ductape.Auth, v auth.Values, req *http.Request) {
	t.Helper()
	c, err := auth.New(a, v)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(req); err != nil {
		t.Fatal(err)
	}
}

func TestTheAuthorizationHeader(t *testing.T) {
	token := bearer
	token.Prefix = "Token "
	oauth, openid := bearer, bearer
	oauth.Type, openid.Type = ductape.AuthOAuth2, ductape.AuthOpenID
	for _, tc := range []struct {
		auth   ductape.Auth
		values auth.Values
		want   string
	}{
		{bearer, auth.Values{"token": "t"}, "Bearer t"},
		{bearer, auth.Values{"access_token": "t"}, "Bearer t"},
		{bearer, auth.Values{"value": "t"}, "Bearer t"},
		{bearer, auth.Values{"token": "first", "value": "second"}, "Bearer first"},
		{bearer, auth.Values{"token": "", "value": "t"}, "Bearer t"},
		{bearer, auth.Values{"token": "Bearer t"}, "Bearer t"},
		{bearer, auth.Values{"token": "bEARER t"}, "Bearer t"},
		{bearer, auth.Values{"token": "bearert"}, "Bearer bearert"},
		{token, auth.Values{"token": "t"}, "Token t"},
		{token, auth.Values{"token": "token t"}, "Token t"},
		{oauth, auth.Values{"access_token": "t"}, "Bearer t"},
		{openid, auth.Values{"token": "t"}, "Bearer t"},
		// RFC 7617, 2 and 2.1
		{basic, auth.Values{"username": "Aladdin", "password": "open sesame"}, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
		{basic, auth.Values{"username": "test", "password": "123£"}, "Basic dGVzdDoxMjPCow=="},
		{basic, auth.Values{"username": "sk_test", "password": ""}, "Basic " + base64.StdEncoding.EncodeToString([]byte("sk_test:"))},
		{basic, auth.Values{"username": "sk_test"}, "Basic " + base64.StdEncoding.EncodeToString([]byte("sk_test:"))},
		{basic, auth.Values{"username": "", "password": "p:q"}, "Basic " + base64.StdEncoding.EncodeToString([]byte(":p:q"))},
	} {
		req := request(t, "http://api.example/")
		apply(t, tc.auth, tc.values, req)
		if got := req.Header.Get("Authorization"); got != tc.want || len(req.Header) != 1 {
			t.Errorf("%s: got %q, want %q", tc.auth.Type, got, tc.want)
		}
	}
}

func TestAnAPIKeyInAHeader(t *testing.T) {
	prefixed, placeless := headerKey, headerKey
	prefixed.Prefix, placeless.In = "Key ", ""
	for _, tc := range []struct {
		auth   ductape.Auth
		values auth.Values
		want   string
	}{
		{headerKey, auth.Values{"value": "k"}, "k"},
		{headerKey, auth.Values{"key": "k"}, "k"},
		{headerKey, auth.Values{"token": "k"}, "k"},
		{headerKey, auth.Values{"api_key": "k"}, "k"},
		{prefixed, auth.Values{"value": "k"}, "Key k"},
		{prefixed, auth.Values{"value": "key k"}, "Key k"},
		{placeless, auth.Values{"value": "k"}, "k"},
	} {
		req := request(t, "http://api.example/")
		apply(t, tc.auth, tc.values, req)
		if got := req.Header.Get("X-Api-Key"); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestAnAPIKeyInTheQueryLeavesTheRestAlone(t *testing.T) {
	for before, after := range map[string]string{
		"":                  "api%20key=a%26b%3Dc%20d%2B%23%C3%A4",
		"z=1&a=%7e+x&b":     "z=1&a=%7e+x&b&api%20key=a%26b%3Dc%20d%2B%23%C3%A4",
		"x=%zz":             "x=%zz&api%20key=a%26b%3Dc%20d%2B%23%C3%A4",
		"api%20key=mine":    "api%20key=mine",
		"a=1&api+key":       "a=1&api+key",
		"api%20keys=1&ap=2": "api%20keys=1&ap=2&api%20key=a%26b%3Dc%20d%2B%23%C3%A4",
	} {
		req := request(t, "http://api.example/p%2Fq")
		req.URL.RawQuery = before
		shared := req.URL
		apply(t, queryKey, auth.Values{"value": "a&b=c d+#ä"}, req)
		if req.URL.RawQuery != after || req.URL.EscapedPath() != "/p%2Fq" {
			t.Errorf("%q became %q, want %q", before, req.URL.RawQuery, after)
		}
		if shared.RawQuery != before {
			t.Error("a URL that others may hold was changed")
		}
	}
}

func TestATokenInTheQuery(t *testing.T) {
	oauth := ductape.Auth{Tag: "oauth2", Type: ductape.AuthOAuth2, In: ductape.InQuery}
	named := ductape.Auth{Tag: "oauth2", Type: ductape.AuthOAuth2, In: ductape.InQuery, Name: "oauth token"}
	for _, tc := range []struct {
		auth ductape.Auth
		want string
	}{
		{oauth, "a=1&access_token=t%2Bt"},
		{named, "a=1&oauth%20token=t%2Bt"},
	} {
		req := request(t, "http://api.test/x?a=1")
		apply(t, tc.auth, auth.Values{"access_token": "t+t"}, req)
		if req.URL.RawQuery != tc.want || req.Header.Get("Authorization") != "" {
			t.Errorf("query %q, header %q, want %q and none", req.URL.RawQuery, req.Header.Get("Authorization"), tc.want)
		}
	}
}

func TestAnAPIKeyInACookieJoinsTheOthers(t *testing.T) {
	for _, tc := range []struct {
		before []string
		after  string
	}{
		{nil, "sid=k"},
		{[]string{"a=1; b=2"}, "a=1; b=2; sid=k"},
		{[]string{"a=1", "b=2"}, "a=1; b=2; sid=k"},
		{[]string{"sid=mine"}, "sid=mine"},
		{[]string{"a=1;sid=mine"}, "a=1;sid=mine"},
		{[]string{"xsid=1"}, "xsid=1; sid=k"},
	} {
		req := request(t, "http://api.example/")
		if tc.before != nil {
			req.Header["Cookie"] = slices.Clone(tc.before)
		}
		apply(t, cookieKey, auth.Values{"value": "k"}, req)
		if got := strings.Join(req.Header["Cookie"], "|"); got != tc.after {
			t.Errorf("%q became %q, want %q", tc.before, got, tc.after)
		}
	}
}

func TestTheCallerWins(t *testing.T) {
	for _, name := range []string{"Authorization", "authorization", "AUTHORIZATION"} {
		req := request(t, "http://api.example/")
		req.Header[name] = []string{"mine"}
		apply(t, bearer, auth.Values{"token": "t"}, req)
		apply(t, basic, auth.Values{"username": "u"}, req)
		if len(req.Header) != 1 || req.Header[name][0] != "mine" {
			t.Errorf("%s became %q", name, req.Header["Authorization"])
		}
	}
}

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		auth                    ductape.Auth
		headers, query, cookies []string
	}{
		{bearer, []string{"Authorization"}, nil, nil},
		{basic, []string{"Authorization"}, nil, nil},
		{headerKey, []string{"X-Api-Key"}, nil, nil},
		{queryKey, nil, []string{"api key"}, nil},
		{cookieKey, nil, nil, []string{"sid"}},
		{ductape.Auth{Type: ductape.AuthCredentials}, nil, nil, nil},
	} {
		c, err := auth.New(tc.auth, auth.Values{"value": "v", "username": "u"})
		if err != nil {
			t.Fatal(err)
		}
		h, q, k := c.Names()
		if !slices.Equal(h, tc.headers) || !slices.Equal(q, tc.query) || !slices.Equal(k, tc.cookies) {
			t.Errorf("%s: %v %v %v", tc.auth.Type, h, q, k)
		}
	}
}

func TestCredentialsThatCannotBeMade(t *testing.T) {
	nameless, placeless, badName := headerKey, headerKey, headerKey
	nameless.Name, placeless.In, badName.Name = "", ductape.InPath, "x y"
	missing, invalid := ductape.CodeCredentialMissing, ductape.CodeInvalidInput
	for _, tc := range []struct {
		auth   ductape.Auth
		values auth.Values
		code   ductape.Code
		says   string
	}{
		{bearer, nil, missing, `"token"`},
		{bearer, auth.Values{"token": ""}, missing, `"token"`},
		{bearer, auth.Values{"other": "hunter2"}, missing, `"token"`},
		{headerKey, nil, missing, `"value"`},
		{basic, nil, missing, `"username"`},
		{basic, auth.Values{"password": "hunter2"}, missing, `"username"`},
		{basic, auth.Values{"username": ""}, missing, `"username"`},
		{basic, auth.Values{"username": "hunter2:x"}, invalid, "colon"},
		{basic, auth.Values{"username": "u", "password": "hunter2\n"}, invalid, `"password"`},
		{bearer, auth.Values{"token": "hunter2\r\nX: y"}, invalid, `"token"`},
		{bearer, auth.Values{"token": "hunter2\n"}, invalid, `"token"`},
		{queryKey, auth.Values{"key": "hunter2\x00"}, invalid, `"key"`},
		{bearer, auth.Values{"token": "hunter2\x7f"}, invalid, "header"},
		{headerKey, auth.Values{"value": "hunter2\x01"}, invalid, "header"},
		{cookieKey, auth.Values{"value": "hunter2;x=y"}, invalid, "cookie"},
		{nameless, auth.Values{"value": "hunter2"}, invalid, "name"},
		{placeless, auth.Values{"value": "hunter2"}, invalid, `"path"`},
		{badName, auth.Values{"value": "hunter2"}, invalid, `"x y"`},
		{ductape.Auth{Tag: "key", Type: ductape.AuthDigest}, auth.Values{"username": "hunter2"}, invalid, "not supported yet"},
		{ductape.Auth{Tag: "key", Type: "invented"}, nil, invalid, "not supported yet"},
	} {
		_, err := auth.New(tc.auth, tc.values)
		var e *ductape.Error
		if !errors.As(err, &e) || e.Code != tc.code {
			t.Errorf("%s %s: %v, want %s", tc.auth.Type, tc.says, err, tc.code)
			continue
		}
		if !strings.Contains(e.Message, fmt.Sprintf("auth %q", tc.auth.Tag)) || !strings.Contains(e.Message, tc.says) {
			t.Errorf("%q names neither the auth nor %s", e.Message, tc.says)
		}
		if strings.Contains(fmt.Sprintf("%v %+v", err, e), "hunter2") {
			t.Errorf("a value is in %v", err)
		}
	}
}

func TestNothingPrintsAValue(t *testing.T) {
	values := auth.Values{"value": "hunter2", "username": "hunter2", "password": "hunter2"}
	shown := []any{values, &values}
	for _, a := range []ductape.Auth{bearer, basic, headerKey, queryKey, cookieKey} {
		c, err := auth.New(a, values)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, c, struct{ C auth.Credential }{c}, []auth.Credential{c})
	}
	encoded := base64.StdEncoding.EncodeToString([]byte("hunter2:hunter2"))
	for _, x := range shown {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "x", x)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "x", x)
		text, err := json.Marshal(x)
		if err != nil {
			t.Errorf("%T: %v", x, err)
		}
		log.Write(text)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&log, verb, x)
		}
		hex := fmt.Sprintf("%x", "hunter2")
		for _, form := range []string{"hunter2", encoded, hex, strings.ToUpper(hex)} {
			if strings.Contains(log.String(), form) {
				t.Errorf("%T shows its value: %s", x, log.String())
			}
		}
	}
}

func TestFieldsNamesWhatNewTakes(t *testing.T) {
	for _, a := range []ductape.Auth{bearer, basic, headerKey, {Type: ductape.AuthOAuth2}, {Type: ductape.AuthOpenID}} {
		fields := auth.Fields(a.Type)
		if len(fields) == 0 {
			t.Errorf("%s has no fields", a.Type)
		}
		for _, name := range append([]string{fields[0].Name}, fields[0].Aliases...) {
			if _, err := auth.New(a, auth.Values{name: "v"}); err != nil {
				t.Errorf("%s by %s: %v", a.Type, name, err)
			}
		}
	}
	if auth.Fields(ductape.AuthCredentials) != nil || auth.Fields(ductape.AuthHawk) != nil {
		t.Error("fields for a scheme that has none")
	}
}

func TestAgainstHTTPBin(t *testing.T) {
	s := httptest.NewServer(httpbin.New())
	t.Cleanup(s.Close)
	for _, tc := range []struct {
		path   string
		auth   ductape.Auth
		values auth.Values
		status int
		says   string
	}{
		{"/basic-auth/alice/p%20w", basic, auth.Values{"username": "alice", "password": "p w"}, 200, `"alice"`},
		{"/basic-auth/alice/right", basic, auth.Values{"username": "alice", "password": "wrong"}, 401, ""},
		{"/bearer", bearer, auth.Values{"token": "t0k"}, 200, `"t0k"`},
		{"/bearer", basic, auth.Values{"username": "u"}, 401, ""},
		{"/headers", headerKey, auth.Values{"value": "k3y"}, 200, `"k3y"`},
		{"/get?a=1", queryKey, auth.Values{"value": "k&3 y"}, 200, `"k&3 y"`},
		{"/cookies", cookieKey, auth.Values{"value": "k3y"}, 200, `"sid": "k3y"`},
	} {
		req := request(t, s.URL+tc.path)
		apply(t, tc.auth, tc.values, req)
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body strings.Builder
		if err := resp.Write(&body); err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != tc.status || !strings.Contains(body.String(), tc.says) {
			t.Errorf("%s: %d, want %d and %s in\n%s", tc.path, resp.StatusCode, tc.status, tc.says, body.String())
		}
	}
}
