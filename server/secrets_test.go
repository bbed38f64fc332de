package server_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// A leak looks for secrets where none may be. Each secret goes in through one
// channel, named here, and then every answer, the log, the run records, every
// listing and every byte of the data folder is searched for it in any form.
//
//	secret            PUT /v1/secrets, good and refused in each way
//	bearer, basic, header, query, cookie
//	                  a connection's credential, through $Secret
//	literal           a connection's credential, written out in the product
//	variable          a connection's variable, used in path, query, header and body
//	input             $Secret in a call's own input, where its scope allows it
//	key               a key that is made, and one that is wrong
//	session           a session's data, token and refresh token
//	url               user and password in the URL of a description
//
// An API's good answer is its own, and may tell a credential back to who owns it:
// its body is not searched. An error of an API is, since errors end in logs.
type leak struct {
	*world
	secrets map[string]string // secret -> its channel
	rand    *rand.Rand
	echo    *httptest.Server
}

// secretRounds times the number of channels is how many secrets are tried.
func secretRounds() int {
	if raceDetector {
		return 2
	}
	return 12
}

func TestNoSecretGetsOut(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	l := &leak{world: newWorldIn(t, folder), secrets: map[string]string{}, rand: rand.New(rand.NewPCG(seed, 1))}
	l.echo = httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(l.echo.Close)
	for round := range secretRounds() {
		l.secretChannel(round)
		l.authChannels(round)
		l.inputChannels(round)
		l.keyChannel()
		l.sessionChannel()
		l.urlChannel()
	}
	l.searchListings()
	l.search("the log", l.log.String())
	l.searchFolder(folder)
	t.Logf("%d secrets", len(l.secrets))
}

// echo tells credentials back in the ways an API may, by path.
func echo(w http.ResponseWriter, r *http.Request) {
	told := fmt.Sprintf("%s|%s|%s|%s", r.Header.Get("Authorization"), r.Header.Get("X-Key"), r.URL.RawQuery, r.Header.Get("Cookie"))
	switch r.URL.Path {
	case "/refuse":
		w.Header().Set("X-Told", strings.NewReplacer("\r", "", "\n", "").Replace(told))
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, told)
	case "/garbage":
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			fmt.Fprintf(conn, "HTTP/9 %s\r\n%s\r\n\r\n", told, told)
			conn.Close()
		}
	case "/reset":
		panic(http.ErrAbortHandler)
	case "/redirect":
		w.Header().Set("Location", "http://169.254.169.254/"+url.PathEscape(told)+"?"+r.URL.RawQuery)
		w.WriteHeader(http.StatusFound)
	case "/circle":
		w.Header().Set("Location", "/circle?"+r.URL.RawQuery+"&again="+url.QueryEscape(told))
		w.WriteHeader(http.StatusFound)
	default:
		io.WriteString(w, told)
	}
}

// alphabets are what secrets are made of. Each is one that a way of writing
// changes.
var alphabets = []string{
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "0123456789abcdef", "ab/+=-_~.", `a"\<>&'b`, "ab %+?#&=/:@", "aéß漢😀b", "ab:@$", "{}[]$a",
}

func (l *leak) new(channel string) string {
	letters := []rune(alphabets[l.rand.IntN(len(alphabets))])
	var b strings.Builder
	for range 12 + l.rand.IntN(120) {
		b.WriteRune(letters[l.rand.IntN(len(letters))])
	}
	s := b.String()
	l.secrets[s] = channel
	return s
}

// forms are the ways a secret may be written.
func forms(s string) []string {
	quoted, _ := json.Marshal(s)
	inner := strings.Trim(string(quoted), `"`)
	goQuoted := strings.Trim(fmt.Sprintf("%q", s), `"`)
	h := hex.EncodeToString([]byte(s))
	begin := string([]rune(s)[:12]) // of a secret that a message has cut
	quotedBegin, _ := json.Marshal(begin)
	all := []string{begin, string(quotedBegin[1 : len(quotedBegin)-1]), s, h, strings.ToUpper(h), url.QueryEscape(s), url.PathEscape(s), lowerPercent(url.QueryEscape(s)), inner, goQuoted}
	for before := range 3 { // base64 at each place in a longer text, such as user:password
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := enc.EncodeToString([]byte(strings.Repeat("x", before) + s))
			all = append(all, text[4:len(text)-4])
		}
	}
	return all
}

