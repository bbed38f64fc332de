package run

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A decoder reads one text. What jsontext allocates to find names that stand
// twice is a third of a run's allocations, so decoders are used again.
type decoder struct {
	jsontext.Decoder
	src bytes.Buffer
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// decoderOf returns a decoder of raw, to be freed when nothing more is read.
func decoderOf(raw []byte) *decoder {
	d := decoders.Get().(*decoder)
	d.src = *bytes.NewBuffer(raw)
	d.Reset(&d.src)
	return d
}

// free lets go of the text.
func (d *decoder) free() {
	d.src = bytes.Buffer{}
	d.Reset(&d.src)
	decoders.Put(d)
}
