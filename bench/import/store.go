package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

// A start is the way of a store from closed to its first answer.
type start struct {
	Actions int     `json:"actions"`
	OpenMS  float64 `json:"open_ms"`          // median
	RunMS   float64 `json:"first_run_ms"`     // median, with the HTTP exchange on loopback
	Allocs  uint64  `json:"allocations"`      // of both; median
	Bytes   uint64  `json:"allocated_bytes"`  // of both; median
	RSS     int64   `json:"peak_rss_bytes"`   // of the process; median
	Disk    int64   `json:"store_file_bytes"` // of the data folder
}

func (r *report) measureStores(ctx context.Context, o options) (err error) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"ok":true}`) //nolint:errcheck // the caller says so
	}))
	defer upstream.Close()
	tmp, err := os.MkdirTemp("", "ductape-bench-import-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	for _, actions := range []int{10, o.actions} {
		fmt.Fprintf(os.Stderr, "measuring: first run of a store with %d actions\n", actions)
		folder := filepath.Join(tmp, strconv.Itoa(actions))
		if _, err := spawn(ctx, new(any), "fill", folder, upstream.URL, strconv.Itoa(actions)); err != nil {
			return err
		}
		s := start{Actions: actions, Disk: diskUse(folder)}
		if err := s.measure(ctx, folder, o.rounds); err != nil {
			return err
		}
		r.Starts = append(r.Starts, s)
	}
	return nil
}

func (s *start) measure(ctx context.Context, folder string, rounds int) error {
	all := make([]start, rounds)
	for i := range all {
		used, err := spawn(ctx, &all[i], "first", folder)
		if err != nil {
			return err
		}
		all[i].RSS = used.rss
	}
	s.OpenMS = median(all, func(s start) float64 { return s.OpenMS })
	s.RunMS = median(all, func(s start) float64 { return s.RunMS })
	s.Allocs = uint64(median(all, func(s start) float64 { return float64(s.Allocs) }))
	s.Bytes = uint64(median(all, func(s start) float64 { return float64(s.Bytes) }))
	s.RSS = int64(median(all, func(s start) float64 { return float64(s.RSS) }))
	return nil
}

func median(all []start, of func(start) float64) float64 {
	values := make([]float64, len(all))
	for i, s := range all {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// setUp connects a product with the app.
const setUp = `apps:
  - tag: large
    import: ./large.json
    envs: [ { slug: prd, base_url: "%[1]s", allow_private: true } ]
products:
  - tag: shop
    envs: [dev]
    apps: [ { access_tag: large, app: large, envs: [ { product_env: dev, app_env: prd } ] } ]
`

// fill makes a data folder with one app of many actions and a product that uses it.
func fill(ctx context.Context, folder, upstream, actions string) (err error) {
	n, err := strconv.Atoi(actions)
	if err != nil {
		return err
	}
	d, err := embedded.Open(ctx, embedded.Config{Data: folder})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	_, err = d.Catalog.Apply(ctx, ductape.DefaultWorkspace, catalog.ApplyRequest{
		Location: "ductape.yaml", File: fmt.Appendf(nil, setUp, upstream), Files: map[string][]byte{"./large.json": describe(n, upstream)},
	})
	return err
}

// describe writes a description of n operations, each with parameters, a body
// and schemas of its own.
func describe(n int, upstream string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"openapi":"3.0.3","info":{"title":"Large","version":"1"},"servers":[{"url":%q}],"paths":{`, upstream)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/v1/things%[1]d/{id}":{"post":{"operationId":"update_thing_%[1]d","summary":"Change a thing",`+
			`"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}},{"name":"expand","in":"query","schema":{"type":"array","items":{"type":"string"}}}],`+
			`"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"name":{"type":"string"},"amount":{"type":"integer"}}}}}},`+
			`"responses":{"200":{"description":"OK"}}}}`, i)
	}
	b.WriteString(`}}`)
	return b.Bytes()
}

// firstRun opens the data folder and runs one action.
func firstRun(ctx context.Context, folder string) (_ *start, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	d, err := embedded.Open(ctx, embedded.Config{Data: folder})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	opened := time.Now()
	res, err := d.Run(ctx, ductape.Call{Env: "dev", Product: "shop", App: "large", Event: "update_thing_7", Input: []byte(`{"params":{"id":"1"},"body":{"name":"a"}}`)})
	if err != nil {
		return nil, err
	}
	if err := res.Decode(new(any)); err != nil {
		return nil, err
	}
	done := time.Now()
	runtime.ReadMemStats(&after)
	return &start{
		OpenMS: ms(opened.Sub(begun)), RunMS: ms(done.Sub(opened)),
		Allocs: after.Mallocs - before.Mallocs, Bytes: after.TotalAlloc - before.TotalAlloc,
	}, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func diskUse(folder string) (total int64) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			total += info.Size()
		}
	}
	return total
}
