package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

const smallSpec = `{"openapi":"3.0.3","info":{"title":"Small","version":"1"},"servers":[{"url":"https://small.example"}],
	"paths":{"/pets":{"get":{"operationId":"listPets","responses":{}},"post":{"operationId":"createPet","requestBody":{"content":{"application/json":{}}},"responses":{}}}}}`

func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func importBody(description string) string {
	return `{"location":"small.json","description":` + quote(description) + `}`
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	dry := decode[catalog.ImportReport](t, w.good("POST", "/v1/apps/import", strings.Replace(importBody(smallSpec), "{", `{"dry_run":true,`, 1)))
	if dry.App != "small" || dry.Actions != 2 || dry.Format != "openapi" {
		t.Errorf("the dry run says %+v", dry)
	}
	if r := w.ask(w.key, "GET", "/v1/apps/small", ""); r.status != 404 {
		t.Errorf("a dry run keeps the app: %d", r.status)
	}
	w.good("POST", "/v1/apps/import", importBody(smallSpec))
	w.play(scenario{name: "over an app that is there", path: "/v1/apps/import", body: importBody(smallSpec), status: 409, code: "conflict", has: []string{"update"}})
	again := decode[catalog.ImportReport](t, w.good("POST", "/v1/apps/import", strings.Replace(importBody(smallSpec), "{", `{"update":true,`, 1)))
	if len(again.Added)+len(again.Changed)+len(again.Removed) != 0 {
		t.Errorf("the same description again changes something: %+v", again)
	}
	list := decode[[]ductape.ActionSummary](t, w.good("GET", "/v1/apps/small/actions", ""))
	if len(list) != 2 || list[0].Tag != "create_pet" || list[1].Tag != "list_pets" {
		t.Errorf("actions %+v", list)
	}
	page := decode[[]ductape.ActionSummary](t, w.good("GET", "/v1/apps/small/actions?after=create_pet&limit=1", ""))
	if len(page) != 1 || page[0].Tag != "list_pets" {
		t.Errorf("second page %+v", page)
	}
}

// A description that cannot be read gets a clear error, costs bounded memory,
// and leaves nothing.
func TestImportRefuses(t *testing.T) {
	w := newWorld(t)
	before := w.good("GET", "/v1/apps", "")
	descriptions := map[string]string{
		"empty":              "",
		"blank":              " \n\t ",
		"truncated JSON":     smallSpec[:len(smallSpec)*2/3],
		"truncated at once":  "{",
		"truncated YAML":     "openapi: 3.0.0\npaths: {\"/a\": {get: ",
		"another JSON":       `{"name":"left-pad","version":"1.0.0"}`,
		"a web page":         "<!DOCTYPE html><title>Not Found</title>",
		"bytes":              "\x00\x01\x02\x03",
		"a list":             "[1,2,3]",
		"a very deep list":   strings.Repeat("[", 1_000_000),
		"an alias bomb":      bomb("openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: *z\n"),
		"an alias of itself": "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: &p { /a: *p }\n",
	}
	for name, text := range descriptions {
		t.Run(name, func(t *testing.T) {
			var r reply
			used := allocated(func() { r = w.ask(w.key, "POST", "/v1/apps/import", importBody(text)) })
			if r.status != 400 {
				t.Fatalf("%d %s", r.status, r.body)
			}
			checkProblem(t, r, ductape.CodeInvalidInput)
			if used > 200<<20 {
				t.Errorf("%d MB were allocated", used>>20)
			}
		})
	}
	if after := w.good("GET", "/v1/apps", ""); after != before {
		t.Errorf("something was kept:\n%s", after)
	}
}

// allocated is how many bytes f had allocated in all, garbage or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A description of 100 MB is refused: by its length before it is read, or, when
// the length is not told, at the limit.
func TestImportOf100MB(t *testing.T) {
	w := newWorld(t)
	before := w.good("GET", "/v1/apps", "")
	const size = 100 << 20
	for name, length := range map[string]int64{"length told": size, "length not told": -1} {
		if raceDetector && length < 0 {
			continue // reads 96 MB, which the race detector makes slow
		}
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequest("POST", w.http.URL+"/v1/apps/import", io.LimitReader(&endless{prefix: `{"description":"`}, size))
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = length
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer "+w.key)
			var status int
			used := allocated(func() { status = w.statusOf(req) })
			// Zero: the server closed the connection before it had read all.
			if status != 400 && status != 413 && status != 0 {
				t.Errorf("status %d", status)
			}
			if used > 600<<20 {
				t.Errorf("%d MB were allocated", used>>20)
			}
		})
	}
	if after := w.good("GET", "/v1/apps", ""); after != before {
		t.Errorf("something was kept:\n%s", after)
	}
}

func (w *world) statusOf(req *http.Request) int {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Type") != "application/problem+json" {
		w.t.Errorf("Content-Type %q", resp.Header.Get("Content-Type"))
	}
	return resp.StatusCode
}

// endless is a prefix, then one letter for ever.
type endless struct{ prefix string }

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.prefix)
	e.prefix = e.prefix[n:]
	for i := n; i < len(p); i++ {
		p[i] = 'a'
	}
	return len(p), nil
}

// A description that is read from a URL goes through the guard of addresses.
func TestImportFromAPrivateAddress(t *testing.T) {
	w := newWorld(t)
	w.play(scenario{name: "loopback", path: "/v1/apps/import", body: fmt.Sprintf(`{"location":"%s/spec.json"}`, w.api.URL), status: 502, code: "blocked_address"})
	w.play(scenario{name: "metadata", path: "/v1/apps/import", body: `{"location":"http://169.254.169.254/latest/meta-data"}`, status: 502, code: "blocked_address"})
	w.play(scenario{name: "a file of the server", path: "/v1/apps/import", body: `{"location":"/etc/passwd"}`, status: 400, code: "invalid_input", hasNot: []string{"root:"}})
	w.play(scenario{name: "a file URL", path: "/v1/apps/import", body: `{"location":"file:///etc/passwd"}`, status: 400, code: "invalid_input", hasNot: []string{"root:"}})
}
