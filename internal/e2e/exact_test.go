package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

// exact is a body that any reader and writer on the way would change: white
// space, escapes, numbers that no float holds, a $ that is no reference.
const exact = "{\n  \"a\" : 1,\t\"text\":\"\\u0041\\/\\u00e9 é <&> \\u2028\",\r\n" +
	`  "big": 1e400, "exact":12345678901234567890.10, "zero":-0.0,"e":1E+2 ,` +
	"\n\"empty\" : { } , \"list\":[ 1 ,2,\n3 ], \"dollar\":\"$5 ${x} $$ \\u0024{\", \"k\\u0041\\/\" : null\n}"

const exactFile = `
apps:
  - tag: echo
    envs: [ { slug: dev, base_url: "UPSTREAM", allow_private: true } ]
    actions:
      - { tag: send, method: POST, resource: /echo, body: { type: application/json } }
      - { tag: text, method: POST, resource: /echo, body: { type: application/xml } }
      - { tag: put, method: PUT, resource: /echo, body: { type: application/octet-stream } }
      - { tag: endless, method: GET, resource: /endless }
products:
  - tag: p
    envs: [ dev ]
    apps: [ { access_tag: echo, app: echo, envs: [ { product_env: dev, app_env: dev } ] } ]
`

// newEcho is an API that answers with the body it got, and at /endless with more
// than a run may have.
func newEcho(t *testing.T) string {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/endless" {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for zeros := make([]byte, 1<<20); ; {
				if _, err := z.Write(zeros); err != nil {
					return
				}
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.Copy(w, r.Body) //nolint:errcheck // the test sees what is missing
	}))
	t.Cleanup(api.Close)
	return api.URL
}

func exactBox(t *testing.T) (*box, string) {
	b := newBox(t)
	file := strings.ReplaceAll(exactFile, "UPSTREAM", newEcho(t))
	b.cli(file, "apply", "-f", "-")
	return b, file
}

func exactCall(event string, input any) ductape.Call {
	return ductape.Call{Product: "p", Env: "dev", App: "echo", Event: event, Input: input}
}

// A body that needs no change reaches the API byte for byte, by every way in.
func TestBodiesByteForByte(t *testing.T) {
	b, file := exactBox(t)
	k := b.newKey()
	s := b.serve("127.0.0.1:0")
	for name, input := range map[string]string{"structured": "{ \"body\":\t" + exact + "\n}", "flat": exact} {
		t.Run("HTTP, "+name, func(t *testing.T) { same(t, overHTTP(t, s, k, input)) })
		t.Run("command line, "+name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "input.json")
			if err := os.WriteFile(path, []byte(input), 0o600); err != nil {
				t.Fatal(err)
			}
			run := []string{"run", "-p", "p", "-e", "dev", "echo", "send", "--input"}
			same(t, b.cli("", append(run, input)...))
			same(t, b.cli("", append(run, "@"+path)...))
			same(t, b.cli(input, append(run, "-")...))
		})
		t.Run("Go client, "+name, func(t *testing.T) {
			for _, raw := range []any{json.RawMessage(input), jsontext.Value(input), []byte(input)} {
				res, err := s.client(k).Run(t.Context(), exactCall("send", raw))
				same(t, text(t, res, err))
			}
		})
		t.Run("embedded, "+name, func(t *testing.T) {
			d := embed(t, file)
			for _, raw := range []any{json.RawMessage(input), jsontext.Value(input), []byte(input)} {
				res, err := d.Run(t.Context(), exactCall("send", raw))
				same(t, text(t, res, err))
			}
		})
	}
	t.Run("one value of many", func(t *testing.T) {
		same(t, b.cli("", "run", "-p", "p", "-e", "dev", "echo", "send", "headers.X-A=1", "body:="+exact))
		res, err := s.client(k).Run(t.Context(), exactCall("send", ductape.Input{Body: json.RawMessage(exact)}))
		same(t, text(t, res, err))
		res, err = embed(t, file).Run(t.Context(), exactCall("send", ductape.Input{Body: json.RawMessage(exact)}))
		same(t, text(t, res, err))
	})
	t.Run("TypeScript, what is no JSON value", func(t *testing.T) {
		haveSDK(t)
		same(t, inTypeScript(t, s, k, `write(await run('text', { body: exact })); `))
		same(t, inTypeScript(t, s, k, `write(await run('put', { body: file(new TextEncoder().encode(exact)) })); `))
	})
	t.Run("a name that stands twice", func(t *testing.T) { refusedEverywhere(t, b, s, k, file) })
}

