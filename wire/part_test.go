package wire

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
)

// A body with a part from elsewhere is read whole again for every attempt.
func TestReplay(t *testing.T) {
	m, err := Multipart(jsontext.Value(`{"a":"x"}`), FormOptions{})
	if err != nil {
		t.Fatal(err)
	}
	opened, closed := 0, 0
	m.Parts = append(m.Parts, Part{Name: "f", Filename: "f.txt", Size: 5, Open: func() (io.ReadCloser, error) {
		opened++
		return closer{iotest.OneByteReader(strings.NewReader("hello")), &closed}, nil
	}})
	var first string
	for i := range 3 {
		r := m.NewReader()
		body, err := io.ReadAll(iotest.OneByteReader(r))
		if err != nil || int64(len(body)) != m.Len() {
			t.Fatalf("%d bytes, Len %d, %v", len(body), m.Len(), err)
		}
		if i == 0 {
			first = string(body)
		}
		if string(body) != first || !strings.Contains(first, "\r\n\r\nhello\r\n--") {
			t.Errorf("attempt %d: %q", i, body)
		}
	}
	if opened != 3 || closed != 3 {
		t.Errorf("opened %d, closed %d", opened, closed)
	}
	m.Parts[1].Size = -1
	if m.Len() != -1 {
		t.Errorf("Len = %d of an unknown size", m.Len())
	}
}

// An attempt that is given up closes what it had open, and stays ended.
func TestReplayGivenUp(t *testing.T) {
	closed := 0
	m := &MultipartBody{boundary: "b", Parts: []Part{{Name: "f", Open: func() (io.ReadCloser, error) {
		return closer{strings.NewReader("hello"), &closed}, nil
	}}}}
	r := m.NewReader()
	if _, err := io.ReadFull(r, make([]byte, 60)); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil || closed != 1 {
		t.Errorf("closed %d, %v", closed, err)
	}
	if _, err := r.Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Errorf("read after close: %v", err)
	}
}

func TestReplayFails(t *testing.T) {
	gone := errors.New("gone")
	broken := func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(gone)), nil }
	missing := func() (io.ReadCloser, error) { return nil, gone }
	for _, open := range []func() (io.ReadCloser, error){broken, missing} {
		m := &MultipartBody{boundary: "b", Parts: []Part{{Name: "f", Open: open}}}
		if _, err := io.ReadAll(m.NewReader()); !errors.Is(err, gone) {
			t.Errorf("err = %v", err)
		}
	}
}

func TestBoundaries(t *testing.T) {
	a, _ := Multipart(jsontext.Value(`{}`), FormOptions{})
	b, _ := Multipart(jsontext.Value(`{}`), FormOptions{})
	if a.ContentType() == b.ContentType() {
		t.Error("two bodies share a boundary")
	}
}

type closer struct {
	io.Reader
	closed *int
}

func (c closer) Close() error {
	*c.closed++
	return nil
}
