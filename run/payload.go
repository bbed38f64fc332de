package run

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/wire"
)

// A payload is a request's body, readable any number of times.
type payload struct {
	bytes  []byte
	stream func() io.ReadCloser // multipart; nil: bytes
	json   bool                 // bytes are a JSON object that a field can be added to
	length int64                // bytes; -1 when unknown
	parts  []byte               // what tells it from another, when it is a stream
	files  []string             // keys of the call's files that it sends
}

func (p *payload) open() io.ReadCloser {
	if p.stream != nil {
		return p.stream()
	}
	return io.NopCloser(bytes.NewReader(p.bytes))
}

func (p *payload) canonical() []byte {
	if p.stream != nil {
		return p.parts
	}
	return p.bytes
}

// setField adds a member to a JSON object, unless it is there.
func (p *payload) setField(name, value string) error {
	if p == nil || !p.json {
		return errors.New("the API takes its idempotency key in a JSON body, and this request has none")
	}
	members, err := membersOf(p.bytes)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.name == name {
			return nil
		}
	}
	p.bytes = objectOf(append(members, member{name, quote(value)}))
	p.length = int64(len(p.bytes))
	return nil
}

func flat(b []byte) *payload { return &payload{bytes: b, length: int64(len(b))} }

// filePayload is a body that is a file.
func filePayload(p wire.Part, value jsontext.Value) *payload {
	if p.Open == nil {
		return flat(p.Data)
	}
	return &payload{stream: func() io.ReadCloser { return opened(p.Open()) }, length: p.Size, parts: value, files: []string{p.Key}}
}

// opened is a file, or a reader that fails as its opening did.
func opened(r io.ReadCloser, err error) io.ReadCloser {
	if err != nil {
		return io.NopCloser(failing{err})
	}
	return r
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