// refusedEverywhere wants a body with a name that stands twice to be refused by
// every way in, with its place. docs/run.md says why.
func refusedEverywhere(t *testing.T, b *box, s *served, k key, file string) {
	const twice = `{"body":{"list":[{"role":"user","role":"admin"}]}}`
	wants := func(text string) {
		t.Helper()
		if !strings.Contains(text, "duplicate") || !strings.Contains(text, "list") || !strings.Contains(text, string(ductape.CodeInvalidInput)) {
			t.Errorf("the error does not say what stands twice where: %s", text)
		}
	}
	wants(overHTTP(t, s, k, twice))
	if _, errOut, err := b.try("", "run", "-p", "p", "-e", "dev", "echo", "send", "--input", twice); err == nil {
		t.Error("the command line sends it")
	} else {
		wants(errOut)
	}
	if _, err := s.client(k).Run(t.Context(), exactCall("send", json.RawMessage(twice))); err == nil {
		t.Error("the Go client sends it")
	} else {
		wants(err.Error())
	}
	if _, err := embed(t, file).Run(t.Context(), exactCall("send", json.RawMessage(twice))); err == nil {
		t.Error("embedded sends it")
	} else {
		wants(err.Error())
	}
}

// An answer that is larger than a run may have fails with that code, also when
// its beginning has been passed on.
func TestTooLargeWithinAStream(t *testing.T) {
	b, _ := exactBox(t)
	k := b.newKey()
	s := b.serve("127.0.0.1:0")
	res, err := s.client(k).Run(t.Context(), exactCall("endless", nil))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if ductape.CodeOf(err) != ductape.CodeResponseTooLarge || n == 0 {
		t.Errorf("Go client: %d bytes, %v", n, err)
	}
	if _, errOut, err := b.try("", "run", "-p", "p", "-e", "dev", "echo", "endless"); err == nil || !strings.Contains(errOut, string(ductape.CodeResponseTooLarge)) {
		t.Errorf("command line: %v, %s", err, errOut)
	}
	haveSDK(t)
	if out := inTypeScript(t, s, k, `try { await run('endless', {}) } catch (err) { write(err.code + ' ' + err.runId) }`); !strings.HasPrefix(out, "response_too_large run_") {
		t.Errorf("TypeScript: %s", out)
	}
}

func same(t *testing.T, got string) {
	t.Helper()
	if got != exact {
		t.Errorf("the API got\n%q\nwant\n%q", got, exact)
	}
}

func text(t *testing.T, res *ductape.Result, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	got, err := res.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func overHTTP(t *testing.T, s *served, k key, input string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url()+"/v1/actions/run",
		strings.NewReader(`{"product":"p","env":"dev","app":"echo","event":"send","input":`+input+`}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+k.Key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func embed(t *testing.T, file string) *embedded.Ductape {
	t.Helper()
	d, err := embedded.Open(t.Context(), embedded.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Catalog.Apply(t.Context(), ductape.DefaultWorkspace, catalog.ApplyRequest{File: []byte(file)}); err != nil {
		t.Fatal(err)
	}
	return d
}

var sdkBuilt bool

// haveSDK builds the TypeScript client, once for the tests of this file.
func haveSDK(t *testing.T) {
	t.Helper()
	if !sdkBuilt {
		buildSDK(t)
		sdkBuilt = true
	}
}

// inTypeScript runs a piece of code that has run, file, exact and write.
func inTypeScript(t *testing.T, s *served, k key, code string) string {
	t.Helper()
	cmd := exec.Command("node", "--input-type=module", "-e", `
import Ductape, { file } from './dist/esm/index.js';
const { actions } = new Ductape({ base_url: process.env.DUCTAPE_TEST_URL, accessKey: process.env.DUCTAPE_TEST_KEY, product: 'p', env: 'dev' });
const exact = process.env.DUCTAPE_TEST_BODY;
const run = (event, input) => actions.run({ app: 'echo', event, input });
const write = (text) => process.stdout.write(text);
`+code)
	cmd.Dir = sdk
	cmd.Env = append(environment(), "DUCTAPE_TEST_URL="+s.url(), "DUCTAPE_TEST_KEY="+k.Key, "DUCTAPE_TEST_BODY="+exact)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, errOut.String())
	}
	return out.String()
}
