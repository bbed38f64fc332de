package session_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

const userSchema = `{
	"type": "object", "required": ["user"], "additionalProperties": false,
	"properties": {"user": {"$ref": "#/$defs/user"}},
	"$defs": {"user": {"type": "object", "required": ["id"], "properties": {
		"id": {"type": "string", "pattern": "^u_"}, "age": {"type": "integer", "minimum": 0}, "mail": {"type": "string", "format": "email"}}}}
}`

func TestDataFitsItsSchema(t *testing.T) {
	w, at := newWorld(), scope
	at.Type.Schema = json.RawMessage(userSchema)
	if problems := session.CheckType(at.Type); len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct{ data, want string }{
		{`{"user":{"id":"u_1","age":12345678901234567890,"mail":"a@b.example"}}`, ""},
		{`{"user":{"id":"x"}}`, "data.user.id: must match the pattern"},
		{`{"user":{"id":"u_1","age":1.5}}`, "data.user.age: must be an integer"},
		{`{"user":{"id":"u_1","age":-1}}`, "data.user.age: must be"},
		{`{"user":{"id":"u_1"},"more":1}`, "data.more: is not known here"},
		{`{"user":{}}`, "data.user.id: is required"},
		{`{"user":{"id":"u_1","age":1e999999999}}`, "too long to be checked"},
		{``, "data.user: is required"},
	} {
		_, err := w.Start(t.Context(), at, []byte(c.data))
		if c.want == "" && err != nil || c.want != "" && (ductape.CodeOf(err) != ductape.CodeInvalidInput || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.data, err)
		}
	}
	if len(w.rows.kept) != 1 {
		t.Errorf("%d were kept", len(w.rows.kept))
	}
}

func TestClaimsFitTheirSchema(t *testing.T) {
	f := newForeign(t)
	f.retype(func(typ *ductape.SessionType) {
		typ.Schema = json.RawMessage(`{"properties":{"email_verified":{"const":true}},"required":["email_verified"]}`)
	})
	if _, err := f.check(f.token("ec", f.claims(map[string]any{"email_verified": true}))); err != nil {
		t.Error(err)
	}
	_, err := f.check(f.token("ec", f.claims(map[string]any{"email_verified": false})))
	var e *ductape.Error
	if !errors.As(err, &e) || e.Code != ductape.CodeSessionInvalid || len(e.Problems) != 1 || e.Problems[0].Where != "data.email_verified" {
		t.Errorf("%v", err)
	}
}

func TestWrongSchemas(t *testing.T) {
	for _, c := range []struct{ schema, want string }{
		{`{"type":"object"}`, ""},
		{`true`, ""},
		{`{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/a"}}}`, ""},
		{`{"properties":{"self":{"$ref":"#"}}}`, ""},
		{`{"type":"objekt"}`, "/type"},
		{`{"properties":{"a":{"minLength":"3"}}}`, "/properties/a/minLength"},
		{`{"pattern":"("}`, "/pattern"},
		{`{"properties":{"a":{"$ref":"#/$defs/gone"}}}`, "#/$defs/gone"},
		{`{"$ref":"https://example.com/schema.json"}`, "only references into the schema itself"},
		{`{"$ref":"file:///etc/passwd"}`, "only references into the schema itself"},
		{`{"$anchor":"a"}`, "$anchor is not followed"},
		{`{"minimum":1e999999999}`, "too long to work with"},
		{`[]`, "must be an object"},
		{`"x"`, "must be an object"},
		{`null`, "must be an object"},
		{`{"type":`, "is no valid JSON"},
		{`{"type":"object","type":"object"}`, "a name stands twice"},
		{`{} {}`, "is no valid JSON"},
		{`{"description":"` + strings.Repeat("x", 64<<10) + `"}`, "at most 65536 are read"},
	} {
		problems := session.CheckType(ductape.SessionType{Tag: "t", Schema: json.RawMessage(c.schema)})
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Where != "schema" || !strings.Contains(problems[0].Message, c.want)) {
			t.Errorf("%.80s: %v", c.schema, problems)
		}
		for _, p := range problems {
			if strings.Contains(p.Message, "schema:///") || strings.Contains(p.Message, "\n") || strings.Contains(p.Message, "root:") {
				t.Errorf("%.80s: %q", c.schema, p.Message)
			}
			t.Logf("%.50s: %s", c.schema, p.Message)
		}
	}
}

