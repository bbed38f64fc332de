package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/cache/memory"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/cli"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/server"
)

var secretCount = flag.Int("secrets", 240, "how many random secrets TestSecretsNeverShow puts through its channels")

// channels are the ways in: how a secret comes to us and where it is used. With
// failures, the ways it can go wrong, they are the list that issue 4 asks for.
var channels = []struct {
	name string
	use  func(l *leaks, n int, secret string)
}{
	{"PUT /v1/secrets, used as bearer token", (*leaks).asBearer},
	{"PUT /v1/secrets, used as user and password", (*leaks).asBasic},
	{"PUT /v1/secrets, used as API key in the query", (*leaks).asQueryKey},
	{"PUT /v1/secrets, used as API key in a header", (*leaks).asHeaderKey},
	{"PUT /v1/secrets, used as API key in a cookie", (*leaks).asCookie},
	{"POST /v1/secrets/{key}/rotate, and the version before, pinned", (*leaks).asRotated},
	{"a literal credential in PUT /v1/products/…/apps", (*leaks).asLiteral},
	{"a literal credential in POST /v1/apply", (*leaks).asApplied},
	{"a variable of a connection", (*leaks).asVariable},
	{"$Secret in a call's input", (*leaks).asInput},
	{"a reference to the server's environment", (*leaks).asReference},
	{"a session's data", (*leaks).asSession},
	{"a request that is refused", (*leaks).asRefused},
	{"ductape secrets set and import, good and broken", (*leaks).asCommand},
}

// failures are the actions that every channel runs: one that is good, and one
// for each way it can fail. The API is ours. Where it succeeds it tells nothing
// back, so whatever shows is our doing; where it refuses it may tell all it got.
var failures = []struct{ event, what string }{
	{"good", "200"},
	{"refuse", "401 from the API"},
	{"echo", "401 from the API, which repeats what it got, also in base64"},
	{"cut", "the API's answer breaks off, after what it got"},
	{"reset", "the API hangs up"},
	{"garbage", "the API answers no HTTP"},
	{"redirect", "the API redirects to a blocked address"},
	{"circle", "the API redirects in a circle"},
	{"panic", "a panic in a handler"},
}

