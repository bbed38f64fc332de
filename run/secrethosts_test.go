package run_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

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
