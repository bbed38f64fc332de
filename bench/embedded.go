package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/bench/exchange"
	"github.com/ductape-go/ductape/embedded"
)

// A call is one way to make the call inside a Go program. The upstream is the
// other process, so that only the caller's allocations are counted.
type call struct {
	name string
	do   func(ctx context.Context) error
}

// An inside row is the result of a call.
type inside struct {
	Name   string  `json:"name"`
	NS     float64 `json:"ns_per_call"` // wall, one call after the other; median
	Ratio  float64 `json:"ns_ratio"`    // to the hand-written one
	Allocs int64   `json:"allocs_per_call"`
	Bytes  int64   `json:"bytes_per_call"`
}

// measureInside compares Run with the same call by hand.
func measureInside(ctx context.Context, s *scene, o options) (_ []inside, err error) {
	d, err := embedded.Open(ctx, embedded.Config{Data: filepath.Join(s.folder, "data")})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	defer client.CloseIdleConnections()
	return repeat(ctx, o, []call{
		{"http.Client by hand", byHand(client, "http://"+s.upstream+exchange.Path)},
		{"embedded Run", byName(d, ductape.Call{Env: "dev", Product: "shop", App: "json", Event: "create_customer"})},
		{"embedded Run, cached", byName(d, ductape.Call{Env: "dev", Product: "shop", App: "json", Event: "create_customer", Cache: "hour"})},
	})
}

func byHand(client *http.Client, url string) func(context.Context) error {
	return func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(exchange.JSON)))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+exchange.Token)
		req.Header.Set("Content-Type", exchange.JSONType)
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err == nil && (resp.StatusCode != http.StatusOK || string(body) != exchange.Answer) {
			err = fmt.Errorf("answered %s: %.300s", resp.Status, body)
		}
		return err
	}
}

func byName(d *embedded.Ductape, c ductape.Call) func(context.Context) error {
	c.Input = json.RawMessage(`{"body":` + exchange.JSON + `}`)
	return func(ctx context.Context) error {
		res, err := d.Run(ctx, c)
		if err != nil {
			return err
		}
		body, err := res.Bytes()
		if err == nil && string(body) != exchange.Answer {
			err = fmt.Errorf("answered %.300s", body)
		}
		return err
	}
}

// repeat measures the calls one after the other, again and again.
func repeat(ctx context.Context, o options, calls []call) ([]inside, error) {
	testing.Init()
	if err := flag.Set("test.benchtime", strconv.Itoa(o.requests)+"x"); err != nil {
		return nil, err
	}
	all := make([][]testing.BenchmarkResult, len(calls))
	for i := range o.rounds {
		for j, c := range calls {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r, err := benchmark(ctx, c)
			if err != nil {
				return nil, err
			}
			all[j] = append(all[j], r)
		}
		o.progress(fmt.Sprintf("round %d of %d inside a program", i+1, o.rounds))
	}
	rows := make([]inside, len(calls))
	for j, c := range calls {
		rows[j] = insideOf(c.name, all[j], all[0])
	}
	return rows, nil
}

func benchmark(ctx context.Context, c call) (testing.BenchmarkResult, error) {
	var failed error
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if failed = c.do(ctx); failed != nil {
				b.FailNow()
			}
		}
	})
	if failed != nil {
		return r, fmt.Errorf("%s: %w", c.name, failed)
	}
	return r, nil
}

func insideOf(name string, results, hand []testing.BenchmarkResult) inside {
	var ns, ratio []float64
	var allocs, bytes []int64
	for i, r := range results {
		each := float64(r.T.Nanoseconds()) / float64(r.N)
		ns, ratio = append(ns, each), append(ratio, each/(float64(hand[i].T.Nanoseconds())/float64(hand[i].N)))
		allocs, bytes = append(allocs, r.AllocsPerOp()), append(bytes, r.AllocedBytesPerOp())
	}
	slices.Sort(allocs)
	slices.Sort(bytes)
	return inside{name, median(ns), median(ratio), allocs[len(allocs)/2], bytes[len(bytes)/2]}
}
