package sqlstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/ductape-go/ductape/store"
)

// A doc is JSON, behind one byte that says how it is kept.
const (
	docPlain = 'J'
	docZstd  = 'Z'
)

// compressAbove is the length from which a document is compressed, in bytes.
const compressAbove = 1024

// maxDoc bounds what a document may decompress to, in bytes.
const maxDoc = 1 << 30

// They are safe for concurrent use (EncodeAll, DecodeAll) and never fail with
// these options.
var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxDoc))
)

// toJSON encodes without escaping HTML, which would change raw messages.
// encoding/json and not its successor: omitempty there drops a raw "" or {}, and
// duplicate names, which real descriptions have, are errors.
func toJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// pack makes the doc of some JSON.
func pack(text []byte) []byte {
	if len(text) < compressAbove {
		return append([]byte{docPlain}, text...)
	}
	return encoder.EncodeAll(text, append(make([]byte, 0, len(text)/3), docZstd))
}

func unpack(doc []byte) ([]byte, error) {
	if len(doc) == 0 {
		return nil, errors.New("empty document")
	}
	switch doc[0] {
	case docPlain:
		return doc[1:], nil
	case docZstd:
		return decoder.DecodeAll(doc[1:], nil)
	}
	return nil, fmt.Errorf("document of unknown form %q", doc[0])
}

func encode(v any) ([]byte, error) {
	text, err := toJSON(v)
	if err != nil {
		return nil, err
	}
	return pack(text), nil
}

// decode reads a document. The error wraps store.ErrDamaged.
func decode[T any](doc []byte) (*T, error) {
	v := new(T)
	text, err := unpack(doc)
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	return v, nil
}

// digestOf tells documents apart; half a SHA-256 is plenty for that.
func digestOf(text []byte) []byte {
	d := sha256.Sum256(text)
	return d[:16]
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func microsOf(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

func timeOf(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return time.UnixMicro(*us).UTC()
}

func timePtr(us *int64) *time.Time {
	if us == nil {
		return nil
	}
	t := time.UnixMicro(*us).UTC()
	return &t
}