func lowerPercent(s string) string {
	b := []byte(s)
	for i := range b {
		if i > 0 && b[i-1] == '%' || i > 1 && b[i-2] == '%' {
			b[i] = strings.ToLower(string(b[i]))[0]
		}
	}
	return string(b)
}

// window is how many bytes of a form are looked up at once. No form is shorter.
const window = 8

// search looks for every secret in a long text, by the first bytes of its forms.
func (l *leak) search(where, text string) {
	l.t.Helper()
	begins := map[string][]string{} // first bytes of a form -> secrets
	for s := range l.secrets {
		for _, form := range forms(s) {
			begins[form[:window]] = append(begins[form[:window]], s)
		}
	}
	suspects := map[string]bool{}
	for i := 0; i+window <= len(text); i++ {
		for _, s := range begins[text[i:i+window]] {
			suspects[s] = true
		}
	}
	for s := range suspects {
		l.searchFor(where, text, s, l.secrets[s])
	}
}

// The search itself finds a secret in each form it may take.
func TestSearchFindsSecrets(t *testing.T) {
	const s = "p\u00e4ss/w\"ord+1=?"
	for name, text := range map[string]string{
		"plain": "x" + s + "y", "query": "?key=" + url.QueryEscape(s), "path": "/" + url.PathEscape(s), "JSON": quote("a" + s),
		"Basic": "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+s)), "base64url": base64.URLEncoding.EncodeToString([]byte("ab" + s)),
		"hex": fmt.Sprintf("%x", s), "HEX": fmt.Sprintf("%X", s), "Go": fmt.Sprintf("%q", s),
	} {
		found := false
		for _, form := range forms(s) {
			found = found || len(form) >= window && strings.Contains(text, form)
		}
		if !found {
			t.Errorf("%s is not found in %s", name, text)
		}
	}
}

func (l *leak) searchFor(where, text, s, channel string) {
	l.t.Helper()
	for _, form := range forms(s) {
		if at := strings.Index(text, form); at >= 0 {
			l.t.Errorf("%s holds the secret %q of channel %s, as %q: …%s…", where, s, channel, form, text[max(0, at-80):min(len(text), at+len(form)+80)])
			return
		}
	}
}

// put sends a control request, whose answer may never hold a secret.
func (l *leak) put(method, path string, body any, secrets ...string) reply {
	l.t.Helper()
	raw, ok := body.(string)
	if !ok {
		b, err := json.Marshal(body)
		if err != nil {
			l.t.Fatal(err)
		}
		raw = string(b)
	}
	r := l.ask(l.key, method, path, raw)
	for _, s := range secrets {
		l.searchFor(fmt.Sprintf("%s %s: %d", method, path, r.status), r.body+fmt.Sprint(r.header), s, l.secrets[s])
	}
	return r
}

func (l *leak) must(r reply) {
	l.t.Helper()
	if r.status > 299 {
		l.t.Fatalf("%d %s", r.status, r.body)
	}
}

// run makes a call. What is the API's own is taken out of its answer before it
// is searched.
func (l *leak) run(dry string, call map[string]any, secrets ...string) {
	l.t.Helper()
	raw, err := json.Marshal(call)
	if err != nil {
		l.t.Fatal(err)
	}
	r := l.ask(l.key, "POST", "/v1/actions/run"+dry, string(raw))
	text := r.body
	if r.status < 300 && dry == "" {
		text = "" // the API's own body
	}
	for _, s := range secrets {
		l.searchFor(fmt.Sprintf("run %v%s: %d", call["event"], dry, r.status), text+fmt.Sprint(r.header), s, l.secrets[s])
	}
}

func (l *leak) secretChannel(round int) {
	s := l.new("secret")
	path := fmt.Sprintf("/v1/secrets/PLAIN_%d", round)
	l.must(l.put("PUT", path, map[string]any{"value": s}, s))
	for _, body := range []any{
		map[string]any{"vaule": s},
		map[string]any{"value": []string{s}},
		map[string]any{"value": map[string]string{s: s}},
		map[string]any{"value": s, "apps": s},
		map[string]any{"value": s, "expires_at": s},
		map[string]any{"value": s, "expires_at": "2001-01-01T00:00:00Z"},
		`{"value":` + quote(s)[:len(quote(s))-1], `{"value":` + quote(s) + `} x`, quote(s), `[` + quote(s) + `]`,
	} {
		l.put("PUT", path, body, s)
	}
	l.put("PUT", "/v1/secrets/"+strings.Repeat("A", 200), map[string]any{"value": s}, s)
	l.put("PUT", "/v1/secrets/a%7Db", map[string]any{"value": s}, s)
	l.put("POST", path, map[string]any{"value": s}, s)
}

