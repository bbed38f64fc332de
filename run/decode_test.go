package run_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/run"
)

func compressed(t *testing.T, encoding string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare deflate":
		f, err := flate.NewWriter(&b, flate.DefaultCompression)
		if err != nil {
			t.Fatal(err)
		}
		w = f
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		z, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCompressedAnswers(t *testing.T) {
	w := newWorld(t)
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd"} {
		body := compressed(t, encoding, []byte(`{"big":12345678901234567890}`))
		w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Encoding", encoding)
			rw.Write(body)
		}
		if got, err := w.run("get_thing", `{"params":{"id":"1"}}`); err != nil || got != `{"big":12345678901234567890}` {
			t.Errorf("%s: %q, %v", encoding, got, err)
		}
		w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Encoding", encoding)
			rw.Write(body[:len(body)-3])
		}
		if got, err := w.run("get_thing", `{"params":{"id":"1"}}`); err == nil {
			t.Errorf("%s cut short gave %q", encoding, got)
		}
	}
}

// Encodings over one another are undone from the last to the first, in one header
// line or in several; what is not known stays as it came, with its name.
func TestSeveralEncodings(t *testing.T) {
	w := newWorld(t)
	const text = `{"big":12345678901234567890}`
	for _, c := range []struct {
		lines   []string
		applied []string
		left    string
	}{
		{[]string{"gzip, br"}, []string{"gzip", "br"}, ""},
		{[]string{"br", "zstd , identity"}, []string{"br", "zstd"}, ""},
		{[]string{"gzip,gzip,gzip"}, []string{"gzip", "gzip", "gzip"}, ""},
		{[]string{"Deflate"}, []string{"bare deflate"}, ""},
		{[]string{"secret, gzip"}, nil, "secret, gzip"},
		{[]string{"gzip, gzip, gzip, gzip, gzip"}, nil, "gzip, gzip, gzip, gzip, gzip"},
	} {
		body := []byte(text)
		for _, one := range c.applied {
			body = compressed(t, one, body)
		}
		w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header()["Content-Encoding"] = c.lines
			rw.Write(body)
		}
		res, err := w.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
		if err != nil {
			t.Errorf("%v: %v", c.lines, err)
			continue
		}
		if got, err := res.Bytes(); err != nil || string(got) != text || res.Header.Get("Content-Encoding") != c.left {
			t.Errorf("%v: %q, left %q, %v", c.lines, got, res.Header.Get("Content-Encoding"), err)
		}
	}
}

// What is between two encodings has the limit too: here, nothing comes out of the
// inner one for as long as the outer one goes on.
func TestBombBetweenEncodings(t *testing.T) {
	w := newWorld(t)
	r := run.New(run.Config{Catalog: w.Store, Secrets: w.Catalog, Sender: newEgress(t), Recorder: w.Queue, Limits: run.Limits{Response: 4 << 20}})
	empty := compressed(t, "gzip", nil)
	bomb := compressed(t, "gzip", bytes.Repeat(empty, 64<<20/len(empty)))
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Encoding", "gzip, gzip")
		rw.Write(bomb)
	}
	res, err := r.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
	if err == nil {
		_, err = res.Bytes()
	}
	if ductape.CodeOf(err) != ductape.CodeResponseTooLarge {
		t.Error(err)
	}
}

// A few KB that would become many MB end at the limit, not in memory.
func TestBombs(t *testing.T) {
	w := newWorld(t)
	way := newEgress(t)
	r := run.New(run.Config{Catalog: w.Store, Secrets: w.Catalog, Sender: way, Recorder: w.Queue, Limits: run.Limits{Response: 4 << 20}})
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd"} {
		bomb := compressed(t, encoding, make([]byte, 64<<20))
		w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Encoding", encoding)
			rw.Write(bomb)
		}
		res, err := r.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
		var read []byte
		if err == nil {
			read, err = res.Bytes()
		}
		if ductape.CodeOf(err) != ductape.CodeResponseTooLarge || len(read) > 4<<20 {
			t.Errorf("%s: %d bytes, %v", encoding, len(read), err)
		}
	}
}

// Events reach the caller while the API goes on.
func TestEventsArriveAsTheyCome(t *testing.T) {
	w := newWorld(t)
	next := make(chan struct{})
	w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(rw, "data: one\n\n")
		rw.(http.Flusher).Flush()
		<-next
		io.WriteString(rw, "data: two\n\n")
	}
	res, err := w.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("data: one\n\n"))
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "data: one\n\n" {
		t.Fatalf("%q, %v", first, err)
	}
	close(next)
	rest, err := res.Bytes()
	if err != nil || string(rest) != "data: two\n\n" {
		t.Errorf("%q, %v", rest, err)
	}
	if rec := w.record(); rec.BytesIn != 22 || rec.Outcome != ductape.OutcomeOK {
		t.Errorf("%+v", rec)
	}
}

func TestAnswersAsTheyAre(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ name, contentType, body string }{
		{"JSON is untouched", "application/json", "{ \"a\" : 1.0,\n\"a\": 1e400 }"},
		{"another charset", "text/plain; charset=iso-8859-1", "caf\xe9"},
		{"a type that is not the content's", "application/json", "<html>"},
		{"bytes", "image/png", "\x89PNG\r\n\x1a\n\x00"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.api.handler = func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", c.contentType)
				if c.body == "" {
					rw.WriteHeader(http.StatusNoContent)
					return
				}
				io.WriteString(rw, c.body)
			}
			res, err := w.Run(context.Background(), w.call("get_thing", `{"params":{"id":"1"}}`))
			if err != nil {
				t.Fatal(err)
			}
			body, err := res.Bytes()
			if err != nil || string(body) != c.body || !strings.HasPrefix(res.Header.Get("Content-Type"), c.contentType) {
				t.Errorf("%q %q, %v", res.Header.Get("Content-Type"), body, err)
			}
		})
	}
}
