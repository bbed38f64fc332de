package embedded_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

// From a closed store to the first answer: what that takes does not grow with
// the number of actions in the store. It counts allocations, not time.
func TestFirstRunDoesNotGrow(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) })) //nolint:errcheck // the run says so
	defer upstream.Close()
	few, many := filledStore(t, 10, upstream.URL), filledStore(t, 3000, upstream.URL)
	firstRun(t, few) // what is made once in a process
	small, large := leastFirstRun(t, few), leastFirstRun(t, many)
	t.Logf("allocated: %d bytes with 10 actions, %d with 3000", small, large)
	if large > small+small/4 {
		t.Errorf("the first run allocates %d bytes with 10 actions and %d with 3000", small, large)
	}
}

// leastFirstRun is the least of several: a collection in between empties pools,
// whose buffers are then counted.
func leastFirstRun(t *testing.T, folder string) uint64 {
	t.Helper()
	least := firstRun(t, folder)
	for range 4 {
		least = min(least, firstRun(t, folder))
	}
	return least
}

// firstRun returns how many bytes opening the store and running one action
// allocate.
func firstRun(t *testing.T, folder string) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := embedded.Open(context.Background(), embedded.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, d)
	if _, err := d.Run(t.Context(), ductape.Call{Env: "dev", Product: "shop", App: "large", Event: "update_thing_7", Input: []byte(`{"params":{"id":"1"},"body":{"name":"a"}}`)}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func filledStore(t *testing.T, actions int, upstream string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), strconv.Itoa(actions))
	d, err := embedded.Open(t.Context(), embedded.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, d)
	_, err = d.Catalog.Apply(t.Context(), ductape.DefaultWorkspace, catalog.ApplyRequest{
		Location: "ductape.yaml", Files: map[string][]byte{"./large.json": manyActions(actions, upstream)},
		File: fmt.Appendf(nil, `apps: [ { tag: large, import: ./large.json, envs: [ { slug: prd, base_url: %q, allow_private: true } ] } ]
products: [ { tag: shop, envs: [dev], apps: [ { access_tag: large, app: large, envs: [ { product_env: dev, app_env: prd } ] } ] } ]
`, upstream),
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func closeStore(t *testing.T, d *embedded.Ductape) {
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func manyActions(n int, upstream string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"openapi":"3.0.3","info":{"title":"Large","version":"1"},"servers":[{"url":%q}],"paths":{"/":{}`, upstream)
	for i := range n {
		fmt.Fprintf(&b, `,"/v1/things%[1]d/{id}":{"post":{"operationId":"update_thing_%[1]d","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],`+
			`"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"name":{"type":"string"}}}}}},"responses":{"200":{"description":"OK"}}}}`, i)
	}
	b.WriteString(`}}`)
	return b.Bytes()
}