// schemes are the kinds of auth, and the fields of their values.
var schemes = []struct {
	app, auth string
	fields    []string
}{
	{"bearer", `{"tag":"in","type":"bearer"}`, []string{"token"}},
	{"basic", `{"tag":"in","type":"basic"}`, []string{"username", "password"}},
	{"header", `{"tag":"in","type":"api_key","in":"header","name":"X-Key"}`, []string{"value"}},
	{"query", `{"tag":"in","type":"api_key","in":"query","name":"key"}`, []string{"value"}},
	{"cookie", `{"tag":"in","type":"api_key","in":"cookie","name":"key"}`, []string{"value"}},
}

var events = []string{"ok", "refuse", "garbage", "reset", "redirect", "circle"}

func (l *leak) app(tag, auth string) string {
	var actions []string
	for _, e := range events {
		actions = append(actions, fmt.Sprintf(`{"tag":%q,"method":"GET","resource":"/%s","params":[{"name":"n","in":"query","type":"integer"}]}`, e, e))
	}
	actions = append(actions, `{"tag":"item","method":"POST","resource":"/items/{id}","params":[{"name":"id","in":"path","required":true},{"name":"X-Trace","in":"header"},{"name":"n","in":"query","type":"integer","schema":{"type":"integer"}}],"body":{"contents":[{"type":"application/json","schema":{"type":"object","properties":{"a":{"enum":["x"]},"b":{"maxLength":3},"d":{"type":"integer"},"e":{"format":"email"},"f":{"pattern":"^z"},"g":{"const":1}}}}]}}`)
	return fmt.Sprintf(`{"tag":%q,"envs":[{"slug":"live","base_url":%q,"allow_private":true},{"slug":"guarded","base_url":%q},{"slug":"nobody","base_url":"http://127.0.0.1:1","allow_private":true}],
		"auths":[%s],"variables":[{"key":"v"}],"settings":{"validate":%q},"actions":[%s]}`, tag, l.echo.URL, l.echo.URL, auth, []string{"params", "strict", "off"}[l.rand.IntN(3)], strings.Join(actions, ","))
}

// authChannels connects one app of each scheme, once with a secret's name and
// once with the value written out, and makes it fail in every way.
func (l *leak) authChannels(round int) {
	for _, scheme := range schemes {
		l.must(l.put("PUT", "/v1/apps/"+scheme.app, l.app(scheme.app, scheme.auth)))
		for _, literal := range []bool{false, true} {
			var secrets []string
			values := map[string]string{}
			for i, field := range scheme.fields {
				channel := scheme.app
				if literal {
					channel = "literal " + scheme.app
				}
				s := l.new(channel)
				secrets = append(secrets, s)
				values[field] = strings.ReplaceAll(s, "$", "$$")
				if !literal {
					key := fmt.Sprintf("%s_%d_%d", scheme.app, round, i)
					l.must(l.put("PUT", "/v1/secrets/"+key, map[string]any{"value": s}, s))
					values[field] = "$Secret{" + key + "}"
				}
			}
			l.connectAndRun(scheme.app, map[string]any{"in": values}, nil, secrets)
		}
	}
}

