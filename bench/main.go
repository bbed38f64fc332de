// Command bench measures Ductape against named rivals in the same run: the
// server against httputil.ReverseProxy and Caddy, Run inside a Go program
// against http.Client. Everything is on loopback, in processes that it starts
// and ends itself. See README.md for how to read the table.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	requests, rounds int
	json, quiet      bool
	ductape, caddy   string
	only             string
	limit            time.Duration
}

const (
	manyConns = 16
	oneConn   = 1
)

func main() {
	var o options
	flag.IntVar(&o.requests, "requests", 3000, "requests per round")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds, after one that warms up")
	flag.BoolVar(&o.json, "json", false, "print JSON, for machines")
	flag.StringVar(&o.ductape, "ductape", "", "`program` to measure; empty: built from this checkout")
	flag.StringVar(&o.caddy, "caddy", "", "Caddy's `program`, or none; empty: "+caddyVersion+", built once and kept in the user's cache folder")
	flag.StringVar(&o.only, "only", "", "measure the bare proxy and the servers whose name begins with `TEXT`, nothing else")
	flag.DurationVar(&o.limit, "limit", 2*time.Minute, "most the measurement may take; building comes before it")
	flag.Parse()
	o.quiet = o.json || !isTerminal(os.Stderr)
	if o.requests < 2 || o.rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, o options) (err error) {
	tmp, err := os.MkdirTemp("", "ductape-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	o.progress("building")
	programs, err := build(ctx, o, tmp)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("not done after %s; -limit allows more, -rounds asks for less", o.limit))
	defer cancel()
	r, err := measure(ctx, programs, o, tmp)
	o.progress("")
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	return r.print(os.Stdout)
}

func measure(ctx context.Context, p programs, o options, tmp string) (_ *report, err error) {
	r := &report{
		When: time.Now().UTC().Format(time.DateOnly), Go: runtime.Version(), Requests: o.requests, Rounds: o.rounds,
		Machine: fmt.Sprintf("%s/%s, %d CPUs", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()),
	}
	if p.caddyErr != nil {
		r.Missing = append(r.Missing, "Caddy: "+p.caddyErr.Error())
	}
	var s scene
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.open(ctx, p, tmp); err != nil {
		return nil, err
	}
	targets := slices.DeleteFunc(s.targets, func(t *target) bool { return t.name != bareProxy && !strings.HasPrefix(t.name, o.only) })
	for _, conns := range []int{manyConns, oneConn} {
		rows, err := measureAll(ctx, targets, o, conns)
		if err != nil {
			return nil, err
		}
		r.Server = append(r.Server, rows...)
	}
	r.judge()
	if o.only == "" {
		r.Inside, err = measureInside(ctx, &s, o)
	}
	return r, err
}

// progress shows one line that changes, on a terminal.
func (o options) progress(what string) {
	if !o.quiet {
		fmt.Fprintf(os.Stderr, "\r\x1b[K%s", what)
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
