package run

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/ductape-go/ductape"
)

// decompress undoes a Content-Encoding. Nothing asks for one here, but a caller
// may, and some APIs compress unasked. A list of encodings that is too long, or
// has one we do not know, is passed on as it came. The size limit holds for what
// comes out, of each of them.
func decompress(resp *http.Response, limit int64) error {
	codings := codingsOf(resp.Header)
	if len(codings) == 0 || len(codings) > maxCodings {
		return nil
	}
	body := resp.Body
	for i := len(codings) - 1; i >= 0; i-- { // the last was applied last (RFC 9110, 8.4)
		open := decoderOf(codings[i], limit)
		if open == nil {
			return nil
		}
		if body != resp.Body {
			body = &limited{r: body, left: limit, limit: limit}
		}
		body = &decompressed{src: body, open: open, limit: limit}
	}
	if resp.ContentLength == 0 || resp.Request != nil && resp.Request.Method == http.MethodHead {
		return nil
	}
	resp.Body = body
	resp.ContentLength = -1
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	return nil
}

// maxCodings is how many encodings over another are undone. More than one is rare.
const maxCodings = 4

// codingsOf lists the encodings of a body in the order they were applied.
func codingsOf(h http.Header) []string {
	var codings []string
	for _, line := range h.Values("Content-Encoding") {
		for coding := range strings.SplitSeq(line, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
				codings = append(codings, coding)
			}
		}
	}
	return codings
}

// An opener begins to decode what it reads, and says how to free what that takes.
type opener func(io.Reader) (r io.Reader, free func(), err error)

// decoderOf returns nil for an encoding that is not known.
func decoderOf(coding string, limit int64) opener {
	switch coding {
	case "gzip", "x-gzip":
		return openGzip
	case "deflate":
		return openDeflate
	case "br":
		return func(r io.Reader) (io.Reader, func(), error) { return brotli.NewReader(r), func() {}, nil }
	case "zstd":
		return func(r io.Reader) (io.Reader, func(), error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderConcurrency(1))
			if err != nil {
				return nil, nil, err
			}
			return d, d.Close, nil
		}
	}
	return nil
}

func openGzip(r io.Reader) (io.Reader, func(), error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	return z, func() {}, nil
}

// openDeflate takes the zlib format, which "deflate" means, and the bare data
// that some servers send under its name (RFC 9110, 8.4.1.2).
func openDeflate(r io.Reader) (io.Reader, func(), error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if len(head) == 0 {
		return nil, nil, err
	}
	if len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		z, err := zlib.NewReader(in)
		if err != nil {
			return nil, nil, err
		}
		return z, func() {}, nil
	}
	return flate.NewReader(in), func() {}, nil
}

// decompressed opens its decoder at the first read: an empty body with a
// Content-Encoding is an empty body.
type decompressed struct {
	src  io.ReadCloser
	open opener
	r    io.Reader
	free func()

	limit  int64
	broken error // of src, which decoders tell in words of their own
}

func (d *decompressed) Read(p []byte) (int, error) {
	if d.r == nil {
		r, free, err := d.open(source{d})
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, d.fault(err)
		}
		d.r, d.free = r, free
	}
	n, err := d.r.Read(p)
	if err != nil && err != io.EOF {
		err = d.fault(err)
	}
	return n, err
}

func (d *decompressed) fault(err error) error {
	switch {
	case d.broken != nil:
		return d.broken
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return tooLarge(d.limit) // zstd says beforehand how much it will be
	}
	return badEncoding(err)
}

func (d *decompressed) Close() error {
	if d.free != nil {
		d.free()
	}
	return d.src.Close()
}

// source is what is decoded.
type source struct{ of *decompressed }

func (s source) Read(p []byte) (int, error) {
	n, err := s.of.src.Read(p)
	if err != nil && err != io.EOF {
		s.of.broken = err
	}
	return n, err
}

func badEncoding(err error) error {
	e := fault("decode", ductape.CodeUpstreamUnreachable, "the answer's Content-Encoding does not match its bytes")
	e.Cause = err
	return e
}
