package e2e

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/ductape-go/ductape"
)

const oneApp = `
apps:
  - tag: api
    envs: [ { slug: prd, base_url: UPSTREAM, allow_private: true } ]
    auths: [ { tag: bearer, type: bearer } ]
    actions: [ { tag: get, method: GET, resource: /get } ]
products:
  - tag: shop
    envs: [prd]
    apps: [ { access_tag: api, app: api, envs: [ { product_env: prd, app_env: prd, auth: { bearer: { token: '$Secret{TOKEN}' } } } ] } ]
`

var oneCall = ductape.Call{Env: "prd", Product: "shop", App: "api", Event: "get"}

type answered struct {
	body string
	err  error
}

// On SIGTERM a running call ends well and is recorded, new ones are refused,
// the exit code is 0, and the port is free for the next server.
func TestGracefulShutdown(t *testing.T) {
	b := newBox(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	up := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		io.WriteString(w, `{"slow":true}`)
	})
	b.cli("tok", "secrets", "set", "TOKEN")
	b.apply(oneApp, up.URL)
	k := b.newKey()
	s := b.serve("127.0.0.1:0")
	answer := make(chan answered, 1)
	go func() {
		body, err := runText(s, k)
		answer <- answered{body, err}
	}()
	<-arrived
	s.stop()
	s.waitFor(regexp.MustCompile(`Stopping`))
	close(release)
	if a := <-answer; a.err != nil || a.body != `{"slow":true}` {
		t.Errorf("the running call: %q, %v", a.body, a.err)
	}
	if code := s.wait(); code != 0 {
		t.Errorf("serve ended with %d\n%s", code, s.output)
	}
	records := decode[[]ductape.RunRecord](t, b.cli("", "runs", "--json"))
	if len(records) != 1 || records[0].Outcome != ductape.OutcomeOK || records[0].Status != 200 {
		t.Errorf("records: %+v", records)
	}
	next := b.serve(s.addr)
	if _, err := next.client(k).Products(context.Background()); err != nil {
		t.Errorf("the next server on the port: %v", err)
	}
}

func runText(s *served, k key) (string, error) {
	res, err := s.client(k).Run(context.Background(), oneCall)
	if err != nil {
		return "", err
	}
	body, err := res.Bytes()
	return string(body), err
}

// apply applies a file's text, with the upstream's address put in.
func (b *box) apply(text, upstream string) {
	b.t.Helper()
	b.cli(regexp.MustCompile("UPSTREAM").ReplaceAllString(text, upstream), "apply", "-f", "-")
}
