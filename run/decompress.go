package run

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/ductape-go/ductape"
)

// decompress undoes a Content-Encoding. Nothing asks for one here, but a caller
// may, and some APIs compress unasked. An encoding we do not know is passed on
// as it came. The size limit holds for what comes out.
func decompress(resp *http.Response, limit int64) error {
	encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding")))
	var open func(io.Reader) (io.Reader, func(), error)
	switch encoding {
	case "", "identity":
		return nil
	case "gzip", "x-gzip":
		open = openGzip
	case "br":
		open = func(r io.Reader) (io.Reader, func(), error) { return brotli.NewReader(r), func() {}, nil }
	case "zstd":
		open = func(r io.Reader) (io.Reader, func(), error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderConcurrency(1))
			if err != nil {
				return nil, nil, err
			}
			return d, d.Close, nil
		}
	default:
		return nil
	}
	if resp.ContentLength == 0 || resp.Request != nil && resp.Request.Method == http.MethodHead {
		return nil
	}
	resp.Body = &decompressed{src: resp.Body, open: open, limit: limit}
	resp.ContentLength = -1
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	return nil
}

func openGzip(r io.Reader) (io.Reader, func(), error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	return z, func() {}, nil
}

// decompressed opens its decoder at the first read: an empty body with a
// Content-Encoding is an empty body.
type decompressed struct {
	src  io.ReadCloser
	open func(io.Reader) (io.Reader, func(), error)
	r    io.Reader
	free func()

	limit int64
}

func (d *decompressed) Read(p []byte) (int, error) {
	if d.r == nil {
		r, free, err := d.open(d.src)
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, badEncoding(err)
		}
		d.r, d.free = r, free
	}
	n, err := d.r.Read(p)
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
		err = tooLarge(d.limit) // zstd says beforehand how much it will be
	} else if err != nil && err != io.EOF {
		err = badEncoding(err)
	}
	return n, err
}

func (d *decompressed) Close() error {
	if d.free != nil {
		d.free()
	}
	return d.src.Close()
}

func badEncoding(err error) error {
	e := fault("decode", ductape.CodeUpstreamUnreachable, "the answer's Content-Encoding does not match its bytes")
	e.Cause = err
	return e
}
