package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

// run answers POST /v1/actions/run: the API's own body and Content-Type.
func (s *Server) run(w http.ResponseWriter, r *http.Request) {
	who, err := s.identity(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	call, done, err := s.readCall(w, r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	defer done()
	call.Caller = ductape.Caller{Workspace: who.Workspace, KeyID: who.KeyID}
	if r.URL.RawQuery != "" && r.URL.Query().Get("dry_run") == "true" {
		s.preview(w, r, call)
		return
	}
	started := time.Now()
	watched := catalog.WatchSecrets(r.Context())
	res, err := s.cfg.Runner.Run(watched, call)
	warnings(w.Header(), watched)
	s.metrics.observe(started, res, err)
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeResult(w, res)
}

func (s *Server) preview(w http.ResponseWriter, r *http.Request, call ductape.Call) {
	watched := catalog.WatchSecrets(r.Context())
	p, err := s.cfg.Runner.Preview(watched, call)
	warnings(w.Header(), watched)
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(p)
}

// readCall reads the call from the request's body, and the files that come with
// it. Done frees what the files take.
func (s *Server) readCall(w http.ResponseWriter, r *http.Request) (call ductape.Call, done func(), err error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return s.readUpload(w, r)
	}
	raw, err := readBody(w, r, s.cfg.MaxCall)
	if err != nil {
		return ductape.Call{}, nil, err
	}
	call, err = decodeCall(raw)
	return call, func() {}, err
}

// readBody reads a request's body up to a limit.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close")
		return nil, tooLong(limit)
	}
	buf := make([]byte, 0, max(r.ContentLength, 511)+1)
	body := http.MaxBytesReader(w, r.Body, limit)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			return nil, tooLong(limit)
		}
		if err != nil {
			return nil, ductape.NewError(ductape.CodeInvalidInput, "the request broke off before its end")
		}
	}
}

func tooLong(limit int64) error {
	return ductape.NewError(ductape.CodeInvalidInput, "the request is larger than "+strconv.FormatInt(limit, 10)+" bytes; nothing was sent")
}

// passedOn are the headers of the API's answer that describe its body, and that
// say where what was made is and when to ask again.
var passedOn = []string{
	"Content-Type", "Content-Language", "Content-Disposition", "Content-Encoding", "Content-Location", "Content-Range",
	"Etag", "Last-Modified", "Link", "Location", "Retry-After",
}

var ownHeaders = [...]string{"Ductape-Run-Id", "Ductape-Upstream-Status", "Ductape-Attempts", "Ductape-Cache"}

func writeResult(w http.ResponseWriter, res *ductape.Result) {
	defer res.Body.Close()
	h := w.Header()
	for _, name := range passedOn {
		if v := res.Header[name]; len(v) > 0 {
			h[name] = v
		}
	}
	own := [...]string{res.RunID, strconv.Itoa(res.Status), strconv.Itoa(res.Attempts), res.Cache}
	for i, name := range ownHeaders { // their values share one piece of memory
		h[name] = own[i : i+1 : i+1]
	}
	h["X-Content-Type-Options"] = nosniff
	if sized, ok := res.Body.(interface{ Len() int }); ok {
		if sized.Len() == 0 {
			delete(h, "Content-Type")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h["Content-Length"] = []string{strconv.Itoa(sized.Len())}
	}
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = octets
	}
	stream(w, res.Body)
}

var (
	nosniff = []string{"nosniff"}
	octets  = []string{"application/octet-stream"}
)

// stream copies an answer as it comes. One that breaks off breaks off here too,
// so that the caller cannot take half for whole.
func stream(w http.ResponseWriter, body io.Reader) {
	if whole, ok := body.(io.WriterTo); ok {
		whole.WriteTo(w)
		return
	}
	flusher := http.NewResponseController(w)
	buf := make([]byte, 32<<10)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, werr := w.Write(buf[:n]); werr != nil {
				return
			}
			flusher.Flush()
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}
