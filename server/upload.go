package server

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/ductape-go/ductape"
)

// uploadMemory is how many bytes of a request's files are held in memory; the
// rest waits in temporary files until the run is over.
const uploadMemory = 4 << 20

// readUpload reads a call that comes with files: multipart/form-data whose part
// "call" is the call, and whose other parts are files, by their names.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) (call ductape.Call, done func(), err error) {
	r.Body = http.MaxBytesReader(w, r.Body, s.cfg.MaxUpload)
	if err := r.ParseMultipartForm(uploadMemory); err != nil {
		return call, nil, badUpload(err, s.cfg.MaxUpload)
	}
	form := r.MultipartForm
	done = func() {
		if err := form.RemoveAll(); err != nil {
			s.cfg.Log.Error("temporary files could not be removed", "error", err)
		}
	}
	defer func() {
		if err != nil {
			done()
		}
	}()
	texts := form.Value["call"]
	if len(texts) != 1 {
		return call, nil, badCall("call", "a multipart request needs one part named call, with the call as JSON")
	}
	if call, err = decodeCall([]byte(texts[0])); err != nil {
		return call, nil, err
	}
	call.Files = make(map[string]ductape.File, len(form.File))
	for key, parts := range form.File {
		if len(parts) != 1 {
			return call, nil, badCall(key, "two files have the same name")
		}
		call.Files[key] = uploaded(parts[0])
	}
	return call, done, nil
}

func uploaded(part *multipart.FileHeader) ductape.File {
	return ductape.File{
		Name: part.Filename, ContentType: part.Header.Get("Content-Type"), Size: part.Size,
		Open: func() (io.ReadCloser, error) { return part.Open() },
	}
}

func badUpload(err error, limit int64) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return tooLong(limit)
	}
	return badCall("", "is not multipart/form-data: "+err.Error())
}
