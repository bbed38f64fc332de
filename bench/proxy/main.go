// Command proxy is the bare rival: httputil.ReverseProxy on net/http, nothing
// else. It keeps as many idle connections as Ductape does: with the two that
// net/http keeps unasked it would dial all the time. It prints its address and
// lives until its standard input ends.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: proxy URL"))
	}
	to, err := url.Parse(os.Args[1])
	if err != nil {
		fail(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err)
	}
	fmt.Println("listens on " + listener.Addr().String())
	srv := &http.Server{Handler: newProxy(to), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	go srv.Serve(listener)        //nolint:errcheck // ends with the process
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // whoever started it is gone
}

func newProxy(to *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: &http.Transport{MaxIdleConns: 4096, MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second, DisableCompression: true},
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
