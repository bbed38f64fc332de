package session_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

func TestStartThenVerify(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	v, err := w.verify(t, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	if string(v.Data) != `{"user":{"id":"u_1","name":"Ana, very secret"}}` {
		t.Errorf("data %s", v.Data)
	}
	if v.ID != s.SessionID || v.Tag != "user-session" || v.Identifier != keyedID("default", "u_1") {
		t.Errorf("got %+v", v)
	}
	if want := time.Date(2026, 2, 10, 4, 5, 7, 0, time.UTC); !v.ExpiresAt.Equal(want) || !s.ExpiresAt.Equal(want) {
		t.Errorf("expires %v, %v; want %v", v.ExpiresAt, s.ExpiresAt, want)
	}
}

func TestWhatTheTokenShows(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	header, payload := decode(t, s.Token)
	if header != `{"alg":"HS256","kid":"1","typ":"JWT"}` {
		t.Errorf("header %s", header)
	}
	var claims map[string]any
	if err := json.Unmarshal([]byte(payload), &claims); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"iss": "ductape", "aud": "default/my-product/dev/user-session", "jti": s.SessionID, "sub": keyedID("default", "u_1"),
		"iat": float64(w.now.Unix()), "nbf": float64(w.now.Unix()), "exp": float64(s.ExpiresAt.Unix()),
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if len(claims) != 8 {
		t.Errorf("claims %v", claims)
	}
	sealed, err := base64.StdEncoding.DecodeString(claims["data"].(string))
	if err != nil || strings.Contains(payload+string(sealed)+s.RefreshToken, "secret") || strings.Contains(payload, "u_1") {
		t.Errorf("the data can be read: %s, %v", payload, err)
	}
}

func decode(t *testing.T, token string) (header, payload string) {
	t.Helper()
	parts := strings.Split(token, ".")
	h, errH := base64.RawURLEncoding.DecodeString(parts[0])
	p, errP := base64.RawURLEncoding.DecodeString(parts[1])
	if err := errors.Join(errH, errP); err != nil {
		t.Fatal(err)
	}
	return string(h), string(p)
}

func TestElsewhere(t *testing.T) {
	w := newWorld()
	token := w.start(t, ana).Token
	for _, at := range [][4]string{
		{"other", "my-product", "dev", "user-session"},
		{"default", "other", "dev", "user-session"},
		{"default", "my-product", "prd", "user-session"},
		{"default", "my-product", "dev", "admin-session"},
		{"default", "my-product/dev", "user-session", ""},
		{"default/my-product", "dev", "user-session", ""},
	} {
		_, err := w.Verify(t.Context(), at[0], at[1], at[2], ductape.SessionRef{Tag: at[3], Token: token})
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
}

// A token that was verified must not be good elsewhere because it is known.
func TestElsewhereAfterVerify(t *testing.T) {
	w := newWorld()
	token := w.start(t, ana).Token
	if _, err := w.verify(t, token); err != nil {
		t.Fatal(err)
	}
	_, err := w.Verify(t.Context(), "default", "my-product", "prd", ductape.SessionRef{Tag: "user-session", Token: token})
	wantCode(t, err, ductape.CodeSessionInvalid)
}

func TestTamperingAtEveryByte(t *testing.T) {
	w := newWorld()
	token := w.start(t, ana).Token
	for i := range len(token) {
		for _, c := range []byte{token[i] ^ 1, token[i] ^ 2, token[i] ^ 0x20, 'A', '.', '\n', '=', 0} {
			if c == token[i] {
				continue
			}
			changed := token[:i] + string(rune(c)) + token[i+1:]
			if _, err := w.verify(t, changed); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
				t.Fatalf("byte %d as %q: %v", i, c, err)
			}
		}
		for _, changed := range []string{token[:i], token[:i] + token[i+1:], token[:i] + "\n" + token[i:], token[:i] + "A" + token[i:]} {
			if _, err := w.verify(t, changed); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
				t.Fatalf("%q: %v", changed, err)
			}
		}
	}
}

