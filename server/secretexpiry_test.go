package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A run that uses a secret which expires soon says so, and so does one that is
// pinned to a version that was replaced.
func TestRunsWarnOfSecretsThatExpire(t *testing.T) {
	w := newWorld(t)
	soon := time.Now().Add(3*24*time.Hour + time.Hour).UTC().Format(time.RFC3339)
	r := w.ask(w.key, "PUT", "/v1/secrets/SOON", fmt.Sprintf(`{"value":"a-value-that-ends","apps":["api"],"expires_at":%q}`, soon))
	if r.status != 200 {
		t.Fatal(r.body)
	}
	run := func(ref string) reply {
		return w.ask(w.key, "POST", "/v1/actions/run", fmt.Sprintf(`{"env":"prd","product":"shop","app":"api","event":"create_item","input":{"body":{"name":"%s"}}}`, ref))
	}
	for range 2 {
		if r := run("$Secret{SOON}"); r.status != 200 || !strings.Contains(r.header.Get("Ductape-Warning"), "secret SOON expires in 3 days") {
			t.Errorf("%d %q %s", r.status, r.header.Get("Ductape-Warning"), r.body)
		}
	}
	if r := run("x"); r.header.Get("Ductape-Warning") != "" {
		t.Errorf("without the secret: %q", r.header.Get("Ductape-Warning"))
	}
	if r := w.ask(w.key, "POST", "/v1/secrets/SOON/rotate", `{"value":"the-next-value","grace_seconds":7200}`); r.status != 200 || !strings.Contains(r.body, `"previous_until"`) || strings.Contains(r.body, "next-value") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := run("$Secret{SOON@1}"); r.status != 200 || r.header.Get("Ductape-Warning") == "" {
		t.Errorf("pinned: %d %q %s", r.status, r.header.Get("Ductape-Warning"), r.body)
	}
	if r := run("$Secret{SOON}"); r.status != 200 || r.header.Get("Ductape-Warning") != "" {
		t.Errorf("rotated: %d %q %s", r.status, r.header.Get("Ductape-Warning"), r.body)
	}
	if r := w.ask(w.key, "POST", "/v1/secrets/SOON/rotate", `{"value":"a-third-value","grace_seconds":0}`); r.status != 200 {
		t.Error(r.body)
	}
	if r := run("$Secret{SOON@2}"); r.status != 409 || !strings.Contains(r.body, "secret_expired") {
		t.Errorf("after the grace: %d %s", r.status, r.body)
	}
	if r := w.ask(w.key, "GET", "/v1/secrets/SOON/versions", ""); r.status != 200 || strings.Count(r.body, `"version"`) != 3 || strings.Contains(r.body, "-value") {
		t.Errorf("versions: %d %s", r.status, r.body)
	}
	if r := w.ask(w.key, "GET", "/v1/secrets/SOON", ""); !strings.Contains(r.body, `"last_used_at"`) {
		t.Errorf("described: %s", r.body)
	}
	for _, body := range []string{`{"from":"env:HOME"}`, `{"from":"file:/etc/passwd"}`, `{"from":"vault:sys/x#y"}`} {
		if r := w.ask(w.key, "PUT", "/v1/secrets/OUT", body); r.status != 403 {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
}