// leaks puts secrets in and looks for them in what comes out: every answer of
// ours with its headers, the log at debug level, what the command line prints,
// the run records, every listing, and every file of the data folder.
type leaks struct {
	t      *testing.T
	d      *embedded.Ductape
	h      http.Handler
	folder string
	api    *httptest.Server
	rand   *rand.Rand
	log    *lockedBuffer
	all    finder
	now    finder // of the secret in work
	env    map[string]string
	codes  map[ductape.Code]int // how our answers ended
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

// panicking makes the handler panic with all that it has in its hands.
type panicking struct{ run.Sender }

func (p panicking) Do(req *http.Request, policy egress.Policy) (*http.Response, error) {
	if req.URL.Path == "/panic" {
		body, _ := io.ReadAll(req.Body)
		panic(fmt.Sprint("boom: ", req.URL, req.Header, string(body)))
	}
	return p.Sender.Do(req, policy)
}

// folderOf is how many secrets share a data folder.
const folderOf = 5000

// TestSecretsNeverShow: no form of any secret that came in through any channel
// shows anywhere, whatever goes wrong. `make secrets-proof` is the whole proof.
func TestSecretsNeverShow(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	perChannel, codes := map[string]int{}, map[ductape.Code]int{}
	for done := 0; done < *secretCount; done += folderOf {
		t.Run(fmt.Sprint("from ", done), func(t *testing.T) {
			l := newLeaks(t, seed+uint64(done), codes)
			l.putIn(min(folderOf, *secretCount-done), perChannel)
			l.searchAll()
		})
	}
	for name, n := range perChannel {
		t.Logf("%6d  %s", n, name)
	}
	t.Logf("answers: %v", codes)
	for _, code := range []ductape.Code{
		ductape.OutcomeOK, ductape.CodeUpstreamStatus, ductape.CodeUpstreamUnreachable, ductape.CodeBlockedAddress, ductape.CodeInternal,
		ductape.CodeInvalidInput, ductape.CodeInvalidPlaceholder, ductape.CodeUnresolvedPlaceholder, ductape.CodeSessionInvalid,
	} {
		if codes[code] == 0 {
			t.Errorf("no answer was %s: a way to fail is not tried any more", code)
		}
	}
}

// putIn puts random secrets through the channels, one after the other, and
// searches every answer for the one in work.
func (l *leaks) putIn(count int, perChannel map[string]int) {
	for n := range count {
		c := channels[n%len(channels)]
		if c.name == channels[len(channels)-1].name && (n+1)%(5*len(channels)) != 0 {
			c = channels[0] // commands open the folder anew each time: fewer of them
		}
		perChannel[c.name]++
		secret := randomSecret(l.rand)
		l.now = finder{}
		l.now.add(secret, c.name)
		l.all.add(secret, c.name)
		c.use(l, n, secret)
		l.search("the log", l.log.take(), l.now)
	}
}

// searchAll looks for all of them in what stays.
func (l *leaks) searchAll() {
	l.searchListings()
	l.searchFolder("open")
	if err := l.d.Close(); err != nil {
		l.t.Error(err)
	}
	l.search("the log", l.log.take(), l.all)
	l.searchFolder("closed")
}

func newLeaks(t *testing.T, seed uint64, codes map[ductape.Code]int) *leaks {
	l := &leaks{t: t, folder: filepath.Join(t.TempDir(), "data"), rand: rand.New(rand.NewPCG(seed, 1)), log: new(lockedBuffer), all: finder{}, env: map[string]string{}, codes: codes}
	log := slog.New(slog.NewJSONHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
	before := slog.Default()
	slog.SetDefault(log)
	t.Cleanup(func() { slog.SetDefault(before) })
	l.api = httptest.NewServer(http.HandlerFunc(badAPI))
	l.api.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo) // the API's own
	t.Cleanup(l.api.Close)
	var err error
	l.d, err = embedded.Open(context.Background(), embedded.Config{Data: l.folder, Log: log, External: embedded.External{EnvPrefix: "APP_", Getenv: func(name string) string { return l.env[name] }}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := egress.New(egress.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	answers, err := memory.New(memory.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answers.Close() })
	runner := run.New(run.Config{
		Catalog: l.d.Store, Secrets: l.d.Catalog, Sessions: l.d.Sessions, Cache: answers, Sender: panicking{out}, Recorder: l.d.Queue,
		Jitter: func(time.Duration) time.Duration { return 0 },
	})
	l.h = server.New(server.Config{Runner: runner, Catalog: l.d.Catalog, Sessions: l.d.Sessions, Store: l.d.Store, Flush: l.d.Queue.Flush, Log: log})
	l.must("PUT", "/v1/apps/api", l.app())
	return l
}

func badAPI(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/refuse":
		w.WriteHeader(http.StatusUnauthorized)
	case "/echo":
		w.Header().Set("Www-Authenticate", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusUnauthorized)
		got := requestText(r)
		_ = json.NewEncoder(w).Encode(map[string]any{"got": got, "base64": []byte(got)})
	case "/cut":
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, requestText(r))
	case "/reset":
		panic(http.ErrAbortHandler)
	case "/garbage":
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_, _ = fmt.Fprintf(conn, "HTTP/9 %s\r\n\r\n", r.Header)
			_ = conn.Close()
		}
	case "/redirect":
		w.Header().Set("Location", "http://169.254.169.254/?"+r.URL.RawQuery)
		w.WriteHeader(http.StatusFound)
	case "/circle":
		w.Header().Set("Location", "/circle?again=1&"+r.URL.RawQuery)
		w.WriteHeader(http.StatusFound)
	default:
		_, _ = io.WriteString(w, "{}")
	}
}

// requestText is all that a request holds, the user and password decoded too.
func requestText(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	user, password, _ := r.BasicAuth()
	return fmt.Sprintln(r.RequestURI, r.Header, user, password, string(body))
}

func (l *leaks) app() any {
	var actions []any
	for _, f := range failures {
		actions = append(actions, map[string]any{
			"tag": f.event, "method": "POST", "resource": "/" + f.event, "params": []any{
				map[string]any{"name": "n", "in": "query", "type": "integer"}, map[string]any{"name": "X-Trace", "in": "header"},
			},
			"body": map[string]any{"contents": []any{map[string]any{"type": "application/json"}}},
		})
	}
	actions = append(actions, map[string]any{"tag": "item", "method": "GET", "resource": "/items/{id}", "params": []any{map[string]any{"name": "id", "in": "path", "required": true}}})
	return map[string]any{
		"envs": []any{map[string]any{"slug": "live", "base_url": l.api.URL, "allow_private": true}, map[string]any{"slug": "guarded", "base_url": l.api.URL}, map[string]any{"slug": "nobody", "base_url": "http://127.0.0.1:1", "allow_private": true}},
		"auths": []any{
			map[string]any{"tag": "bearer", "type": "bearer"},
			map[string]any{"tag": "basic", "type": "basic"},
			map[string]any{"tag": "header", "type": "api_key", "in": "header", "name": "X-Key"},
			map[string]any{"tag": "query", "type": "api_key", "in": "query", "name": "key"},
			map[string]any{"tag": "cookie", "type": "api_key", "in": "cookie", "name": "sid"},
		},
		"variables": []any{map[string]any{"key": "v"}}, "actions": actions,
	}
}

