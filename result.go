package ductape

import (
	"encoding/json"
	"io"
	"net/http"
)

// A Result is the API's own answer to a Call. Close Body when done with it;
// Decode and Bytes do so.
type Result struct {
	RunID    string
	Status   int         // the API's HTTP status
	Header   http.Header // the API's headers
	Body     io.ReadCloser
	Attempts int    // requests sent for this run; zero when served from the cache
	Cache    string // hit, miss or none
}

// Bytes reads the whole body.
func (r *Result) Bytes() ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	b, err := io.ReadAll(r.Body)
	if cerr := r.Body.Close(); err == nil {
		err = cerr
	}
	return b, err
}

// Decode reads the body as JSON into v, whatever its Content-Type calls it. A
// byte order mark is passed over, and a body that is not UTF-8 is read in the
// charset that its Content-Type names: ISO-8859-1, windows-1252 or UTF-16.
func (r *Result) Decode(v any) error {
	b, err := r.Bytes()
	if err != nil {
		return err
	}
	if b, err = jsonText(b, r.Header.Get("Content-Type")); err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
