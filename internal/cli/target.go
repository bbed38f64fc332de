package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/client"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/server"
)

// A target is what a command works on.
type target struct {
	*client.Client
	close func() error
}

// Need says whether a command may begin a data folder.
type need bool

const (
	mustExist need = false
	mayCreate need = true
)

// with opens the target, runs f, and closes it.
func (c *command) with(ctx context.Context, n need, f func(t *target) error) (err error) {
	t, err := c.open(ctx, n)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	return f(t)
}

func (c *command) open(ctx context.Context, n need) (*target, error) {
	url := c.url
	if url == "" && c.data == "" {
		url = c.Getenv("DUCTAPE_URL")
	}
	if url != "" {
		if c.data != "" {
			return nil, &usageError{"--data and --url name two places to work on", "leave one of them out"}
		}
		key := c.key
		if key == "" {
			key = c.Getenv("DUCTAPE_KEY")
		}
		c.keyless = key == ""
		return &target{Client: client.New(url, key), close: func() error { return nil }}, nil
	}
	return c.openData(ctx, n)
}

func (c *command) folder() string {
	if c.data != "" {
		return c.data
	}
	return DefaultData
}

// openData serves a data folder inside the process, without a port.
func (c *command) openData(ctx context.Context, n need) (*target, error) {
	if err := c.checkFolder(n); err != nil {
		return nil, err
	}
	d, err := c.openDuctape(ctx, embedded.Config{})
	if err != nil {
		return nil, err
	}
	if d.GeneratedKey != "" && !c.dry {
		c.tellGeneratedKey(d.GeneratedKey)
	}
	h := server.New(server.Config{Runner: d.Runner, Catalog: d.Catalog, Sessions: d.Sessions, Store: d.Store, Flush: d.Queue.Flush, Log: c.log(), Version: c.Version})
	hc := &http.Client{Transport: &inside{handler: h, workspace: ductape.DefaultWorkspace}}
	return &target{Client: client.NewWith("http://data", "", hc), close: d.Close}, nil
}

func (c *command) openDuctape(ctx context.Context, cfg embedded.Config) (*embedded.Ductape, error) {
	cfg.Data = c.folder()
	cfg.MasterKey, cfg.MasterKeyFile, cfg.Log = c.Getenv("DUCTAPE_MASTER_KEY"), c.masterKey, c.log()
	cfg.External = c.allowed(cfg.External)
	return embedded.Open(ctx, cfg)
}

func (c *command) checkFolder(n need) error {
	_, err := os.Stat(c.folder())
	if errors.Is(err, fs.ErrNotExist) && n == mustExist {
		return ductape.NewError(ductape.CodeNotFound, fmt.Sprintf("there is no data folder %s", c.folder())).
			WithHint("`ductape apply -f ductape.yaml` makes one; --data names another, --url a server")
	}
	return nil
}

func (c *command) tellGeneratedKey(file string) {
	fmt.Fprintf(c.Stderr, "A master key was made in %s (mode 0600). It opens every secret: keep a copy apart from the data.\n", file)
}

func (c *command) log() *slog.Logger { return slog.New(slog.NewTextHandler(c.Stderr, nil)) }

// inside carries requests to a handler in the same process.
type inside struct {
	handler   http.Handler
	workspace string
}

func (i *inside) RoundTrip(req *http.Request) (*http.Response, error) {
	pr, pw := io.Pipe()
	w := &pipeWriter{header: make(http.Header), pipe: pw, ready: make(chan struct{})}
	in := req.Clone(server.Trust(req.Context(), i.workspace))
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	go w.serve(i.handler, in)
	select {
	case <-w.ready:
	case <-req.Context().Done():
		pr.CloseWithError(req.Context().Err())
		return nil, req.Context().Err()
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: pr, ContentLength: -1, Request: req,
	}, nil
}

// A pipeWriter is a ResponseWriter whose reader is in the same process.
type pipeWriter struct {
	header, sent http.Header
	pipe         *io.PipeWriter
	ready        chan struct{}
	status       int
}

func (w *pipeWriter) serve(h http.Handler, req *http.Request) {
	defer func() {
		if recover() != nil { // the handler gave up in the middle of its answer
			w.WriteHeader(http.StatusInternalServerError)
			w.pipe.CloseWithError(io.ErrUnexpectedEOF)
			return
		}
		w.WriteHeader(http.StatusOK)
		w.pipe.Close()
	}()
	h.ServeHTTP(w, req)
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
		close(w.ready)
	}
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.pipe.Write(p)
}

// Flush does nothing: a pipe holds nothing back.
func (w *pipeWriter) Flush() {}
