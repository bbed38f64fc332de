package ductape

import (
	"bytes"
	"io"
)

// A File is a file that a Call sends. Its Input names it where it belongs, as
// {"file": "the key in Call.Files"}: a field of a multipart body, or a whole body
// that is no JSON. One that would not be sent is an error.
type File struct {
	Name        string // file name for the API; empty: the key in Call.Files
	ContentType string // media type; empty: as the action describes it, else application/octet-stream
	Size        int64  // bytes; negative when unknown

	// Open gives the content from its start. It is called once per attempt, so
	// that a file can be sent again.
	Open func() (io.ReadCloser, error)
}

// FileBytes is a File whose content is in memory.
func FileBytes(name string, data []byte) File {
	return File{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}
