package run_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/store"
)

// An answer that is kept serves nobody but who could have asked for it in just
// that way, also where the request and its credential are the same.
func TestKeptAnswersOfOneRequestStayApart(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	dev := w.pro.Apps[0].Envs[0]
	prd := dev
	prd.ProductEnv = "prd"
	w.pro.Apps[0].Envs = []ductape.ConnectionEnv{dev, prd}
	w.pro.Apps = append(w.pro.Apps, ductape.Connection{AccessTag: "again", App: "sample", Envs: []ductape.ConnectionEnv{dev}})
	w.pro.Caches = append(w.pro.Caches, ductape.CachePolicy{Tag: "long", Expiry: w.pro.Caches[0].Expiry})
	visitor := w.pro.Sessions[0]
	visitor.Tag = "visitor"
	w.pro.Sessions = append(w.pro.Sessions, visitor)
	w.save()
	other := *w.pro
	other.Tag = "market"
	if err := w.Store.Change(ctx, ductape.DefaultWorkspace, func(tx store.Tx) error { return tx.PutProduct(ctx, &other) }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Catalog.SetSecret(ctx, "other", "API_TOKEN", secret.New("tok_s3cret_value"), catalog.SecretScope{}); err != nil {
		t.Fatal(err)
	}
	err := w.Store.Change(ctx, "other", func(tx store.Tx) error {
		if err := tx.PutApp(ctx, w.app); err != nil {
			return err
		}
		return tx.PutProduct(ctx, w.pro)
	})
	if err != nil {
		t.Fatal(err)
	}
	user := w.startSession("dev", `{"user":{"id":"1"}}`)
	w.pro.Sessions[0], w.pro.Sessions[1] = w.pro.Sessions[1], w.pro.Sessions[0]
	namesake := w.startSession("dev", `{"user":{"id":"1"}}`)
	asked := 0
	for _, c := range []struct {
		name   string
		change func(*ductape.Call)
	}{
		{"nobody in particular", func(*ductape.Call) {}},
		{"another environment", func(c *ductape.Call) { c.Env = "prd" }},
		{"another connection", func(c *ductape.Call) { c.App = "again" }},
		{"another product", func(c *ductape.Call) { c.Product = "market" }},
		{"another cache", func(c *ductape.Call) { c.Cache = "long" }},
		{"another workspace", func(c *ductape.Call) { c.Caller.Workspace = "other" }},
		{"a user", func(c *ductape.Call) { c.Session = user }},
		{"a user of another kind", func(c *ductape.Call) { c.Session = namesake }},
	} {
		for range 2 {
			call := w.call("get_thing", `{"params":{"id":"1"}}`)
			call.Cache = "short"
			c.change(&call)
			if _, err := w.runCall(call); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		if asked++; len(w.api.requests()) != asked {
			t.Fatalf("%s: %d requests, want %d", c.name, len(w.api.requests()), asked)
		}
		if all := w.api.requests(); all[len(all)-1] != all[0] {
			t.Fatalf("%s: the request is another:\n%s", c.name, all[len(all)-1])
		}
	}
}

// The API says when to come again. Where that is within the limit and the run's
// own time it is done; else the run ends at once, with the API's answer.
func TestTheLongestWait(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		limit    time.Duration
		again    time.Duration // when to come again, from the time of the test
		wait     time.Duration // how long that is for the runner
		requests int
	}{
		{5 * time.Millisecond, -time.Hour, 5 * time.Millisecond, 2},
		{4 * time.Millisecond, -time.Hour, 5 * time.Millisecond, 1},
		{2 * time.Hour, time.Hour, time.Hour, 1}, // longer than the run
	} {
		again := time.Now().Add(c.again).Truncate(time.Second).UTC()
		s := &script{answers: []any{again.Format(http.TimeFormat)}}
		r := run.New(run.Config{
			Catalog: w.Store, Secrets: w.Catalog, Sender: s, Limits: run.Limits{Wait: c.limit, Run: time.Minute},
			Now: func() time.Time { return again.Add(-c.wait) },
		})
		call := w.call("get_thing", `{"params":{"id":"1"}}`)
		call.Retries = 1
		_, err := r.Run(context.Background(), call)
		if len(s.seen) != c.requests || c.requests == 1 && ductape.CodeOf(err) != ductape.CodeUpstreamStatus {
			t.Errorf("%+v: %d requests, %v", c, len(s.seen), err)
		}
	}
}

// What a caller does to its answer is not in the answer of the next.
func TestAKeptAnswerIsNobodysOwn(t *testing.T) {
	w := newWorld(t)
	call := w.call("get_thing", `{"params":{"id":"1"}}`)
	call.Cache = "short"
	for range 3 {
		res, err := w.Run(context.Background(), call)
		if err != nil {
			t.Fatal(err)
		}
		if res.Header.Get("X-Mine") != "" {
			t.Error("the header of another's answer")
		}
		res.Header.Set("X-Mine", "yes")
		res.Header[http.CanonicalHeaderKey("Content-Type")][0] = "changed"
		if body, err := res.Bytes(); err != nil || string(body) != `{"ok":true}` {
			t.Errorf("%q, %v", body, err)
		}
	}
}