// ask sends a request to ourselves; its answer may hold no secret.
func (l *leaks) ask(method, path string, body any) (int, string) {
	l.t.Helper()
	var raw []byte
	if text, ok := body.(string); ok {
		raw = []byte(text)
	} else if body != nil {
		raw, _ = json.Marshal(body)
	}
	req := httptest.NewRequest(method, path, bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	defer func() { l.count(w) }()
	l.h.ServeHTTP(w, req.WithContext(server.Trust(req.Context(), ductape.DefaultWorkspace)))
	l.search(fmt.Sprintf("%s %s: %d", method, path, w.Code), fmt.Sprint(w.Header())+w.Body.String(), l.now)
	return w.Code, w.Body.String()
}

func (l *leaks) count(w *httptest.ResponseRecorder) {
	var p struct{ Code ductape.Code }
	if w.Code > 299 {
		_ = json.Unmarshal(w.Body.Bytes(), &p) // "" where it is no problem document
	} else {
		p.Code = ductape.OutcomeOK
	}
	l.codes[p.Code]++
}

func (l *leaks) must(method, path string, body any) string {
	l.t.Helper()
	status, text := l.ask(method, path, body)
	if status > 299 {
		l.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	return text
}

func (l *leaks) search(where, text string, f finder) {
	l.t.Helper()
	if one, at, ok := f.in(text); ok {
		l.t.Errorf("%s holds the secret %q of channel %q, as %q: …%s…", where, one.secret, one.channel, one.form, text[max(0, at-100):min(len(text), at+100)])
	}
}

// connect joins the product to the API with a credential, and runs everything.
func (l *leaks) connect(auth, variables map[string]any, inputs ...any) {
	l.t.Helper()
	var envs, conns []any
	for _, e := range []string{"live", "guarded", "nobody"} {
		envs = append(envs, map[string]any{"slug": e})
		conns = append(conns, map[string]any{"product_env": e, "app_env": e, "auth": auth, "variables": variables})
	}
	product := map[string]any{
		"envs": envs, "apps": []any{map[string]any{"access_tag": "api", "app": "api", "envs": conns}},
		"caches": []any{map[string]any{"tag": "c", "expiry": 1000}}, "sessions": []any{map[string]any{"tag": "user", "selector": "$Session{id}", "expiry": 1, "period": "hours"}},
	}
	if status, _ := l.ask("PUT", "/v1/products/p", product); status > 299 {
		return // refused, such as a user name with a colon in it
	}
	l.runAll(nil, inputs...)
}

// runAll runs every failure with one of the inputs, and dry.
func (l *leaks) runAll(session any, inputs ...any) {
	l.t.Helper()
	if len(inputs) == 0 {
		inputs = []any{nil}
	}
	call := func(env, event string) map[string]any {
		return map[string]any{"env": env, "product": "p", "app": "api", "event": event, "input": inputs[l.rand.IntN(len(inputs))], "session": session, "retries": l.rand.IntN(2)}
	}
	for _, f := range failures {
		l.ask("POST", "/v1/actions/run", call("live", f.event))
	}
	l.ask("POST", "/v1/actions/run?dry_run=true", call("live", "good"))
	l.ask("POST", "/v1/actions/run", call("guarded", "good"))
	l.ask("POST", "/v1/actions/run", call("nobody", "good"))
	cached := call("live", "good")
	cached["cache"] = "c"
	l.ask("POST", "/v1/actions/run", cached)
	l.ask("GET", "/v1/products/p", nil)
	l.ask("GET", "/v1/runs?limit=12", nil)
}

func (l *leaks) set(n int, secret string, apps ...string) (ref string) {
	l.t.Helper()
	key := fmt.Sprintf("K%d", n)
	l.must("PUT", "/v1/secrets/"+key, map[string]any{"value": secret, "apps": apps})
	l.must("GET", "/v1/secrets/"+key+"/versions", nil)
	return "$Secret{" + key + "}"
}

func (l *leaks) asBearer(n int, secret string) {
	l.connect(map[string]any{"bearer": map[string]string{"token": l.set(n, secret)}}, nil)
}

func (l *leaks) asBasic(n int, secret string) {
	l.connect(map[string]any{"basic": map[string]string{"username": "user", "password": l.set(n, secret)}}, nil)
}

func (l *leaks) asQueryKey(n int, secret string) {
	l.connect(map[string]any{"query": map[string]string{"value": l.set(n, secret)}}, nil)
}

func (l *leaks) asHeaderKey(n int, secret string) {
	l.connect(map[string]any{"header": map[string]string{"value": l.set(n, secret)}}, nil)
	l.connect(map[string]any{"header": map[string]string{"value": strings.ReplaceAll(secret, "$", "$$")}}, nil)
}

func (l *leaks) asCookie(n int, secret string) {
	l.connect(map[string]any{"cookie": map[string]string{"value": l.set(n, secret)}}, nil)
}

func (l *leaks) asRotated(n int, secret string) {
	l.set(n, "the first value of it")
	path := fmt.Sprintf("/v1/secrets/K%d/rotate", n)
	l.must("POST", path, map[string]any{"value": secret})
	l.must("POST", path, map[string]any{"value": "the third value of it"})
	l.ask("POST", path, map[string]any{"value": secret, "grace_seconds": "x" + secret})
	l.connect(map[string]any{"bearer": map[string]string{"token": fmt.Sprintf("$Secret{K%d@2}", n)}}, nil)
}

func (l *leaks) asLiteral(_ int, secret string) {
	l.connect(map[string]any{"bearer": map[string]string{"token": strings.ReplaceAll(secret, "$", "$$")}}, nil)
}

func (l *leaks) asApplied(_ int, secret string) {
	quoted, _ := json.Marshal(strings.ReplaceAll(secret, "$", "$$"))
	file := `{"products":[{"tag":"p","envs":["live","guarded","nobody"],"apps":[{"access_tag":"api","app":"api","envs":[{"product_env":"live","app_env":"live","auth":{"bearer":{"token":` + string(quoted) + `}}}]}]}]}`
	l.ask("POST", "/v1/apply", map[string]any{"file": file, "location": "ductape.yaml", "dry_run": true})
	l.ask("POST", "/v1/apply", map[string]any{"file": file, "location": "ductape.yaml"})
	for _, broken := range []string{file[:len(file)-4], strings.Replace(file, `"live","auth"`, `"none","auth"`, 1), strings.Replace(file, `"bearer"`, `"berer"`, 1), strings.Replace(file, `"token":`, `"token":[`, 1), "a: b: " + file} {
		l.ask("POST", "/v1/apply", map[string]any{"file": broken, "location": "ductape.yaml"})
	}
	l.runAll(nil)
}

// inputsWith puts a reference wherever a value can stand, and where it is wrong.
func inputsWith(ref string) []any {
	return []any{
		map[string]any{"body": map[string]any{"a": ref, "b": "x" + ref + "y", ref: 1}},
		map[string]any{"query": map[string]any{"q": ref}, "headers": map[string]any{"X-Trace": ref}},
		map[string]any{"query": map[string]any{"n": ref}},
		map[string]any{"headers": map[string]any{"X-Trace": "a\r\n" + ref}},
		map[string]any{"body": map[string]any{"a": "$Add(" + ref + ", 1)"}},
		map[string]any{"body": map[string]any{"a": "$Pick(" + ref + ", 999)"}},
		map[string]any{"body": map[string]any{"a": "$Dateformat(" + ref + ", 'YYYY')"}},
		map[string]any{"body": map[string]any{"a": ref + "$Session{none}"}},
		map[string]any{"body": map[string]any{"a": "$Base64(" + ref + ")"}},
	}
}

func (l *leaks) asVariable(n int, secret string) {
	l.connect(map[string]any{"bearer": map[string]string{"token": "t"}}, map[string]any{"v": l.set(n, secret)}, inputsWith("$Variable{api}{v}")...)
	l.ask("POST", "/v1/actions/run", map[string]any{"env": "live", "product": "p", "app": "api", "event": "item", "input": map[string]any{"id": "$Variable{api}{v}"}})
}

func (l *leaks) asInput(n int, secret string) {
	ref := l.set(n, secret, "api")
	l.connect(nil, nil, inputsWith(ref)...)
	l.ask("POST", "/v1/actions/run", map[string]any{"env": "nobody", "product": "p", "app": "api", "event": "item", "input": map[string]any{"id": ref}})
}

func (l *leaks) asReference(n int, secret string) {
	name := fmt.Sprintf("APP_%d", n)
	l.env[name] = secret
	key := fmt.Sprintf("K%d", n)
	l.must("PUT", "/v1/secrets/"+key, map[string]any{"from": "env:" + name})
	l.connect(map[string]any{"bearer": map[string]string{"token": "$Secret{" + key + "}"}}, nil)
}

func (l *leaks) asSession(_ int, secret string) {
	l.connect(nil, nil)
	status, text := l.ask("POST", "/v1/sessions/start", map[string]any{"product": "p", "env": "live", "tag": "user", "data": map[string]any{"id": secret}})
	var s ductape.StartedSession
	if err := json.Unmarshal([]byte(text), &s); err != nil || status > 299 {
		l.t.Fatalf("%d %s %v", status, text, err)
	}
	for _, token := range []string{s.Token, s.Token + "x"} {
		for _, event := range []string{"refuse", "reset", "garbage", "panic"} {
			l.ask("POST", "/v1/actions/run", map[string]any{"env": "live", "product": "p", "app": "api", "event": event, "input": map[string]any{"body": map[string]any{"a": "$Session{id}"}}, "session": map[string]string{"tag": "user", "token": token}})
		}
		l.ask("POST", "/v1/sessions/verify", map[string]any{"product": "p", "env": "nobody", "tag": "user", "token": token})
	}
}

func (l *leaks) asRefused(n int, secret string) {
	path := fmt.Sprintf("/v1/secrets/K%d", n)
	quoted, _ := json.Marshal(secret)
	for _, body := range []any{
		map[string]any{"vaule": secret},
		map[string]any{"value": []string{secret}},
		map[string]any{"value": map[string]string{secret: secret}},
		map[string]any{"value": secret, "apps": secret},
		map[string]any{"value": secret, "expires_at": secret},
		map[string]any{"value": secret, "from": "env:APP_X"},
		map[string]any{"value": secret, "expires_at": "2001-01-01T00:00:00Z"},
		`{"value":` + string(quoted[:len(quoted)-1]), `{"value":` + string(quoted) + `} x`, string(quoted),
	} {
		if status, _ := l.ask("PUT", path, body); status < 300 {
			l.ask("DELETE", path, nil)
		}
	}
	l.ask("PUT", "/v1/secrets/"+strings.Repeat("A", 200), map[string]any{"value": secret})
	l.ask("POST", path, map[string]any{"value": secret})
}

// asCommand drives the command line, whose output is searched.
func (l *leaks) asCommand(n int, secret string) {
	file := filepath.Join(l.t.TempDir(), "x.env")
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
	for _, text := range []string{"A=1\nS" + fmt.Sprint(n) + `="` + quoted + "\"\n", `S="` + quoted + "\nB=1", "S='" + secret, `S="` + quoted + `" x`, "S=1\n" + secret, "S=\"" + quoted + "\"\nS=\"" + quoted + `"`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			l.t.Fatal(err)
		}
		l.command("", "secrets", "import", file)
		l.command("", "secrets", "import", file, "--dry-run", "--json")
	}
	l.command(secret, "secrets", "set", fmt.Sprint("C", n), "--json")
	l.command(secret, "secrets", "set", "bad key")
	l.command(secret, "secrets", "set", fmt.Sprint("C", n), "--expires", "2001-01-01")
	l.command(secret, "secrets", "rotate", fmt.Sprint("C", n))
	l.command("", "secrets", "describe", fmt.Sprint("C", n))
	if err := os.Remove(file); err != nil {
		l.t.Fatal(err)
	}
}

func (l *leaks) command(stdin string, args ...string) {
	l.t.Helper()
	var out bytes.Buffer
	cli.Main(cli.Process{Args: append(args, "--data", l.folder), Version: "test", Getenv: func(string) string { return "" }, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &out})
	l.search("ductape "+strings.Join(args, " "), out.String(), l.now)
}

func (l *leaks) searchListings() {
	l.now = l.all
	for _, path := range []string{"/v1/secrets", "/v1/keys", "/v1/apps", "/v1/products", "/v1/runs?limit=1000", "/metrics"} {
		l.ask("GET", path, nil)
	}
}

func (l *leaks) searchFolder(when string) {
	l.d.Queue.Flush()
	var size int
	err := filepath.WalkDir(l.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		held, err := os.ReadFile(path)
		size += len(held)
		l.search(filepath.Base(path), string(held), l.all)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Logf("%s: %d bytes of files", when, size)
}