func TestExpiry(t *testing.T) {
	w := newWorld()
	s := w.start(t, ana)
	w.now = s.ExpiresAt.Add(-time.Millisecond)
	if _, err := w.verify(t, s.Token); err != nil {
		t.Error(err)
	}
	w.now = s.ExpiresAt
	_, err := w.verify(t, s.Token)
	wantCode(t, err, ductape.CodeSessionExpired)
	w.now = s.ExpiresAt.AddDate(0, 0, -7).Add(-10 * time.Second)
	_, err = w.another(keys{}).Verify(t.Context(), "default", "my-product", "dev", ductape.SessionRef{Tag: "user-session", Token: s.Token})
	wantCode(t, err, ductape.CodeSessionInvalid)
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		period string
		n      int64
		want   string // after 2026-02-03T04:05:06.7Z, in whole seconds
	}{
		{"seconds", 30, "2026-02-03T04:05:37Z"},
		{"minutes", 5, "2026-02-03T04:10:07Z"},
		{"hours", 2, "2026-02-03T06:05:07Z"},
		{"days", 1, "2026-02-04T04:05:07Z"},
		{"weeks", 2, "2026-02-17T04:05:07Z"},
		{"months", 13, "2027-03-03T04:05:07Z"},
		{"years", 1, ""},
		{"", 1, ""},
		{"days", 0, ""},
		{"days", -1, ""},
		{"months", 1201, ""},
		{"seconds", 1 << 62, ""},
	} {
		w, at := newWorld(), scope
		at.Type.Period, at.Type.Expiry, at.Type.RefreshExpiry = c.period, c.n, 0
		s, err := w.Start(t.Context(), at, []byte(ana))
		if c.want == "" {
			wantCode(t, err, ductape.CodeInvalidInput)
			continue
		}
		if err != nil || s.ExpiresAt.Format(time.RFC3339) != c.want || s.RefreshToken != "" {
			t.Errorf("%d %s: %+v, %v", c.n, c.period, s, err)
		}
	}
}

func TestData(t *testing.T) {
	big := strings.Repeat("x", session.MaxData)
	for _, c := range []struct{ data, want string }{
		{`[]`, "data: must be an object"},
		{`"x"`, "data: must be an object"},
		{`{"user":{"id":1},"user":2}`, "a name stands twice"},
		{`{"user":{"id":`, "is no valid JSON"},
		{`{"user":{"id":"u"},"x":"` + big + `"}`, "at most 16384 fit in a token"},
		{`{}`, "data.user.id: is missing"},
		{``, "data.user.id: is missing"},
		{`{"user":{"id":null}}`, "data.user.id: must be text or a number"},
		{`{"user":{"id":{}}}`, "data.user.id: must be text or a number"},
		{`{"user":{"id":""}}`, "data.user.id: is empty"},
	} {
		w := newWorld()
		_, err := w.Start(t.Context(), scope, []byte(c.data))
		wantCode(t, err, ductape.CodeInvalidInput)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40s: %v", c.data, err)
		}
		if len(w.rows.kept) != 0 {
			t.Errorf("%.40s: something was kept", c.data)
		}
	}
}

func TestTheLargestDataFits(t *testing.T) {
	w := newWorld()
	data := `{"user":{"id":12345678901234567890},"x":""}`
	data = strings.Replace(data, `""`, `"`+strings.Repeat("x", session.MaxData-len(data))+`"`, 1)
	v, err := w.verify(t, w.start(t, data).Token)
	if err != nil || string(v.Data) != data || v.Identifier != keyedID("default", "12345678901234567890") {
		t.Errorf("%v", err)
	}
}

