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

// A form is a multipart/form-data body: one part that is JSON, and files.
type form struct {
	json  []byte
	files map[string]*multipart.FileHeader
	close func()
}

// readForm reads a form whose JSON stands in the part of the given name. Close it
// after use.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request, name string, limit int64) (*form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := r.ParseMultipartForm(uploadMemory); err != nil {
		return nil, badUpload(err, limit)
	}
	parts := r.MultipartForm
	f := &form{files: make(map[string]*multipart.FileHeader, len(parts.File)), close: func() {
		if err := parts.RemoveAll(); err != nil {
			s.cfg.Log.Error("temporary files could not be removed", "error", err)
		}
	}}
	texts := parts.Value[name]
	if len(texts) != 1 {
		f.close()
		return nil, badCall(name, "a multipart request needs one part named "+name+", with the "+name+" as JSON")
	}
	f.json = []byte(texts[0])
	for key, list := range parts.File {
		if len(list) != 1 {
			f.close()
			return nil, badCall(key, "two files have the same name")
		}
		f.files[key] = list[0]
	}
	return f, nil
}

// readUpload reads a call that comes with files: multipart/form-data whose part
// "call" is the call, and whose other parts are files, by their names.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) (call ductape.Call, done func(), err error) {
	f, err := s.readForm(w, r, "call", s.cfg.MaxUpload)
	if err != nil {
		return call, nil, err
	}
	if call, err = decodeCall(f.json); err != nil {
		f.close()
		return call, nil, err
	}
	call.Files = make(map[string]ductape.File, len(f.files))
	for key, part := range f.files {
		call.Files[key] = uploaded(part)
	}
	return call, f.close, nil
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
