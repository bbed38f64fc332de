package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// What the command line changes in a data folder, the server that runs on the
// same folder sees with its next run.
func TestTwoProcessesOnOneFolder(t *testing.T) {
	b := newBox(t)
	up := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.URL.Path, " ", r.Header.Get("Authorization"))
	})
	b.cli("first", "secrets", "set", "TOKEN")
	b.apply(oneApp, up.URL)
	k := b.newKey()
	s := b.serve("127.0.0.1:0")
	want := func(text string) {
		t.Helper()
		if got, err := runText(s, k); err != nil || got != text {
			t.Errorf("the run answered %q, %v; want %q", got, err, text)
		}
	}
	want("/get Bearer first")
	for i := range 5 {
		b.cli(fmt.Sprintf("value-%d", i), "secrets", "set", "TOKEN")
		want(fmt.Sprintf("/get Bearer value-%d", i))
	}
	b.apply(strings.Replace(oneApp, "resource: /get", "resource: /moved", 1), up.URL)
	want("/moved Bearer value-4")

	// A secret set over HTTP is seen by the command line.
	if err := s.client(k).Do(context.Background(), "PUT", "/v1/secrets/TOKEN", map[string]string{"value": "over-http"}, nil); err != nil {
		t.Fatal(err)
	}
	if out := b.cli("", "run", "-p", "shop", "-e", "prd", "api", "get"); !strings.Contains(out, "/moved Bearer over-http") {
		t.Errorf("the command line's run answered %q", out)
	}
	b.revokeSeen(s, k)
}

// revokeSeen revokes the key by the command line: the server's next answer
// refuses it, and a key that was made meanwhile is let in.
func (b *box) revokeSeen(s *served, k key) {
	b.t.Helper()
	other := b.newKey()
	keys := decode[[]ductape.Key](b.t, b.cli("", "keys", "list", "--json"))
	for _, stored := range keys {
		if stored.PublicKey == k.PublicKey {
			b.cli("", "keys", "revoke", stored.ID)
		}
	}
	if _, err := runText(s, k); ductape.CodeOf(err) != ductape.CodeUnauthenticated {
		b.t.Errorf("a revoked key: %v", err)
	}
	if _, err := runText(s, other); err != nil {
		b.t.Errorf("a key made while the server runs: %v", err)
	}
	if _, err := s.client(k).Products(context.Background()); ductape.CodeOf(err) != ductape.CodeUnauthenticated {
		b.t.Errorf("a revoked key on the control path: %v", err)
	}
}
