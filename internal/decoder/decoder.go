// Package decoder keeps JSON decoders to be used again. Start with Of, and Free
// the decoder when nothing more is read.
package decoder

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A Decoder reads one text. What jsontext allocates to find names that stand
// twice is a third of a call's allocations, so decoders are used again.
type Decoder struct {
	jsontext.Decoder
	src bytes.Buffer
}

var pool = sync.Pool{New: func() any { return new(Decoder) }}

// Of returns a decoder of raw.
func Of(raw []byte) *Decoder {
	d := pool.Get().(*Decoder)
	d.src = *bytes.NewBuffer(raw)
	d.Reset(&d.src)
	return d
}

// Free lets go of the text. The decoder must not be used afterwards.
func (d *Decoder) Free() {
	d.src = bytes.Buffer{}
	d.Reset(&d.src)
	pool.Put(d)
}
