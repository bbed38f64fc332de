package embedded_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
)

const shop = `
apps:
  - tag: shop
    envs: [ { slug: live, base_url: UPSTREAM, allow_private: true } ]
    auths: [ { tag: token, type: bearer } ]
    actions: [ { tag: get, method: GET, resource: /get }, { tag: slow, method: GET, resource: /slow } ]
products:
  - tag: product
    envs: [ live ]
    apps:
      - access_tag: shop
        app: shop
        envs: [ { product_env: live, app_env: live, auth: { token: { token: "$Secret{KEY}" } } } ]
`

// A shopAPI answers with the credential that it got; /slow waits.
type shopAPI struct {
	*httptest.Server
	asked, release chan struct{}
}

func newShopAPI(t *testing.T) *shopAPI {
	a := &shopAPI{asked: make(chan struct{}), release: make(chan struct{})}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			a.asked <- struct{}{}
			<-a.release
		}
		fmt.Fprintf(w, "%q", r.Header.Get("Authorization"))
	}))
	t.Cleanup(a.Close)
	return a
}

func runs(t *testing.T, d *embedded.Ductape, event string) {
	t.Helper()
	res, err := d.Run(t.Context(), ductape.Call{Product: "product", Env: "live", App: "shop", Event: event})
	if err != nil {
		t.Errorf("%s: %v", event, err)
		return
	}
	var got string
	if err := res.Decode(&got); err != nil || got != "Bearer value" {
		t.Errorf("%s: sent %q, %v", event, got, err)
	}
}

const (
	keyOne = "gR2mSxQvG5pHh1zFq3o0y6y1m7lJc2tq0n8bVYkXw4E="
	keyTwo = "n8bVYkXw4EgR2mSxQvG5pHh1zFq3o0y6y1m7lJc2tq0="
)

// The master key is rotated beside a server that runs: its calls in flight and
// those after go on, in workspaces that it had not opened too; the key of before
// is refused by its name, and the next one opens.
func TestRotateMasterBesideARunningServer(t *testing.T) {
	for name, tt := range map[string]struct {
		first, next string // both empty: the one that is made in the folder
		told        bool   // the server knows the next key beforehand
	}{
		"in the folder": {"", "", true},
		"told":          {keyOne, keyTwo, true},
		"not told":      {keyOne, keyTwo, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			api := newShopAPI(t)
			folder := t.TempDir()
			open := func(key, next string) (*embedded.Ductape, error) {
				return embedded.Open(ctx, embedded.Config{Data: folder, MasterKey: key, NextMasterKey: next, Log: slog.New(slog.DiscardHandler)})
			}
			mustOpen := func(key, next string) *embedded.Ductape {
				t.Helper()
				d, err := open(key, next)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = d.Close() })
				return d
			}
			next := ""
			if tt.told {
				next = tt.next
			}
			server := mustOpen(tt.first, next)
			set := func(d *embedded.Ductape, ws string) error {
				_, err := d.Catalog.SetSecret(ctx, ws, "KEY", secret.New("value"), catalog.SecretScope{})
				return err
			}
			if err := set(server, ductape.DefaultWorkspace); err != nil {
				t.Fatal(err)
			}
			file := strings.ReplaceAll(shop, "UPSTREAM", api.URL)
			if _, err := server.Catalog.Apply(ctx, ductape.DefaultWorkspace, catalog.ApplyRequest{Location: "ductape.yaml", File: []byte(file)}); err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() { defer close(done); runs(t, server, "slow") }()
			<-api.asked

			command := mustOpen(tt.first, "")
			r, err := command.RotateMasterKey(ctx, embedded.NewMasterKey{Text: tt.next})
			if err != nil || r.DataKeys == 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			close(api.release)
			<-done
			runs(t, server, "get")
			if err := set(server, ductape.DefaultWorkspace); err != nil { // begins a version, and every plan anew
				t.Errorf("set: %v", err)
			}
			runs(t, server, "get")
			switch err := set(server, "another"); {
			case tt.told && err != nil:
				t.Errorf("the first secret of a workspace: %v", err)
			case !tt.told && (!errors.Is(err, secret.ErrWrongMasterKey) || !strings.Contains(err.Error(), r.Fingerprint)):
				t.Errorf("the first secret of a workspace, with the key of before: %v", err)
			}
			if _, err := command.RotateDataKeys(ctx); err != nil {
				t.Errorf("rotate-data after rotate-master, in one process: %v", err)
			}
			if tt.told {
				runs(t, server, "get")
			}
			if tt.first != "" {
				_, err := open(tt.first, "")
				if !errors.Is(err, secret.ErrWrongMasterKey) || !strings.Contains(err.Error(), r.Fingerprint) || !strings.Contains(err.Error(), secret.EnvMasterKey) {
					t.Errorf("started again with the key of before: %v", err)
				}
				runs(t, mustOpen(tt.first, tt.next), "get") // with both it starts
			}
			runs(t, mustOpen(tt.next, ""), "get")
		})
	}
}
