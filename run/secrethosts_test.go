package run_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

// A secret in a path cannot be taken off a redirect, so the redirect is refused,
// whichever form the other host gets it in.
func TestSecretsInPathsDoNotFollowRedirects(t *testing.T) {
	w := newWorld(t)
	w.scoped("IN_PATH", "tok/in path+s3cret")
	w.scoped("TINY", "a+b")
	other := newWorld(t)
	var location func(r *http.Request) string
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Query().Get("status"))
		rw.Header().Set("Location", other.api.URL+location(r))
		rw.WriteHeader(status)
	}
	raw := "tok/in path+s3cret"
	for name, where := range map[string]func(r *http.Request) string{
		"the same path":    func(r *http.Request) string { return r.URL.EscapedPath() },
		"in a query":       func(*http.Request) string { return "/x?v=" + url.QueryEscape(raw) },
		"as it is":         func(*http.Request) string { return "/" + strings.ReplaceAll(raw, " ", "%20") },
		"escaped twice":    func(*http.Request) string { return "/x?u=" + url.QueryEscape("/"+url.PathEscape(raw)) },
		"in base64":        func(*http.Request) string { return "/" + base64.RawURLEncoding.EncodeToString([]byte("id:"+raw)) },
		"in hex":           func(*http.Request) string { return "/" + hex.EncodeToString([]byte(raw)) },
		"in the last part": func(*http.Request) string { return "/x#/../" + url.PathEscape(raw) + "?a=" + url.QueryEscape(raw) },
	} {
		location = where
		for _, status := range []string{"301", "302", "303", "307", "308"} {
			got, err := w.run("get_thing", `{"params":{"id":"$Secret{IN_PATH}"},"query":{"status":"`+status+`"}}`)
			if name == "in the last part" && err == nil { // a fragment is not sent
				continue
			}
			if ductape.CodeOf(err) != ductape.CodeBlockedAddress || !strings.Contains(err.Error(), "a redirect is refused") || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%s, %s: %v, %v", name, status, got, err)
			}
		}
	}
	location = func(r *http.Request) string { return r.URL.EscapedPath() }
	if _, err := w.run("get_thing", `{"params":{"id":"$Secret{TINY}"},"query":{"status":"302"}}`); ductape.CodeOf(err) != ductape.CodeBlockedAddress {
		t.Errorf("a short secret: %v", err)
	}
	for _, got := range other.api.requests() {
		if strings.Contains(got, "s3cret") || strings.Contains(got, "a+b") || strings.Contains(got, "a%2Bb") {
			t.Errorf("the other host got %s", got)
		}
	}
	// On its own host it is followed, and so it is on a listed one.
	w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("again") {
			http.Redirect(rw, r, r.URL.EscapedPath()+"?again=1", http.StatusFound)
		}
	}
	if _, err := w.run("get_thing", `{"params":{"id":"$Secret{IN_PATH}"}}`); err != nil {
		t.Error(err)
	}
}

// A secret goes to the hosts of its app's environment and to no other: not by a
// redirect, and not by what a caller writes.
func TestSecretsStayWithTheirHosts(t *testing.T) {
	w := newWorld(t)
	var foreign []string
	other := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		foreign = append(foreign, wireText(r, body))
		_, _ = io.WriteString(rw, "{}")
	}))
	t.Cleanup(other.Close)
	scope := catalog.SecretScope{Apps: []string{"api"}}
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "IN_INPUT", secret.New("tok_s3cret_input"), scope); err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		w.api.handler = func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Location", other.URL+"/taken")
			rw.WriteHeader(status)
		}
		for event, input := range map[string]string{
			"public": `{}`, "keyed": `{}`, "get_thing": `{"params":{"id":"1"}}`,
			"create_thing": `{"body":{"email":"$Secret{IN_INPUT}"}}`, "form_thing": `{"body":{"email":"$Secret{IN_INPUT}"}}`,
		} {
			_, _ = w.run(event, input) // followed without the credential, or refused
		}
	}
	if len(foreign) == 0 {
		t.Error("no redirect was followed, so nothing is proved")
	}
	for _, got := range foreign {
		if strings.Contains(got, "tok_s3cret") {
			t.Errorf("the other host got:\n%s", got)
		}
	}
	w.api.handler = nil
	// What a caller writes cannot name another host.
	host := strings.TrimPrefix(other.URL, "http://")
	ours, err := url.Parse(w.api.URL)
	if err != nil {
		t.Fatal(err)
	}
	before := len(foreign)
	for _, id := range []string{"//" + host + "/", "@" + host, "http://" + host, `\\` + host, "/../../@" + host, "%2f%2f" + host, host + "#"} {
		if _, err := w.run("get_thing", `{"params":{"id":`+marshal(t, id)+`},"headers":{"Host":"`+host+`"}}`); err == nil {
			all := w.api.requests()
			if last := all[len(all)-1]; !strings.HasPrefix(last, "GET /base/things/") {
				t.Errorf("%q went to %s of %s", id, last, ours.Host)
			}
		}
	}
	if len(foreign) != before {
		t.Errorf("the caller's host got %v", foreign[before:])
	}
	// And a secret whose scope names another app goes nowhere.
	if _, err := w.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "ELSEWHERE", secret.New("tok_s3cret_other"), catalog.SecretScope{Apps: []string{"other"}}); err != nil {
		t.Fatal(err)
	}
	w.refused(w.call("create_thing", `{"body":{"email":"$Secret{ELSEWHERE}"}}`), ductape.CodeSecretNotAllowed)
	w.refused(w.call("create_thing", `{"body":{"email":"$Secret{API_TOKEN}"}}`), ductape.CodeSecretNotAllowed)
}
