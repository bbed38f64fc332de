package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/run"
	"github.com/ductape-go/ductape/server"
)

// shutdownTime is how long running calls may take to end after a signal.
const shutdownTime = 30 * time.Second

func (c *command) serveCommand() *cobra.Command {
	var addr string
	var maxAnswer int64
	var external embedded.External
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   "Serve the HTTP API over a data folder",
		Example: "  ductape serve --data ./ductape-data --addr 127.0.0.1:4311\n  ductape serve --max-answer 2000   # for large downloads",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if maxAnswer <= 0 || maxAnswer > math.MaxInt64>>20 {
				return &usageError{"--max-answer is no number of megabytes above 0", "for example: --max-answer 2000"}
			}
			return c.serve(cmd.Context(), addr, embedded.Config{External: external, Limits: run.Limits{Response: maxAnswer << 20}})
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:4311", "`HOST:PORT` to listen on; port 0 takes a free one")
	cmd.Flags().Int64Var(&maxAnswer, "max-answer", 100, "largest answer of an API, in `MEGABYTES`; large ones stream, whatever the limit")
	externalFlags(cmd, &external)
	return cmd
}

// serve listens until it is told to stop, then lets running calls end and
// writes their records.
func (c *command) serve(ctx context.Context, addr string, cfg embedded.Config) (err error) {
	d, err := c.openDuctape(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	defer runtime.KeepAlive(c.ballast())
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return ductape.NewError(ductape.CodeInvalidInput, "cannot listen on "+addr+": "+cause(err)).WithHint("another server may have the port; --addr names another")
	}
	defer listener.Close()
	h := server.New(server.Config{Runner: d.Runner, Catalog: d.Catalog, Sessions: d.Sessions, Store: d.Store, Flush: d.Queue.Flush, Log: c.log(), Version: c.Version})
	if err := c.greet(ctx, d, listener.Addr().String()); err != nil {
		return err
	}
	return c.listen(ctx, listener, h)
}

// ballast is memory that is never touched and so takes none, but counts when the
// collector decides to run: about every 32 MB of garbage instead of every 3. An
// operator who sets GOGC or GOMEMLIMIT has decided already.
func (c *command) ballast() []byte {
	if c.Getenv("GOGC") != "" || c.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, 32<<20)
}

func cause(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}

func (c *command) listen(ctx context.Context, listener net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	fmt.Fprintln(c.Stderr, "Stopping: waiting for running calls.")
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		srv.Close()
		return fmt.Errorf("some calls did not end in %s: %w", shutdownTime, err)
	}
	return nil
}

// greet says where the server is and, the first time, the key that lets the
// first program in.
func (c *command) greet(ctx context.Context, d *embedded.Ductape, addr string) error {
	if d.GeneratedKey != "" {
		c.tellGeneratedKey(d.GeneratedKey)
	}
	keys, err := d.Catalog.Keys(ctx, ductape.DefaultWorkspace)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		key, err := d.Catalog.CreateKey(ctx, ductape.DefaultWorkspace, "first")
		if err != nil {
			return err
		}
		fmt.Fprintln(c.Stdout, "The first key, shown this once:")
		printKey(c.Stdout, key)
		fmt.Fprintln(c.Stdout)
	}
	fmt.Fprintf(c.Stdout, "Ductape %s listens on http://%s, data in %s\n", c.Version, addr, c.folder())
	fmt.Fprintf(c.Stdout, "The HTTP API is described at http://%s/openapi.json\n", addr)
	return nil
}