// Numbers keep their text and names their order; space and needless escapes go.
func TestDataStaysExact(t *testing.T) {
	w := newWorld()
	v, err := w.verify(t, w.start(t, `{ "user" : {"id":1.50}, "z":1e400, "a":12345678901234567890.10, "s":"\u00e9\/" }`).Token)
	if err != nil || string(v.Data) != `{"user":{"id":1.50},"z":1e400,"a":12345678901234567890.10,"s":"é/"}` {
		t.Errorf("%s, %v", v.Data, err)
	}
}

func TestSelectors(t *testing.T) {
	for _, c := range []struct{ selector, data, user string }{
		{"", `{}`, ""},
		{"$Session{id}", `{"id":"a"}`, "a"},
		{"$Session{ids}{1}", `{"ids":["a","b"]}`, "b"},
		{"$Session{user-session}{id}", `{"id":"a"}`, "a"},
		{"$Lowercase($Session{mail})", `{"mail":"Ada@Example.com"}`, "ada@example.com"},
		{`$Concat([$Session{org}, $Session{id}], ":")`, `{"org":"x","id":7}`, "x:7"},
		{"$Default($Session{mail}, $Session{id})", `{"id":"a"}`, "a"},
		{"$Session{user-session}{id}", `{"id":"a","user-session":{"id":"b"}}`, "b"},
	} {
		w, at := newWorld(), scope
		at.Type.Selector = c.selector
		s, err := w.Start(t.Context(), at, []byte(c.data))
		if err != nil {
			t.Errorf("%s: %v", c.selector, err)
			continue
		}
		want := ""
		if c.user != "" {
			want = keyedID("default", c.user)
		}
		if v, err := w.verify(t, s.Token); err != nil || v.Identifier != want {
			t.Errorf("%s: %+v, %v", c.selector, v, err)
		}
	}
	for _, selector := range []string{"user.id", "$Session{user}x", "$Auth{a}{b}", "$Session{", "$Session{a}$Session{b}", "$$Session{a}", "$Uppercase('a')", "$Now", "$Default($Session{a}, $Now)", "$Default($Session{a}, $Secret{K})"} {
		at := scope
		at.Type.Selector = selector
		_, err := newWorld().Start(t.Context(), at, []byte(ana))
		wantCode(t, err, ductape.CodeInvalidInput)
	}
}

func TestRotation(t *testing.T) {
	w := newWorld()
	k := &ring{ids: []string{""}}
	w.Service = w.another(k)
	before := w.start(t, ana)
	k.ids = []string{"k2", ""}
	w.rows.version++
	after := w.start(t, ana)
	if header, _ := decode(t, after.Token); header != `{"alg":"HS256","kid":"k2","typ":"JWT"}` {
		t.Errorf("header %s", header)
	}
	for _, token := range []string{before.Token, after.Token} {
		if _, err := w.verify(t, token); err != nil {
			t.Error(err)
		}
	}
	renewed, err := w.Refresh(t.Context(), scope, before.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	k.ids = []string{"k2"}
	w.rows.version++
	_, err = w.verify(t, before.Token)
	wantCode(t, err, ductape.CodeSessionInvalid)
	for _, token := range []string{after.Token, renewed.Token} {
		if _, err := w.verify(t, token); err != nil {
			t.Error(err)
		}
	}
}

func TestMissingTokenOrTag(t *testing.T) {
	w := newWorld()
	for _, ref := range []ductape.SessionRef{{}, {Tag: "user-session"}, {Token: w.start(t, ana).Token}} {
		_, err := w.Verify(t.Context(), "default", "my-product", "dev", ref)
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
}

func TestIdentifiersDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, c := range [][2]string{{"a", "b"}, {"ab", ""}, {"", "ab"}, {"a", "c"}, {"b", "b"}} {
		id := session.Identifier(c[0], c[1])
		if other, ok := seen[id]; ok || len(id) != 64 {
			t.Errorf("%v has %s as %s has", c, id, other)
		}
		seen[id] = fmt.Sprint(c)
	}
}
