package server_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// A key that was never made, one that was revoked, whoever's it was and whether
// it has been used here, and one that only looks like a key: the same answer,
// and, where it has a key's form, the same work.
func TestKeysThatDoNotWorkAreAlike(t *testing.T) {
	r := newRival(t, newAPI(t))
	never := "dk_" + strings.Repeat("1", 43)
	wrong := map[string]string{"never made": never}
	for _, ws := range []string{ductape.DefaultWorkspace, "other"} {
		used, unused := r.newKey(ws), r.newKey(ws)
		if a := r.ask(used.Text, "GET", "/v1/products", ""); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for _, id := range []string{used.ID, unused.ID} {
			if err := r.Catalog.RevokeKey(context.Background(), ws, id); err != nil {
				t.Fatal(err)
			}
		}
		wrong["revoked, "+ws], wrong["revoked after use, "+ws] = unused.Text, used.Text
		// The first refusal finds out that the key which was known is none any more.
		r.ask(used.Text, "GET", "/v1/products", "")
	}
	for _, request := range []func(names) (string, string){requestOf["list-products"], requestOf["run-action"]} {
		method, path, body := http.MethodGet, "", ""
		if path, body = request(r.own); body != "" {
			method = http.MethodPost
		}
		want := r.traceWith(never, method, path, body)
		if !slices.Equal(want.work, []string{"KeyByHash[] not found"}) {
			t.Errorf("%s: %s", path, want.work)
		}
		want.work[0] = "KeyByHash[]"
		for name, key := range wrong {
			got := r.traceWith(key, method, path, body)
			for i := range got.work { // one look into an index, whether the row is there and revoked or not
				got.work[i] = strings.TrimSuffix(got.work[i], " not found")
			}
			same(t, path+" with a key "+name, got, want)
		}
		for _, key := range []string{"", "dk_short", never + "1", strings.Repeat("x", 46)} {
			if got := r.traceWith(key, method, path, body); got.answer != want.answer || len(got.work) > 0 {
				t.Errorf("%s with the key %q: %+v", path, key, got)
			}
		}
	}
}

// A workspace that the request names and that is not the key's own is refused
// before anything is asked, whether it is there or not.
func TestNamedWorkspacesAreAlike(t *testing.T) {
	r := newRival(t, newAPI(t))
	var traces []trace
	for _, name := range []string{"other", "nobod"} {
		req, err := http.NewRequest("GET", r.http.URL+"/v1/products", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+r.key)
		req.Header.Set("Ductape-Workspace", name)
		r.work.take()
		a := r.do(req)
		a.header.Del("Date")
		traces = append(traces, trace{fmt.Sprint(a.status, a.header, a.body), r.work.take()})
	}
	if !strings.HasPrefix(traces[0].answer, "403") || slices.ContainsFunc(traces[0].work, func(line string) bool { return !strings.HasPrefix(line, "Version[default]") }) {
		t.Errorf("%+v", traces[0])
	}
	same(t, "naming a workspace", traces[0], traces[1])
}