// connectAndRun saves a product with the credential, and runs each event in
// each environment, really and dry.
func (l *leak) connectAndRun(app string, auth map[string]any, variables map[string]any, secrets []string) {
	l.t.Helper()
	var envs []any
	for _, e := range []string{"live", "guarded", "nobody"} {
		envs = append(envs, map[string]any{"product_env": e, "app_env": e, "auth": auth, "variables": variables})
	}
	product := map[string]any{
		"envs": []any{map[string]any{"slug": "live"}, map[string]any{"slug": "guarded"}, map[string]any{"slug": "nobody"}},
		"apps": []any{map[string]any{"access_tag": app, "app": app, "envs": envs}}, "caches": []any{map[string]any{"tag": "c", "expiry": 1000}},
	}
	r := l.put("PUT", "/v1/products/p-"+app, product, secrets...)
	if r.status > 299 {
		return // refused, such as a user name with a colon in it: and not told back
	}
	l.put("GET", "/v1/products/p-"+app, "", secrets...)
	for _, event := range events {
		call := map[string]any{"env": "live", "product": "p-" + app, "app": app, "event": event}
		l.run("", call, secrets...)
		l.run("?dry_run=true", call, secrets...)
		call["cache"] = "c"
		l.run("", call, secrets...)
	}
	for _, env := range []string{"guarded", "nobody"} {
		l.run("", map[string]any{"env": env, "product": "p-" + app, "app": app, "event": "ok"}, secrets...)
	}
	product["apps"].([]any)[0].(map[string]any)["colour"] = "red"
	l.put("PUT", "/v1/products/p-"+app, product, secrets...)
}

// inputChannels puts secrets where a call's own parts are: through a variable of
// the connection, and through $Secret in the input.
func (l *leak) inputChannels(round int) {
	variable, input := l.new("variable"), l.new("input")
	l.must(l.put("PUT", "/v1/apps/parts", l.app("parts", "")))
	vkey, ikey := fmt.Sprintf("VAR_%d", round), fmt.Sprintf("IN_%d", round)
	l.must(l.put("PUT", "/v1/secrets/"+vkey, map[string]any{"value": variable}, variable))
	l.must(l.put("PUT", "/v1/secrets/"+ikey, map[string]any{"value": input, "apps": []string{"parts"}}, input))
	l.connectAndRun("parts", nil, map[string]any{"v": "$Secret{" + vkey + "}"}, []string{variable})
	for _, ref := range []string{"$Variable{parts}{v}", "$Secret{" + ikey + "}"} {
		for _, in := range []map[string]any{
			{"params": map[string]any{"id": ref}},
			{"params": map[string]any{"id": "a-" + ref + "-b"}},
			{"params": map[string]any{"id": "1"}, "headers": map[string]any{"X-Trace": ref, ref: "1"}},
			{"params": map[string]any{"id": "1"}, "headers": map[string]any{"X-Trace": "a\r\n" + ref}},
			{"params": map[string]any{"id": "1"}, "query": map[string]any{"n": ref, "q": ref}},
			{"params": map[string]any{"id": "1"}, "query": map[string]any{"q": ref}, "body": map[string]any{"a": ref, "b": "x" + ref}},
			{"params": map[string]any{"id": "1"}, "body": map[string]any{"a": ref, "b": ref, "d": ref, "e": ref, "f": ref, "g": "x" + ref}},
			{"params": map[string]any{"id": "1"}, "body": map[string]any{"a": "$Add(" + ref + ", 1)", "b": "$Pick(" + ref + ", 999)"}},
		} {
			for _, env := range []string{"live", "guarded", "nobody"} {
				call := map[string]any{"env": env, "product": "p-parts", "app": "parts", "event": "item", "input": in}
				l.run("", call, variable, input)
				l.run("?dry_run=true", call, variable, input)
			}
		}
	}
}

func (l *leak) keyChannel() {
	made := l.newKey(ductape.DefaultWorkspace).Text
	l.secrets[made] = "key"
	if r := l.ask(made, "GET", "/v1/keys", ""); r.status != 200 || strings.Contains(r.body, made) {
		l.t.Errorf("a listing with the key: %d %s", r.status, r.body)
	}
	wrong := "dk_" + hex.EncodeToString([]byte(fmt.Sprint(l.rand.Uint64(), l.rand.Uint64())))
	l.secrets[wrong] = "wrong key"
	for _, path := range []string{"/v1/keys", "/v1/actions/run", "/v1/nothing"} {
		r := l.ask(wrong, "GET", path, "")
		l.searchFor(path, r.body+fmt.Sprint(r.header), wrong, "wrong key")
	}
}