func TestCheckType(t *testing.T) {
	good := ductape.SessionType{Tag: "t", Issuer: "https://i.example/", Audience: "a", JWKSURL: "https://i.example/jwks"}
	for name, c := range map[string]struct {
		change func(*ductape.SessionType)
		where  string // of the only problem
	}{
		"good":                  {func(*ductape.SessionType) {}, ""},
		"listed algorithms":     {func(t *ductape.SessionType) { t.Algorithms = []string{"ES384", "RS256"} }, ""},
		"http while developing": {func(t *ductape.SessionType) { t.JWKSURL, t.AllowPrivate = "http://127.0.0.1:1/jwks", true }, ""},
		"a secret":              {func(t *ductape.SessionType) { t.JWKSURL, t.Keys = "", []byte(`"$Secret{KEY}"`) }, ""},
		"HS256 with a secret": {func(t *ductape.SessionType) {
			t.JWKSURL, t.Keys, t.Algorithms = "", []byte(`"$Secret{KEY}"`), []string{"HS256"}
		}, ""},
		"no audience":            {func(t *ductape.SessionType) { t.Audience = "" }, "audience"},
		"no keys":                {func(t *ductape.SessionType) { t.JWKSURL = "" }, "jwks_url"},
		"two sources":            {func(t *ductape.SessionType) { t.Keys = []byte(`"$Secret{KEY}"`) }, "jwks_url"},
		"http":                   {func(t *ductape.SessionType) { t.JWKSURL = "http://i.example/jwks" }, "jwks_url"},
		"file":                   {func(t *ductape.SessionType) { t.JWKSURL, t.AllowPrivate = "file:///etc/passwd", true }, "jwks_url"},
		"a password in the URL":  {func(t *ductape.SessionType) { t.JWKSURL = "https://a:b@i.example/jwks" }, "jwks_url"},
		"expiry":                 {func(t *ductape.SessionType) { t.Expiry, t.Period = 1, "days" }, "expiry"},
		"none":                   {func(t *ductape.SessionType) { t.Algorithms = []string{"none"} }, "algorithms[0]"},
		"HS256 with public keys": {func(t *ductape.SessionType) { t.Algorithms = []string{"RS256", "HS256"} }, "algorithms[1]"},
		"RS256 with a secret": {func(t *ductape.SessionType) {
			t.JWKSURL, t.Keys, t.Algorithms = "", []byte(`"$Secret{KEY}"`), []string{"RS256"}
		}, "algorithms[0]"},
		"a secret in plain sight": {func(t *ductape.SessionType) { t.JWKSURL, t.Keys = "", []byte(`"hunter2hunter2hunter2hunter2hunter2"`) }, "keys"},
		"an empty set":            {func(t *ductape.SessionType) { t.JWKSURL, t.Keys = "", []byte(`{"keys":[]}`) }, "keys"},
		"a private key": {func(t *ductape.SessionType) {
			t.JWKSURL, t.Keys = "", []byte(`"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----"`)
		}, "keys"},
		"keys without an issuer": {func(t *ductape.SessionType) { t.Issuer, t.Audience = "", "" }, "jwks_url"},
	} {
		typ := good
		c.change(&typ)
		problems := session.CheckType(typ)
		if (c.where == "") != (len(problems) == 0) || c.where != "" && (len(problems) != 1 || problems[0].Where != c.where) {
			t.Errorf("%s: %v", name, problems)
		}
		for _, p := range problems {
			if strings.Contains(p.Message, "hunter2") {
				t.Errorf("%s: %v", name, p)
			}
		}
	}
}