func (l *leak) sessionChannel() {
	s := l.new("session data")
	r := l.put("POST", "/v1/sessions/start", map[string]any{"product": "shop", "env": "prd", "tag": "visitor", "data": map[string]any{"user": map[string]any{"id": s}}}, s)
	l.must(r)
	started := decode[ductape.StartedSession](l.t, r.body)
	// Before the last dot stands what is no secret.
	proof, refresh := afterDot(started.Token), afterDot(started.RefreshToken)
	l.secrets[proof], l.secrets[refresh] = "session token", "refresh token"
	in := map[string]any{"body": map[string]any{"name": "$Session{user}{id}"}}
	for _, session := range []map[string]any{{"tag": "visitor", "token": started.Token}, {"tag": "other", "token": started.Token}, {"tag": "visitor", "token": started.Token + "x"}} {
		l.run("", map[string]any{"env": "prd", "product": "shop", "app": "api", "event": "create_item", "input": in, "session": session}, s, proof)
	}
	scope := map[string]any{"product": "shop", "env": "prd", "tag": "visitor"}
	scope["token"] = started.Token + "x"
	l.put("POST", "/v1/sessions/verify", scope, s, proof)
	scope["env"], scope["refreshToken"] = "guarded", started.RefreshToken
	delete(scope, "token")
	l.put("POST", "/v1/sessions/refresh", scope, refresh)
}

func afterDot(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

func (l *leak) urlChannel() {
	s := hex.EncodeToString([]byte(l.new("url")))
	l.secrets[s] = "url"
	for _, location := range []string{"http://user:" + s + "@127.0.0.1:1/spec.json", "http://user:" + s + "@192.0.2.1:1x/", "ftp://user:" + s + "@example.com/", "https://127.0.0.1:1/spec.json?key=" + s} {
		l.put("POST", "/v1/apps/import", map[string]any{"location": location}, s)
	}
	l.put("PUT", "/v1/apps/withuser", fmt.Sprintf(`{"envs":[{"slug":"live","base_url":"https://user:%s@example.com"}]}`, s), s)
}

// searchListings searches everything that can be read back.
func (l *leak) searchListings() {
	for _, path := range []string{"/v1/secrets", "/v1/keys", "/v1/apps", "/v1/products", "/v1/runs?limit=1000"} {
		l.search("GET "+path, l.good("GET", path, ""))
	}
}

// searchFolder searches every byte that was kept, in the open store and its log.
func (l *leak) searchFolder(folder string) {
	l.Queue.Flush()
	err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		held, err := os.ReadFile(file)
		l.search(filepath.Base(file), string(held))
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// A value that reading would change is refused.
func TestSecretsAreExact(t *testing.T) {
	w := newWorld(t)
	for name, value := range map[string]string{"bytes": "\xff\xfeabc", "half a pair": `\ud800abc`} {
		for _, to := range [][2]string{{"PUT", "/v1/secrets/TOKEN"}, {"POST", "/v1/secrets/TOKEN/rotate"}} {
			w.play(scenario{name: name, method: to[0], path: to[1], body: `{"value":"` + value + `"}`, status: 400, code: "invalid_input", has: []string{"UTF-8"}})
		}
	}
	w.good("PUT", "/v1/secrets/TOKEN", `{"value":"\ud83d\ude00 \ufffd ü"}`)
}

// What is left out stays; an empty list is all; who is not there is told of.
func TestScopeOverHTTP(t *testing.T) {
	w := newWorld(t)
	for _, c := range [][2]string{
		{`{"value":"1","apps":["api"],"envs":["prd"]}`, `"apps":["api"],"envs":["prd"]`},
		{`{"value":"2"}`, `"apps":["api"],"envs":["prd"]`},
		{`{"value":"3","envs":null}`, `"apps":["api"],"envs":["prd"]`},
		{`{"value":"4","envs":[]}`, `"apps":["api"],"created_at"`},
		{`{"value":"5","apps":["apj"]}`, `there is no app \"apj\" yet`},
	} {
		if got := w.good("PUT", "/v1/secrets/SCOPED", c[0]); !strings.Contains(got, c[1]) {
			t.Errorf("%s gave %s, without %s", c[0], got, c[1])
		}
	}
}

func TestShortSecretsAreToldOf(t *testing.T) {
	w := newWorld(t)
	if body := w.good("PUT", "/v1/secrets/PIN", `{"value":"1x9"}`); !strings.Contains(body, "short_secret") || strings.Contains(body, "1x9") {
		t.Error(body)
	}
	if body := w.good("PUT", "/v1/secrets/PIN", `{"value":"1x9z"}`); strings.Contains(body, "short_secret") {
		t.Error(body)
	}
}
